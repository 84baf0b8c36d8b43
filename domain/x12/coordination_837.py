"""Coordination of benefits in an 837: loops 2320, 2330A and 2330B per other payer, 2430 per line.

The remaining patient liability (AMT*EAF) stands at the lines where the payer answered by line, at the claim only where it
answered for the claim as a whole, never at both (X12 RFI 1391, 1517).
"""

from collections.abc import Iterator
from itertools import groupby

from domain.claims.cob import Imbalance, imbalances
from domain.claims.institutional import InstitutionalClaim
from domain.claims.model import Claim, Coverage, LineDecision, OtherPayerDecision
from domain.codes.institutional import HIPPS_REVENUE_CODES
from domain.x12.errors import CannotEncode
from domain.x12.facts_835 import Adjustment
from domain.x12.parts_837 import put_address, put_payer, put_person, put_sbr
from domain.x12.values import ccyymmdd, money, plain
from domain.x12.writer import SegmentWriter

MOST_PAYERS = 10
MOST_DECISIONS_PER_LINE = 15
MOST_CAS = 5
TRIPLES_PER_CAS = 6
GROUPS = frozenset({"CO", "OA", "PI", "PR"})


def put_other_payers(writer: SegmentWriter, claim: Claim | InstitutionalClaim) -> None:
    """Every loop 2320 of a claim: the payers that have decided, then those that have not."""
    for decision in claim.decisions:
        _decided(writer, claim, decision)
    assigned = "Y" if claim.benefits_assigned else "N"
    for other in claim.other_coverages:
        put_sbr(writer, other, other.relationship, institutional=_institutional(claim))
        writer.put("OI", "", "", assigned, "", "", claim.release_of_information)
        _names(writer, other)


def _decided(writer: SegmentWriter, claim: Claim | InstitutionalClaim, decision: OtherPayerDecision) -> None:
    coverage = decision.coverage
    put_sbr(writer, coverage, coverage.relationship, institutional=_institutional(claim))
    _put_adjustments(writer, decision.adjustments)
    writer.put("AMT", "D", money(decision.paid_cents))
    if decision.remaining_cents is not None:
        writer.put("AMT", "EAF", money(decision.remaining_cents))
    assigned = "Y" if decision.benefits_assigned else "N"
    writer.put("OI", "", "", assigned, "", "", decision.release_of_information)
    if decision.remarks:
        writer.put("MOA", "", "", *decision.remarks[:5])
    _names(writer, coverage)
    if decision.adjudicated is not None and not decision.lines:
        writer.put("DTP", "573", "D8", ccyymmdd(decision.adjudicated))
    if decision.payer_claim_control_number:
        writer.put("REF", "F8", decision.payer_claim_control_number)


def _institutional(claim: Claim | InstitutionalClaim) -> bool:
    return isinstance(claim, InstitutionalClaim)


def _names(writer: SegmentWriter, coverage: Coverage) -> None:
    """Loops 2330A and 2330B. The subscriber's address only where it is known."""
    put_person(writer, "IL", coverage.subscriber, "MI", coverage.member_id)
    if coverage.subscriber.address.line1:
        put_address(writer, coverage.subscriber.address)
    put_payer(writer, coverage.payer)


def put_line_decisions(writer: SegmentWriter, claim: Claim | InstitutionalClaim, number: int) -> None:
    """Every loop 2430 of the line at that position, payer by payer."""
    for decision, line in decisions_of_line(claim, number):
        units = plain(line.units)
        bundled = str(line.bundled_into) if line.bundled_into else ""
        paid, payer_id = money(line.paid_cents), decision.coverage.payer.payer_id
        procedure = procedure_element(line.procedure, line.modifiers, line.revenue_code)
        writer.put("SVD", payer_id, paid, procedure, line.revenue_code, units, bundled)
        _put_adjustments(writer, line.adjustments)
        if decision.adjudicated is not None:
            writer.put("DTP", "573", "D8", ccyymmdd(decision.adjudicated))
        if line.remaining_cents is not None:
            writer.put("AMT", "EAF", money(line.remaining_cents))


