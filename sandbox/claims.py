"""What the sandbox understands of a submitted claim, taken out of an accepted 837 set."""

import hashlib
import json
from dataclasses import dataclass, field

from sandbox.syntax.situations import Placed
from sandbox.x12 import Segment, at, cents, part, parts


@dataclass(frozen=True, slots=True)
class Name:
    """A person or an organisation as NM1 tells it."""

    last: str = ""
    first: str = ""
    middle: str = ""
    id_qualifier: str = ""
    id: str = ""
    kind: str = "1"
    """NM102: 1 person, 2 organisation."""


@dataclass(slots=True)
class Line:
    """One service line; charge in cents."""

    procedure: tuple[str, ...] = ()
    """Qualifier, code, modifiers as in SV101 / SV202; empty for a revenue code alone."""
    revenue_code: str = ""
    charge: int = 0
    units: str = ""
    date: str = ""
    """D8 or RD8 value of DTP*472, empty when the claim's dates speak."""
    control_number: str = ""
    """REF*6R."""
    prior_patient_share: int | None = None
    """Σ CAS*PR of the last payer before, in cents; None when no payer adjudicated the line before."""
    prior_payer: str = ""
    """SVD01 of the last payer before."""


@dataclass(slots=True)
class Claim:
    """One CLM with the parties above it; amounts in cents, dates CCYYMMDD."""

    number: str
    charge: int
    facility: str
    frequency: str
    payer: Name
    payee: Name
    payee_tax_id: str
    subscriber: Name
    patient: Name
    filing_code: str
    sequence: str
    """SBR01: P, S, T …"""
    original_number: str = ""
    """REF*F8."""
    statement: str = ""
    rendering: Name | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def dates(self) -> tuple[str, str]:
        """First and last day of service."""
        every = [
            day for text in (self.statement, *(x.date for x in self.lines)) for day in text.split("-") if day
        ]
        return (min(every), max(every)) if every else ("", "")

    @property
    def content_key(self) -> str:
        """Same for a claim and its resubmission: member, patient, payee and the days of its lines."""
        days = sorted(line.date for line in self.lines)
        told = [self.subscriber.id, self.patient.first, self.payee.id, self.payer.id, self.dates, days]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(slots=True)
class Submission:
    """What one accepted 837 set said."""

    kind: str
    batch: str
    """BHT03, which comes back in 277CA 2200B TRN02."""
    submitter: Name
    claims: list[Claim]


def name_of(segment: Segment) -> Name:
    return Name(
        at(segment, 3), at(segment, 4), at(segment, 5), at(segment, 8), at(segment, 9), at(segment, 2) or "1"
    )


@dataclass(slots=True)
class _Extraction:
    """Context that one segment leaves for those below it; replaced whenever a level opens again."""

    component: str
    batch: str = ""
    submitter: Name = Name()
    payee: Name = Name()
    tax_id: str = ""
    subscriber: Name = Name()
    patient: Name = Name()
    payer: Name = Name()
    filing_code: str = ""
    sequence: str = "P"
    claims: list[Claim] = field(default_factory=list)

    def take(self, loop: str, segment: Segment) -> None:
        if segment[0] == "NM1":
            self._take_name(loop, segment)
        elif loop in ("2400", "2430"):
            self._take_line(loop, segment)
        elif loop == "2300":
            self._take_claim(segment)
        elif segment[0] == "SBR" and loop == "2000B":
            self.sequence, self.filing_code = at(segment, 1), at(segment, 9)
        elif segment[0] == "BHT":
            self.batch = at(segment, 3)
        elif loop == "2010AA" and segment[0] == "REF" and at(segment, 1) in ("EI", "SY"):
            self.tax_id = at(segment, 2)

    def _take_name(self, loop: str, segment: Segment) -> None:
        name = name_of(segment)
        if loop == "1000A":
            self.submitter = name
        elif loop == "2010AA":
            self.payee, self.tax_id = name, ""
        elif loop == "2010BA":
            self.subscriber = self.patient = name
        elif loop == "2010BB":
            self.payer = name
        elif loop == "2010CA":
            self.patient = name
        elif loop == "2310" and at(segment, 1) == "82":
            self.claims[-1].rendering = name

    def _take_claim(self, segment: Segment) -> None:
        if segment[0] == "CLM":
            self.claims.append(self._claim(segment))
        elif segment[0] == "REF" and at(segment, 1) == "F8":
            self.claims[-1].original_number = at(segment, 2)
        elif segment[0] == "DTP" and at(segment, 1) == "434":
            self.claims[-1].statement = at(segment, 3)

    def _claim(self, clm: Segment) -> Claim:
        place = at(clm, 5)
        return Claim(
            number=at(clm, 1),
            charge=cents(at(clm, 2)) or 0,
            facility=part(place, self.component, 1),
            frequency=part(place, self.component, 3),
            payer=self.payer,
            payee=self.payee,
            payee_tax_id=self.tax_id,
            subscriber=self.subscriber,
            patient=self.patient,
            filing_code=self.filing_code,
            sequence=self.sequence,
        )

    def _take_line(self, loop: str, segment: Segment) -> None:
        lines = self.claims[-1].lines
        if segment[0] == "LX":
            lines.append(Line())
            return
        line = lines[-1]
        if segment[0] == "SV1":
            line.procedure = tuple(parts(at(segment, 1), self.component))[:6]
            line.charge, line.units = cents(at(segment, 2)) or 0, at(segment, 4)
        elif segment[0] == "SV2":
            line.revenue_code = at(segment, 1)
            line.procedure = (
                tuple(p for p in parts(at(segment, 2), self.component)[:6]) if at(segment, 2) else ()
            )
            line.charge, line.units = cents(at(segment, 3)) or 0, at(segment, 5)
        elif segment[0] == "DTP" and at(segment, 1) == "472" and loop == "2400":
            line.date = at(segment, 3)[:17]
        elif segment[0] == "REF" and at(segment, 1) == "6R":
            line.control_number = at(segment, 2)
        elif segment[0] == "SVD":
            # Each payer tells the share that it left; the last one's is what the next payer is asked for.
            if line.prior_payer != at(segment, 1):
                line.prior_payer, line.prior_patient_share = at(segment, 1), 0
        elif segment[0] == "CAS" and at(segment, 1) == "PR" and loop == "2430":
            amounts = (cents(value) or 0 for value in segment[3::3])
            line.prior_patient_share = (line.prior_patient_share or 0) + sum(amounts)


def extract(kind: str, placed: Placed, component: str) -> Submission:
    """Reads the claims of a set that the syntax check let through."""
    reading = _Extraction(component)
    for loop, segment in placed:
        reading.take(loop, segment)
    return Submission(kind, reading.batch, reading.submitter, reading.claims)
