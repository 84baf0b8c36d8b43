"""One claim of an 837 as it is read, segment by segment, before it becomes facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from domain.claims.model import LineDecision, OtherPayerDecision
from domain.x12.errors import Unreadable
from domain.x12.facts_835 import Adjustment
from domain.x12.parties_837 import CoverageRead, PartyRead
from domain.x12.reader import Segment
from domain.x12.values import cents, day, day_range, quantity

Span = tuple[date | None, date | None]


@dataclass(slots=True)
class LinePaymentRead:
    """Loop 2430."""

    svd: Segment
    adjustments: list[Adjustment] = field(default_factory=list)
    adjudicated: date | None = None
    remaining_cents: int | None = None

    def take(self, segment: Segment) -> None:
        match segment.id:
            case "CAS":
                self.adjustments.extend(read_adjustments(segment))
            case "DTP" if segment.get(1) == "573":
                self.adjudicated = day(segment.get(3))
            case "AMT" if segment.get(1) == "EAF":
                self.remaining_cents = cents(segment.get(2))

    def decision(self, position: int) -> LineDecision:
        """The facts, of the line at that position. An absent SVD05 is one unit, as SVC05 has it."""
        get, component = self.svd.get, self.svd.delimiters.component
        codes = [*get(3).split(component), ""]
        return LineDecision(
            position, cents(get(2)), codes[1], quantity(get(5) or "1"), tuple(code for code in codes[2:6] if code),
            get(4), tuple(self.adjustments), number_of(get(6)), self.remaining_cents,
        )  # fmt: skip


@dataclass(slots=True)
class LineRead:
    """Loop 2400."""

    number: str
    service: Segment | None = None
    dates: Span = (None, None)
    control_number: str = ""
    note: str = ""
    payments: list[LinePaymentRead] = field(default_factory=list)

    def take(self, segment: Segment, loop: str) -> None:
        if loop == "2430":
            if segment.id == "SVD":
                self.payments.append(LinePaymentRead(segment))
            elif self.payments:
                self.payments[-1].take(segment)
        elif loop == "2400":
            self._detail(segment)

    def _detail(self, segment: Segment) -> None:
        match segment.id:
            case "SV1" | "SV2":
                self.service = segment
            case "DTP" if segment.get(1) == "472":
                self.dates = day_range(segment.get(2), segment.get(3))
            case "REF" if segment.get(1) == "6R":
                self.control_number = segment.get(2)
            case "NTE" if segment.get(1) == "ADD":
                self.note = segment.get(2)

    def required_service(self) -> Segment:
        """SV1 or SV2; Unreadable without one."""
        if self.service is None:
            raise Unreadable("x12_element_missing", "A line has no service segment.")
        return self.service


@dataclass(slots=True)
class OtherPayerRead:
    """Loops 2320, 2330A and 2330B."""

    coverage: CoverageRead
    adjustments: list[Adjustment] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    benefits_assigned: bool = True
    release_of_information: str = "Y"
    adjudicated: date | None = None
    control_number: str = ""

    def take(self, segment: Segment, loop: str) -> None:
        match loop, segment.id:
            case "2320", "CAS":
                self.adjustments.extend(read_adjustments(segment))
            case "2320", "AMT":
                self.amounts[segment.get(1)] = cents(segment.get(2))
            case "2320", "OI":
                self.benefits_assigned = segment.get(3) == "Y"
                self.release_of_information = segment.get(6)
            case "2320", "MOA":
                self.remarks = tuple(code for code in segment.elements[3:8] if code)
            case "2330A", _:
                self.coverage.subscriber.take(segment)
            case "2330B", "DTP" if segment.get(1) == "573":
                self.adjudicated = day(segment.get(3))
            case "2330B", "REF" if segment.get(1) == "F8":
                self.control_number = segment.get(2)
            case "2330B", _:
                self.coverage.payer.take(segment)

    def decision(self, version: str, lines: list[tuple[int, LinePaymentRead]]) -> OtherPayerDecision | None:
        """What the payer decided, None when it has not. `lines` are its loops 2430 with the positions of their lines.

        A payer that says what it paid only by line (no AMT*D) is taken to have paid the sum of its lines.
        """
        if not (lines or self.adjustments or "D" in self.amounts or self.adjudicated):
            return None
        made = tuple(payment.decision(position) for position, payment in lines)
        days = (self.adjudicated, *(payment.adjudicated for _, payment in lines))
        paid = self.amounts.get("D", sum(line.paid_cents for line in made))
        return OtherPayerDecision(
            self.coverage.coverage(version, self.coverage.sbr.get(2)), paid, next((day for day in days if day), None),
            tuple(self.adjustments), made, self.amounts.get("EAF"), self.control_number, self.remarks,
            self.benefits_assigned, self.release_of_information,
        )  # fmt: skip


@dataclass(slots=True)
class ClaimRead:
    """Loop 2300 and all below it."""

    clm: Segment
    references: dict[str, str] = field(default_factory=dict)
    dates: dict[str, Span] = field(default_factory=dict)
    segments: dict[str, list[Segment]] = field(default_factory=dict)
    providers: dict[str, PartyRead] = field(default_factory=dict)
    others: list[OtherPayerRead] = field(default_factory=list)
    lines: list[LineRead] = field(default_factory=list)

    def take(self, segment: Segment, loop: str) -> None:
        if loop == "2300":
            self._heading(segment)
        elif loop.startswith("2310"):
            self._provider(segment)
        elif loop in ("2320", "2330A", "2330B"):
            if segment.id == "SBR" and loop == "2320":
                self.others.append(OtherPayerRead(CoverageRead(segment, PartyRead(), PartyRead())))
            elif self.others:
                self.others[-1].take(segment, loop)
        elif segment.id == "LX":
            self.lines.append(LineRead(segment.get(1)))
        elif self.lines:
            self.lines[-1].take(segment, loop)

    def _heading(self, segment: Segment) -> None:
        self.segments.setdefault(segment.id, []).append(segment)
        match segment.id:
            case "DTP":
                self.dates[segment.get(1)] = day_range(segment.get(2), segment.get(3))
            case "REF":
                self.references[segment.get(1)] = segment.get(2)

    def _provider(self, segment: Segment) -> None:
        if segment.id == "NM1":
            self.providers[segment.get(1)] = party = PartyRead()
            party.take(segment)
        elif segment.id == "PRV" and self.providers:
            list(self.providers.values())[-1].take(segment)

    @property
    def facility(self) -> tuple[str, str]:
        """CLM05-1 and CLM05-3."""
        parts = [*self.clm.get(5).split(self.clm.delimiters.component), "", "", ""]
        return parts[0], parts[2]

    def first(self, qualifier: str) -> date | None:
        """The first day of a DTP of loop 2300."""
        return self.dates.get(qualifier, (None, None))[0]

    def codes(self, *qualifiers: str) -> Iterator[tuple[Segment, list[str]]]:
        """The composites of HI with one of these qualifiers, padded to nine components, with their segment."""
        for segment in self.segments.get("HI", ()):
            for element in segment.elements[1:]:
                parts = element.split(segment.delimiters.component)
                if parts[0] in qualifiers and len(parts) > 1:
                    yield segment, parts + [""] * (9 - len(parts))

    def decisions(self, version: str) -> tuple[list[OtherPayerRead], tuple[OtherPayerDecision, ...]]:
        """The other payers that have not decided, and the decisions of those that have."""
        waiting: list[OtherPayerRead] = []
        decided: list[OtherPayerDecision] = []
        for other in self.others:
            decision = other.decision(version, self._payments(other.coverage.payer.identifier))
            if decision is None:
                waiting.append(other)
            else:
                decided.append(decision)
        return waiting, tuple(decided)

    def _payments(self, payer_id: str) -> list[tuple[int, LinePaymentRead]]:
        return [
            (position, payment)
            for position, line in enumerate(self.lines, start=1)
            for payment in line.payments
            if payer_id and payment.svd.get(1) == payer_id
        ]


def read_adjustments(segment: Segment) -> Iterator[Adjustment]:
    """The triples of a CAS."""
    elements = segment.elements + [""] * 3
    for at in range(2, len(elements) - 3, 3):
        if elements[at] or elements[at + 1]:
            yield Adjustment(segment.get(1), elements[at], cents(elements[at + 1]), elements[at + 2])


def number_of(text: str) -> int:
    """A small whole number, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def lacking(segment: Segment, title: str) -> Unreadable:
    """The refusal of a segment that lacks what it must say."""
    return Unreadable(
        "x12_element_missing",
        title,
        offset=segment.offset,
        segment_number=segment.number,
        segment_id=segment.id,
    )
