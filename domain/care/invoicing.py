"""What a practice is invoiced for a month of care: its terms, and the lines that its patients' months come to.

Money is whole cents. A share is rounded half to even on each line, here and nowhere else; a total is the sum of lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from domain.care.codes import CodeTable
from domain.care.entries import Programme
from domain.refusals import FieldError

_WHOLE = 10_000


class Basis(StrEnum):
    """What a practice pays for. Values are stored: never rename one."""

    PROGRAMME = "programme"  # cents for each patient and programme that has a code
    CODE = "code"  # cents for each unit of a code
    CHARGES = "charges"  # a share of what was charged for its patients
    PAYMENTS = "payments"  # a share of what payers paid on those charges
    NOTHING = "none"  # the practice is not invoiced, as after it has left
    MINIMUM = "minimum"  # a line alone: what is missing for the month's minimum


BASES: Mapping[Basis, str] = {
    Basis.PROGRAMME: "Per patient, by programme",
    Basis.CODE: "Per patient, by code",
    Basis.CHARGES: "Per cent of charges",
    Basis.PAYMENTS: "Per cent of payments",
    Basis.NOTHING: "Nothing: it is not invoiced",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """A practice's terms: `rates` are cents by programme or code, `basis_points` hundredths of a per cent."""

    basis: Basis
    rates: Mapping[str, int] = field(default_factory=dict)
    basis_points: int = 0
    minimum_cents: int = 0
    due_days: int = 30

    def due_on(self, issued_on: date) -> date:
        """The day by which an invoice issued on a day is to be paid."""
        return issued_on + timedelta(days=self.due_days)


@dataclass(frozen=True, slots=True)
class Served:
    """One patient's month as billed: its codes with their units, what was charged, and what was paid on it meanwhile.

    `under` are the terms of its own month, where those are not the terms of the month that is invoiced: a share of what
    is paid late is the share that was agreed when the care was given.
    """

    patient_month_id: UUID
    account_number: str
    codes: tuple[tuple[str, int], ...] = ()
    charge_cents: int = 0
    paid_cents: int = 0
    under: Terms | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line: `units` times `rate_cents`, or a share of `rate_cents`. `item` is the programme, the code, or the share in per
    cent. The patient is known by account number alone."""

    basis: Basis
    amount_cents: int
    item: str = ""
    account_number: str = ""
    patient_month_id: UUID | None = None
    units: int = 1
    rate_cents: int = 0


def share_of(cents: int, basis_points: int) -> int:
    """So many hundredths of a per cent of an amount, in whole cents, a half going to the even cent."""
    whole, rest = divmod(cents * basis_points, _WHOLE)
    return whole + (2 * rest > _WHOLE or (2 * rest == _WHOLE and whole % 2 == 1))


def lines_of(terms: Terms, served: Iterable[Served], table: CodeTable) -> tuple[InvoiceLine, ...]:
    """What a month comes to under these terms, patient by patient in the order given; last what its minimum lacks. `table`
    holds the month's codes."""
    lines = [line for one in served for line in _lines(one.under or terms, one, table)]
    lacking = terms.minimum_cents - total_of(lines)
    if (
        lacking > 0 and terms.minimum_cents
    ):  # without one, a month on which payers took back stays below nothing
        lines.append(InvoiceLine(Basis.MINIMUM, lacking, rate_cents=terms.minimum_cents))
    return tuple(lines)


def total_of(lines: Iterable[InvoiceLine]) -> int:
    """The sum of lines in cents."""
    return sum(line.amount_cents for line in lines)


def terms_faults(terms: Terms, codes: Iterable[str]) -> list[FieldError]:
    """What is missing or impossible in terms; `codes` are those that may be given an amount."""
    faults = []
    if terms.basis in (Basis.CHARGES, Basis.PAYMENTS):
        if not 0 < terms.basis_points <= _WHOLE:
            faults.append(
                FieldError("per_cent", "per_cent.range", "Enter more than 0 and at most 100 per cent.")
            )
    elif terms.basis is Basis.NOTHING:
        if terms.minimum_cents:
            faults.append(FieldError("minimum", "minimum.nothing", "Leave it empty: nothing is invoiced."))
    elif not any(terms.rates.values()):
        faults.append(FieldError("rates", "rates.missing", "Enter at least one amount."))
    if any(cents < 0 for cents in terms.rates.values()):
        faults.append(FieldError("rates", "rates.negative", "Amounts cannot be less than nothing."))
    if terms.minimum_cents < 0:
        faults.append(FieldError("minimum", "minimum.negative", "It cannot be less than nothing."))
    if not 0 <= terms.due_days <= 365:
        faults.append(FieldError("due_days", "due_days.range", "Enter 0 to 365 days."))
    return faults + _unknown(terms, codes)


def rate_names(basis: Basis, codes: Iterable[str]) -> tuple[str, ...]:
    """What amounts may be given for: programmes, or these codes of care management."""
    if basis is Basis.PROGRAMME:
        return tuple(Programme)
    return tuple(codes) if basis is Basis.CODE else ()


def _unknown(terms: Terms, codes: Iterable[str]) -> list[FieldError]:
    known = rate_names(terms.basis, codes)
    return [
        FieldError(
            "rates", "rates.unknown", f"There is no {name}; choose of {', '.join(known) or 'nothing'}."
        )
        for name in terms.rates
        if name not in known
    ]


def _lines(terms: Terms, one: Served, table: CodeTable) -> Iterable[InvoiceLine]:
    if terms.basis is Basis.PROGRAMME:
        for programme in dict.fromkeys(table.family(code) for code, _ in one.codes):
            if programme and (cents := terms.rates.get(programme, 0)):
                yield _line(terms.basis, one, cents, programme, rate=cents)
    elif terms.basis is Basis.CODE:
        for code, units in one.codes:
            if cents := terms.rates.get(code, 0):
                yield _line(terms.basis, one, cents * units, code, units, cents)
    elif terms.basis is not Basis.NOTHING:
        whole = one.charge_cents if terms.basis is Basis.CHARGES else one.paid_cents
        if share := share_of(whole, terms.basis_points):
            yield _line(terms.basis, one, share, f"{terms.basis_points / 100:g}", rate=whole)


def _line(
    basis: Basis, one: Served, amount: int, item: str = "", units: int = 1, rate: int = 0
) -> InvoiceLine:
    return InvoiceLine(basis, amount, item, one.account_number, one.patient_month_id, units, rate)


def patients_of(lines: Iterable[InvoiceLine]) -> int:
    """How many patients' months an invoice rests on."""
    return len({line.patient_month_id for line in lines if line.patient_month_id})
