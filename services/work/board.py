"""The board of the day: what has run out, what will by midnight, and whose it is. Its counts are those of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.clock_reads import Risk, RiskQueue, at_risk_queues, board, day_of
from database.session import Session
from domain.work_kinds import KINDS, Kind
from domain.work_views import FREE, NO_CLIENT, WorkFilter
from policies.permissions import Permission
from services import door

__all__ = ["Board", "BoardLine", "HourLine", "Risk", "RiskQueue", "due_today", "names_of", "queues_at_risk"]

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class HourLine:
    """What of an hour of today (0 to 23, in the tenant's zone) is still open: past its time, or ahead."""

    hour: int
    risk: Risk


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A group of the board. `value` is what the queue is asked for to list exactly these."""

    value: str
    name: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Board:
    """The day of a tenant in `zone`. Teams are those of the owners."""

    now: datetime
    zone: str
    all: Risk
    hours: list[HourLine]
    kinds: list[BoardLine]
    clients: list[BoardLine]
    teams: list[BoardLine]
    owners: list[BoardLine]


@door.query(Permission.WORK_ASSIGN)
async def due_today(session: Session) -> Board:
    """What is breached, at risk, due by midnight and not begun in time; by hour, kind, client, team and owner."""
    day = await day_of(session)
    found = await board(session, day)
    by: dict[str, dict[Any, Risk]] = {}
    for level, value, risk in found:
        by.setdefault(level, {})[value] = risk
    owners = by.get("owner", {})
    names = await _names(session, list(owners))
    hours = [HourLine(hour, risk) for hour, risk in by.get("hour", {}).items() if hour is not None]
    return Board(
        day.now,
        day.zone,
        by.get("all", {}).get(None, Risk()),
        sorted(hours, key=lambda one: one.hour),
        _lines({kind: (kind, KINDS[Kind(kind)].label) for kind in by.get("kind", {})}, by.get("kind", {})),
        _lines(await _clients(session, list(by.get("client", {}))), by.get("client", {})),
        _teams(owners, await _teams_of(session, list(owners))),
        _lines(names, owners),
    )


@door.query(Permission.WORK_ASSIGN)
async def queues_at_risk(session: Session, *, limit: int = 50) -> list[RiskQueue]:
    """Kinds of work of a client whose clocks have run out or will by midnight, the worst first."""
    return await at_risk_queues(session, max(1, min(limit, MOST_LINES)))


@door.query(Permission.WORK_VIEW)
async def names_of(session: Session, asked: WorkFilter) -> dict[str, str]:
    """What the client, the owner and the team that a filter asks for are called, by the name of the parameter."""
    asked = asked.checked()
    found: dict[str, str] = {}
    if asked.client:
        clients = await _clients(session, [] if asked.client == NO_CLIENT else [UUID(asked.client)])
        found["client"] = dict(clients.values()).get(asked.client, "Unknown client")
    if asked.owner:
        owners = await _names(session, [] if asked.owner == FREE else [UUID(asked.owner)])
        found["owner"] = dict(owners.values()).get(asked.owner, "Unknown person")
    if asked.team:
        name = await session.value("SELECT name FROM teams WHERE id = $1", UUID(asked.team))
        found["team"] = name or "Unknown team"
    return found


def _lines(names: dict[Any, tuple[str, str]], risks: dict[Any, Risk]) -> list[BoardLine]:
    """The groups with anything to show, the worst first."""
    lines = [BoardLine(*names[value], risk) for value, risk in risks.items() if value in names]
    shown = [line for line in lines if line.risk != Risk()]
    return sorted(shown, key=_worst)[:MOST_LINES]


def _worst(line: BoardLine) -> tuple[int, int, int, int, str]:
    risk = line.risk
    return -risk.breached, -risk.at_risk, -risk.today, -risk.unstarted, line.name


async def _clients(session: Session, ids: Sequence[UUID | None]) -> dict[UUID | None, tuple[str, str]]:
    rows = await session.fetch(
        "SELECT id, name FROM clients WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])",
        [one for one in ids if one],
    )
    return {None: (NO_CLIENT, "No client"), **{row["id"]: (str(row["id"]), row["name"]) for row in rows}}


async def _names(session: Session, ids: Sequence[UUID | None]) -> dict[UUID | None, tuple[str, str]]:
    rows = await session.fetch(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() AND m.user_id = ANY($1::uuid[])",
        [one for one in ids if one],
    )
    return {None: (FREE, "Free"), **{row["id"]: (str(row["id"]), row["name"]) for row in rows}}


async def _teams_of(session: Session, ids: Sequence[UUID | None]) -> dict[UUID, tuple[str, str]]:
    """The team of each owner who is in one."""
    rows = await session.fetch(
        "SELECT e.user_id, t.id, t.name FROM employees e JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id"
        " WHERE e.tenant_id = current_tenant() AND e.user_id = ANY($1::uuid[])",
        [one for one in ids if one],
    )
    return {row["user_id"]: (str(row["id"]), row["name"]) for row in rows}


def _teams(owners: dict[UUID | None, Risk], teams: dict[UUID, tuple[str, str]]) -> list[BoardLine]:
    sums: dict[tuple[str, str], Risk] = {}
    for owner, risk in owners.items():
        if owner in teams:
            known = sums.get(teams[owner], Risk())
            sums[teams[owner]] = Risk(
                known.breached + risk.breached,
                known.today + risk.today,
                known.at_risk + risk.at_risk,
                known.unstarted + risk.unstarted,
            )
    return _lines({name: name for name in sums}, sums)
