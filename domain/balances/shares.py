"""A patient's share of one claim: what it is, how old, and whether every payer has answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.claims.process import Step

# Work that may still change what the patient owes.
OUTSTANDING_KINDS = ("denial", "appeal", "next_payer", "earlier_payer", "match", "hold", "rejection")
BUCKETS = ("0–30 days", "31–60 days", "61–90 days", "Over 90 days")
# Every payer has answered: the claim waits for the patient, or ended and owes again since a payment came back.
_ANSWERED = frozenset({Step.PATIENT_BALANCE, Step.SETTLED, Step.CLOSED})
_WAITING_FOR = {
    Step.DENIAL: "a denial is being worked",
    Step.APPEALED: "an appeal is under way",
    Step.FORWARDED: "the next payer has not answered",
    Step.HELD: "the claim is held",
    Step.REJECTED: "the claim was rejected",
    Step.REOPENED: "the claim was opened again",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient owes of a claim, from the ledger (cents; negative when overpaid). `since` is the day on which a
    payer left it to the patient; `outstanding` are the kinds of open work about the claim. `elsewhere`: a person closed
    the claim as settled outside, and no money of the patient was ever entered on it."""

    claim_id: UUID
    reference: str
    step: str
    cents: int
    receivable_cents: int
    service_from: date
    since: date
    outstanding: tuple[str, ...] = ()
    elsewhere: bool = False


def why_not_yet(share: Share) -> str:
    """Why this share may not stand on a statement yet; empty when every payer has answered.

    Never before: a bill for what a payer may still pay is the patient's first complaint and a contract's breach.
    """
    step = Step(share.step)
    if step not in _ANSWERED:
        return _WAITING_FOR.get(step, "a payer has not answered")
    if share.elsewhere:
        return "the claim was closed as settled elsewhere"
    if share.receivable_cents > 0:
        return "a payer still owes part of the claim"
    if any(kind in OUTSTANDING_KINDS for kind in share.outstanding):
        return "work on the claim is open"
    return ""


def billable(shares: Iterable[Share]) -> list[Share]:
    """The shares that a statement may ask for, oldest service first."""
    asked = [share for share in shares if share.cents and not why_not_yet(share)]
    return sorted(asked, key=lambda share: (share.service_from, share.reference))


def ageing(shares: Iterable[Share], credit_cents: int, today: date) -> tuple[int, int, int, int]:
    """Cents by age since they became the patient's, as in BUCKETS. Credit pays the oldest first; what is left of it
    lowers the youngest, so that the four always come to the balance."""
    buckets = [0, 0, 0, 0]
    for share in shares:
        days = max((today - share.since).days, 0)
        buckets[min((days - 1) // 30, 3) if days > 0 else 0] += share.cents
    left = credit_cents
    for number in (3, 2, 1):
        taken = min(max(buckets[number], 0), left)
        buckets[number] -= taken
        left -= taken
    buckets[0] -= left
    return buckets[0], buckets[1], buckets[2], buckets[3]


def total(shares: Sequence[Share], credit_cents: int) -> int:
    """What these shares come to, less the patient's credit."""
    return sum(share.cents for share in shares) - credit_cents
