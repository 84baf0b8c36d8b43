"""What the rules across segments need to know of one claim of an 837, gathered as its segments pass."""

from dataclasses import dataclass, field
from datetime import date

from domain.x12.errors import Unreadable
from domain.x12.reader import Segment
from domain.x12.values import cents

_DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF"})


def tolerant_cents(text: str) -> int | None:
    """An amount, or None when it is no number (the element check has told it)."""
    try:
        return cents(text)
    except Unreadable:
        return None


@dataclass(slots=True)
class Payment:
    """What another payer did with a claim (2320) or a line (2430)."""

    segment: Segment
    payer: str = ""
    paid: int | None = None
    adjusted: int = 0
    # Where the payer's remaining patient liability stands, and whether its decision is dated.
    remaining: Segment | None = None
    dated: bool = False


@dataclass(slots=True)
class LineTally:
    """Loop 2400."""

    lx: Segment
    service: Segment | None = None
    charge: int | None = None
    control: Segment | None = None
    first: date | None = None
    last: date | None = None
    payments: list[Payment] = field(default_factory=list)
    drugs: list[Segment] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        match segment.id:
            case "SVD":
                self.payments.append(Payment(segment, segment.get(1), tolerant_cents(segment.get(2))))
            case "LIN":
                self.drugs.append(segment)
            case _:
                self.service = segment
                self.charge = tolerant_cents(segment.get(2 if segment.id == "SV1" else 3))


@dataclass(slots=True)
class ClaimTally:
    """Loop 2300: `segment` is its CLM, `birth` the patient's birth date where known."""

    segment: Segment
    birth: date | None
    references: dict[str, Segment] = field(default_factory=dict)
    dates: set[str] = field(default_factory=set)
    diagnoses: list[tuple[Segment, str, str]] = field(default_factory=list)
    lines: list[LineTally] = field(default_factory=list)
    payers: list[Payment] = field(default_factory=list)
    # SBR of loop 2000B; the day on which the set was made (BHT04); the loops of the claim.
    subscriber: Segment | None = None
    made: date | None = None
    loops: set[str] = field(default_factory=set)
    statement: tuple[date | None, date | None] = (None, None)
    first_service: date | None = None

    @property
    def charge(self) -> int | None:
        return tolerant_cents(self.segment.get(2))

    @property
    def lines_charge(self) -> int | None:
        """The sum of the lines; None when a line's amount is missing or no number."""
        charges = [line.charge for line in self.lines]
        return None if not charges or None in charges else sum(charge or 0 for charge in charges)

    @property
    def facility(self) -> str:
        """CLM05-1: place of service, or the first two digits of the type of bill."""
        return self.segment.get(5).split(self.segment.delimiters.component)[0]

    @property
    def frequency(self) -> str:
        return ([*self.segment.get(5).split(self.segment.delimiters.component), "", ""])[2]

    @property
    def accident(self) -> list[str]:
        return self.segment.get(11).split(self.segment.delimiters.component)

    def dated(self, segment: Segment, loop: str, first: date | None, last: date | None) -> None:
        if loop == "2300":
            self.dates.add(segment.get(1))
        if segment.get(1) == "573":
            for payment in self._payment(loop):
                payment.dated = True
        if segment.get(1) == "434":
            self.statement = first, last
        if segment.get(1) in ("472", "434"):
            if self.first_service is None or (first and first < self.first_service):
                self.first_service = first
            if loop == "2400" and self.lines:
                self.lines[-1].first, self.lines[-1].last = first, last

    def take(self, segment: Segment, loop: str) -> None:
        match segment.id, loop:
            case "REF", "2300":
                self.references.setdefault(segment.get(1), segment)
            case "REF", "2400" if segment.get(1) == "6R" and self.lines:
                self.lines[-1].control = segment
            case "HI", _:
                self._diagnoses(segment)
            case (("SV1" | "SV2" | "SVD" | "LIN"), _) if self.lines:
                self.lines[-1].take(segment)
            case "SBR", "2320":
                self.payers.append(Payment(segment))
            case "AMT", "2320" if segment.get(1) == "D" and self.payers:
                self.payers[-1].paid = tolerant_cents(segment.get(2))
            case "AMT", ("2320" | "2430") if segment.get(1) == "EAF":
                for payment in self._payment(loop):
                    payment.remaining = segment
            case "NM1", "2330B" if self.payers:
                self.payers[-1].payer = segment.get(9)
            case "CAS", _:
                self._adjust(segment, loop)

    def _diagnoses(self, segment: Segment) -> None:
        for element in segment.elements[1:]:
            qualifier, _, rest = element.partition(segment.delimiters.component)
            if qualifier in _DIAGNOSES:
                self.diagnoses.append((segment, qualifier, rest.split(segment.delimiters.component)[0]))

    def _adjust(self, segment: Segment, loop: str) -> None:
        total = sum(tolerant_cents(text) or 0 for text in segment.elements[3::3])
        for payment in self._payment(loop):
            payment.adjusted += total

    def _payment(self, loop: str) -> list[Payment]:
        """The payment to which a segment of that loop belongs, in a list; empty when there is none."""
        if loop in ("2320", "2330B"):
            return self.payers[-1:]
        return self.lines[-1].payments[-1:] if self.lines else []
