"""A claim's money in double entry: which accounts a charge and a payer's decision move. Every posting sums to zero.

The split of adjustments looks only at group and reason, never at the sign, so a reversal moves back exactly what the
payment moved. What is neither contractual nor the patient's stays in `receivable`: that is what is worked as a denial.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.claims.states import Outcome
from domain.remittances.outcome import CONTRACTUAL
from domain.x12.facts_835 import Adjustment, ClaimPayment, ProviderAdjustment

RECEIVABLE, REVENUE, CASH = "receivable", "revenue", "cash"
CONTRACT, WRITTEN_OFF, PATIENT = "contractual", "written_off", "patient"
PROVIDER_LEVEL, UNMATCHED = "provider_level", "unmatched"

Entry = tuple[str, int]
"""(account, cents)."""


def charge_entries(cents: int) -> tuple[Entry, ...]:
    """A claim's charge (or, for a replacement, the difference to the version before)."""
    return ((RECEIVABLE, cents), (REVENUE, -cents)) if cents else ()


def payment_entries(claim: ClaimPayment) -> tuple[Entry, ...]:
    """What one CLP of a known claim moves."""
    return decided_entries(claim.paid_cents, claim.all_adjustments)


def decided_entries(paid_cents: int, adjustments: Iterable[Adjustment]) -> tuple[Entry, ...]:
    """What a payment with these adjustments, of the claim and of its lines, moves."""
    moved: Counter[str] = Counter({CASH: paid_cents})
    for adjustment in adjustments:
        moved[account_of(adjustment)] += adjustment.cents
    moved.pop(RECEIVABLE, None)  # adjustments that leave the balance open move nothing
    entries = tuple((account, cents) for account, cents in moved.items() if cents)
    return (*entries, (RECEIVABLE, -sum(cents for _, cents in entries))) if entries else ()


def unmatched_entries(claim: ClaimPayment) -> tuple[Entry, ...]:
    """The money of a CLP that belongs to no known claim waits in an account of its own."""
    return waiting_entries(claim.paid_cents)


def waiting_entries(paid_cents: int) -> tuple[Entry, ...]:
    """Money that waits for its claim; with the sign turned, the same money taken out again."""
    return ((CASH, paid_cents), (UNMATCHED, -paid_cents)) if paid_cents else ()


def provider_entries(adjustments: Iterable[ProviderAdjustment]) -> tuple[Entry, ...]:
    """PLB: a positive amount lowers the payment (WO, FB), a negative one raises it (L6 interest)."""
    total = sum(adjustment.cents for adjustment in adjustments)
    return ((CASH, -total), (PROVIDER_LEVEL, total)) if total else ()


def account_of(adjustment: Adjustment) -> str:
    """Where one CAS triple goes: the patient's account, contractual, or nowhere (it stays receivable)."""
    if adjustment.group == "PR":
        return PATIENT
    return CONTRACT if adjustment.reason in CONTRACTUAL else RECEIVABLE


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim's net position over all its remittances, in cents. `decided_cents` is ΣCLP03, reversals negative."""

    adjudications: int
    decided_cents: int
    paid_cents: int
    patient_cents: int
    receivable_cents: int


def outcome_of(standing: Standing) -> Outcome:
    """What the remittances of a claim come to together, whatever their order."""
    if standing.decided_cents <= 0:
        return Outcome.REVERSED
    if standing.receivable_cents <= 0:
        return Outcome.PAID
    if standing.paid_cents + standing.patient_cents <= 0:
        return Outcome.DENIED
    return Outcome.PARTIALLY_DENIED
