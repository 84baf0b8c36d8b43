"""What pages and programs hand in for an institutional (837I) claim, beside what every claim has."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalDiagnosis,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)


@dataclass(frozen=True, slots=True)
class RevenueLineDraft:
    """One revenue line as entered: `unit` is UN or DA (days), `procedure` a HCPCS or HIPPS code or nothing. A line
    without dates was rendered during the statement."""

    revenue_code: str
    charge_cents: int
    units: Decimal = Decimal(1)
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    unit: str = "UN"
    non_covered_cents: int = 0
    service_from: date | None = None
    service_to: date | None = None


@dataclass(frozen=True, slots=True)
class PractitionerDraft:
    """A practitioner from the client's records, or as typed; an NPI typed stands before the one in the records."""

    provider_id: UUID | None = None
    npi: str = ""
    last_name: str = ""
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class InstitutionalDraft:
    """The bill as entered. `facility_code` and `frequency` are the type of bill: 11 and 1 make 111. The frequency of a
    correction (7, 8) comes from the claim's history and is not entered; hours are HHMM; codes have no points."""

    facility_code: str
    statement_from: date
    statement_to: date
    patient_status: str
    lines: tuple[RevenueLineDraft, ...]
    principal: InstitutionalDiagnosis | None = None
    frequency: str = "1"
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
    attending: PractitionerDraft | None = None
    operating: PractitionerDraft | None = None
    other_operating: PractitionerDraft | None = None
    rendering: PractitionerDraft | None = None
    referring: PractitionerDraft | None = None
    note: str = ""
