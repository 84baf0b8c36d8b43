"""A patient's statement as a printed sheet: each claim line by line, what insurers paid, and what is left to pay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.balances.shares import BUCKETS
from domain.documents import Letterhead, Markup, address, grid, heading, pairs, paragraph, sheet


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One service: cents. `share_cents` is the patient's part of it as the payers gave it."""

    procedure: str
    service_from: date
    charge_cents: int
    insurers_cents: int
    adjusted_cents: int
    share_cents: int


@dataclass(frozen=True, slots=True)
class PrintedClaim:
    """A claim with its lines. `paid_cents` is what the patient paid of it so far, `balance_cents` what is left."""

    reference: str
    insurers: str
    lines: tuple[PrintedLine, ...]
    share_cents: int
    paid_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """Everything on the sheet. Addresses are lines of text; cents and days."""

    practice: tuple[str, ...]
    practice_phone: str
    patient: tuple[str, ...]
    account_number: str
    number: int
    of: int
    statement_on: date
    due_on: date
    claims: tuple[PrintedClaim, ...]
    credit_cents: int
    balance_cents: int
    ageing_cents: Sequence[int]


def statement_sheet(one: PrintedStatement) -> str:
    """The HTML of a statement for `integrations.pdf.render`. Every value is escaped by the parts it is made of."""
    name = one.practice[0] if one.practice else ""
    head = Letterhead(name, f"Account {one.account_number}", _day(one.statement_on))
    return sheet(
        "Statement of your account",
        head,
        address(*one.patient),
        pairs(_facts(one)),
        *(part for claim in one.claims for part in _claim(claim)),
        heading("What is left to pay"),
        grid((*BUCKETS, "Please pay"), [_ages(one)], right=range(5)),
        paragraph(
            "Your insurers have answered every claim above; what is asked here is your own share. Questions, or a plan"
            f" to pay in parts: call {name} at {_phone(one.practice_phone)}."
        ),
        *_coupon(one),
    )


def _facts(one: PrintedStatement) -> Iterable[tuple[str, str]]:
    yield "Statement date", _day(one.statement_on)
    yield "Please pay by", _day(one.due_on)
    yield "Statement", f"{one.number} of {one.of}"
    if one.credit_cents:
        yield "Credit on your account", _dollars(one.credit_cents)
    yield "Please pay", _dollars(one.balance_cents)


def _claim(claim: PrintedClaim) -> Iterable[Markup]:
    yield heading(f"Claim {claim.reference}: {claim.insurers}")
    rows = [
        (
            _day(line.service_from),
            line.procedure,
            _dollars(line.charge_cents),
            _dollars(line.insurers_cents),
            _dollars(line.adjusted_cents),
            _dollars(line.share_cents),
        )
        for line in claim.lines
    ]
    heads = ("Date", "Service", "Charge", "Paid by insurers", "Adjusted", "Your share")
    yield grid(heads, rows, right=range(2, 6))
    told = [("Your share of this claim", _dollars(claim.share_cents))]
    if claim.paid_cents:
        told.append(("You have paid", _dollars(claim.paid_cents)))
    yield pairs([*told, ("Left to pay", _dollars(claim.balance_cents))])


def _coupon(one: PrintedStatement) -> tuple[Markup, ...]:
    return (
        Markup('<div style="border-top: 0.6pt dashed #444; margin-top: 8mm; break-inside: avoid">'),
        heading("Please cut here and send with your check"),
        pairs(
            (
                ("Account", one.account_number),
                ("Please pay by", _day(one.due_on)),
                ("Please pay", _dollars(one.balance_cents)),
                ("Amount enclosed", "$ ____________"),
            )
        ),
        address(*one.practice),
        Markup("</div>"),
    )


def _ages(one: PrintedStatement) -> tuple[str, ...]:
    return (*(_dollars(cents) for cents in one.ageing_cents), _dollars(one.balance_cents))


def _day(value: date) -> str:
    return f"{value:%B} {value.day}, {value.year}"


def _dollars(cents: int) -> str:
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def _phone(digits: str) -> str:
    return (
        f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits or "the number you know"
    )
