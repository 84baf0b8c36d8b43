"""Loops 2300 to 2400 of an 837I: one claim, its codes, its providers, its other payers and its revenue lines."""

from collections.abc import Iterator

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    RevenueLine,
)
from domain.x12.coordination_837 import procedure_element, put_line_decisions, put_other_payers
from domain.x12.parts_837 import put_provider
from domain.x12.values import ccyymmdd, money, plain
from domain.x12.writer import Element, SegmentWriter, sanitise

CODES_PER_HI = 12
Codes = tuple[tuple[str, ...], ...]


def put_institutional_claim(writer: SegmentWriter, claim: InstitutionalClaim) -> None:
    """CLM to the last line of one claim."""
    facts = claim.facts
    _clm(writer, claim)
    _dates(writer, facts)
    writer.put("CL1", facts.admission_type, facts.admission_source, facts.patient_status)
    if claim.prior_authorization:
        writer.put("REF", "G1", claim.prior_authorization)
    if claim.frequency in ("7", "8"):
        writer.put("REF", "F8", claim.payer_claim_control_number)
    if facts.note:
        writer.put("NTE", "ADD", sanitise(facts.note, longest=80))
    for codes in _kinds_of_codes(facts):
        for at in range(0, len(codes), CODES_PER_HI):
            writer.put("HI", *codes[at : at + CODES_PER_HI])
    _providers(writer, facts)
    put_other_payers(writer, claim)
    for number, line in enumerate(facts.lines, start=1):
        _line(writer, number, line)
        put_line_decisions(writer, claim, number)


def _clm(writer: SegmentWriter, claim: InstitutionalClaim) -> None:
    writer.put(
        "CLM", claim.claim_number, money(claim.charge_cents), "", "",
        (claim.facts.facility_code, "A", claim.frequency), "",
        "A" if claim.accepts_assignment else "C",
        "Y" if claim.benefits_assigned else "N",
        claim.release_of_information,
    )  # fmt: skip


def _dates(writer: SegmentWriter, facts: InstitutionalFacts) -> None:
    if facts.discharge_hour:
        writer.put("DTP", "096", "TM", facts.discharge_hour)
    if facts.statement_from is not None and facts.statement_to is not None:
        span = f"{ccyymmdd(facts.statement_from)}-{ccyymmdd(facts.statement_to)}"
        writer.put("DTP", "434", "RD8", span)
    if facts.admission_date is not None:
        form = "DT" if facts.admission_hour else "D8"
        writer.put("DTP", "435", form, ccyymmdd(facts.admission_date) + facts.admission_hour)


def _kinds_of_codes(facts: InstitutionalFacts) -> Iterator[Codes]:
    """Each kind of code in the order of the guide, as composites of HI; kinds without codes are empty."""
    yield tuple(_diagnosis("ABK", one) for one in (facts.principal,) if one is not None)
    yield (("ABJ", facts.admitting),) if facts.admitting else ()
    yield tuple(("APR", code) for code in facts.reasons_for_visit)
    yield tuple(_diagnosis("ABN", one) for one in facts.external_causes)
    yield (("DR", facts.drg),) if facts.drg else ()
    yield tuple(_diagnosis("ABF", one) for one in facts.other_diagnoses)
    yield tuple(_procedure("BBR", one) for one in (facts.principal_procedure,) if one is not None)
    yield tuple(_procedure("BBQ", one) for one in facts.other_procedures)
    yield tuple(
        ("BI", one.code, "RD8", f"{ccyymmdd(one.first)}-{ccyymmdd(one.last)}")
        for one in facts.occurrence_spans
    )
    yield tuple(("BH", one.code, "D8", ccyymmdd(one.day)) for one in facts.occurrences)
    yield tuple(("BE", one.code, "", "", plain(one.amount)) for one in facts.values)
    yield tuple(("BG", code) for code in facts.conditions)


def _diagnosis(qualifier: str, one: InstitutionalDiagnosis) -> tuple[str, ...]:
    return qualifier, one.code, "", "", "", "", "", "", one.present_on_admission


def _procedure(qualifier: str, one: InpatientProcedure) -> tuple[str, ...]:
    return qualifier, one.code, "D8", ccyymmdd(one.performed)


def _providers(writer: SegmentWriter, facts: InstitutionalFacts) -> None:
    """Loops 2310A to 2310D and 2310F."""
    if facts.attending is not None:
        put_provider(writer, "71", facts.attending)
        if facts.attending.taxonomy:
            writer.put("PRV", "AT", "PXC", facts.attending.taxonomy)
    others = (
        ("72", facts.operating),
        ("ZZ", facts.other_operating),
        ("82", facts.rendering),
        ("DN", facts.referring),
    )
    for entity, provider in others:
        if provider is not None:
            put_provider(writer, entity, provider)


def _line(writer: SegmentWriter, number: int, line: RevenueLine) -> None:
    """Loop 2400."""
    procedure: Element = procedure_element(line.procedure, line.modifiers, line.revenue_code)
    non_covered = money(line.non_covered_cents) if line.non_covered_cents else ""
    writer.put("LX", str(number))
    writer.put(
        "SV2", line.revenue_code, procedure, money(line.charge_cents), line.unit, plain(line.units), "", non_covered
    )  # fmt: skip
    if line.service_from is not None:
        first, last = ccyymmdd(line.service_from), ccyymmdd(line.service_to or line.service_from)
        writer.put("DTP", "472", *(("D8", first) if first == last else ("RD8", f"{first}-{last}")))
    if line.control_number:
        writer.put("REF", "6R", line.control_number)
