"""An institutional claim from what was read of it."""

from collections.abc import Iterator
from dataclasses import replace

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    RevenueLine,
    ValueCode,
)
from domain.claims.model import BillingProvider, Person, Provider
from domain.x12.claim_read_837 import ClaimRead, LineRead, lacking, number_of
from domain.x12.parties_837 import CoverageRead
from domain.x12.values import cents, day, day_range, optional_cents, quantity

# Each kind of code with its qualifier of ICD-10 and, for files of before October 2015, of ICD-9.
_PRINCIPAL, _ADMITTING, _REASON = ("ABK", "BK"), ("ABJ", "BJ"), ("APR", "PR")
_EXTERNAL, _OTHER = ("ABN", "BN"), ("ABF", "BF")
_PRINCIPAL_PROCEDURE, _OTHER_PROCEDURE = ("BBR", "BR"), ("BBQ", "BQ")


def institutional_claim(
    read: ClaimRead,
    version: str,
    billing: BillingProvider,
    patient: Person,
    asked: CoverageRead,
    relationship: str,
) -> InstitutionalClaim:
    """The facts. Raises Unreadable when an amount, date or number needed is not one."""
    get = read.clm.get
    waiting, decisions = read.decisions(version)
    return InstitutionalClaim(
        claim_number=get(1),
        billing=billing,
        patient=patient,
        coverage=asked.coverage(version, relationship),
        facts=_facts(read),
        frequency=read.facility[1],
        payer_claim_control_number=read.references.get("F8", ""),
        prior_authorization=read.references.get("G1", ""),
        accepts_assignment=get(7) == "A",
        benefits_assigned=get(8) == "Y",
        release_of_information=get(9),
        other_coverages=tuple(
            other.coverage.coverage(version, other.coverage.sbr.get(2)) for other in waiting
        ),
        decisions=decisions,
    )


def _facts(read: ClaimRead) -> InstitutionalFacts:
    first, last = read.dates.get("434", (None, None))
    cl1 = next(iter(read.segments.get("CL1", ())), None)
    facts = InstitutionalFacts(
        facility_code=read.facility[0],
        statement_from=first,
        statement_to=last,
        patient_status=cl1.get(3) if cl1 else "",
        principal=next(_diagnoses(read, _PRINCIPAL), None),
        lines=tuple(_revenue_line(line) for line in read.lines),
        admission_type=cl1.get(1) if cl1 else "",
        admission_source=cl1.get(2) if cl1 else "",
        attending=_provider(read, "71"),
        operating=_provider(read, "72"),
        other_operating=_provider(read, "ZZ"),
        rendering=_provider(read, "82"),
        referring=_provider(read, "DN"),
    )
    return _with_codes(_with_hours(facts, read), read)


def _with_hours(facts: InstitutionalFacts, read: ClaimRead) -> InstitutionalFacts:
    """Admission day and hour, discharge hour, and the billing note."""
    for segment in read.segments.get("DTP", ()):
        text = segment.get(3)
        if segment.get(1) == "435":
            facts = replace(facts, admission_date=day(text[:8]), admission_hour=text[8:])
        elif segment.get(1) == "096":
            facts = replace(facts, discharge_hour=text)
    for segment in read.segments.get("NTE", ()):
        if segment.get(1) == "ADD":
            facts = replace(facts, note=segment.get(2))
    return facts


def _with_codes(facts: InstitutionalFacts, read: ClaimRead) -> InstitutionalFacts:
    """Everything that stands in HI but the principal diagnosis."""
    return replace(
        facts,
        admitting=next(_codes(read, *_ADMITTING), ""),
        reasons_for_visit=tuple(_codes(read, *_REASON)),
        external_causes=tuple(_diagnoses(read, _EXTERNAL)),
        drg=next(_codes(read, "DR"), ""),
        other_diagnoses=tuple(_diagnoses(read, _OTHER)),
        principal_procedure=next(_procedures(read, _PRINCIPAL_PROCEDURE), None),
        other_procedures=tuple(_procedures(read, _OTHER_PROCEDURE)),
        occurrence_spans=tuple(_spans(read)),
        occurrences=tuple(_occurrences(read)),
        values=tuple(ValueCode(parts[1], quantity(parts[4])) for _, parts in read.codes("BE")),
        conditions=tuple(_codes(read, "BG")),
    )


def _codes(read: ClaimRead, *qualifiers: str) -> Iterator[str]:
    return (parts[1] for _, parts in read.codes(*qualifiers))


def _diagnoses(read: ClaimRead, qualifiers: tuple[str, ...]) -> Iterator[InstitutionalDiagnosis]:
    return (InstitutionalDiagnosis(parts[1], parts[8]) for _, parts in read.codes(*qualifiers))


def _procedures(read: ClaimRead, qualifiers: tuple[str, ...]) -> Iterator[InpatientProcedure]:
    for segment, parts in read.codes(*qualifiers):
        performed = day(parts[3])
        if performed is None:
            raise lacking(segment, "A procedure has no date.")
        yield InpatientProcedure(parts[1], performed)


def _spans(read: ClaimRead) -> Iterator[OccurrenceSpan]:
    for segment, parts in read.codes("BI"):
        first, last = day_range("RD8", parts[3])
        if first is None or last is None:
            raise lacking(segment, "An occurrence span has no dates.")
        yield OccurrenceSpan(parts[1], first, last)


def _occurrences(read: ClaimRead) -> Iterator[OccurrenceCode]:
    for segment, parts in read.codes("BH"):
        on = day(parts[3])
        if on is None:
            raise lacking(segment, "An occurrence code has no date.")
        yield OccurrenceCode(parts[1], on)


def _provider(read: ClaimRead, entity: str) -> Provider | None:
    party = read.providers.get(entity)
    return party.provider if party else None


def _revenue_line(line: LineRead) -> RevenueLine:
    service = line.required_service()
    get = service.get
    codes = [*get(2).split(service.delimiters.component), ""]
    return RevenueLine(
        number_of(line.number), get(1), cents(get(3)), quantity(get(5)), codes[1],
        tuple(code for code in codes[2:6] if code), get(4), optional_cents(get(7)), *line.dates, line.control_number,
    )  # fmt: skip
