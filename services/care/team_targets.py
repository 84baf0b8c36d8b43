"""Targets of coordinators: dated rows for a person, a team or everybody; a row is never changed, a later one counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.team import Target
from policies.permissions import Permission
from services import door
from services.care.team_reading import today_of
from services.care.team_views import TargetLine
from services.clientele.checks import Faults

MOST_MINUTES = 20_000
MOST_SHOWN = 500
EVERYBODY = "Everybody"
_ROWS = f"""
SELECT c.*, coalesce(u.name, t.name, '{EVERYBODY}') AS whose, coalesce(s.name, '') AS set_by_name FROM care_targets c
LEFT JOIN users u ON u.id = c.user_id LEFT JOIN teams t ON t.tenant_id = c.tenant_id AND t.id = c.team_id
LEFT JOIN users s ON s.id = c.set_by WHERE c.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What should be reached in a month from a day on: counted minutes of a coordinator, and per cent of the patients
    with a code by minutes. For a person, for a team, or with neither for everybody."""

    since: date
    minutes: int
    reached_percent: int
    user_id: UUID | None = None
    team_id: UUID | None = None


@door.query(Permission.CARE_MANAGE)
async def list_targets(session: Session) -> list[TargetLine]:
    """Every row, the latest first."""
    rows = await session.fetch(f"{_ROWS} ORDER BY c.since DESC, c.id DESC LIMIT {MOST_SHOWN}")
    return [_line(row) for row in rows]


async def _shown(session: Session, id: UUID) -> TargetLine:
    return _line(await session.row(f"{_ROWS} AND c.id = $1", id))


@door.answering(Permission.CARE_MANAGE, _shown)
async def set_target(session: Session, facts: TargetFacts) -> UUID:
    """Add a row. Months that are over keep what held then: it begins with the running month at the earliest."""
    (await _faults_of(session, facts)).refuse()
    made: UUID = await session.value(
        "INSERT INTO care_targets (tenant_id, user_id, team_id, since, minutes, reached_percent, set_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        session.tenant_id,
        facts.user_id,
        facts.team_id,
        facts.since,
        facts.minutes,
        facts.reached_percent,
        session.actor.user_id,
    )
    return made


async def targets_set(session: Session) -> list[tuple[Target, str]]:
    """Every target in the order in which they were set, with the words for whose it is."""
    rows = await session.fetch(f"{_ROWS} ORDER BY c.id")
    return [
        (
            Target(row["since"], row["minutes"], row["reached_percent"], row["user_id"], row["team_id"]),
            row["whose"],
        )
        for row in rows
    ]


async def _faults_of(session: Session, facts: TargetFacts) -> Faults:
    faults, today = Faults("care_target"), await today_of(session)
    if not today.replace(day=1) <= facts.since <= today + timedelta(days=366):
        faults.add(
            "since", "since.out_of_range", "Choose a day from the first of this month to a year ahead."
        )
    if not 0 <= facts.minutes <= MOST_MINUTES:
        faults.add("minutes", "minutes.out_of_range", f"Choose 0 to {MOST_MINUTES} minutes in a month.")
    if not 0 <= facts.reached_percent <= 100:
        faults.add("reached_percent", "percent.out_of_range", "Choose 0 to 100 per cent.")
    if facts.user_id and facts.team_id:
        faults.add("team_id", "team_id.both", "Choose a person or a team, not both.")
    if facts.user_id and not await session.value(
        "SELECT 1 FROM memberships WHERE tenant_id = current_tenant() AND user_id = $1", facts.user_id
    ):
        faults.add("user_id", "user_id.no_member", "Choose somebody who can sign in to this company.")
    if facts.team_id and not await session.value(
        "SELECT 1 FROM teams WHERE tenant_id = current_tenant() AND id = $1 AND active", facts.team_id
    ):
        faults.add("team_id", "team_id.unknown", "Choose a team of this company.")
    return faults


def _line(row: Any) -> TargetLine:
    same = (
        "id",
        "whose",
        "user_id",
        "team_id",
        "since",
        "minutes",
        "reached_percent",
        "set_by_name",
        "set_at",
    )
    return TargetLine(**{name: row[name] for name in same})
