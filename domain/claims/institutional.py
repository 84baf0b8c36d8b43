"""The facts of an institutional (837I) claim: what a UB-04 says beside the parties that every claim has.

Money is integer cents; codes are stored without points and without their qualifier. Numbers of form locators are those
of the UB-04; its texts are NUBC's and are not here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.claims.model import BillingProvider, Claim, Coverage, OtherPayerDecision, Person, Provider


@dataclass(frozen=True, slots=True)
class InstitutionalDiagnosis:
    """An ICD-10-CM code with its present-on-admission indicator: Y, N, U, W, or "" when exempt or not asked."""

    code: str
    present_on_admission: str = ""


@dataclass(frozen=True, slots=True)
class InpatientProcedure:
    """An ICD-10-PCS code and the day it was performed."""

    code: str
    performed: date


@dataclass(frozen=True, slots=True)
class ValueCode:
    """A value code and its amount, which is dollars or, for some codes, days, units or a measurement."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OccurrenceCode:
    """An occurrence code and its day."""

    code: str
    day: date


@dataclass(frozen=True, slots=True)
class OccurrenceSpan:
    """An occurrence span code with its first and last day."""

    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """Loop 2400 with SV2. `revenue_code` has four digits; `procedure` is the HCPCS or HIPPS code, "" without one.

    `unit` is UN, or DA for days. `service_from` is None on lines that carry no date (inpatient).
    """

    number: int
    revenue_code: str
    charge_cents: int
    units: Decimal
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    unit: str = "UN"
    non_covered_cents: int = 0
    service_from: date | None = None
    service_to: date | None = None
    control_number: str = ""


@dataclass(frozen=True, slots=True)
class InstitutionalFacts:
    """What only an institutional claim has. `facility_code` is CLM05-1, the two characters of the type of bill that
    say where and how; the third is the claim's frequency.

    `admission_hour` and `discharge_hour` are HHMM or ""; `admission_type`, `admission_source` and `patient_status` are
    CL101 to CL103. `principal` is None only in a draft. `external_causes` carry POA as the other diagnoses do.
    """

    facility_code: str
    statement_from: date | None
    statement_to: date | None
    patient_status: str
    principal: InstitutionalDiagnosis | None
    lines: tuple[RevenueLine, ...]
    admission_date: date | None = None
    admission_hour: str = ""
    discharge_hour: str = ""
    admission_type: str = ""
    admission_source: str = ""
    admitting: str = ""
    reasons_for_visit: tuple[str, ...] = ()
    external_causes: tuple[InstitutionalDiagnosis, ...] = ()
    drg: str = ""
    other_diagnoses: tuple[InstitutionalDiagnosis, ...] = ()
    principal_procedure: InpatientProcedure | None = None
    other_procedures: tuple[InpatientProcedure, ...] = ()
    occurrence_spans: tuple[OccurrenceSpan, ...] = ()
    occurrences: tuple[OccurrenceCode, ...] = ()
    values: tuple[ValueCode, ...] = ()
    conditions: tuple[str, ...] = ()
    attending: Provider | None = None
    operating: Provider | None = None
    other_operating: Provider | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    note: str = ""

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """Principal and other diagnosis codes, principal first."""
        principal = (self.principal.code,) if self.principal else ()
        return principal + tuple(one.code for one in self.other_diagnoses)


@dataclass(frozen=True, slots=True)
class InstitutionalClaim:
    """One version of one institutional claim, complete. Numbers, parties and payers mean what they mean in `Claim`."""

    claim_number: str
    billing: BillingProvider
    patient: Person
    coverage: Coverage
    facts: InstitutionalFacts
    frequency: str = "1"
    payer_claim_control_number: str = ""
    prior_authorization: str = ""
    accepts_assignment: bool = True
    benefits_assigned: bool = True
    release_of_information: str = "Y"
    other_coverages: tuple[Coverage, ...] = ()
    decisions: tuple[OtherPayerDecision, ...] = ()

    @property
    def lines(self) -> tuple[RevenueLine, ...]:
        """The revenue lines, under the name that a professional claim has for its lines."""
        return self.facts.lines

    @property
    def charge_cents(self) -> int:
        """CLM02: the exact sum of the lines, in cents."""
        return sum(line.charge_cents for line in self.facts.lines)

    @property
    def bill_type(self) -> str:
        """The type of bill without its leading zero, such as 131: CLM05-1 and CLM05-3."""
        return self.facts.facility_code + self.frequency

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """Principal and other diagnosis codes, principal first."""
        return self.facts.diagnoses

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of what the lines charge; a line without a date counts with the statement's days."""
        first, last = self.facts.statement_from, self.facts.statement_to
        dated = [line for line in self.facts.lines if line.service_from]
        begin = [day for day in (first, *(line.service_from for line in dated)) if day]
        end = [day for day in (last, *(line.service_to or line.service_from for line in dated)) if day]
        return (min(begin), max(end)) if begin and end else None


AnyClaim = Claim | InstitutionalClaim
"""A claim of either form."""
