"""Coordination of benefits: the claim for the next payer, made from what the payer before it decided.

Every decision balances to the cent, per line and per claim, or no claim is made:
SV102 = SVD02 + ΣCAS, and CLM02 = AMT*D + claim CAS + Σ line CAS (X222A1 and X223A2, section 1.4.1).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from domain.claims.institutional import InstitutionalClaim, InstitutionalFacts, ValueCode
from domain.claims.line_matching import match_services
from domain.claims.medicare_secondary import is_type, needs_type
from domain.claims.model import Claim, Coverage, LineDecision, OtherPayerDecision
from domain.refusals import Conflict, Invalid, Refusal
from domain.remittances.outcome import FORWARDED_STATUSES
from domain.x12.facts_835 import Adjustment, ClaimPayment, ServicePayment
from domain.x12.values import quantity

__all__ = [
    "Imbalance",
    "LineDecision",
    "OtherPayerDecision",
    "decision_of",
    "imbalances",
    "next_coverage",
    "nobody_follows",
    "remaining_cents",
    "secondary_claim",
    "why_not_next_payer",
    "with_primary_payment",
]

# SBR01 from the first payer to the eleventh; U, unknown, has no place in the order.
PAYER_SEQUENCE = "PSTABCDEFGH"
REVERSAL, PREDETERMINATION = "22", "25"
_HEALTHCARE_PROCEDURES = frozenset({"HC", "HP"})
C = TypeVar("C", bound=Claim | InstitutionalClaim)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """One equation of one payer that does not hold. `payer` is its position in `decisions`; `line` 0 is the claim."""

    payer: int
    line: int
    charged_cents: int
    paid_cents: int
    adjusted_cents: int

    @property
    def difference_cents(self) -> int:
        """What paid and adjusted lack of the charge."""
        return self.charged_cents - self.paid_cents - self.adjusted_cents


def imbalances(claim: Claim | InstitutionalClaim) -> tuple[Imbalance, ...]:
    """Every equation of every payer that does not hold; empty when the claim may go."""
    found: list[Imbalance] = []
    for payer, decision in enumerate(claim.decisions, start=1):
        on_lines = 0
        for number, (paid, adjusted) in _by_line(decision.lines).items():
            on_lines += adjusted
            charge = claim.lines[number - 1].charge_cents if 1 <= number <= len(claim.lines) else 0
            if paid + adjusted != charge:
                found.append(Imbalance(payer, number, charge, paid, adjusted))
        adjusted = _sum(decision.adjustments) + on_lines
        if decision.paid_cents + adjusted != claim.charge_cents:
            found.append(Imbalance(payer, 0, claim.charge_cents, decision.paid_cents, adjusted))
    return tuple(found)


def remaining_cents(payment: ClaimPayment) -> int:
    """What the payer leaves to the patient, and so to the next payer: the sum of its PR adjustments."""
    return sum(one.cents for one in payment.all_adjustments if one.group == "PR")


def next_coverage(claim: Claim | InstitutionalClaim) -> Coverage | None:
    """The coverage that comes after the one asked, among those that have not decided; None when there is none."""
    asked = _place(claim.coverage)
    later = [other for other in claim.other_coverages if _place(other) > asked]
    return min(later, key=_place, default=None)


def why_not_next_payer(payment: ClaimPayment) -> Refusal | None:
    """Why no claim may follow this decision, None when one may. Forwarded claims are with the next payer already."""
    if payment.status in FORWARDED_STATUSES:
        return Conflict(
            "cob_forwarded",
            f"The payer has forwarded the claim to the next payer itself (CLP02 is {payment.status}).",
            "Wait for the next payer's remittance; a second claim would be a duplicate.",
        )
    if payment.status == REVERSAL:
        return Conflict(
            "cob_reversal",
            "This is a reversal, not a decision (CLP02 is 22).",
            "Wait for the corrected claim payment.",
        )
    if payment.status == PREDETERMINATION:
        return Conflict(
            "cob_predetermination",
            "This is a predetermination, not a decision (CLP02 is 25).",
            "Send the claim to this payer first.",
        )
    return None


def nobody_follows() -> Conflict:
    """The refusal when the patient has no further coverage."""
    return Conflict(
        "cob_nobody_follows",
        "The patient has no further coverage that was in force on the days of service.",
        "Add the coverage with its dates to the patient, or bill the patient.",
    )


def secondary_claim(
    claim: C,
    payment: ClaimPayment,
    following: Coverage,
    *,
    claim_number: str,
    adjudicated: date,
    matched: Mapping[int, int] | None = None,
    prior_authorization: str = "",
) -> C:
    """The claim for the payer after the one that `claim` asked, an original with its own number.

    `payment` is that payer's decision and `adjudicated` its day (BPR16, DTM*405); `matched` gives the line of a service by
    its ordinal where a person has said so. Raises Conflict or Invalid when CLP02 bars it, the charge differs, a service
    fits no line, or anything does not balance. Used again on its own result, it makes the tertiary claim.
    """
    barred = why_not_next_payer(payment)
    if barred is not None:
        raise barred
    _check_order(claim, following)
    _check_medicare(following, adjudicated)
    decision = decision_of(claim, payment, adjudicated, matched)
    following_claim = replace(
        claim,
        claim_number=claim_number,
        coverage=following,
        frequency="1",
        payer_claim_control_number="",
        prior_authorization=prior_authorization,
        other_coverages=tuple(other for other in claim.other_coverages if not _same(other, following)),
        decisions=(*claim.decisions, decision),
    )
    _check_balance(following_claim)
    return with_primary_payment(following_claim)


def decision_of(
    claim: Claim | InstitutionalClaim,
    payment: ClaimPayment,
    adjudicated: date,
    matched: Mapping[int, int] | None = None,
) -> OtherPayerDecision:
    """What the payer that `claim` asked has decided, as loop 2320 and 2430 facts. Balance is not judged here."""
    if payment.charge_cents != claim.charge_cents:
        raise Invalid(
            "cob_charge",
            f"The remittance answers a charge of {payment.charge_cents} cents, the claim charges {claim.charge_cents}.",
            "The payer may have split the claim or answered another version: compare them by hand.",
        )
    lines = _line_decisions(claim, payment, matched)
    return OtherPayerDecision(
        coverage=claim.coverage,
        paid_cents=payment.paid_cents,
        adjudicated=adjudicated,
        adjustments=_gathered(payment.adjustments),
        lines=lines,
        remaining_cents=None if lines else remaining_cents(payment),
        payer_claim_control_number=payment.payer_claim_control_number,
        remarks=payment.remarks[:5],
        benefits_assigned=claim.benefits_assigned,
        release_of_information=claim.release_of_information,
    )


def _line_decisions(
    claim: Claim | InstitutionalClaim, payment: ClaimPayment, matched: Mapping[int, int] | None
) -> tuple[LineDecision, ...]:
    positions = match_services(claim.lines, payment.services, matched)
    lost = [service.ordinal for service in payment.services if service.ordinal not in positions]
    if lost:
        raise Invalid(
            "cob_line_unmatched",
            f"Service {lost[0]} of the remittance fits no line of the claim for certain.",
            "Say which line it answers.",
        )
    made = [_line_decision(claim, service, positions[service.ordinal]) for service in payment.services]
    return tuple(sorted(made, key=lambda line: line.line_number))


def _line_decision(claim: Claim | InstitutionalClaim, service: ServicePayment, position: int) -> LineDecision:
    """One service on its line. A service that names no procedure of health care is told by the line's own."""
    line = claim.lines[position - 1]
    named = service.qualifier in _HEALTHCARE_PROCEDURES and bool(service.procedure)
    revenue = (
        "" if isinstance(claim, Claim) else _revenue_code(service) or claim.lines[position - 1].revenue_code
    )
    return LineDecision(
        line_number=position,
        paid_cents=service.paid_cents,
        procedure=service.procedure if named else line.procedure,
        units=quantity(service.units) if service.units else Decimal(1),
        modifiers=service.modifiers if named else line.modifiers,
        revenue_code=revenue,
        adjustments=_gathered(service.adjustments),
        remaining_cents=sum(one.cents for one in service.adjustments if one.group == "PR"),
    )


