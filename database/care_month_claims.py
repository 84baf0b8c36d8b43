"""Which claims a patient's month has made, and what each was made to say. The schema itself is `sql/9l_month_claims.sql`."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from piccolo.columns import JSONB, Boolean, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from database.engine import ENGINE
from database.session import Session
from domain.care.month_claims import MonthClaim, claim_from, claim_kept


class CareMonthClaimRow(Table, tablename="care_month_claims", db=ENGINE):
    tenant_id = Uuid(default=None)
    patient_month_id = Uuid(default=None)
    claim_id = Uuid(primary_key=True, default=None)
    says = JSONB()
    taken_back = Boolean(default=False)
    settled_at = Timestamptz()


_STANDING = """
SELECT * FROM (
    SELECT DISTINCT ON (k.claim_id) k.claim_id, k.says, k.taken_back, c.reference, c.closed_reason,
        (SELECT v.frequency FROM claim_versions v WHERE v.tenant_id = c.tenant_id AND v.claim_id = c.id
            ORDER BY v.version DESC LIMIT 1) AS frequency
    FROM care_patient_months p
    JOIN care_month_claims k ON k.tenant_id = p.tenant_id AND k.patient_month_id = p.id
    JOIN claims c ON c.tenant_id = k.tenant_id AND c.id = k.claim_id
    WHERE p.tenant_id = current_tenant() AND p.patient_id = $1 AND p.month = $2 AND p.revision <= $3
    ORDER BY k.claim_id, p.revision DESC) newest
WHERE NOT taken_back AND closed_reason <> 'withdrawn' AND frequency <> '8' ORDER BY claim_id
"""
_KEEP = """
INSERT INTO care_month_claims (tenant_id, patient_month_id, claim_id, says, taken_back)
VALUES (current_tenant(), $1, $2, $3, $4)
ON CONFLICT (tenant_id, patient_month_id, claim_id) DO UPDATE SET says = EXCLUDED.says,
    taken_back = EXCLUDED.taken_back, settled_at = clock_timestamp()
WHERE (care_month_claims.says, care_month_claims.taken_back) IS DISTINCT FROM (EXCLUDED.says, EXCLUDED.taken_back)
"""


@dataclass(frozen=True, slots=True)
class StandingClaim:
    """A claim of a patient's month that is neither withdrawn nor void."""

    id: UUID
    reference: str
    says: MonthClaim


async def standing_claims(session: Session, patient_month: Any) -> dict[UUID, StandingClaim]:
    """The claims that this close of a patient's month or one before it made or kept, by their ids."""
    rows = await session.fetch(
        _STANDING, patient_month["patient_id"], patient_month["month"], patient_month["revision"]
    )
    found = (
        StandingClaim(row["claim_id"], row["reference"], claim_from(json.loads(row["says"]))) for row in rows
    )
    return {one.id: one for one in found}


async def keep_claim(
    session: Session, patient_month_id: UUID, claim_id: UUID, says: MonthClaim, *, taken_back: bool = False
) -> None:
    """Note what a claim says for this close, or that nothing is left of it; `says` is then what it said last."""
    await session.execute(_KEEP, patient_month_id, claim_id, json.dumps(claim_kept(says)), taken_back)


async def claims_made(session: Session, patient_month_id: UUID) -> int:
    """How many claims this close has made, kept or taken back so far."""
    number: int = await session.value(
        "SELECT count(*) FROM care_month_claims WHERE patient_month_id = $1", patient_month_id
    )
    return number
