"""What a payer decided on a claim, from amounts and adjustments rather than from CLP02; and the keys of posting."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from domain.x12.facts_835 import Adjustment, ClaimPayment, PaymentHeader, ServicePayment

LONGEST_KEY = 500
FORWARDED_STATUSES = frozenset({"19", "20", "21", "23"})
# CARCs that only say that another payer paid or that the contract lowers the price: never a denial by themselves.
# 45 fee schedule, 253 sequestration, 23 other payer, 24 capitation, 94 over charges, 97 bundled is a denial of the line.
CONTRACTUAL = frozenset(
    {"45", "253", "23", "24", "94", "131", "144", "237", "59", "90", "91", "100", "A2", "42"}
)
PATIENT_SHARE = frozenset({"1", "2", "3", "66", "241", "247", "248"})


class Outcome(StrEnum):
    """What became of one CLP."""

    PAID = "paid"
    PATIENT_RESPONSIBILITY = "patient_responsibility"
    PARTIALLY_DENIED = "partially_denied"
    DENIED = "denied"
    REVERSED = "reversed"
    FORWARDED = "forwarded"
    PREDETERMINATION = "predetermination"
    ADJUSTED_TO_ZERO = "adjusted_to_zero"


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the adjustments that deny, and the ordinals of the denied lines (empty: the claim as a whole)."""

    outcome: Outcome
    denials: tuple[Adjustment, ...]
    denied_lines: tuple[int, ...]
    forwarded: bool


def decide(claim: ClaimPayment) -> Decision:
    """Derive the outcome of one CLP (domain rule: CLP02 is not paid or denied).

    A forwarded claim that was also paid or denied keeps that outcome and says `forwarded`: the next payer has it already.
    """
    if claim.status == "22":
        return Decision(Outcome.REVERSED, (), (), False)
    if claim.status == "25":
        return Decision(Outcome.PREDETERMINATION, (), (), False)
    forwarded = claim.status in FORWARDED_STATUSES
    if claim.status == "23" and claim.paid_cents == 0:
        return Decision(Outcome.FORWARDED, (), (), True)
    denied_lines = tuple(service.ordinal for service in claim.services if is_denied_line(service))
    denials = tuple(
        one
        for service in claim.services
        if service.ordinal in denied_lines
        for one in service.adjustments
        if is_denial(one)
    )
    whole = tuple(one for one in claim.adjustments if is_denial(one)) if claim.paid_cents <= 0 else ()
    return Decision(_outcome(claim, denied_lines, whole), denials + whole, denied_lines, forwarded)


def is_denial(one: Adjustment) -> bool:
    """Whether a single adjustment refuses payment: money taken for a reason that is neither price nor patient's share."""
    if one.cents <= 0 or one.reason in CONTRACTUAL:
        return False
    return not (one.group == "PR" and one.reason in PATIENT_SHARE)


def is_denied_line(service: ServicePayment) -> bool:
    """A charged line that was paid nothing, for a reason that denies."""
    if service.paid_cents != 0 or service.charge_cents <= 0:
        return False
    return any(is_denial(one) for one in service.adjustments)


def _outcome(claim: ClaimPayment, denied_lines: tuple[int, ...], whole: tuple[Adjustment, ...]) -> Outcome:
    charged = [service.ordinal for service in claim.services if service.charge_cents > 0]
    all_denied = bool(charged) and len(denied_lines) == len(charged)
    if claim.paid_cents > 0:
        return Outcome.PARTIALLY_DENIED if denied_lines else Outcome.PAID
    if claim.status == "4" or whole or all_denied:
        return Outcome.DENIED
    if denied_lines:
        return Outcome.PARTIALLY_DENIED
    if any(one.group == "PR" and one.cents > 0 for one in claim.all_adjustments):
        return Outcome.PATIENT_RESPONSIBILITY
    return Outcome.ADJUSTED_TO_ZERO


def posting_key(header: PaymentHeader) -> str:
    """What makes an ST post once: TRN03, TRN02, BPR16, BPR02 and its ordinal; never ISA13, which payers reuse.

    The ordinal is `payment_ordinal`: it counts the ST of this payment only, so that the key stays the same when the
    payer sends the payment again bundled with others. Within an ST the CLP ordinal tells claims apart.
    """
    key = f"{payment_key(header)}|{header.payment_ordinal}"
    # A database index has its limits; no honest key comes near.
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def payment_key(header: PaymentHeader) -> str:
    """The payment itself, wherever it arrives: payer, trace, date, amount in cents."""
    parts = (header.payer_originator, header.trace, header.payment_date, str(header.amount_cents))
    return "|".join(part.replace("|", " ").strip().upper() for part in parts)


def normalised_claim_number(text: str, longest: int = 20) -> str:
    """CLM01 or CLP01 for matching: upper case, letters and digits only, cut to `longest`, because payers do all three."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())[:longest]
