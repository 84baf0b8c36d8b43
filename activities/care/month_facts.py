"""What the close of a month knows of one patient: the reckoning, and all that may stand against billing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.care.reckoning import MonthKey, month_at, reckoned
from database.care_codes import code_table
from database.care_plans import plans_in_force
from database.care_reads import entries_of, practice_of
from database.clientele_reads import charges_on, coverage_on
from database.session import Session
from domain.care.codes import CodeTable
from domain.care.counting import Why
from domain.care.edits import Billed
from domain.care.entries import Credential, Entry, Programme, conflicts, superseded
from domain.care.exceptions import (
    BilledEnrolment,
    MonthFacts,
    PlanStanding,
    found,
    warnings_of,
    words_of,
)
from domain.care.minutes import Reckoning
from domain.care.month_claims import claims_of
from domain.care.snapshots import Snapshot

# What was billed of the month by other claims than those of this very patient-month.
_EARLIER = """
SELECT c.patient_id, l.procedure, v.rendering_id, c.reference FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
JOIN claim_lines l ON l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.version = v.version
WHERE c.tenant_id = current_tenant() AND c.patient_id = ANY($1) AND l.service_from BETWEEN $2 AND $3
    AND l.procedure = ANY($4) AND c.closed_reason <> 'withdrawn' AND v.frequency <> '8'
    AND NOT EXISTS (SELECT FROM care_month_claims k JOIN care_patient_months p ON p.tenant_id = k.tenant_id
        AND p.id = k.patient_month_id WHERE k.tenant_id = c.tenant_id AND k.claim_id = c.id AND p.month = $2)
ORDER BY c.id, l.number
"""
_ENROLMENTS = """
SELECT id, programme, practitioner_id FROM care_enrolments WHERE tenant_id = current_tenant() AND patient_id = $1
    AND consented_on IS NOT NULL AND consented_on <= $3 AND (ends_on IS NULL OR ends_on >= $2) ORDER BY id
"""
_IN_FORCE = (
    "NOT EXISTS (SELECT FROM care_time_entries s WHERE s.tenant_id = {0}.tenant_id AND s.supersedes = {0}.id)"
)
# Of late time only what was approved can count.
_CAN_COUNT = (
    "({0}.source <> 'back_dated' OR EXISTS (SELECT FROM care_time_decisions d WHERE d.tenant_id = {0}.tenant_id"
    " AND d.entry_id = {0}.id AND d.approved))"
)
# The time of the same people on others, in the same seconds.
_ELSEWHERE = f"""
SELECT DISTINCT o.id, o.staff_id, extract(epoch FROM o.starts_at)::bigint AS starts,
    extract(epoch FROM o.ends_at)::bigint AS ends
FROM care_time_entries t JOIN care_time_entries o ON o.tenant_id = t.tenant_id AND o.staff_id = t.staff_id
    AND o.starts_at < t.ends_at AND o.ends_at > t.starts_at AND o.starts_at > t.starts_at - interval '1 day'
    AND o.patient_id <> t.patient_id
WHERE t.tenant_id = current_tenant() AND t.patient_id = $1 AND t.starts_at < to_timestamp($3)
    AND t.ends_at > to_timestamp($2) AND NOT t.void AND NOT o.void
    AND {_IN_FORCE.format("t")} AND {_IN_FORCE.format("o")} AND {_CAN_COUNT.format("t")} AND {_CAN_COUNT.format("o")}
"""
_APPROVALS = f"""
SELECT count(*) FROM care_time_entries t JOIN approvals a ON a.tenant_id = t.tenant_id AND a.subject_id = t.id
    AND a.kind = 'backdated_time' AND a.state IN ('asked', 'waiting', 'approved')
WHERE t.tenant_id = current_tenant() AND t.patient_id = $1 AND t.source = 'back_dated' AND NOT t.void
    AND t.starts_at < to_timestamp($3) AND t.ends_at > to_timestamp($2) AND {_IN_FORCE.format("t")}
    AND NOT EXISTS (SELECT FROM care_time_decisions d WHERE d.tenant_id = t.tenant_id AND d.entry_id = t.id)
