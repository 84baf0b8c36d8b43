"""Money of patients: taken, taken back, given back, and credit put on claims. Nothing is changed; everything is a new row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from activities.balances.posting import Transaction, lock_patient, post
from database.session import Session
from domain.balances.allocation import (
    LARGEST_CENTS,
    METHODS,
    as_chosen,
    oldest_first,
    refunded_parts,
    reversed_parts,
)
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from policies.permissions import Permission
from services import door
from services.balances.accounts import account_view
from services.clientele import checks
from services.clientele.checks import Faults
from services.deposits.days import today_of

_APPLIED = """
SELECT a.claim_id, a.amount_cents FROM patient_transactions t
JOIN patient_allocations a ON a.tenant_id = t.tenant_id AND a.transaction_id = t.id AND a.claim_id IS NOT NULL
WHERE t.patient_id = $1 AND t.kind = 'credit' ORDER BY t.id, a.ordinal
"""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What is typed of a payment. `reference` is a check's number or the card terminal's, never a card's own.

    Without `claims` the oldest service is paid first; with them, these claims get these cents. What is left is credit.
    """

    amount_cents: int
    method: str
    received_on: date
    reference: str = ""
    claims: Mapping[UUID, int] | None = None


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money that goes back to the patient, and why."""

    amount_cents: int
    method: str
    reason: str
    reference: str = ""


@door.answering(Permission.BALANCES_MANAGE, account_view, of="patients")
async def take_payment(session: Session, patient_id: UUID, facts: PaymentFacts) -> UUID:
    """Take a payment and spread it; a claim whose share is paid is closed by its own process."""
    reference = await _checked(session, facts.amount_cents, facts.method, facts.reference, facts.received_on)
    owed, _ = await lock_patient(session, patient_id)
    parts = (
        as_chosen(facts.amount_cents, facts.claims, owed)
        if facts.claims
        else oldest_first(facts.amount_cents, owed)
    )
    await post(
        session,
        Transaction(
            patient_id, "payment", facts.amount_cents, parts, facts.received_on, facts.method, reference
        ),
    )
    return patient_id


@door.answering(Permission.BALANCES_MANAGE, account_view, of="patients")
async def reverse_payment(session: Session, patient_id: UUID, transaction_id: UUID, reason: str) -> UUID:
    """Take a payment back, as when a check was returned: new rows with the signs turned, and the reason."""
    why = checks.reason_of(reason)
    _, credit = await lock_patient(session, patient_id)
    row = await _payment(session, patient_id, transaction_id)
    parts = await session.fetch(
        "SELECT claim_id, amount_cents FROM patient_allocations WHERE transaction_id = $1 ORDER BY ordinal",
        transaction_id,
    )
    applied = [(one["claim_id"], one["amount_cents"]) for one in await session.fetch(_APPLIED, patient_id)]
    back = reversed_parts([(one["claim_id"], one["amount_cents"]) for one in parts], credit, applied)
    await post(
        session,
        Transaction(
            patient_id,
            "reversal",
            -row["amount_cents"],
            back,
            await today_of(session),
            row["method"],
            row["reference"],
            transaction_id,
            why,
        ),
    )
    return patient_id


@door.answering(Permission.BALANCES_MANAGE, account_view, of="patients")
async def refund_credit(session: Session, patient_id: UUID, facts: RefundFacts) -> UUID:
    """Give credit back to the patient, with a reason."""
    why = checks.reason_of(facts.reason)
    today = await today_of(session)
    reference = await _checked(session, facts.amount_cents, facts.method, facts.reference, today)
    owed, credit = await lock_patient(session, patient_id)
    parts = refunded_parts(facts.amount_cents, credit, owed)
    await post(
        session,
        Transaction(
            patient_id, "refund", -facts.amount_cents, parts, today, facts.method, reference, None, why
        ),
    )
    return patient_id


@door.answering(Permission.BALANCES_MANAGE, account_view, of="patients")
async def apply_credit(session: Session, patient_id: UUID) -> UUID:
    """Put the patient's credit on what is owed, the oldest service first. No money moves at the bank."""
    owed, credit = await lock_patient(session, patient_id)
    parts = [part for part in oldest_first(max(credit, 0), owed) if part[0] is not None]
    used = sum(cents for _, cents in parts)
    if not used:
        raise Conflict(
            "credit.nothing_to_do", "There is no credit, or nothing is owed.", "Give the credit back instead."
        )
    moved = [*parts, (None, -used)]
    await post(session, Transaction(patient_id, "credit", 0, moved, await today_of(session)))
    return patient_id


async def _payment(session: Session, patient_id: UUID, transaction_id: UUID) -> Any:
    row = await session.row(
        "SELECT * FROM patient_transactions WHERE id = $1 AND patient_id = $2 AND kind = 'payment'",
        transaction_id,
        patient_id,
    )
    if row is None:
        raise NotFound("not_found", "This patient has no such payment.", "Reload the patient's account.")
    if await session.value("SELECT 1 FROM patient_transactions WHERE reverses_id = $1", transaction_id):
        raise Conflict(
            "payment.reversed_already", "This payment was taken back already.", "Nothing more is needed."
        )
    return row


async def _checked(session: Session, cents: int, method: str, reference: str, on: date) -> str:
    clean, today = checks.clean(reference), await today_of(session)
    faults = Faults("payment")
    if not 0 < cents <= LARGEST_CENTS:
        faults.add("amount_cents", "amount.out_of_range", "Enter an amount from 0.01 to 1,000,000.00.")
    faults.one_of("method", method, METHODS, f"Choose one of: {', '.join(METHODS)}.")
    faults.text("reference", clean, 40)
    if sum(character.isdigit() for character in clean) > 12:
        faults.add(
            "reference", "reference.card", "Never enter a card's number: the terminal's reference is enough."
        )
    if not today - timedelta(days=730) <= on <= today:
        faults.add(
            "received_on", "date.impossible", "Enter a day that is not ahead and not older than two years."
        )
    faults.refuse()
    return clean


def chosen_claims(typed: Mapping[str, int]) -> dict[UUID, int]:
    """Claims and cents as a program or a form names them."""
    try:
        return {UUID(claim_id): cents for claim_id, cents in typed.items()}
    except ValueError:
        fault = FieldError("claims", "claims.unreadable", "Name each claim by its id.")
        raise Invalid("claims.unreadable", "These are no claims.", fault.message, fields=(fault,)) from None
