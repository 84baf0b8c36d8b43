"""The facts of an 835 (005010X221A1). Money is integer cents; nothing is interpreted here.

What occurs once per claim or more is a named tuple, because a remittance makes hundreds of thousands of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.x12.values import day


class Adjustment(NamedTuple):
    """One triple of a CAS: group CO, OA, PI or PR, claim adjustment reason code, cents as signed in the file."""

    group: str
    reason: str
    cents: int
    quantity: str = ""


class Name(NamedTuple):
    """NM1 of a claim: `entity` QC patient, IL insured, 74 corrected, 82 rendering, TT crossover, PR corrected priority."""

    entity: str
    kind: str
    last: str
    first: str
    middle: str
    qualifier: str
    identifier: str


class Reference(NamedTuple):
    qualifier: str
    value: str


class Amount(NamedTuple):
    """AMT: `I` is interest, `AU` coverage, `B6` allowed, and so on."""

    qualifier: str
    cents: int


class Dated(NamedTuple):
    """DTM: `raw` as sent, `day` None when it is no day of the calendar."""

    qualifier: str
    raw: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Party:
    """Loop 1000A (payer) or 1000B (payee): N1 with its REF identifiers."""

    name: str = ""
    qualifier: str = ""
    identifier: str = ""
    references: tuple[Reference, ...] = ()
    address: tuple[str, ...] = ()
    contact: str = ""


class ServicePayment(NamedTuple):
    """Loop 2110: SVC and what belongs to it. `control_number` is REF*6R; `segment_number` counts with ST as 1."""

    ordinal: int
    segment_number: int
    qualifier: str
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: int
    paid_cents: int
    revenue_code: str
    units: str
    original_procedure: str
    original_units: str
    control_number: str
    adjustments: tuple[Adjustment, ...]
    references: tuple[Reference, ...]
    dates: tuple[Dated, ...]
    amounts: tuple[Amount, ...]
    quantities: tuple[Reference, ...]
    remarks: tuple[str, ...]

    @property
    def service_from(self) -> date | None:
        """DTM*472, else 150."""
        return _day_of(self.dates, ("472", "150"))

    @property
    def service_to(self) -> date | None:
        return _day_of(self.dates, ("472", "151", "150"))


class ClaimPayment(NamedTuple):
    """Loop 2100: CLP and what belongs to it. `ordinal` counts CLP in the transaction; `remarks` are those of MOA or MIA."""

    ordinal: int
    segment_number: int
    claim_number: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    filing_code: str
    payer_claim_control_number: str
    facility_code: str
    frequency: str
    group: str
    adjustments: tuple[Adjustment, ...]
    services: tuple[ServicePayment, ...]
    names: tuple[Name, ...]
    references: tuple[Reference, ...]
    dates: tuple[Dated, ...]
    amounts: tuple[Amount, ...]
    quantities: tuple[Reference, ...]
    remarks: tuple[str, ...]

    def name(self, entity: str) -> Name | None:
        """The first NM1 of that entity."""
        return next((name for name in self.names if name.entity == entity), None)

    @property
    def interest_cents(self) -> int:
        """AMT*I: outside the balance of the claim, paid through PLB L6."""
        return sum(amount.cents for amount in self.amounts if amount.qualifier == "I")

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Those of the claim and of its lines."""
        return self.adjustments + tuple(one for service in self.services for one in service.adjustments)

    @property
    def service_from(self) -> date | None:
        """DTM*232 of the claim, else the earliest line."""
        days = [service.service_from for service in self.services]
        return _day_of(self.dates, ("232",)) or min((day for day in days if day), default=None)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair of a PLB: cents are signed as sent, so a positive amount lowers the payment."""

    provider_id: str
    fiscal_period: str
    reason: str
    reference: str
    cents: int
    segment_number: int = 0


@dataclass(frozen=True, slots=True)
class PaymentHeader:
    """BPR, TRN and the parties of one ST. `payment_date` is BPR16 as sent.

    `st_ordinal` counts ST in the file, `payment_ordinal` the ST of this very payment (same TRN, date and amount).
    """

    isa13: str
    gs06: str
    version: str
    st_ordinal: int
    payment_ordinal: int
    st02: str
    handling: str
    amount_cents: int
    credit_debit: str
    method: str
    payment_date: str
    trace: str
    payer_originator: str
    supplemental: str
    production_date: date | None
    payer: Party
    payee: Party
    references: tuple[Reference, ...]

    @property
    def payment_day(self) -> date | None:
        return day(self.payment_date)


@dataclass(frozen=True, slots=True)
class PaymentTrailer:
    """The end of one ST: PLB pairs, the number of claims read, and segments of no known meaning (position, id)."""

    provider_adjustments: tuple[ProviderAdjustment, ...]
    claim_count: int
    unknown: tuple[tuple[int, str], ...]
    closed: bool
    segment_count: int


@dataclass(frozen=True, slots=True)
class Transaction835:
    """One payment whole."""

    header: PaymentHeader
    claims: tuple[ClaimPayment, ...]
    trailer: PaymentTrailer

    @property
    def provider_adjustments(self) -> tuple[ProviderAdjustment, ...]:
        return self.trailer.provider_adjustments


def _day_of(dates: tuple[Dated, ...], qualifiers: tuple[str, ...]) -> date | None:
    for qualifier in qualifiers:
        for one in dates:
            if one.qualifier == qualifier:
                return one.day
    return None
