"""The manager's view of a month: teams, coordinators and patients, each with how its figures were reckoned."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from activities.care.forecast_hours import at_work, month_at_tenant, tenant_zone
from database.clientele_phi import open_person
from database.session import Session
from domain.care.team import (
    LOADS,
    Carried,
    Disproportion,
    Target,
    disproportionate,
    extended,
    shares_of,
    target_for,
)
from domain.workforce.float_availability import Period, free_seconds
from policies.permissions import Permission
from services import door
from services.care.scope import ROW
from services.care.team_reading import Enrolled, WholeMonth, first_of, today_of, whole_month
from services.care.team_targets import targets_set
from services.care.team_views import (
    CoordinatorLine,
    DayMinutes,
    HeavyPatient,
    TargetView,
    TeamLine,
    TeamMonth,
)
from services.care.team_words import load_words, share_words
from services.clientele.patient_rows import full_name

MOST_HEAVY = 100
_PEOPLE = """
SELECT u.id, u.name, e.team_id, coalesce(t.name, '') AS team_name FROM users u
LEFT JOIN employees e ON e.tenant_id = current_tenant() AND e.user_id = u.id
LEFT JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id
WHERE u.id = ANY($1) ORDER BY u.name, u.id
"""


@door.query(Permission.CARE_MANAGE, phi=True)
async def team_month(session: Session, month: str = "") -> TeamMonth:
    """A month (`2026-11`, the running one without) of every team, coordinator and day, and who takes more than a share."""
    today = await today_of(session)
    found, targets = await whole_month(session, first_of(month, today)), await targets_set(session)
    people = await _coordinators(session, found, targets, today)
    by_minutes = [one for one in found.enrolled if one.share.threshold]
    return TeamMonth(
        found.first,
        datetime.now(UTC),
        len(found.enrolled),
        len(by_minutes),
        sum(one.missing is None for one in by_minutes),
        sum(one.coordinator_id is None for one in found.enrolled),
        found.by_day.total(),
        sum(one.missing or 0 for one in found.enrolled),
        _days(found),
        _teams(people, targets, _day_of(found, today)),
        people,
        await _heavy(session, found),
    )


def _days(found: WholeMonth) -> list[DayMinutes]:
    days = [found.first.replace(day=number) for number in range(1, found.last.day + 1)]
    return [DayMinutes(day, found.by_day[day]) for day in days]


async def _coordinators(
    session: Session, found: WholeMonth, targets: Sequence[tuple[Target, str]], today: date
) -> list[CoordinatorLine]:
    """Whoever has a roster or spent time this month, those who carry most first."""
    rosters: dict[UUID, list[Enrolled]] = {}
    for one in found.enrolled:
        if one.coordinator_id:
            rosters.setdefault(one.coordinator_id, []).append(one)
    rows = await session.fetch(_PEOPLE, list({*rosters, *found.by_staff}))
    hours = await _hours(session, [row["id"] for row in rows], found)
    carried = {
        row["id"]: Carried(
            found.by_staff[row["id"]],
            sum(one.missing or 0 for one in rosters.get(row["id"], ())),
            *hours.get(row["id"], (None, None)),
        )
        for row in rows
    }
    # Who has no roster, such as a practitioner, is nobody's peer in carrying one.
    peers = shares_of(one for user_id, one in carried.items() if user_id in rosters)
    lines = [
        _line(row, carried[row["id"]], rosters.get(row["id"], []), peers, targets, _day_of(found, today))
        for row in rows
    ]
    return sorted(lines, key=lambda one: (-(one.share or 0), one.name, str(one.user_id)))


async def _hours(session: Session, ids: Sequence[UUID], found: WholeMonth) -> dict[UUID, tuple[int, int]]:
    """Working seconds of the month and what is left of them from now on."""
    zone, now = await tenant_zone(session), datetime.now(UTC)
    whole = month_at_tenant(found.first, zone)
    left = Period(max(now, whole.starts_at), whole.ends_at).within(whole) if now < whole.ends_at else None
    people = await at_work(session, ids, found.first)
    return {
        user_id: (free_seconds(working, whole), free_seconds(working, left) if left else 0)
        for user_id, working in people.items()
    }


def _line(
    row: Any,
    one: Carried,
    roster: Sequence[Enrolled],
    peers: Sequence[float],
    targets: Sequence[tuple[Target, str]],
    day: date,
) -> CoordinatorLine:
    verdict = extended(one, peers)
    label, tone = LOADS[verdict.load] if roster else ("no roster", "neutral")
    by_minutes = [held for held in roster if held.share.threshold]
    return CoordinatorLine(
        row["id"],
        row["name"],
        row["team_id"],
        row["team_name"],
        len(roster),
        len(by_minutes),
        sum(held.missing is None for held in by_minutes),
        one.counted,
        one.missing,
        one.available,
        one.left,
        verdict.load.value if roster else "none",
        label,
        tone,
        verdict.share,
        load_words(one, verdict.share, peers),
        target_of(targets, row["id"], row["team_id"], day),
    )


def target_of(
    targets: Sequence[tuple[Target, str]], user_id: UUID | None, team_id: UUID | None, day: date
) -> TargetView | None:
    """The target in force, with the words for whose it is."""
    found = target_for((one for one, _ in targets), user_id, team_id, day)
    if found is None:
        return None
    whose = next(words for one, words in targets if one is found)
    return TargetView(whose, found.since, found.minutes, found.reached_percent)


def _day_of(found: WholeMonth, today: date) -> date:
    """The day whose targets count: today in the running month, else the month's last."""
    return min(max(today, found.first), found.last)


