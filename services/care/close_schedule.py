"""The schedule by which a company's months of care are closed; off until somebody sets it."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from activities.care.month_starting import SCHEDULE, schedule_of
from database.session import Session
from domain.care.close_schedule import LAST_DAY
from policies.permissions import Permission
from services import door
from services.clientele import records
from services.clientele.checks import Faults

_SAVE = """
INSERT INTO care_close_schedules (tenant_id, active, day, hour, release_claims, set_by) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id) DO UPDATE SET active = $2, day = $3, hour = $4, release_claims = $5, set_by = $6,
    set_at = clock_timestamp(), version = care_close_schedules.version + 1
WHERE care_close_schedules.version = coalesce($7, care_close_schedules.version)
"""


@dataclass(frozen=True, slots=True)
class CloseScheduleFacts:
    """On which day of the month after (1 to 28), and from which hour (0 to 23) where the company is. With `release` clean
    claims go on to their payers without being released by hand."""

    active: bool = False
    day: int = 3
    hour: int = 6
    release: bool = False


@dataclass(frozen=True, slots=True)
class CloseScheduleView:
    """The schedule; version 0 while nobody has set one. `next_month` is closed at `next_at`, None while it is off."""

    active: bool
    day: int
    hour: int
    release: bool
    zone: str
    version: int = 0
    set_by_name: str = ""
    set_at: datetime | None = None
    next_month: date | None = None
    next_at: datetime | None = None


@door.query(Permission.CARE_BILLING)
async def get_close_schedule(session: Session) -> CloseScheduleView:
    """When months are closed by themselves."""
    return await _shown(session)


@door.command(Permission.CARE_CLOSE)
async def set_close_schedule(
    session: Session, facts: CloseScheduleFacts, expected_version: int | None = None
) -> CloseScheduleView:
    """Set it, or put it off. It holds from its next turn on: a month whose turn is over is left to people."""
    if facts.release:
        door.also(session, Permission.CLAIMS_SUBMIT)
    faults = Faults("care_close_schedule")
    if not 1 <= facts.day <= LAST_DAY:
        faults.add("day", "day.out_of_range", f"Choose a day from 1 to {LAST_DAY}: every month has these.")
    if not 0 <= facts.hour <= 23:
        faults.add("hour", "hour.out_of_range", "Choose an hour from 0 to 23.")
    faults.refuse()
    me = session.actor.user_id
    changed = await session.execute(
        _SAVE,
        session.tenant_id,
        facts.active,
        facts.day,
        facts.hour,
        facts.release,
        me,
        expected_version,
    )
    records.must_have_changed(changed)
    await session.audit("care.close_schedule", "tenants", session.tenant_id, detail=asdict(facts))
    return await _shown(session)


async def _shown(session: Session) -> CloseScheduleView:
    row = await session.row(SCHEDULE)
    if row is None:
        zone = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
        return CloseScheduleView(**asdict(CloseScheduleFacts()), zone=zone)
    schedule = schedule_of(row)
    month = schedule.next(datetime.now(UTC)) if row["active"] else None
    same = ("active", "day", "hour", "version", "set_by_name", "set_at")
    return CloseScheduleView(
        **{name: row[name] for name in same},
        release=row["release_claims"],
        zone=row["time_zone"],
        next_month=month,
        next_at=schedule.turn_of(month).astimezone(UTC) if month else None,
    )
