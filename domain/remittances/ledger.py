"""A claim's money in double entry: which accounts a charge and a payer's decision move. Every posting sums to zero.

The split of adjustments looks only at group and reason, never at the sign, so a reversal moves back exactly what the
payment moved. What is neither contractual nor the patient's stays in `receivable`: that is what is worked as a denial.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.claims.states import Outcome
from domain.remittances.outcome import CONTRACTUAL
from domain.x12.facts_835 import Adjustment, ClaimPayment

RECEIVABLE, REVENUE, CASH = "receivable", "revenue", "cash"
CONTRACT, WRITTEN_OFF, PATIENT = "contractual", "written_off", "patient"
PROVIDER_LEVEL, UNMATCHED = "provider_level", "unmatched"
INTEREST, CAPITATION = "interest", "capitation"
ACCOUNTS = (
    RECEIVABLE, REVENUE, CASH, CONTRACT, WRITTEN_OFF, PATIENT, PROVIDER_LEVEL, UNMATCHED, INTEREST, CAPITATION,
)  # fmt: skip
CAPITATED = frozenset({"24"})

Entry = tuple[str, int]
"""(account, cents)."""


def charge_entries(cents: int) -> tuple[Entry, ...]:
    """A claim's charge (or, for a replacement, the difference to the version before)."""
    return ((RECEIVABLE, cents), (REVENUE, -cents)) if cents else ()


def payment_entries(claim: ClaimPayment, prior_cents: int = 0) -> tuple[Entry, ...]:
    """What one CLP of a known claim moves. `prior_cents`: what the payers before had taken off the charge when this one
    was asked, which its adjustments tell again (OA-23, or its own contract) and must not move twice."""
    prior = prior_cents if claim.charge_cents > 0 else -prior_cents
    return decided_entries(claim.paid_cents, claim.all_adjustments, prior if claim.charge_cents else 0)


def decided_entries(
    paid_cents: int, adjustments: Iterable[Adjustment], prior_cents: int = 0
) -> tuple[Entry, ...]:
    """What a payment with these adjustments, of the claim and of its lines, moves. `prior_cents` has the charge's sign."""
    moved: Counter[str] = Counter({CASH: paid_cents})
    for adjustment in adjustments:
        moved[account_of(adjustment)] += adjustment.cents
    moved[CONTRACT] -= _told_again(moved[CONTRACT], prior_cents)
    moved.pop(RECEIVABLE, None)  # adjustments that leave the balance open move nothing
    entries = tuple((account, cents) for account, cents in moved.items() if cents)
    return (*entries, (RECEIVABLE, -sum(cents for _, cents in entries))) if entries else ()


def _told_again(contract_cents: int, prior_cents: int) -> int:
    """The part of the contractual adjustments that earlier payers' postings have moved already. Turning both signs turns
    the answer's, so a reversal moves back exactly what its payment moved."""
    if prior_cents >= 0:
        return max(0, min(contract_cents, prior_cents))
    return min(0, max(contract_cents, prior_cents))


def transfer_entries(cents: int) -> tuple[Entry, ...]:
    """A patient's share that the next payer is asked for: no longer the patient's, receivable from that payer."""
    return ((PATIENT, -cents), (RECEIVABLE, cents)) if cents else ()


def unmatched_entries(claim: ClaimPayment) -> tuple[Entry, ...]:
    """The money of a CLP that belongs to no known claim waits in an account of its own."""
    return waiting_entries(claim.paid_cents)


def waiting_entries(paid_cents: int) -> tuple[Entry, ...]:
    """Money that waits for its claim; with the sign turned, the same money taken out again."""
    return ((CASH, paid_cents), (UNMATCHED, -paid_cents)) if paid_cents else ()


def difference_entries(difference_cents: int) -> tuple[Entry, ...]:
    """What a released payment is more than its parts: cash stays BPR02, and the rest waits for an explanation."""
    return waiting_entries(difference_cents)


def account_of(adjustment: Adjustment) -> str:
    """Where one CAS triple goes: the patient's account, capitation, contractual, or nowhere (it stays receivable)."""
    if adjustment.group == "PR":
        return PATIENT
    if adjustment.reason in CAPITATED:
        return CAPITATION
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