def procedure_element(
    procedure: str, modifiers: tuple[str, ...], revenue_code: str = ""
) -> str | tuple[str, ...]:
    """The composite of a procedure, "" without one. HIPPS codes are told by the revenue codes that only they have."""
    if not procedure:
        return ""
    return ("HP" if revenue_code in HIPPS_REVENUE_CODES else "HC", procedure, *modifiers[:4])


def decisions_of_line(
    claim: Claim | InstitutionalClaim, number: int
) -> Iterator[tuple[OtherPayerDecision, LineDecision]]:
    """What the other payers decided on one line."""
    for decision in claim.decisions:
        yield from ((decision, line) for line in decision.lines if line.line_number == number)


def _put_adjustments(writer: SegmentWriter, adjustments: tuple[Adjustment, ...]) -> None:
    for run in _cas_runs(adjustments):
        triples = (part for one in run for part in (one.reason, money(one.cents), one.quantity))
        writer.put("CAS", run[0].group, *triples)


def _cas_runs(adjustments: tuple[Adjustment, ...]) -> Iterator[tuple[Adjustment, ...]]:
    """Neighbours of one group, at most six at a time: each run fills one CAS."""
    for _, neighbours in groupby(adjustments, key=lambda one: one.group):
        run = tuple(neighbours)
        yield from (run[at : at + TRIPLES_PER_CAS] for at in range(0, len(run), TRIPLES_PER_CAS))


def check_decisions(claim: Claim | InstitutionalClaim) -> None:
    """Raises CannotEncode, naming the claim, when what other payers decided cannot be written or does not balance."""
    if not claim.decisions:
        return
    for code, title in _faults(claim):
        raise CannotEncode(code, title, claim_number=claim.claim_number)
    for imbalance in imbalances(claim):
        raise CannotEncode("encode_cob_balance", _equation(imbalance), claim_number=claim.claim_number)


def _faults(claim: Claim | InstitutionalClaim) -> Iterator[tuple[str, str]]:
    payers = [one.coverage.payer.payer_id for one in claim.decisions]
    if not all(payers) or len(set(payers)) < len(payers):
        yield "encode_cob_payer", "Each payer that has decided needs a payer id of its own."
    if len(claim.decisions) + len(claim.other_coverages) > MOST_PAYERS:
        yield "encode_cob_payers", "A claim names at most ten other payers."
    for decision in claim.decisions:
        yield from _decision_faults(claim, decision)
    for number in range(1, len(claim.lines) + 1):
        if sum(1 for _ in decisions_of_line(claim, number)) > MOST_DECISIONS_PER_LINE:
            yield "encode_cob_lines", "A line carries at most fifteen decisions of other payers."


def _decision_faults(
    claim: Claim | InstitutionalClaim, decision: OtherPayerDecision
) -> Iterator[tuple[str, str]]:
    if decision.adjudicated is None:
        yield "encode_cob_date", "A payer's decision needs its date."
    for adjustments in (decision.adjustments, *(line.adjustments for line in decision.lines)):
        if sum(1 for _ in _cas_runs(adjustments)) > MOST_CAS:
            yield (
                "encode_cob_adjustments",
                "A payer's adjustments at one place need at most five CAS segments.",
            )
        if any(one.group not in GROUPS or not one.reason for one in adjustments):
            yield "encode_cob_group", "An adjustment needs a reason and the group CO, OA, PI or PR."
    for line in decision.lines:
        if not 1 <= line.line_number <= len(claim.lines):
            yield "encode_cob_line", "A payer's decision is about a line that the claim does not have."
        if not (line.revenue_code if _institutional(claim) else line.procedure):
            yield "encode_cob_service", "A payer's decision on a line needs its procedure or revenue code."


def _equation(imbalance: Imbalance) -> str:
    place = f"line {imbalance.line}" if imbalance.line else "the claim"
    return (
        f"Other payer {imbalance.payer} does not balance at {place}: paid {imbalance.paid_cents} + adjusted "
        f"{imbalance.adjusted_cents} is not the charge of {imbalance.charged_cents} cents."
    )
