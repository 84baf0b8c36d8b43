"""Sent claims that an unmatched payment may be about, ranked by what agrees."""

from typing import Any
from uuid import UUID

from activities.remittances.posting import PERSON
from database.clientele_phi import member_index, open_insured, open_person
from database.session import Session
from domain.claims.states import Status
from domain.remittances.candidates import Signs, confidence, reasons
from domain.remittances.outcome import normalised_claim_number
from services.remittances.doubt_views import Candidate

MOST = 20
_ALIKE = 6  # signs of a claim number that are more than chance

# By the charge, by a line that the payer named, by the payer's number, or by the member id's keyed hash.
_FOUND = """
WITH u AS (SELECT * FROM remittance_claims WHERE tenant_id = current_tenant() AND id = $1),
found AS (
    SELECT v.claim_id, v.version FROM u JOIN claim_versions v ON v.tenant_id = u.tenant_id
        AND v.charge_cents = abs(u.charge_cents) WHERE v.submitted_at IS NOT NULL
    UNION
    SELECT l.claim_id, l.version FROM u JOIN remittance_lines t ON t.tenant_id = u.tenant_id AND t.remittance_claim_id = u.id
        AND t.control_number <> '' JOIN claim_lines l ON l.tenant_id = t.tenant_id AND l.control_number = t.control_number
    UNION
    SELECT c.id, c.current_version FROM u JOIN claims c ON c.tenant_id = u.tenant_id
        AND c.payer_claim_control_number = u.payer_claim_control_number AND u.payer_claim_control_number <> ''
    UNION
    SELECT c.id, c.current_version FROM u JOIN coverages k ON k.tenant_id = u.tenant_id AND k.member_id_index = $2
        JOIN claims c ON c.tenant_id = k.tenant_id AND c.patient_id = k.patient_id
)
SELECT c.id AS claim_id, c.reference, v.claim_number, v.claim_number_key, p.name AS payer_name, c.service_from,
    v.charge_cents, c.status, c.payer_claim_control_number, n.person, k.subscriber, c.closed_at,
    EXISTS (SELECT 1 FROM claim_lines o JOIN remittance_lines t ON t.tenant_id = o.tenant_id AND t.remittance_claim_id = $1
        AND t.control_number = o.control_number AND t.control_number <> ''
        WHERE o.tenant_id = v.tenant_id AND o.claim_id = v.claim_id AND o.version = v.version) AS same_line
FROM found f
JOIN claim_versions v ON v.tenant_id = current_tenant() AND v.claim_id = f.claim_id AND v.version = f.version
JOIN claims c ON c.tenant_id = v.tenant_id AND c.id = v.claim_id AND c.current_version = v.version
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
JOIN patients n ON n.tenant_id = c.tenant_id AND n.id = c.patient_id
JOIN coverages k ON k.tenant_id = c.tenant_id AND k.id = c.coverage_id
WHERE v.submitted_at IS NOT NULL ORDER BY same_line DESC, c.closed_at IS NOT NULL, c.id DESC LIMIT 200
"""


async def ranked(session: Session, remittance_claim_id: UUID) -> list[Candidate]:
    """The likeliest first."""
    payment = await session.row("SELECT * FROM remittance_claims WHERE id = $1", remittance_claim_id)
    key = await session.key()
    person = key.open_json(PERSON, payment["person"]) if payment["person"] else {}
    member = person.get("member", "")
    rows = await session.fetch(_FOUND, remittance_claim_id, member_index(key, member) if member else None)
    found = [_candidate(key, payment, person, row) for row in rows]
    return sorted(found, key=lambda one: -one.confidence)[:MOST]


def _candidate(key: Any, payment: Any, person: dict[str, str], row: Any) -> Candidate:
    signs = _signs(key, payment, person, row)
    status = Status(row["status"])
    return Candidate(
        claim_id=row["claim_id"],
        reference=row["reference"],
        claim_number=row["claim_number"],
        payer_name=row["payer_name"],
        service_from=row["service_from"],
        charge_cents=row["charge_cents"],
        status_label=status.label,
        tone=status.tone,
        reasons=reasons(signs),
        confidence=confidence(signs),
    )


def _signs(key: Any, payment: Any, person: dict[str, str], row: Any) -> Signs:
    named, insured = open_person(key, row["person"])[0], open_insured(key, row["subscriber"])
    number = normalised_claim_number(payment["claim_number"])
    control = payment["payer_claim_control_number"]
    return Signs(
        same_line=row["same_line"],
        same_number=len(number) >= _ALIKE and row["claim_number_key"].startswith(number[:_ALIKE]),
        same_control=bool(control) and control == row["payer_claim_control_number"],
        same_member=bool(person.get("member")) and _plain(person["member"]) == _plain(insured.member_id),
        same_name=bool(person.get("last")) and _plain(person["last"]) == _plain(named.last_name)
        and _plain(person.get("first", ""))[:1] == _plain(named.first_name)[:1],
        same_day=payment["service_from"] is not None and payment["service_from"] == row["service_from"],
        same_charge=abs(payment["charge_cents"]) == row["charge_cents"],
    )  # fmt: skip


def _plain(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())
