"""The patients of a closed month: by outcome, with what stands against each, their charges, packets and claims."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from domain.care.closing import OUTCOMES, Outcome
from domain.care.exceptions import FINDINGS, WARNINGS
from domain.care.snapshots import Snapshot, snapshot_of
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.care.month_views import (
    MonthCharge,
    MonthClaimLine,
    MonthFinding,
    MonthRevision,
    PatientMonthLine,
    PatientMonthView,
)
from services.care.months import history_of, row_of
from services.clientele.patient_rows import full_name

OUTCOME_CODES = frozenset(one.value for one in Outcome)
FINDING_CODES = frozenset(str(code) for code in (*FINDINGS, *WARNINGS))
# No notes, no reasons and no consents: billing does not need them.
_SELECT = """
SELECT p.*, a.account_number, a.person, k.name AS client_name, e.id AS enrolment_id, w.id AS work_item_id, m.step
FROM care_patient_months p
JOIN care_months m ON m.tenant_id = p.tenant_id AND m.id = p.care_month_id
JOIN patients a ON a.tenant_id = p.tenant_id AND a.id = p.patient_id
JOIN clients k ON k.tenant_id = p.tenant_id AND k.id = p.client_id
LEFT JOIN LATERAL (SELECT id FROM care_enrolments x WHERE x.tenant_id = p.tenant_id AND x.patient_id = p.patient_id
    ORDER BY x.id DESC LIMIT 1) e ON true
LEFT JOIN LATERAL (SELECT id FROM work_items x WHERE x.tenant_id = p.tenant_id AND x.subject_id = p.id
    AND x.subject_type = 'care_patient_month' AND x.status = 'open' LIMIT 1) w ON p.outcome = 'exception'
WHERE p.tenant_id = current_tenant()
"""
_CLAIMS = """
SELECT k.patient_month_id, k.claim_id AS id, c.reference, k.says ->> 'programme' AS programme, k.taken_back,
    coalesce(concat_ws(', ', d.last_name, d.first_name), '') AS practitioner_name
FROM care_month_claims k JOIN claims c ON c.tenant_id = k.tenant_id AND c.id = k.claim_id
LEFT JOIN providers d ON d.tenant_id = k.tenant_id AND d.id = (k.says ->> 'practitioner_id')::uuid
WHERE k.tenant_id = current_tenant() AND k.patient_month_id = ANY($1) ORDER BY k.taken_back, programme, c.id
"""
_PRACTITIONERS = """
SELECT id, concat_ws(', ', last_name, first_name) AS name FROM providers WHERE tenant_id = current_tenant() AND id = ANY($1)
"""


@door.query(Permission.CARE_BILLING, phi=True)
async def patients_of_month(
    session: Session,
    key: str,
    outcome: str = "",
    finding: str = "",
    client_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[PatientMonthLine]:
    """The patients of a month (2026-10, or its id) in its last close; of one outcome, one finding or one practice."""
    _must_be_known("outcome", outcome, OUTCOME_CODES)
    _must_be_known("finding", finding, FINDING_CODES)
    month, size = await row_of(session, key), page_size(limit)
    rows = await session.fetch(
        f"{_SELECT} AND p.care_month_id = $1 AND NOT p.superseded AND ($2 = '' OR p.outcome = $2)"
        " AND ($3 = '' OR p.snapshot -> 'findings' ? $3 OR p.snapshot -> 'warnings' ? $3) AND ($4::uuid IS NULL OR p.client_id = $4)"
        f" AND ($5::uuid IS NULL OR p.id > $5) ORDER BY p.id LIMIT {size + 1}",
        month["id"],
        outcome,
        finding,
        client_id,
        uuid_in(cursor) if cursor else None,
    )
    secret, claims = await session.key(), await _claims(session, [row["id"] for row in rows])
    items = [_line(secret, row, claims[row["id"]]) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.CARE_BILLING, of="care_patient_months", phi=True)
async def get_patient_month(session: Session, id: UUID) -> PatientMonthView:
    """One patient's month with its lines, what stands against it, and every close of it."""
    row = await session.row(f"{_SELECT} AND p.id = $1", id)
    revisions = await session.fetch(
        "SELECT id, revision, outcome, charge_cents, computed_at, packet_id, superseded"
        " FROM care_patient_months WHERE tenant_id = current_tenant() AND patient_id = $1 AND month = $2"
        " ORDER BY revision DESC",
        row["patient_id"],
        row["month"],
    )
    snapshot = snapshot_of(json.loads(row["snapshot"]))
    claims = await _claims(session, [one["id"] for one in revisions])
    return PatientMonthView(
        _line(await session.key(), row, claims[row["id"]]),
        row["month"],
        row["care_month_id"],
        row["step"],
        row["revision"],
        dict(snapshot.counted),
        await _charges(session, snapshot),
        [_finding(code, snapshot.words or {}, row["accepted"]) for code in snapshot.findings],
        [_finding(code, {}, ()) for code in snapshot.warnings],
        [_revision(one, claims[one["id"]]) for one in revisions],
        await history_of(session, row["care_month_id"], [one["id"] for one in revisions]),
        snapshot.table_version,
        len(snapshot.entry_ids),
    )


