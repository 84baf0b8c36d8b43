"""Clocks that run over the end of a month that is being frozen: they are cut there, so that no second is lost or moved."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from database.care_reads import NOTE, TIMER_NOTE, credential_on
from database.session import Session
from domain.care.activities import LONGEST_SECONDS, Source
from domain.care.month import Month

_RUNNING = """
SELECT t.*, e.patient_id, e.client_id, u.name, coalesce(p.zone, n.time_zone) AS zone FROM care_timers t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
JOIN users u ON u.id = t.user_id JOIN tenants n ON n.id = t.tenant_id
LEFT JOIN care_practices p ON p.tenant_id = e.tenant_id AND p.client_id = e.client_id
WHERE t.tenant_id = current_tenant() ORDER BY t.user_id FOR UPDATE OF t
"""
_ENTRY = """
INSERT INTO care_time_entries (tenant_id, id, enrolment_id, patient_id, staff_id, staff_name, credential, activity,
    starts_at, ends_at, source, note, recorded_by, clock_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $5,
    $13)
ON CONFLICT (tenant_id, id) DO NOTHING
"""


async def cut_clocks(session: Session, first: datetime) -> Mapping[UUID, int]:
    """Store what running clocks have measured of a month, and let them run on from its end. `first` is any moment whose
    year and month are the month's. Answers how many clocks of each patient were not attended at the end: their time
    was kept up to when the person was last seen."""
    unattended: dict[UUID, int] = {}
    for row in await session.fetch(_RUNNING):
        begins, ends = (
            datetime.fromtimestamp(one, UTC) for one in Month(first.year, first.month, row["zone"]).window
        )
        if not begins <= row["started_at"] < ends:
            continue
        seen_since = row["seen_at"] >= ends
        await _store(session, row, ends if seen_since else row["seen_at"])
        await session.execute(
            "UPDATE care_timers SET started_at = $2, seen_at = greatest(seen_at, $2) WHERE user_id = $1",
            row["user_id"],
            ends,
        )
        if not seen_since:
            unattended[row["patient_id"]] = unattended.get(row["patient_id"], 0) + 1
    return unattended


async def _store(session: Session, row: Any, until: datetime) -> None:
    ends = min(until, row["started_at"] + timedelta(seconds=LONGEST_SECONDS)).replace(microsecond=0)
    if ends <= row["started_at"]:
        return
    key = await session.key()
    note = key.open(TIMER_NOTE, row["note"]) if row["note"] else b""
    day = row["started_at"].astimezone(ZoneInfo(row["zone"])).date()
    await session.execute(
        _ENTRY,
        session.tenant_id,
        cut_id(row["id"]),
        row["enrolment_id"],
        row["patient_id"],
        row["user_id"],
        row["name"],
        (await credential_on(session, row["user_id"], day)).value,
        row["activity"],
        row["started_at"],
        ends,
        Source.LIVE.value,
        key.seal(NOTE, note) if note else None,
        row["id"],
    )


def cut_id(timer_id: UUID) -> UUID:
    """The id of the entry that holds the part of a clock before a month's end: cutting twice is once."""
    return uuid5(timer_id, "before the month's end")
