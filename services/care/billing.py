"""A patient's month as billing needs it: minutes, codes and evidence. Notes, reasons and the words of a consent are never
read here: no query of this module selects them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from activities.care.reckoning import MonthKey, month_at, reckoned
from database.care_packets import in_force
from database.care_reads import practice_of
from database.clientele_phi import open_person
from database.session import Session
from domain.care.activities import ACTIVITIES, SOURCES, Source
from domain.care.closing import OUTCOMES, Outcome
from domain.care.counting import Piece
from domain.care.words import WHY
from domain.claims.states import Status
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.care.roster import (
    CareFinding,
    CodeLine,
    ProgrammeMinutes,
    counted_seconds,
    first_of,
    programmes_of,
)
from services.care.views import PieceView
from services.clientele.patient_rows import full_name

_PATIENT = """
SELECT p.id, p.account_number, p.person, p.client_id, c.name AS client_name FROM patients p
JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
WHERE p.tenant_id = current_tenant() AND p.id = $1
    AND EXISTS (SELECT 1 FROM care_enrolments e WHERE e.tenant_id = p.tenant_id AND e.patient_id = p.id)
"""
_ENROLLED = """
SELECT e.programme, e.consented_on, e.ends_on, concat_ws(', ', d.last_name, d.first_name) AS practitioner_name,
    u.name AS coordinator_name, (SELECT max(v.version) FROM care_plans v WHERE v.tenant_id = e.tenant_id
        AND v.enrolment_id = e.id AND v.complete AND coalesce(v.in_force_on, v.stored_on) <= $3) AS plan_version
FROM care_enrolments e JOIN providers d ON d.tenant_id = e.tenant_id AND d.id = e.practitioner_id
LEFT JOIN users u ON u.id = e.coordinator_id
WHERE e.tenant_id = current_tenant() AND e.patient_id = $1 AND e.consented_on <= $3
    AND (e.ends_on IS NULL OR e.ends_on >= $2) ORDER BY e.id
"""
_ENTRIES = """
SELECT t.id, t.staff_name, t.credential, t.activity, t.starts_at, t.ends_at, t.source, t.void,
    EXISTS (SELECT 1 FROM care_time_entries s WHERE s.tenant_id = t.tenant_id AND s.supersedes = t.id) AS superseded
FROM care_time_entries t WHERE t.tenant_id = current_tenant() AND t.patient_id = $1
    AND t.ends_at >= to_timestamp($2) AND t.starts_at < to_timestamp($3) ORDER BY t.starts_at, t.id
