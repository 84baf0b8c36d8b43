"""The facts of a professional (837P) claim as every room passes them around, with what other payers decided on it.

Money is integer cents, dates are calendar dates, codes are stored without decimal points (`E119`, not `E11.9`).
The institutional claim shares these parties and stands in `domain.claims.institutional`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.x12.facts_835 import Adjustment


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the United States. `postal_code` is 5 or 9 digits without a hyphen."""

    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A patient or subscriber (PHI). `sex` is F, M or U as DMG03 has it."""

    last_name: str
    first_name: str
    birth_date: date | None
    sex: str
    address: Address
    middle_name: str = ""


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """Loop 2010AA: the client on whose behalf the claim is sent. `tax_id` is the EIN, 9 digits."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    address: Address
    contact_name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Loop 2310B (rendering) or 2310A (referring): a person with an NPI."""

    last_name: str
    first_name: str
    npi: str
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Loop 2010BB and the payer's EDI settings. `version` is GS08 = ST03 for 837P, `institutional_version` for 837I."""

    name: str
    payer_id: str
    claim_filing_code: str = "CI"
    version: str = "005010X222A1"
    timely_filing_days: int = 365
    # Medicare counts one calendar year to receipt instead of days.
    medicare: bool = False
    appeal_days: int = 180
    institutional_version: str = "005010X223A2"


@dataclass(frozen=True, slots=True)
class Coverage:
    """One coverage of the patient. `order` is P, S or T (SBR01); `relationship` is 18 when the patient is the
    subscriber, else the individual relationship code of PAT01 (01 spouse, 19 child, G8 other). `insurance_type` is
    SBR05, why Medicare is not primary (`domain.claims.medicare_secondary`), "" otherwise."""

    payer: Payer
    member_id: str
    subscriber: Person
    relationship: str = "18"
    order: str = "P"
    group_number: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    insurance_type: str = ""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """Loop 2400. `pointers` are 1-based positions in `Claim.diagnoses`; `control_number` is REF*6R."""

    number: int
    procedure: str
    charge_cents: int
    units: Decimal
    service_from: date
    service_to: date
    pointers: tuple[int, ...]
    place_of_service: str = "11"
    modifiers: tuple[str, ...] = ()
    control_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineDecision:
    """Loop 2430: what one other payer did with one line. `line_number` is the line's 1-based position in its claim.

    `paid_cents` is SVD02 and `remaining_cents` AMT*EAF (None: not told). `bundled_into` is SVD06, the line into which
    the payer bundled this one (0: none). Several decisions on one line mean that the payer unbundled it.
    """

    line_number: int
    paid_cents: int
    procedure: str
    units: Decimal
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    bundled_into: int = 0
    remaining_cents: int | None = None


@dataclass(frozen=True, slots=True)
class OtherPayerDecision:
    """Loop 2320 of a payer that has adjudicated the claim. `coverage` gives SBR, 2330A and 2330B.

    `paid_cents` is AMT*D, sent also when it is 0; `adjustments` are the claim-level CAS; `remaining_cents` is AMT*EAF of
    the claim, told only when no line says it; `lines` stand in line order; `adjudicated` is DTP*573; `remarks` are
    remittance advice remark codes (MOA); `payer_claim_control_number` is REF*F8 of 2330B.
    """

    coverage: Coverage
    paid_cents: int
    adjudicated: date | None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[LineDecision, ...] = ()
    remaining_cents: int | None = None
    payer_claim_control_number: str = ""
    remarks: tuple[str, ...] = ()
    benefits_assigned: bool = True
    release_of_information: str = "Y"


@dataclass(frozen=True, slots=True)
class Claim:
    """One version of one claim, complete: all that is needed to scrub it and to write it as 837P.

    `claim_number` is CLM01, unique per submission version, at most 20 characters, no PHI. `frequency` is CLM05-3
    (1 original, 7 replacement, 8 void); `payer_claim_control_number` is REF*F8, only with 7 and 8. `coverage` is the
    payer asked now, `decisions` are those of payers before it, `other_coverages` the payers that have not decided.
    """

    claim_number: str
    billing: BillingProvider
    rendering: Provider | None
    patient: Person
    coverage: Coverage
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    place_of_service: str = "11"
    frequency: str = "1"
    payer_claim_control_number: str = ""
    referring: Provider | None = None
    prior_authorization: str = ""
    accident: str = ""  # "", AA auto, EM employment, OA other (CLM11)
    accident_date: date | None = None
    accident_state: str = ""
    onset_date: date | None = None
    accepts_assignment: bool = True
    benefits_assigned: bool = True
    release_of_information: str = "Y"
    provider_signature_on_file: bool = True
    other_coverages: tuple[Coverage, ...] = field(default=())
    decisions: tuple[OtherPayerDecision, ...] = ()

    @property
    def charge_cents(self) -> int:
        """CLM02: the exact sum of the lines, in cents."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of service; None without lines."""
        if not self.lines:
            return None
        return min(one.service_from for one in self.lines), max(one.service_to for one in self.lines)
