"""What a scrubbing rule is, what it is told besides the claim, and what it answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from domain.care.codes import STANDARD, CodeTable
from domain.care.month import last_of_month
from domain.claims.institutional import InstitutionalClaim
from domain.claims.model import Claim


class Severity(StrEnum):
    """An error holds the claim; a warning is shown and the claim goes on."""

    ERROR = "error"
    WARNING = "warning"


class Family(StrEnum):
    """What a rule is about; the middle part of its id comes from here."""

    IDENTITY = "identity"
    COVERAGE = "coverage"
    CODING = "coding"
    DATES = "dates"
    MONEY = "money"
    PROVIDER = "provider"
    PAYER = "payer"
    DUPLICATES = "duplicates"
    CARE = "care"
    INSTITUTIONAL = "institutional"


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A service line already billed for the same patient, for the duplicate rules."""

    claim_number: str
    service_from: date
    procedure: str
    billing_npi: str
    charge_cents: int
    modifiers: tuple[str, ...] = ()
    rendering_npi: str = ""


@dataclass(frozen=True, slots=True)
class ScrubContext:
    """What the rules are told besides the claim. `today` is the practice's calendar date.

    `known_duplicates` are the patient's earlier lines that still stand (not rejected, voided or replaced), of the claim's
    days, and where it is for care management of their whole months;
    `own_claim_numbers` are the CLM01 of all versions of this claim, which are never its duplicates.
    `first_received` is the payer's first acceptance of this claim, the proof of timely filing for a resend.
    `enrolled` is None when nobody has told whether the client is enrolled with the payer for 837P.
    `care_codes` are the codes of care management of the claim's months, by the last day of each.
    """

    today: date
    known_duplicates: tuple[EarlierLine, ...] = ()
    own_claim_numbers: frozenset[str] = frozenset()
    first_received: date | None = None
    enrolled: bool | None = None
    version_number: int = 1
    care_codes: Mapping[date, CodeTable] = field(default_factory=dict)

    def care_codes_on(self, day: date) -> CodeTable:
        """The codes of care management that are in force in the month of a day: those of its last day."""
        last = last_of_month(day)
        return self.care_codes.get(last, STANDARD).on(last)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place. `field` is a dotted path of the claim's attributes, lines and diagnoses
    counted from 1 (`lines.2.pointers`); `message` says what to do and never carries a value of the claim."""

    rule_id: str
    severity: Severity
    field: str
    message: str
    citation: str


# The kind of claim that a rule looks at.
Scrubbed = TypeVar("Scrubbed", Claim, InstitutionalClaim)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Scrubbed]):
    """A scrubbing rule. `id` is permanent; `sentence` is the law it holds, `fix` what to do when it fires.

    `faults` answers with the fields at fault, so that one rule can fire on several lines.
    """

    id: str
    family: Family
    severity: Severity
    sentence: str
    fix: str
    citation: str
    faults: Callable[[Scrubbed, ScrubContext], Iterable[str]]

    def findings(self, claim: Scrubbed, context: ScrubContext) -> tuple[Finding, ...]:
        """One finding per field at fault."""
        fields = dict.fromkeys(self.faults(claim, context))
        return tuple(Finding(self.id, self.severity, field, self.fix, self.citation) for field in fields)
