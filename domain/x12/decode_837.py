"""837P and 837I back to facts: a professional claim whole, an institutional one as far as it is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from domain.claims.model import Claim, ServiceLine
from domain.x12.check.structure import loops_of
from domain.x12.envelope import TransactionSet, transaction_sets
from domain.x12.errors import Unreadable
from domain.x12.guides import guide, guide_key
from domain.x12.parties_837 import CoverageRead, PartyRead
from domain.x12.reader import Segment
from domain.x12.values import cents, day_range, quantity

_DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF"})


@dataclass(frozen=True, slots=True)
class InstitutionalLine:
    """Loop 2400 of an 837I."""

    number: int
    revenue_code: str
    procedure: str
    charge_cents: int
    units: str
    service_from: date | None
    service_to: date | None


@dataclass(frozen=True, slots=True)
class InstitutionalClaim:
    """An 837I claim. `bill_type` is CLM05-1 with its frequency, such as 131; diagnoses are principal first."""

    claim_number: str
    bill_type: str
    charge_cents: int
    billing_npi: str
    attending_npi: str
    payer_id: str
    member_id: str
    statement_from: date | None
    statement_to: date | None
    diagnoses: tuple[str, ...]
    payer_claim_control_number: str
    lines: tuple[InstitutionalLine, ...]


@dataclass(frozen=True, slots=True)
class Decoded837:
    """One ST of an 837: professional claims in `claims`, institutional ones in `institutional`."""

    st02: str
    bht03: str
    version: str
    claims: tuple[Claim, ...]
    institutional: tuple[InstitutionalClaim, ...]


def read_837(data: bytes | Iterable[bytes]) -> Iterator[Decoded837]:
    """Every 837P and 837I of the file. Raises Unreadable when an amount, date or number needed is not one."""
    for one in transaction_sets(data, "837"):
        key = guide_key(one.kind, one.version)
        if key:
            yield _Reading(one, key).read()


@dataclass(slots=True)
class _Line:
    number: str
    service: Segment | None = None
    dates: tuple[date | None, date | None] = (None, None)
    control_number: str = ""
    note: str = ""


@dataclass(slots=True)
class _ClaimRead:
    clm: Segment
    references: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    diagnoses: list[str] = field(default_factory=list)
    providers: dict[str, PartyRead] = field(default_factory=dict)
    others: list[CoverageRead] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)


class _Reading:
    """Reads one set by the loop that the guide gives each segment."""

    def __init__(self, one: TransactionSet, key: str) -> None:
        self.one, self.key = one, key
        self.bht03 = self.taxonomy = self.relationship = ""
        self.billing, self.patient = PartyRead(), PartyRead()
        self.primary: CoverageRead | None = None
        self.claim: _ClaimRead | None = None
        self.claims: list[Claim] = []
        self.institutional: list[InstitutionalClaim] = []

    def read(self) -> Decoded837:
        segments = self.one.segments[:-1] if self.one.closed else self.one.segments
        for segment, loop in zip(segments, loops_of(segments, guide(self.key)), strict=True):
            self._take(segment, loop)
        self._finish_claim()
        return Decoded837(
            self.one.control_number,
            self.bht03,
            self.one.version,
            tuple(self.claims),
            tuple(self.institutional),
        )

    def _take(self, segment: Segment, loop: str) -> None:
        if segment.id in ("HL", "CLM"):
            self._finish_claim()
        if segment.id == "BHT":
            self.bht03 = segment.get(3)
        elif segment.id == "CLM":
            self.claim = _ClaimRead(segment)
        elif loop.startswith("20"):
            self._head(segment, loop)
        elif self.claim is not None:
            self._inside(self.claim, segment, loop)

    def _head(self, segment: Segment, loop: str) -> None:
        match loop, segment.id:
            case "2000A", "HL":
                self.taxonomy, self.billing = "", PartyRead()
            case "2000A", "PRV":
                self.taxonomy = segment.get(3)
            case "2010AA", _:
                self.billing.take(segment)
            case "2000B", "SBR":
                self.primary = CoverageRead(segment, PartyRead(), PartyRead())
                self.relationship = segment.get(2) or "18"
            case "2010BA", _ if self.primary is not None:
                self.primary.subscriber.take(segment)
                self.patient = self.primary.subscriber
            case "2010BB", _ if self.primary is not None:
                self.primary.payer.take(segment)
            case "2000C", "PAT":
                self.relationship, self.patient = segment.get(1), PartyRead()
            case "2010CA", _:
                self.patient.take(segment)

    def _inside(self, claim: _ClaimRead, segment: Segment, loop: str) -> None:
        match loop, segment.id:
            case "2300", "DTP":
                claim.dates[segment.get(1)] = day_range(segment.get(2), segment.get(3))
            case "2300", "REF":
                claim.references[segment.get(1)] = segment.get(2)
            case "2300", "HI":
                claim.diagnoses.extend(_diagnoses(segment))
            case (("2310A" | "2310B"), "NM1"):
                claim.providers[segment.get(1)] = PartyRead()
                claim.providers[segment.get(1)].take(segment)
            case (("2310A" | "2310B"), "PRV") if claim.providers:
                list(claim.providers.values())[-1].take(segment)
            case "2320", "SBR":
                claim.others.append(CoverageRead(segment, PartyRead(), PartyRead()))
            case "2330A", _ if claim.others:
                claim.others[-1].subscriber.take(segment)
            case "2330B", _ if claim.others:
                claim.others[-1].payer.take(segment)
            case "2400", "LX":
                claim.lines.append(_Line(segment.get(1)))
            case "2400", _ if claim.lines:
                _line_detail(claim.lines[-1], segment)

    def _finish_claim(self) -> None:
        read, self.claim = self.claim, None
        if read is None or self.primary is None:
            return
        if self.key == "P837":
            self.claims.append(self._professional(read, self.primary))
        else:
            self.institutional.append(self._institutional(read, self.primary))

    def _professional(self, read: _ClaimRead, primary: CoverageRead) -> Claim:
        get, version = read.clm.get, self.one.version
        place, frequency = _facility(read.clm)
        cause = [*get(11).split(read.clm.delimiters.component), "", "", "", ""]
        rendering, referring = read.providers.get("82"), read.providers.get("DN")
        return Claim(
            get(1), self.billing.billing(self.taxonomy), rendering.provider if rendering else None,
            self.patient.person, primary.coverage(version, self.relationship), tuple(read.diagnoses),
            tuple(_service_line(line, place) for line in read.lines), place, frequency,
            read.references.get("F8", ""), referring.provider if referring else None,
            read.references.get("G1", ""), cause[0], _first(read, "439"), cause[3], _first(read, "431"),
            get(7) == "A", get(8) == "Y", get(9), get(6) == "Y",
            tuple(other.coverage(version, other.sbr.get(2)) for other in read.others),
        )  # fmt: skip

    def _institutional(self, read: _ClaimRead, primary: CoverageRead) -> InstitutionalClaim:
        place, frequency = _facility(read.clm)
        first, last = read.dates.get("434", (None, None))
        attending = read.providers.get("71")
        return InstitutionalClaim(
            read.clm.get(1), place + frequency, cents(read.clm.get(2)), self.billing.identifier,
            attending.identifier if attending else "", primary.payer.identifier, primary.subscriber.identifier,
            first, last, tuple(read.diagnoses), read.references.get("F8", ""),
            tuple(_institutional_line(line) for line in read.lines),
        )  # fmt: skip


def _facility(clm: Segment) -> tuple[str, str]:
    parts = [*clm.get(5).split(clm.delimiters.component), "", "", ""]
    return parts[0], parts[2]


def _first(read: _ClaimRead, qualifier: str) -> date | None:
    return read.dates.get(qualifier, (None, None))[0]


def _diagnoses(segment: Segment) -> Iterator[str]:
    for element in segment.elements[1:]:
        parts = element.split(segment.delimiters.component)
        if parts[0] in _DIAGNOSES and len(parts) > 1:
            yield parts[1]


def _line_detail(line: _Line, segment: Segment) -> None:
    match segment.id:
        case "SV1" | "SV2":
            line.service = segment
        case "DTP" if segment.get(1) == "472":
            line.dates = day_range(segment.get(2), segment.get(3))
        case "REF" if segment.get(1) == "6R":
            line.control_number = segment.get(2)
        case "NTE" if segment.get(1) == "ADD":
            line.note = segment.get(2)


def _service_line(line: _Line, place: str) -> ServiceLine:
    service = _service(line)
    component = service.delimiters.component
    codes = [*service.get(1).split(component), ""]
    first, last = line.dates
    if first is None or last is None:
        raise _lacking(service, "A line has no date of service.")
    pointers = [part for part in service.get(7).split(component) if part]
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in pointers):
        raise _lacking(service, "A diagnosis pointer is no number.")
    return ServiceLine(
        _number(line.number), codes[1], cents(service.get(2)), quantity(service.get(4)), first, last,
        tuple(int(part) for part in pointers), service.get(5) or place, tuple(code for code in codes[2:6] if code),
        line.control_number, line.note,
    )  # fmt: skip


def _institutional_line(line: _Line) -> InstitutionalLine:
    service = _service(line)
    codes = [*service.get(2).split(service.delimiters.component), ""]
    return InstitutionalLine(
        _number(line.number), service.get(1), codes[1], cents(service.get(3)), service.get(5), *line.dates
    )


def _service(line: _Line) -> Segment:
    if line.service is None:
        raise Unreadable("x12_element_missing", "A line has no service segment.")
    return line.service


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _lacking(segment: Segment, title: str) -> Unreadable:
    return Unreadable(
        "x12_element_missing",
        title,
        offset=segment.offset,
        segment_number=segment.number,
        segment_id=segment.id,
    )
