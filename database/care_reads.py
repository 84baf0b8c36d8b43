"""What several rooms ask of care management: a practice's wishes, a person's credential, and time as the engine takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.session import Session
from domain.care.billing import ServiceDate
from domain.care.entries import Credential, Entry, Programme

SAID = "care_enrolment_events.said"
NOTE = "care_time_entries.note"
REASON = "care_time_entries.reason"
TIMER_NOTE = "care_timers.note"


@dataclass(frozen=True, slots=True)
class Practice:
    """How a practice wants its months reckoned."""

    zone: str
    service_date: ServiceDate = ServiceDate.THRESHOLD_MET
    practitioner_as_staff: bool = True
    idle_seconds: int = 900
    back_dated_after_seconds: int = 172_800
    plan_due_days: int = 30
    contact_line: str = ""
    version: int = 0

    @property
    def today(self) -> date:
        """The day that it is there."""
        return datetime.now(UTC).astimezone(ZoneInfo(self.zone)).date()


_PRACTICES = """
SELECT c.id, coalesce(p.zone, t.time_zone) AS zone, p.service_date, p.practitioner_as_staff, p.idle_seconds,
    p.back_dated_after_seconds, p.plan_due_days, p.contact_line, p.version
FROM tenants t CROSS JOIN unnest($1::uuid[]) AS c (id)
LEFT JOIN care_practices p ON p.tenant_id = t.id AND p.client_id = c.id WHERE t.id = current_tenant()
"""
# Without approval back-dated time does not count. What stands in for a row of the window comes with it, even where it lies
# elsewhere: time that was moved into another month would count in both. The window is read first and alone, however few
# enrolments PostgreSQL believes there to be.
_KEPT = """t.tenant_id, t.id, t.enrolment_id, t.patient_id, t.staff_id, t.credential, t.source, t.supersedes, t.void,
        t.starts_at, t.ends_at"""
_WINDOW = "t.ends_at > to_timestamp($2) AND t.starts_at < to_timestamp($3)"
_ENTRIES = f"""
WITH here AS MATERIALIZED (
    SELECT {_KEPT} FROM care_time_entries t
    WHERE t.tenant_id = current_tenant() AND t.patient_id = ANY($1) AND {_WINDOW}),
known AS (
    SELECT * FROM here UNION ALL SELECT {_KEPT} FROM here o
    JOIN care_time_entries t ON t.tenant_id = o.tenant_id AND t.supersedes = o.id WHERE NOT ({_WINDOW}))
SELECT t.id, t.patient_id, t.staff_id, e.programme, t.credential, t.supersedes, t.void,
    extract(epoch FROM t.starts_at)::bigint AS starts, extract(epoch FROM t.ends_at)::bigint AS ends,
    (t.source <> 'back_dated' OR coalesce(d.approved, false)) AS approved
FROM known t
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
LEFT JOIN care_time_decisions d ON d.tenant_id = t.tenant_id AND d.entry_id = t.id
"""


# A month of a company is tens of thousands of rows: looking a word up costs a tenth of asking the enumeration.
_PROGRAMMES = {str(one): one for one in Programme}
_CREDENTIALS = {str(one): one for one in Credential}


async def practice_of(session: Session, client_id: UUID) -> Practice:
    """A practice's wishes; the product's own where it has said nothing."""
    return (await practices_of(session, [client_id]))[client_id]


async def practices_of(session: Session, client_ids: Sequence[UUID]) -> dict[UUID, Practice]:
    """The same for several at once."""
    return {row["id"]: _practice(row) for row in await session.fetch(_PRACTICES, list(client_ids))}


def _practice(row: Any) -> Practice:
    if row["version"] is None:
        return Practice(row["zone"])
    said = {name: value for name, value in row.items() if name != "id"}
    return Practice(**{**said, "service_date": ServiceDate(row["service_date"])})


async def credential_on(session: Session, user_id: UUID, day: date) -> Credential:
    """What a person was on a day; `other`, whose time never counts, when nobody has said."""
    found: Any = await session.value(
        "SELECT credential FROM care_credentials WHERE tenant_id = current_tenant() AND user_id = $1"
        " AND since <= $2 ORDER BY since DESC LIMIT 1",
        user_id,
        day,
    )
    return Credential(found or "other")


async def entries_of(
    session: Session, patient_ids: Sequence[UUID], window: tuple[int, int]
) -> dict[UUID, list[Entry]]:
    """The time of patients that touches a window of epoch seconds, corrections and voids included."""
    found: dict[UUID, list[Entry]] = {one: [] for one in patient_ids}
    for row in await session.fetch(_ENTRIES, list(patient_ids), *window):
        found[row["patient_id"]].append(
            Entry(
                row["id"],
                row["staff_id"],
                _PROGRAMMES[row["programme"]],
                _CREDENTIALS[row["credential"]],
                row["starts"],
                row["ends"],
                row["supersedes"],
                row["void"],
                row["approved"],
            )
        )
    return found
