"""The row of a transaction set: who paid what, the proof of its balance, and which quarantined file it corrects."""

import json
from dataclasses import asdict
from uuid import UUID

from activities.work import close_items
from database.session import Session
from domain import work
from domain.remittances.balance import BalanceFinding
from domain.remittances.equations import equations
from domain.remittances.outcome import posting_key
from domain.x12.facts_835 import PaymentHeader, Transaction835
from domain.x12.values import day

MOST_FINDINGS = 200

_HEADER = """
INSERT INTO remittances (tenant_id, id, file_id, ordinal, posting_key, payer_name, payer_identifier, trace, payee_npi,
    payment_date, payment_cents, method, status, claims_paid_cents, provider_adjustment_cents, claim_count, proof)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""
# The same payment: its amount may be what was wrong, so one alone under this trace and day is meant whatever it states.
_QUARANTINED = """
SELECT id, posting_key = $4 AS same FROM remittances WHERE status = 'quarantined' AND payer_identifier = $1
  AND trace = $2 AND payment_date IS NOT DISTINCT FROM $3 ORDER BY id FOR UPDATE
"""


async def store(
    session: Session,
    file_id: UUID,
    remittance_id: UUID,
    transaction: Transaction835,
    findings: tuple[BalanceFinding, ...],
    status: str,
) -> None:
    """The row, with the proof as it was found."""
    header = transaction.header
    lines, claims, payment = equations(transaction)
    proof = {
        "equations": [asdict(one) for one in (lines, claims, payment)],
        "findings": [asdict(f) | {"difference_cents": f.difference_cents} for f in findings[:MOST_FINDINGS]],
        "finding_count": len(findings),
    }
    await session.execute(
        _HEADER,
        session.tenant_id,
        remittance_id,
        file_id,
        header.st_ordinal,
        posting_key(header),
        header.payer.name,
        header.payer_originator,
        header.trace,
        header.payee.identifier,
        day(header.payment_date),
        payment.paid_cents,
        header.method,
        status,
        claims.paid_cents,
        payment.adjusted_cents,
        claims.count,
        json.dumps(proof),
    )


async def supersede(session: Session, remittance_id: UUID, header: PaymentHeader) -> None:
    """The quarantined copy of a payment that is now posted from a file that balances: it and its work are done with."""
    rows = await session.fetch(
        _QUARANTINED, header.payer_originator, header.trace, day(header.payment_date), posting_key(header)
    )
    same = [row["id"] for row in rows if row["same"]]
    for one in same or ([rows[0]["id"]] if len(rows) == 1 else []):
        await session.execute(
            "UPDATE remittances SET status = 'superseded', superseded_by = $2 WHERE id = $1",
            one,
            remittance_id,
        )
        await close_items(session, "remittance", one, [work.Kind.QUARANTINE])


async def was_released(session: Session, remittance_id: UUID) -> bool:
    """Whether that remittance was posted out of balance, by somebody's decision."""
    released: bool = await session.value(
        "SELECT released_at IS NOT NULL FROM remittances WHERE id = $1", remittance_id
    )
    return released


def difference(transaction: Transaction835) -> int:
    """BPR02 less what claims and provider level come to, in cents; 0 when the payment balances."""
    header, paid = transaction.header, sum(claim.paid_cents for claim in transaction.claims)
    stated = header.amount_cents if header.credit_debit != "D" else -header.amount_cents
    return stated - paid + sum(one.cents for one in transaction.provider_adjustments)
