"""The entries of a time sheet as they are shown, and which of their seconds count for a patient's month."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.care.reckoning import month_at, reckoned
from database.care_reads import practices_of
from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from domain.care.activities import ACTIVITIES, SOURCES, Source
from domain.care.counting import Why
from domain.care.month import Month
from domain.care.sheets import OTHER, Period, Spent
from services.care.scope import rosters
from services.care.sheet_views import SheetEntry
from services.clientele.patient_rows import full_name

_PATIENTS = """
SELECT DISTINCT e.client_id, t.patient_id FROM care_time_entries t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
WHERE t.tenant_id = current_tenant() AND t.id = ANY($1)
"""
_ENTRIES = """
SELECT t.id, t.activity, t.source, t.enrolment_id, e.reference, e.coordinator_id, p.person,
    t.source = 'back_dated' AND d.approved IS NULL AS waiting
FROM care_time_entries t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
JOIN patients p ON p.tenant_id = t.tenant_id AND p.id = t.patient_id
LEFT JOIN care_time_decisions d ON d.tenant_id = t.tenant_id AND d.entry_id = t.id
WHERE t.tenant_id = current_tenant() AND t.id = ANY($1)
"""


async def counted_of(session: Session, entry_ids: Sequence[UUID], period: Period) -> list[tuple[int, int]]:
    """The stretches of these entries that count, as the minute engine says, month by month and practice by practice."""
    wanted, found = set(entry_ids), []
    for month, patients in await _months(session, entry_ids, period):
        for result in (await reckoned(session, patients, month)).values():
            found += [
                (one.starts, one.ends)
                for one in result.pieces
                if one.why is Why.COUNTED and one.entry_id in wanted
            ]
    return found


async def _months(
    session: Session, entry_ids: Sequence[UUID], period: Period
) -> list[tuple[Any, list[UUID]]]:
    """The practices' months that the period touches, each with its patients."""
    by_practice: dict[UUID, list[UUID]] = {}
    for row in await session.fetch(_PATIENTS, list(entry_ids)):
        by_practice.setdefault(row["client_id"], []).append(row["patient_id"])
    found = []
    for client_id, practice in (await practices_of(session, list(by_practice))).items():
        there = Month(period.first.year, period.first.month, practice.zone)
        begins, ends = period.window
        days = {there.day_of(second).replace(day=1) for second in (begins, ends - 1)}
        found += [(month_at(practice, day), by_practice[client_id]) for day in sorted(days)]
    return found


async def entries_of(session: Session, spent: Sequence[Spent]) -> list[SheetEntry]:
    """Entries of one person as a sheet shows them; patients by name only where they are of the asker's roster."""
    rows = await session.fetch(_ENTRIES, [one.id for one in spent if not one.kind])
    about = {row["id"]: row for row in rows}
    key, seen = await session.key(), await rosters(session)
    return [_other(one) if one.kind else _patient(one, about[one.id], key, seen) for one in spent]


def _other(one: Spent) -> SheetEntry:
    return SheetEntry(
        one.id, _moment(one.starts), _moment(one.ends), one.ends - one.starts, OTHER[one.kind], None, "", "",
        Source.MANUAL.value, SOURCES[Source.MANUAL], False,
    )  # fmt: skip


def _patient(one: Spent, row: Any, key: TenantKey, seen: list[UUID] | None) -> SheetEntry:
    known = seen is None or row["coordinator_id"] in seen
    return SheetEntry(
        one.id, _moment(one.starts), _moment(one.ends), one.ends - one.starts, ACTIVITIES[row["activity"]],
        row["enrolment_id"] if known else None, row["reference"],
        full_name(open_person(key, row["person"])[0]) if known else "",
        row["source"], SOURCES[Source(row["source"])], row["waiting"],
    )  # fmt: skip


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
