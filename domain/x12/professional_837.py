"""A professional claim from what was read of it."""

from domain.claims.model import BillingProvider, Claim, Person, ServiceLine
from domain.x12.claim_read_837 import ClaimRead, LineRead, lacking, number_of
from domain.x12.parties_837 import CoverageRead
from domain.x12.values import cents, quantity

_DIAGNOSES = ("ABK", "ABF", "BK", "BF")


def professional_claim(
    read: ClaimRead,
    version: str,
    billing: BillingProvider,
    patient: Person,
    asked: CoverageRead,
    relationship: str,
) -> Claim:
    """The facts. Raises Unreadable when an amount, date or number needed is not one."""
    get = read.clm.get
    place, frequency = read.facility
    cause = [*get(11).split(read.clm.delimiters.component), "", "", "", ""]
    rendering, referring = read.providers.get("82"), read.providers.get("DN")
    waiting, decisions = read.decisions(version)
    return Claim(
        get(1), billing, rendering.provider if rendering else None, patient, asked.coverage(version, relationship),
        tuple(parts[1] for _, parts in read.codes(*_DIAGNOSES)),
        tuple(_service_line(line, place) for line in read.lines), place, frequency,
        read.references.get("F8", ""), referring.provider if referring else None,
        read.references.get("G1", ""), cause[0], read.first("439"), cause[3], read.first("431"),
        get(7) == "A", get(8) == "Y", get(9), get(6) == "Y",
        tuple(other.coverage.coverage(version, other.coverage.sbr.get(2)) for other in waiting), decisions,
    )  # fmt: skip


def _service_line(line: LineRead, place: str) -> ServiceLine:
    service = line.required_service()
    component = service.delimiters.component
    codes = [*service.get(1).split(component), ""]
    first, last = line.dates
    if first is None or last is None:
        raise lacking(service, "A line has no date of service.")
    pointers = [part for part in service.get(7).split(component) if part]
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in pointers):
        raise lacking(service, "A diagnosis pointer is no number.")
    return ServiceLine(
        number_of(line.number), codes[1], cents(service.get(2)), quantity(service.get(4)), first, last,
        tuple(int(part) for part in pointers), service.get(5) or place, tuple(code for code in codes[2:6] if code),
        line.control_number, line.note,
    )  # fmt: skip