"""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """One patient's month, reckoned: what stands against it and what is kept of it."""

    key: MonthKey
    reckoning: Reckoning
    snapshot: Snapshot


async def facts_of(session: Session, row: Any) -> PatientFacts:
    """Everything about a row of care_patient_months, as it is at this moment."""
    patient, first = row["patient_id"], row["month"]
    key = month_at(await practice_of(session, row["client_id"]), first)
    table = await code_table(session, first)
    earlier = await billed_before(session, [patient], key, table)
    reckoning = (await reckoned(session, [patient], key, earlier, table))[patient]
    enrolments = await session.fetch(_ENROLMENTS, patient, first, key.month.last)
    coverage = await coverage_on(session, patient, key.month.last)
    payer, codes = coverage and coverage["payer_id"], [line.code for line in reckoning.lines]
    known = MonthFacts(
        key.month.last,
        consented=bool(enrolments),
        recorded=any(one.why is Why.NOT_ENROLLED for one in reckoning.pieces),
        billed=await _billed(session, reckoning, enrolments, key.month.last),
        coverage_id=coverage["id"] if coverage else None,
        fees=await charges_on(session, payer, codes, key.month.last),
        conflicts=await _conflicts(session, patient, key),
        approvals=await session.value(_APPROVALS, patient, *key.month.window),
        clocks=row["clocks_cut"],
    )
    return PatientFacts(key, reckoning, _snapshot(reckoning, known))


async def billed_before(
    session: Session, patient_ids: Sequence[UUID], key: MonthKey, table: CodeTable
) -> dict[UUID, tuple[Billed, ...]]:
    """The care codes that other claims of these patients hold for a month."""
    month = key.month
    of: dict[UUID, tuple[Billed, ...]] = {}
    for row in await session.fetch(_EARLIER, list(patient_ids), month.first, month.last, sorted(table.codes)):
        one = Billed(row["procedure"], row["rendering_id"], row["reference"])
        of[row["patient_id"]] = (*of.get(row["patient_id"], ()), one)
    return of


async def _billed(
    session: Session, reckoning: Reckoning, enrolments: Sequence[Any], last: date
) -> tuple[BilledEnrolment, ...]:
    """The enrolments whose programmes are billed, with the plans in force on the month's last day."""
    programmes = {reckoning.table.family(line.code) for line in reckoning.lines}
    billed = [one for one in enrolments if Programme(one["programme"]) in programmes]
    plans = await plans_in_force(session, [one["id"] for one in billed], last)
    return tuple(
        BilledEnrolment(one["programme"], one["practitioner_id"], _standing(plans.get(one["id"])))
        for one in billed
    )


def _standing(plan: Any) -> PlanStanding | None:
    return PlanStanding(plan.version, plan.complete, plan.review_on, plan.diagnoses) if plan else None


async def _conflicts(session: Session, patient_id: UUID, key: MonthKey) -> int:
    """How often somebody's time on this patient is in the same seconds as their time on another."""
    rows = await session.fetch(_ELSEWHERE, patient_id, *key.month.window)
    if not rows:
        return 0
    others = {
        row["id"]: Entry(
            row["id"], row["staff_id"], Programme.CCM, Credential.OTHER, row["starts"], row["ends"]
        )
        for row in rows
    }
    own = (await entries_of(session, [patient_id], key.month.window))[patient_id]
    gone = superseded(own)
    standing = [one for one in own if one.approved and one.id not in gone]
    met = conflicts([*standing, *others.values()])
    return sum((one.first in others) != (one.second in others) for one in met)


def _snapshot(reckoning: Reckoning, known: MonthFacts) -> Snapshot:
    used = {piece.entry_id: None for piece in reckoning.pieces if piece.why is Why.COUNTED}
    return Snapshot(
        {one.value: seconds for one, seconds in reckoning.counted.items() if seconds},
        claims_of(reckoning, known),
        found(reckoning, known),
        words_of(reckoning),
        reckoning.table_version,
        tuple(used),
        tuple(one.plan.version for one in known.billed if one.plan),
        warnings_of(reckoning),
    )