def _teams(
    people: Sequence[CoordinatorLine], targets: Sequence[tuple[Target, str]], day: date
) -> list[TeamLine]:
    by_team: dict[UUID | None, list[CoordinatorLine]] = {}
    for one in people:
        by_team.setdefault(one.team_id, []).append(one)
    lines = [
        _team(team_id, of_team, target_of(targets, None, team_id, day))
        for team_id, of_team in by_team.items()
    ]
    return sorted(lines, key=lambda one: (one.team_id is None, -one.counted_seconds, one.name))


def _team(team_id: UUID | None, of_team: Sequence[CoordinatorLine], target: TargetView | None) -> TeamLine:
    return TeamLine(
        team_id,
        of_team[0].team_name or "No team",
        len(of_team),
        sum(one.patients for one in of_team),
        sum(one.by_minutes for one in of_team),
        sum(one.reached for one in of_team),
        sum(one.counted_seconds for one in of_team),
        sum(one.missing_seconds for one in of_team),
        target if team_id else None,
    )


async def _heavy(session: Session, found: WholeMonth) -> list[HeavyPatient]:
    measured = disproportionate([one.share for one in found.enrolled])[:MOST_HEAVY]
    ids = {(one.share.patient_id, one.share.programme): one.id for one in found.enrolled}
    wanted = {ids[one.share.patient_id, one.share.programme]: one for one in measured}
    rows = await session.fetch(f"{ROW} AND e.id = ANY($2)", None, list(wanted))
    key = await session.key()
    lines = [_heavy_line(row, wanted[row["id"]], open_person(key, row["person"])[0]) for row in rows]
    return sorted(lines, key=lambda one: (-one.counted_seconds, str(one.enrolment_id)))


def _heavy_line(row: Any, one: Disproportion, person: Any) -> HeavyPatient:
    return HeavyPatient(
        row["id"],
        full_name(person),
        row["account_number"],
        row["programme"],
        row["coordinator_id"],
        row["coordinator_name"] or "",
        one.share.seconds,
        one.share.threshold,
        one.times_threshold,
        one.peers,
        one.peers_median,
        one.times_peers,
        share_words(one),
    )