def _revenue_code(service: ServicePayment) -> str:
    return service.procedure if service.qualifier == "NU" else service.revenue_code


def _gathered(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    """By group, groups in order of first appearance, so that they fill the fewest CAS segments."""
    groups = list(dict.fromkeys(one.group for one in adjustments))
    return tuple(one for group in groups for one in adjustments if one.group == group)


def _by_line(lines: Iterable[LineDecision]) -> dict[int, tuple[int, int]]:
    """Paid and adjusted cents by line number; a line that the payer unbundled is one sum."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in lines:
        paid, adjusted = found[line.line_number]
        found[line.line_number] = paid + line.paid_cents, adjusted + _sum(line.adjustments)
    return found


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(one.cents for one in adjustments)


def _place(coverage: Coverage) -> int:
    return PAYER_SEQUENCE.find(coverage.order) if coverage.order else -1


def _same(one: Coverage, other: Coverage) -> bool:
    return (one.payer.payer_id, one.member_id) == (other.payer.payer_id, other.member_id)


def _check_order(claim: Claim | InstitutionalClaim, following: Coverage) -> None:
    asked = (claim.coverage, *(decision.coverage for decision in claim.decisions))
    if _place(following) <= max(_place(coverage) for coverage in asked):
        raise Invalid(
            "cob_order",
            "The next payer does not come after the payers that have decided (SBR01).",
            "Correct the order of the patient's coverages.",
        )


def _check_medicare(following: Coverage, on: date) -> None:
    if needs_type(following) and not is_type(following.insurance_type, on):
        raise Invalid(
            "cob_medicare_type",
            "Medicare follows another payer, and why it does is not told (SBR05).",
            "Choose the type of Medicare secondary payer in the patient's coverage.",
        )


def _check_balance(claim: Claim | InstitutionalClaim) -> None:
    for wrong in imbalances(claim):
        place = f"line {wrong.line}" if wrong.line else "the claim"
        raise Invalid(
            "cob_out_of_balance",
            f"Payer {wrong.payer} does not balance at {place}: paid {wrong.paid_cents} + adjusted "
            f"{wrong.adjusted_cents} ≠ charge {wrong.charged_cents} cents.",
            "Nothing is sent until the payer's figures agree.",
        )


def with_primary_payment(claim: C) -> C:
    """An institutional claim to Medicare tells what the payers before it paid by the value code of its type."""
    if isinstance(claim, InstitutionalClaim) and needs_type(claim.coverage):
        return replace(claim, facts=_facts_with_payment(claim))
    return claim


def _facts_with_payment(claim: InstitutionalClaim) -> InstitutionalFacts:
    code = claim.coverage.insurance_type
    paid = sum(decision.paid_cents for decision in claim.decisions)
    others = tuple(value for value in claim.facts.values if value.code != code)
    return replace(claim.facts, values=(*others, ValueCode(code, Decimal(paid) / 100)))
