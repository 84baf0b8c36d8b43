"""Rules across the segments of an 837: hierarchy, subscriber and patient, claim, lines, dates (P837-…, I837-…)."""

from dataclasses import dataclass, field
from datetime import date

from domain.x12.check.coding import check_codes, check_edition
from domain.x12.check.coordination import check_coordination, check_medicare
from domain.x12.check.facility import check_facility
from domain.x12.check.findings import Report
from domain.x12.check.identifiers import Hierarchy, check_adjustments, check_dtp, check_npi
from domain.x12.check.lines import check_lines
from domain.x12.check.parties import check_party
from domain.x12.check.tally import ClaimTally, LineTally
from domain.x12.reader import Segment
from domain.x12.values import day

_PARENTS: dict[str, tuple[str, ...]] = {"22": ("20",), "23": ("22",)}


@dataclass(slots=True)
class _Subscriber:
    """What has been seen of loop 2000B."""

    segment: Segment
    sbr: Segment | None = None
    is_patient: bool = False
    seen: set[str] = field(default_factory=set)
    patients: int = 0
    claims: int = 0


def check_claims(
    report: Report,
    key: str,
    segments: list[Segment],
    places: list[str],
    numbers: set[str],
    *,
    test: bool = False,
) -> None:
    """All rules of one 837 set; `places` is the loop of each segment, `numbers` the claim numbers of the file so far.

    `test` says that ISA15 is T.
    """
    reading = _Reading(report, key, numbers, test)
    for segment, loop in zip(segments, places, strict=True):
        reading.take(segment, loop)
    reading.finish()


class _Reading:
    def __init__(self, report: Report, key: str, numbers: set[str], test: bool) -> None:
        self.report, self.key = report, key
        self.hierarchy = Hierarchy(report, key, _PARENTS)
        self.subscriber: _Subscriber | None = None
        self.claim: ClaimTally | None = None
        self.birth: date | None = None
        self.made: date | None = None
        self.numbers = numbers
        self.count = 0
        self.test = test

    def take(self, segment: Segment, loop: str) -> None:
        match segment.id:
            case "HL":
                self._level(segment, loop)
            case "CLM":
                self._claim(segment, loop)
            case "SBR" if loop == "2000B" and self.subscriber is not None:
                self.subscriber.is_patient = segment.get(2) == "18"
                self.subscriber.sbr = segment
                check_medicare(self.report, self.key, segment, loop)
            case "NM1":
                check_npi(self.report, self.key, segment, loop, test=self.test)
            case "DMG":
                self._birth(segment, loop)
            case "N3" | "N4" | "REF" | "PRV":
                if loop == "2010BA" and self.subscriber is not None:
                    self.subscriber.seen.add(segment.id)
                check_party(self.report, self.key, segment, loop)
            case "HI":
                check_codes(self.report, self.key, segment, loop)
            case "CAS":
                check_adjustments(self.report, self.key, segment, loop)
            case "BHT":
                self.made = day(segment.get(4))
        if self.claim is not None and segment.id != "CLM":
            self._inside(self.claim, segment, loop)

    def _level(self, segment: Segment, loop: str) -> None:
        self._close_claim()
        self.hierarchy.take(segment, loop)
        code = segment.get(3)
        if code in ("20", "22"):
            self._close_subscriber()
            self.birth = None
        if code == "22":
            self.subscriber = _Subscriber(segment)
        elif code == "23" and self.subscriber is not None:
            self.subscriber.patients += 1
            self.birth = None

    def _birth(self, segment: Segment, loop: str) -> None:
        self.birth = day(segment.get(2)) if segment.get(1) == "D8" else None
        if segment.get(1) == "D8" and segment.get(2) and self.birth is None:
            text = "The birth date does not exist."
            self.report.add(f"{self.key}-DAT-001", segment, text, element="02", loop=loop)
        if self.birth and self.made and self.birth > self.made:
            text = "The birth date lies after the day on which the file was made."
            self.report.add(f"{self.key}-DAT-005", segment, text, element="02", loop=loop)
        if loop == "2010BA" and self.subscriber is not None:
            self.subscriber.seen.add("DMG")

    def _claim(self, segment: Segment, loop: str) -> None:
        self._close_claim()
        self.count += 1
        if self.count == 5_001:
            text = "A transaction set should hold at most 5,000 claims."
            self.report.warn(f"{self.key}-CLM-007", segment, text, loop=loop)
        self.claim = ClaimTally(segment, self.birth, made=self.made)
        number = segment.get(1)
        if number and number in self.numbers:
            text = "The claim number stands twice in the file."
            self.report.warn(f"{self.key}-CLM-005", segment, text, element="01", loop=loop)
        self.numbers.add(number)
        if len(number) > 20:
            text = "A claim number longer than 20 characters may come back cut off."
            self.report.warn(f"{self.key}-CLM-008", segment, text, element="01", loop=loop)
        if self.subscriber is not None:
            self.subscriber.claims += 1
            self.claim.subscriber = self.subscriber.sbr
            if not self.subscriber.is_patient and not self.subscriber.patients:
                text = "The claim stands under a subscriber who is not the patient (SBR02 is not 18)."
                self.report.add(f"{self.key}-SUB-004", segment, text, loop=loop)

    def _inside(self, claim: ClaimTally, segment: Segment, loop: str) -> None:
        claim.loops.add(loop)
        match segment.id:
            case "DTP":
                first, last = check_dtp(self.report, self.key, segment, loop)
                claim.dated(segment, loop, first, last)
            case "LX":
                claim.lines.append(LineTally(segment))
            case _:
                claim.take(segment, loop)

    def _close_claim(self) -> None:
        claim, self.claim = self.claim, None
        if claim is None:
            return
        check_claim(self.report, self.key, claim)
        check_lines(self.report, self.key, claim)
        check_facility(self.report, self.key, claim)
        check_coordination(self.report, self.key, claim)

    def _close_subscriber(self) -> None:
        found, self.subscriber = self.subscriber, None
        if found is None:
            return
        if found.is_patient:
            if "DMG" not in found.seen:
                text = "The subscriber is the patient: birth date and sex (DMG) are missing."
                self.report.add(f"{self.key}-SUB-001", found.segment, text, loop="2010BA")
            if not {"N3", "N4"} <= found.seen:
                text = "The subscriber is the patient: the address (N3, N4) is missing."
                self.report.add(f"{self.key}-SUB-002", found.segment, text, loop="2010BA")
            if found.patients:
                text = "The subscriber is the patient (SBR02 is 18), yet a patient level follows."
                self.report.add(f"{self.key}-SUB-003", found.segment, text, loop="2000B")
        elif not found.patients and not found.claims:
            text = "The subscriber is not the patient, and no patient level follows."
            self.report.add(f"{self.key}-SUB-005", found.segment, text, loop="2000B")

    def finish(self) -> None:
        self._close_claim()
        self._close_subscriber()
        self.hierarchy.finish()


