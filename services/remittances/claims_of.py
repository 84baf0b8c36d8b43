"""The claims of a remittance with their lines and adjustments, in three queries however many there are."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from database.session import Session
from services.remittances.views import (
    LINE_MATCHED_BY,
    MATCHED_BY,
    RemittanceAdjustment,
    RemittanceClaim,
    ServiceLine,
    code_word,
    outcome_words,
)

_CLAIMS = """
SELECT rc.*, coalesce(c.reference, '') AS reference FROM remittance_claims rc
LEFT JOIN claims c ON c.tenant_id = rc.tenant_id AND c.id = rc.claim_id
WHERE rc.tenant_id = current_tenant() AND rc.remittance_id = $1 AND rc.ordinal > $2 ORDER BY rc.ordinal LIMIT $3
"""
_LINES = """
SELECT * FROM remittance_lines WHERE tenant_id = current_tenant() AND remittance_claim_id = ANY($1::uuid[])
ORDER BY remittance_claim_id, ordinal
"""
_ADJUSTMENTS = """
SELECT * FROM adjustments WHERE tenant_id = current_tenant() AND remittance_claim_id = ANY($1::uuid[])
ORDER BY remittance_claim_id, ordinal
"""

AtLevel = dict[tuple[UUID, int | None], list[RemittanceAdjustment]]
"""By remittance claim and ordinal of the line, None at claim level."""


async def claims_of(session: Session, remittance_id: UUID, after: int, limit: int) -> list[RemittanceClaim]:
    """Claims behind the ordinal `after`, in the order of the file."""
    rows = await session.fetch(_CLAIMS, remittance_id, after, limit)
    ids = [row["id"] for row in rows]
    adjustments: AtLevel = defaultdict(list)
    for row in await session.fetch(_ADJUSTMENTS, ids):
        adjustments[row["remittance_claim_id"], row["line_ordinal"]].append(_adjustment(row))
    lines: dict[UUID, list[ServiceLine]] = defaultdict(list)
    for row in await session.fetch(_LINES, ids):
        identifier = row["remittance_claim_id"]
        lines[identifier].append(_line(row, adjustments[identifier, row["ordinal"]]))
    return [_claim(row, lines[row["id"]], adjustments[row["id"], None]) for row in rows]


def _adjustment(row: Any) -> RemittanceAdjustment:
    group = row["group_code"]
    return RemittanceAdjustment(group, code_word("CAS", 1, group), row["reason_code"], row["amount_cents"])


def _line(row: Any, adjustments: list[RemittanceAdjustment]) -> ServiceLine:
    return ServiceLine(
        ordinal=row["ordinal"],
        procedure=row["procedure"],
        modifiers=list(row["modifiers"]),
        charge_cents=row["charge_cents"],
        paid_cents=row["paid_cents"],
        control_number=row["control_number"],
        claim_line=row["claim_line"],
        matched_by=row["matched_by"],
        matched_by_label=LINE_MATCHED_BY.get(row["matched_by"], row["matched_by"]),
        match_confidence=row["match_confidence"],
        remarks=list(row["remarks"]),
        adjustments=adjustments,
    )


def _claim(row: Any, lines: list[ServiceLine], adjustments: list[RemittanceAdjustment]) -> RemittanceClaim:
    label, tone = outcome_words(row["outcome"])
    everything = [*adjustments, *(one for line in lines for one in line.adjustments)]
    return RemittanceClaim(
        id=row["id"],
        ordinal=row["ordinal"],
        claim_id=row["claim_id"],
        reference=row["reference"],
        claim_number=row["claim_number"],
        matched_by=row["matched_by"],
        matched_by_label=MATCHED_BY.get(row["matched_by"], row["matched_by"]),
        match_confidence=row["match_confidence"],
        disposition=row["disposition"],
        status_code=row["status_code"],
        status_code_label=code_word("CLP", 2, row["status_code"]),
        outcome=row["outcome"],
        outcome_label=label,
        tone=tone,
        charge_cents=row["charge_cents"],
        adjusted_cents=sum(one.amount_cents for one in everything),
        paid_cents=row["paid_cents"],
        patient_cents=row["patient_cents"],
        interest_cents=row["interest_cents"],
        payer_claim_control_number=row["payer_claim_control_number"],
        remarks=list(row["remarks"]),
        adjustments=adjustments,
        lines=lines,
    )
