"""Who is away, from when until when, and who stands in for them."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.session import Session
from database.workforce import AbsenceRow
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict
from domain.workforce.circles import Away, substitute_circle
from policies.permissions import Permission
from services import door
from services.clientele import records
from services.clientele.checks import Faults
from services.workforce.checks import lock_workforce, refused

KINDS = {"leave": "Leave", "sick": "Sick", "training": "Training", "other": "Other"}
LONGEST_DAYS = 400
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
_VIEWS = """
SELECT a.*, e.name AS employee_name, e.user_id, t.name AS team_name, s.name AS substitute_name FROM absences a
JOIN employees e ON e.tenant_id = a.tenant_id AND e.id = a.employee_id
LEFT JOIN teams t ON t.tenant_id = e.tenant_id AND t.id = e.team_id
LEFT JOIN employees s ON s.tenant_id = a.tenant_id AND s.id = a.substitute_id
WHERE a.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """What is typed about an absence, both days included. `kind` is leave, sick, training or other."""

    employee_id: UUID
    starts_on: date
    ends_on: date
    kind: str = "leave"
    substitute_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """An absence as shown; `version` is its ETag."""

    id: UUID
    version: int
    employee_id: UUID
    employee_name: str
    team_name: str
    starts_on: date
    ends_on: date
    kind: str
    kind_label: str
    substitute_id: UUID | None
    substitute_name: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can stand in."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class OwnTime:
    """One's own absences from today on, and who could stand in; `employee_id` is None for whoever is no employee."""

    employee_id: UUID | None
    absences: list[AbsenceView]
    colleagues: list[Colleague]