def check_claim(report: Report, key: str, claim: ClaimTally) -> None:
    """Charge, frequency, original reference, accident, diagnoses of one claim."""
    clm = claim.segment
    if claim.charge is not None and claim.lines_charge is not None and claim.charge != claim.lines_charge:
        text = f"CLM02 is {claim.charge} cents, the lines sum to {claim.lines_charge} cents."
        report.add(f"{key}-CLM-001", clm, text, element="02", loop="2300")
    if claim.charge is not None and claim.charge < 0:
        report.add(f"{key}-CLM-009", clm, "The charge is negative.", element="02", loop="2300")
    if claim.frequency in ("7", "8") and "F8" not in claim.references:
        text = "Frequency 7 or 8 needs REF*F8, the payer's claim control number."
        report.add(f"{key}-CLM-002", clm, text, element="05-3", loop="2300")
    if claim.frequency == "1" and "F8" in claim.references:
        text = "REF*F8 must not be sent with frequency 1."
        report.add(f"{key}-CLM-003", claim.references["F8"], text, element="01", loop="2300")
    if key == "P837" and claim.frequency not in ("1", "7", "8", ""):
        text = "A professional claim has frequency 1, 7 or 8."
        report.warn(f"{key}-CLM-004", clm, text, element="05-3", loop="2300")
    _accident(report, key, claim)
    check_edition(report, key, claim)


def _accident(report: Report, key: str, claim: ClaimTally) -> None:
    if key != "P837":
        return
    causes = claim.accident
    if "AA" in causes[:2] and not (causes[3] if len(causes) > 3 else ""):
        text = "An automobile accident needs its state in CLM11-4."
        report.add(f"{key}-CLM-006", claim.segment, text, element="11-4", loop="2300")
    if {"AA", "OA"} & set(causes[:2]) and "439" not in claim.dates:
        text = "An accident needs its date (DTP*439)."
        report.add(f"{key}-CLM-010", claim.segment, text, element="11-1", loop="2300")