async def _claims(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[MonthClaimLine]]:
    """The claims of these patients' months, those that stand first."""
    of: dict[UUID, list[MonthClaimLine]] = {one: [] for one in ids}
    for row in await session.fetch(_CLAIMS, list(ids)):
        told = dict(row)
        of[told.pop("patient_month_id")].append(MonthClaimLine(**told))
    return of


async def _charges(session: Session, snapshot: Snapshot) -> list[MonthCharge]:
    wanted = [one.practitioner_id for one in snapshot.claims if one.practitioner_id]
    names = {row["id"]: row["name"] for row in await session.fetch(_PRACTITIONERS, wanted)}
    return [
        MonthCharge(
            line.code,
            line.units,
            line.served_on,
            line.charge_cents,
            claim.programme,
            names.get(claim.practitioner_id, ""),
        )
        for claim in snapshot.claims
        for line in claim.lines
    ]


def _line(key: TenantKey, row: Any, claims: list[MonthClaimLine]) -> PatientMonthLine:
    person, _ = open_person(key, row["person"])
    snapshot = snapshot_of(json.loads(row["snapshot"]))
    label, tone = OUTCOMES[Outcome(row["outcome"])]
    same = ("id", "patient_id", "account_number", "client_name", "enrolment_id", "outcome", "seconds")
    links = ("charge_cents", "packet_id", "work_item_id")
    return PatientMonthLine(
        **{name: row[name] for name in (*same, *links)},
        patient_name=full_name(person),
        outcome_label=label,
        tone=tone,
        codes=[one.code if one.units == 1 else f"{one.code} × {one.units}" for one in snapshot.lines],
        findings=list(snapshot.findings),
        finding_labels=[FINDINGS[one].label for one in snapshot.findings],
        warnings=list(snapshot.warnings),
        warning_labels=[WARNINGS[one].label for one in snapshot.warnings],
        claims=claims,
    )


def _finding(code: str, words: Any, accepted: Any) -> MonthFinding:
    told = FINDINGS.get(code) or WARNINGS[code]
    return MonthFinding(
        code, told.label, words.get(code, ""), told.what_to_do, told.may_stand, code in accepted
    )


def _revision(row: Any, claims: list[MonthClaimLine]) -> MonthRevision:
    label, tone = OUTCOMES[Outcome(row["outcome"])]
    same = ("id", "revision", "outcome", "charge_cents", "computed_at", "packet_id")
    return MonthRevision(
        **{name: row[name] for name in same},
        outcome_label=label,
        tone=tone,
        claims=claims,
        current=not row["superseded"],
    )


def _must_be_known(field: str, value: str, known: frozenset[str]) -> None:
    if value and value not in known:
        words = f"Choose one of: {', '.join(sorted(known))}."
        fault = FieldError(field, f"{field}.unknown", words)
        raise Invalid(f"care_month.{field}_unknown", f"There is no such {field}.", words, fields=(fault,))
