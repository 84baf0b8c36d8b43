"""What of a time sheet its reading and its submission share: its row, its period, and what keeps it from being submitted."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.care.entries import conflicts
from domain.care.sheets import Period, Span, Spent, State, period_of, state_of
from domain.refusals import Conflict, FieldError, Invalid

ROW = """
SELECT s.*, coalesce(a.state, '') AS asked, u.name AS acceptor FROM care_time_sheets s
LEFT JOIN approvals a ON a.tenant_id = s.tenant_id AND a.id = s.approval_id LEFT JOIN users u ON u.id = s.accepted_by
WHERE s.tenant_id = current_tenant()
"""
_OVERLAPPING = """
SELECT 1 FROM care_time_sheets s LEFT JOIN approvals a ON a.tenant_id = s.tenant_id AND a.id = s.approval_id
WHERE s.tenant_id = current_tenant() AND s.user_id = $1 AND s.starts_on <= $3 AND s.ends_on >= $2
    AND NOT (s.starts_on = $2 AND s.ends_on = $3)
    AND (s.state = 'accepted' OR a.state IN ('asked', 'waiting', 'approved')) LIMIT 1
"""


async def row_of(session: Session, user_id: UUID, period: Period) -> Any:
    """A person's sheet of a period; None while it was never submitted."""
    return await session.row(
        f"{ROW} AND s.user_id = $1 AND s.starts_on = $2 AND s.ends_on = $3",
        user_id,
        period.first,
        period.last,
    )


def standing(row: Any) -> State:
    """How the sheet of a row stands."""
    return state_of(row["state"], row["asked"], changed=row["changed_at"] is not None) if row else State.OPEN


async def period_asked(session: Session, span: str, on: date | None) -> Period:
    """The days of a sheet begin at the company's own midnight, wherever the practices are."""
    if span not in set(Span) or (on is not None and not date(2020, 1, 1) <= on <= date(2100, 1, 1)):
        words = "Ask for a week or a month, and a day from 2020 on."
        fault = FieldError("span" if span not in set(Span) else "on", "period.unknown", words)
        raise Invalid("time_sheet.period_unknown", "There is no such sheet.", words, fields=(fault,))
    zone: str = await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()")
    return period_of(Span(span), on or datetime.now(UTC).astimezone(ZoneInfo(zone)).date(), zone)


def moment(second: int) -> datetime:
    """The moment of an epoch second."""
    return datetime.fromtimestamp(second, UTC)


def this_second() -> int:
    """The epoch second that it is."""
    return int(datetime.now(UTC).timestamp())


async def obstacle_of(session: Session, user_id: UUID, period: Period, spent: list[Spent]) -> Conflict | None:
    """Why a sheet cannot be submitted now; None when it can."""
    row = await row_of(session, user_id, period)
    state = standing(row)
    if state not in (State.OPEN, State.RETURNED):
        return Conflict(
            "time_sheet.submitted", "This sheet was submitted.", "It waits for acceptance, or has it."
        )
    if this_second() < period.window[1]:
        return Conflict(
            "time_sheet.not_over", "This period is not over.", "Submit it once its last day has passed."
        )
    if not spent:
        return Conflict(
            "time_sheet.empty", "No time was recorded in this period.", "There is nothing to submit."
        )
    if conflicts(spent):
        words = "Correct or take back one of each two entries that claim the same time."
        return Conflict("time_sheet.conflicts", "Entries of this sheet overlap.", words)
    ends = datetime.fromtimestamp(period.window[1], UTC)
    if await session.value(
        "SELECT 1 FROM care_timers WHERE tenant_id = current_tenant() AND user_id = $1 AND started_at < $2",
        user_id,
        ends,
    ):
        return Conflict("time_sheet.clock_runs", "A clock of this period still runs.", "Stop it first.")
    if await session.value(_OVERLAPPING, user_id, period.first, period.last):
        return Conflict(
            "time_sheet.overlaps",
            "Another sheet with some of these days was submitted.",
            "Keep to weeks, or to months.",
        )
    return None
