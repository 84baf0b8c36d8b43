"""A claim's submission versions: their numbers, and the same facts once more as a version of their own."""

import secrets
from uuid import UUID

from database.session import Session

# No vowels and none of 0, 1, I, O: nothing that reads as a word or is misread on paper.
_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"

_COPY = """
INSERT INTO claim_versions (tenant_id, claim_id, version, frequency, claim_number, claim_number_key,
    payer_claim_control_number, rendering_id, rendering_npi, referring_npi, referring_name, place_of_service, diagnoses, prior_authorization, accident,
    accident_date, accident_state, onset_date, accepts_assignment, charge_cents, created_by)
SELECT tenant_id, claim_id, $3, frequency, $4, $4, payer_claim_control_number, rendering_id, rendering_npi, referring_npi, referring_name,
    place_of_service, diagnoses, prior_authorization, accident, accident_date, accident_state, onset_date,
    accepts_assignment, charge_cents, $5
FROM claim_versions WHERE tenant_id = current_tenant() AND claim_id = $1 AND version = $2
"""
_COPY_LINES = """
INSERT INTO claim_lines (tenant_id, claim_id, version, number, procedure, modifiers, charge_cents, units,
    place_of_service, service_from, service_to, pointers, revenue_code, unit, non_covered_cents, dated, control_number)
SELECT tenant_id, claim_id, $3, number, procedure, modifiers, charge_cents, units, place_of_service, service_from,
    service_to, pointers, revenue_code, unit, non_covered_cents, dated,
    $4 || lpad(number::text, CASE revenue_code WHEN '' THEN 2 ELSE 3 END, '0')
FROM claim_lines WHERE tenant_id = current_tenant() AND claim_id = $1 AND version = $2
"""
_COPY_FACTS = """
INSERT INTO institutional_facts (tenant_id, claim_id, version, facility_code, statement_from, statement_to,
    patient_status, admission_date, drg, codes, note)
SELECT tenant_id, claim_id, $3, facility_code, statement_from, statement_to, patient_status, admission_date, drg,
    codes, note
FROM institutional_facts WHERE tenant_id = current_tenant() AND claim_id = $1 AND version = $2
"""
_COPY_PRACTITIONERS = """
INSERT INTO claim_practitioners (tenant_id, claim_id, version, role, provider_id, npi, last_name, first_name)
SELECT tenant_id, claim_id, $3, role, provider_id, npi, last_name, first_name
FROM claim_practitioners WHERE tenant_id = current_tenant() AND claim_id = $1 AND version = $2
"""


def new_claim_number() -> str:
    """A CLM01: 14 characters, unique by chance (28^13) and by constraint, with no PHI in it. It is its own
    normalised form: upper case, without punctuation."""
    return "C" + "".join(secrets.choice(_ALPHABET) for _ in range(13))


async def copy_version(session: Session, claim_id: UUID, version: int, by: UUID | None) -> int:
    """Store the same facts once more, as the kind of submission that they were, with numbers of its own; its version.

    A rejected replacement or void goes out as one again: the payer still holds the claim that it refers to."""
    following: int = await session.value(
        "SELECT max(version) + 1 FROM claim_versions WHERE claim_id = $1", claim_id
    )
    number = new_claim_number()
    await session.execute(_COPY, claim_id, version, following, number, by)
    await session.execute(_COPY_LINES, claim_id, version, following, number)
    for part in (_COPY_FACTS, _COPY_PRACTITIONERS):
        await session.execute(part, claim_id, version, following)
    return following
