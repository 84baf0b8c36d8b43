"""Loops 2300 to 2400 of an 837P: one claim, its providers, its other payers and its lines."""

from domain.claims.model import Claim, ServiceLine
from domain.x12.coordination_837 import put_line_decisions, put_other_payers
from domain.x12.parts_837 import put_provider
from domain.x12.values import ccyymmdd, money, plain
from domain.x12.writer import Element, SegmentWriter, sanitise


def put_claim(writer: SegmentWriter, claim: Claim) -> None:
    """CLM to the last line of one claim."""
    _clm(writer, claim)
    _dates(writer, claim)
    if claim.prior_authorization:
        writer.put("REF", "G1", claim.prior_authorization)
    if claim.frequency in ("7", "8"):
        writer.put("REF", "F8", claim.payer_claim_control_number)
    writer.put("HI", *(("ABK" if at == 0 else "ABF", code) for at, code in enumerate(claim.diagnoses)))
    if claim.referring is not None:
        put_provider(writer, "DN", claim.referring)
    if claim.rendering is not None and claim.rendering.npi != claim.billing.npi:
        put_provider(writer, "82", claim.rendering)
        if claim.rendering.taxonomy:
            writer.put("PRV", "PE", "PXC", claim.rendering.taxonomy)
    put_other_payers(writer, claim)
    for number, line in enumerate(claim.lines, start=1):
        _line(writer, claim, number, line)


def _clm(writer: SegmentWriter, claim: Claim) -> None:
    accident: Element = ""
    if claim.accident:
        accident = (claim.accident, "", "", claim.accident_state if claim.accident == "AA" else "")
    writer.put(
        "CLM", claim.claim_number, money(claim.charge_cents), "", "",
        (claim.place_of_service, "B", claim.frequency),
        "Y" if claim.provider_signature_on_file else "N",
        "A" if claim.accepts_assignment else "C",
        "Y" if claim.benefits_assigned else "N",
        claim.release_of_information, "", accident,
    )  # fmt: skip


def _dates(writer: SegmentWriter, claim: Claim) -> None:
    if claim.onset_date is not None:
        writer.put("DTP", "431", "D8", ccyymmdd(claim.onset_date))
    if claim.accident and claim.accident_date is not None:
        writer.put("DTP", "439", "D8", ccyymmdd(claim.accident_date))


def _line(writer: SegmentWriter, claim: Claim, number: int, line: ServiceLine) -> None:
    """Loop 2400. The place of service is written only where it differs from the claim's."""
    place = line.place_of_service if line.place_of_service != claim.place_of_service else ""
    writer.put("LX", str(number))
    writer.put(
        "SV1", ("HC", line.procedure, *line.modifiers[:4]), money(line.charge_cents), "UN", plain(line.units),
        place, "", tuple(str(pointer) for pointer in line.pointers[:4]),
    )  # fmt: skip
    first, last = ccyymmdd(line.service_from), ccyymmdd(line.service_to)
    writer.put("DTP", "472", *(("D8", first) if first == last else ("RD8", f"{first}-{last}")))
    if line.control_number:
        writer.put("REF", "6R", line.control_number)
    if line.note:
        writer.put("NTE", "ADD", sanitise(line.note, longest=80))
    put_line_decisions(writer, claim, number)