@door.query(Permission.WORKFORCE_VIEW)
async def list_absences(
    session: Session,
    since: date | None = None,
    until: date | None = None,
    employee_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[AbsenceView]:
    """Absences by their first day. Those that touch the days from `since` to `until`; cancelled ones are left out."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_VIEWS} AND a.cancelled_at IS NULL AND ($1::date IS NULL OR a.ends_on >= $1)"
        " AND ($2::date IS NULL OR a.starts_on <= $2) AND ($3::uuid IS NULL OR a.employee_id = $3)"
        " AND ($4::uuid IS NULL OR (a.starts_on, a.id) > (SELECT b.starts_on, b.id FROM absences b WHERE b.id = $4))"
        " ORDER BY a.starts_on, a.id LIMIT $5",
        since,
        until,
        employee_id,
        uuid_in(cursor) if cursor else None,
        size + 1,
    )
    items = [_view(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(None)
async def my_time(session: Session) -> OwnTime:
    """One's own absences of the last month and later, and the colleagues who could stand in."""
    mine = await _mine(session)
    since = date.today() - timedelta(days=31)  # noqa: DTZ011 - a month's margin outweighs any zone
    rows = await session.fetch(
        f"{_VIEWS} AND a.employee_id = $1 AND a.cancelled_at IS NULL AND a.ends_on >= $2 ORDER BY a.starts_on LIMIT 200",
        mine,
        since,
    )
    others = await session.fetch(
        "SELECT id, name FROM employees WHERE tenant_id = current_tenant() AND active AND user_id IS NOT NULL"
        " AND $1::uuid IS NOT NULL AND id <> $1 ORDER BY name, id LIMIT 500",
        mine,
    )
    return OwnTime(mine, [_view(row) for row in rows], [Colleague(row["id"], row["name"]) for row in others])


@door.command(None)
async def enter_absence(session: Session, facts: AbsenceFacts) -> AbsenceView:
    """Enter one's own absence, or with `workforce.manage` anybody's."""
    await _must_be_mine(session, facts.employee_id)
    await records.must_be_active(session, "employees", facts.employee_id, "employee_id", "employee")
    await _checked(session, facts, None)
    row = await records.insert(session, AbsenceRow, asdict(facts))
    return await _one(session, row["id"])


@door.command(None, of="absences")
async def change_absence(
    session: Session, id: UUID, facts: AbsenceFacts, expected_version: int | None = None
) -> AbsenceView:
    """Change the days, the kind or the substitute of an absence; whose it is stays."""
    now = await _standing(session, id)
    if facts.employee_id != now.employee_id:
        words = "Cancel this one, and enter another for the other person."
        raise refused("employee_id", "employee_id.fixed", "An absence stays with its person.", words)
    await _checked(session, facts, now)
    await records.change(AbsenceRow, id, asdict(facts), expected_version)
    return await _one(session, id)


@door.command(None, of="absences")
async def cancel_absence(session: Session, id: UUID, expected_version: int | None = None) -> AbsenceView:
    """Take an absence back: the person is there after all."""
    await _standing(session, id)
    row = await session.row("SELECT now() AS now")
    await records.change(AbsenceRow, id, {"cancelled_at": row["now"]}, expected_version)
    return await _one(session, id)


async def _mine(session: Session) -> UUID | None:
    found: UUID | None = await session.value(
        "SELECT id FROM employees WHERE tenant_id = current_tenant() AND user_id = $1 AND active",
        session.actor.user_id,
    )
    return found


async def _must_be_mine(session: Session, employee_id: UUID) -> None:
    if employee_id != await _mine(session):
        door.also(session, Permission.WORKFORCE_MANAGE)


async def _standing(session: Session, id: UUID) -> AbsenceView:
    """The absence when this person may change it, and it was not taken back."""
    now = await _one(session, id)
    await _must_be_mine(session, now.employee_id)
    if now.cancelled:
        raise Conflict("absence.cancelled", "This absence was taken back.", "Enter a new one.")
    return now


async def _checked(session: Session, facts: AbsenceFacts, now: AbsenceView | None) -> None:
    _faults_of(facts).refuse()
    if facts.substitute_id and (now is None or facts.substitute_id != now.substitute_id):
        await records.must_be_active(session, "employees", facts.substitute_id, "substitute_id", "substitute")
    await lock_workforce(session)
    rows = await session.fetch(
        "SELECT id, employee_id, starts_on, ends_on, substitute_id FROM absences WHERE tenant_id = current_tenant()"
        " AND cancelled_at IS NULL AND starts_on <= $2 AND ends_on >= $1 AND id IS DISTINCT FROM $3",
        facts.starts_on,
        facts.ends_on,
        now.id if now else None,
    )
    if any(row["employee_id"] == facts.employee_id for row in rows):
        words = "Change the absence that is there, or choose other days."
        raise refused("starts_on", "absence.overlaps", "This person is away on these days already.", words)
    known = [Away(row["employee_id"], row["starts_on"], row["ends_on"], row["substitute_id"]) for row in rows]
    new = Away(facts.employee_id, facts.starts_on, facts.ends_on, facts.substitute_id)
    day = substitute_circle(new, known)
    if day is not None:
        title = f"On {day:%B} {day.day} the work would come back to the person who is away."
        words = "Choose a substitute who is there, or whose own substitute is another."
        raise refused("substitute_id", "absence.circle", title, words)


def _faults_of(facts: AbsenceFacts) -> Faults:
    faults = Faults("absence")
    faults.one_of("kind", facts.kind, KINDS, f"Choose one of: {', '.join(KINDS)}.")
    if not EARLIEST <= facts.starts_on <= LATEST:
        faults.add("starts_on", "starts_on.range", "Enter a day with four digits of year.")
    if not facts.starts_on <= facts.ends_on or (facts.ends_on - facts.starts_on).days > LONGEST_DAYS:
        words = f"Choose a last day that is not before the first, at most {LONGEST_DAYS} days later."
        faults.add("ends_on", "ends_on.range", words)
    if facts.substitute_id == facts.employee_id:
        faults.add("substitute_id", "substitute_id.self", "Nobody stands in for themselves.")
    return faults


async def _one(session: Session, id: UUID) -> AbsenceView:
    return _view(await session.row(f"{_VIEWS} AND a.id = $1", id))


def _view(row: Any) -> AbsenceView:
    return records.view_of(
        AbsenceView,
        row,
        team_name=row["team_name"] or "",
        substitute_name=row["substitute_name"] or "",
        kind_label=KINDS[row["kind"]],
        cancelled=row["cancelled_at"] is not None,
    )
