"""One posting of a patient's transaction: its rows, its ledger entries, the claims' figures, and the claims it settles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.balance_reads import credits_of, shares_of
from database.claim_activities import Touch, add_touches
from database.session import Session
from domain.balances.allocation import Owed, Part
from domain.claims.process import Event, Step, allowed
from domain.remittances.ledger import CASH, PATIENT, WRITTEN_OFF

REASON_COLUMN = "patient_transactions.reason"
_INSERT = """
INSERT INTO patient_transactions (tenant_id, id, patient_id, kind, method, reference, amount_cents, received_on, settled,
    reverses_id, reason, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_FIGURES = """
UPDATE claims SET paid_cents = claims.paid_cents + n.paid, adjusted_cents = claims.adjusted_cents + n.adjusted,
    patient_cents = claims.patient_cents - n.paid - n.adjusted - n.credit, updated_at = now(), version = claims.version + 1
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (id, paid, adjusted, credit)
WHERE claims.tenant_id = current_tenant() AND claims.id = n.id
"""
_TOUCHES = {
    "payment": ("patient_paid", "The patient paid {}"),
    "reversal": ("patient_payment_reversed", "A payment of the patient was taken back: {}"),
    "refund": ("patient_refunded", "Given back to the patient: {}"),
    "credit": ("patient_credit", "Credit of the patient put here: {}"),
    "write_off": ("patient_written_off", "Written off of the patient's share: {}"),
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """What happened to a patient's money. `amount_cents` is cash (received positive), or what is written off."""

    patient_id: UUID
    kind: str
    amount_cents: int
    parts: Sequence[Part]
    on: date
    method: str = ""
    reference: str = ""
    reverses_id: UUID | None = None
    reason: str = ""


async def lock_patient(session: Session, patient_id: UUID) -> tuple[list[Owed], int]:
    """What the patient owes, claim by claim, and the credit; locked until the transaction ends."""
    await session.execute("SELECT 1 FROM patients WHERE id = $1 FOR NO KEY UPDATE", patient_id)
    await session.execute(
        "SELECT 1 FROM claims WHERE patient_id = $1 AND patient_cents <> 0 ORDER BY id FOR NO KEY UPDATE",
        patient_id,
    )
    shares = (await shares_of(session, [patient_id])).get(patient_id, [])
    credit = (await credits_of(session, [patient_id])).get(patient_id, 0)
    owed = [Owed(share.claim_id, share.cents, share.service_from, share.elsewhere) for share in shares]
    return owed, credit


async def post(session: Session, one: Transaction) -> UUID:
    """Store a transaction with its ledger entries, under one posting; the id of both. The patient is locked by the caller."""
    identifier: UUID = await session.value("SELECT uuidv7()")
    owed_after = await _owed_after(session, one)
    sealed = (await session.key()).seal(REASON_COLUMN, one.reason.encode()) if one.reason else None
    await session.execute(
        _INSERT,
        session.tenant_id,
        identifier,
        one.patient_id,
        one.kind,
        one.method,
        one.reference,
        one.amount_cents,
        one.on,
        owed_after <= 0,
        one.reverses_id,
        sealed,
        session.actor.user_id,
    )
    await _store_parts(session, identifier, one.parts)
    await _store_ledger(session, identifier, one)
    await _store_figures(session, one)
    await _touch(session, identifier, one)
    await _settle(session, one)
    return identifier


async def _owed_after(session: Session, one: Transaction) -> int:
    shares = (await shares_of(session, [one.patient_id])).get(one.patient_id, [])
    credit = (await credits_of(session, [one.patient_id])).get(one.patient_id, 0)
    return sum(share.cents for share in shares) - credit - sum(cents for _, cents in one.parts)


async def _store_parts(session: Session, identifier: UUID, parts: Sequence[Part]) -> None:
    rows = [
        (session.tenant_id, identifier, ordinal, claim_id, cents)
        for ordinal, (claim_id, cents) in enumerate(parts, 1)
    ]
    columns = ("tenant_id", "transaction_id", "ordinal", "claim_id", "amount_cents")
    await session.copy("patient_allocations", columns, rows)


async def _store_ledger(session: Session, identifier: UUID, one: Transaction) -> None:
    """Cash up, patient down; a write-off takes the place of cash, and credit that is used moves within the patient."""
    against = {"write_off": WRITTEN_OFF, "credit": ""}.get(one.kind, CASH)
    rows: list[tuple[Any, ...]] = []
    for claim_id, cents in one.parts:
        rows.append((session.tenant_id, identifier, PATIENT, claim_id, -cents))
        if against:
            rows.append((session.tenant_id, identifier, against, claim_id, cents))
    columns = ("tenant_id", "posting_id", "account", "claim_id", "amount_cents")
    await session.copy("ledger_entries", columns, rows)


async def _store_figures(session: Session, one: Transaction) -> None:
    """The figures that lists show, which are sums of the ledger kept with the claim."""
    parts: Counter[UUID] = Counter()
    for claim_id, cents in one.parts:
        if claim_id is not None:
            parts[claim_id] += cents
    ids, amounts = list(parts), list(parts.values())
    nothing = [0] * len(parts)
    columns = {"write_off": (nothing, amounts, nothing), "credit": (nothing, nothing, amounts)}
    await session.execute(_FIGURES, ids, *columns.get(one.kind, (amounts, nothing, nothing)))


async def _touch(session: Session, identifier: UUID, one: Transaction) -> None:
    kind, words = _TOUCHES[one.kind]
    touches = [
        Touch(
            claim_id,
            kind,
            words.format(f"{abs(cents) / 100:,.2f}"),
            f"{identifier}:{ordinal}",
            session.actor.user_id,
            {"cents": cents},
        )
        for ordinal, (claim_id, cents) in enumerate(one.parts)
        if claim_id is not None
    ]
    await add_touches(session, touches)


async def _settle(session: Session, one: Transaction) -> None:
    """Tell the process of every claim that waited for the patient and waits no more."""
    event = Event.WRITTEN_OFF if one.kind == "write_off" else Event.PATIENT_SETTLED
    rows = await session.fetch(
        "SELECT id, step FROM claims WHERE id = ANY($1::uuid[]) AND patient_cents <= 0 AND closed_at IS NULL ORDER BY id",
        [claim_id for claim_id, _ in one.parts if claim_id is not None],
    )
    told = {"tenant_id": session.tenant_id, "by": session.actor.user_id, "event": event.value}
    for row in rows:
        if row["step"] == Step.PATIENT_BALANCE and event in allowed(Step.PATIENT_BALANCE):
            await session.tell("update", f"{session.tenant_id}/claim/{row['id']}", "ended", told)