"""
_CLOSED = """
SELECT m.id, m.outcome, m.revision, m.charge_cents FROM care_patient_months m
WHERE m.tenant_id = current_tenant() AND m.patient_id = $1 AND m.month = $2 AND NOT m.superseded
"""
_CLAIMS = """
SELECT c.id, c.reference, c.status, k.says ->> 'programme' AS programme FROM care_month_claims k
JOIN claims c ON c.tenant_id = k.tenant_id AND c.id = k.claim_id
WHERE k.tenant_id = current_tenant() AND k.patient_month_id = $1 AND NOT k.taken_back ORDER BY programme, c.id
"""


@dataclass(frozen=True, slots=True)
class BilledProgramme:
    """A programme of the month: who answers for it, since when, and the care plan that held at its end."""

    programme: str
    practitioner_name: str
    coordinator_name: str
    consented_on: date
    ends_on: date | None
    plan_version: int | None


@dataclass(frozen=True, slots=True)
class BilledTime:
    """A time entry without what was written beside it."""

    id: UUID
    staff_name: str
    credential: str
    activity: str
    activity_label: str
    starts_at: datetime
    ends_at: datetime
    seconds: int
    source: str
    source_label: str
    superseded: bool
    void: bool
    pieces: list[PieceView]


@dataclass(frozen=True, slots=True)
class BilledPacket:
    """The evidence packet in force; `sha256` is that of its bytes, in hex."""

    document_id: UUID
    sha256: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class BilledClaim:
    """A claim that the month became: that of one programme."""

    id: UUID
    reference: str
    programme: str
    status: str
    status_label: str
    tone: str


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """One patient's month for billing (PHI, but no note). `outcome` is empty while the month is not closed; codes are
    then what it would allow if it closed now."""

    patient_id: UUID
    patient_name: str
    account_number: str
    client_id: UUID
    client_name: str
    month: date
    zone: str
    outcome: str
    outcome_label: str
    tone: str
    revision: int
    charge_cents: int
    enrolled: list[BilledProgramme]
    programmes: list[ProgrammeMinutes]
    codes: list[CodeLine]
    findings: list[CareFinding]
    entries: list[BilledTime]
    recorded_seconds: int
    counted_seconds: int
    table_version: str
    packet: BilledPacket | None
    claims: list[BilledClaim]


@door.query(Permission.CARE_BILLING, of="patients", phi=True)
async def billing_month(
    session: Session, patient_id: UUID, year: int | None = None, month: int | None = None
) -> BillingMonth:
    """A patient's month; the running one unless another is asked for."""
    patient = await session.row(_PATIENT, patient_id)
    if patient is None:
        raise NotFound("not_found", "This patient is not in care.", "Choose a patient from a month of care.")
    practice = await practice_of(session, patient["client_id"])
    key = month_at(practice, first_of(practice.today, year, month))
    result = (await reckoned(session, [patient_id], key))[patient_id]
    entries = _times(await session.fetch(_ENTRIES, patient_id, *key.month.window), result.pieces)
    person, _ = open_person(await session.key(), patient["person"])
    return BillingMonth(
        patient_id=patient_id,
        patient_name=full_name(person),
        **{name: patient[name] for name in ("account_number", "client_id", "client_name")},
        month=key.month.first,
        zone=practice.zone,
        **await _closed(session, patient_id, key.month.first),
        enrolled=await _enrolled(session, patient_id, key),
        programmes=programmes_of(result),
        codes=[CodeLine(one.code, one.units, one.served_on) for one in result.lines],
        findings=[CareFinding(one.edit.value, one.message, one.blocks) for one in result.findings],
        entries=entries,
        recorded_seconds=sum(one.seconds for one in entries if not one.superseded and not one.void),
        counted_seconds=counted_seconds(result),
        table_version=result.table_version,
        packet=await _packet(session, patient_id, key.month.first),
    )


async def _enrolled(session: Session, patient_id: UUID, key: MonthKey) -> list[BilledProgramme]:
    rows = await session.fetch(_ENROLLED, patient_id, key.month.first, key.month.last)
    return [
        BilledProgramme(**{**dict(row), "coordinator_name": row["coordinator_name"] or ""}) for row in rows
    ]


async def _packet(session: Session, patient_id: UUID, first: date) -> BilledPacket | None:
    row = await in_force(session, patient_id, first)
    return row and BilledPacket(row["document_id"], row["sha256"].hex(), row["kept_at"])


async def _closed(session: Session, patient_id: UUID, first: date) -> dict[str, Any]:
    """What the month came to when it was closed, with its claims."""
    row = await session.row(_CLOSED, patient_id, first)
    if row is None:
        return {"outcome": "", "outcome_label": "Open", "tone": "neutral", "revision": 0, "charge_cents": 0, "claims": []}  # fmt: skip
    label, tone = OUTCOMES[Outcome(row["outcome"])]
    claims = [_claim(one) for one in await session.fetch(_CLAIMS, row["id"])]
    same = {name: row[name] for name in ("outcome", "revision", "charge_cents")}
    return same | {"outcome_label": label, "tone": tone, "claims": claims}


def _claim(row: Any) -> BilledClaim:
    status = Status(row["status"])
    return BilledClaim(row["id"], row["reference"], row["programme"], status.value, status.label, status.tone)


def _times(rows: Sequence[Any], pieces: Sequence[Piece]) -> list[BilledTime]:
    fates: dict[UUID, list[PieceView]] = {}
    for one in pieces:
        fates.setdefault(one.entry_id, []).append(
            PieceView(one.ends - one.starts, one.why.value, WHY[one.why])
        )
    return [
        BilledTime(
            **dict(row),
            activity_label=ACTIVITIES.get(row["activity"], row["activity"]),
            seconds=int((row["ends_at"] - row["starts_at"]).total_seconds()),
            source_label=SOURCES[Source(row["source"])],
            pieces=fates.get(row["id"], []),
        )
        for row in rows
    ]
