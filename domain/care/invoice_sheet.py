"""An invoice to a practice, or a credit note, as a printed document; patients are named by account number alone."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from domain.documents import Letterhead, Markup, address, beside, grid, heading, pairs, paragraph, sheet

CONTENT = "invoice.json"
"""The name of the facts inside the PDF."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line: what it is for, the account number, units, the amount each or that a share is of, and cents."""

    what: str
    account_number: str
    units: int
    rate_cents: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PrintedInvoice:
    """Everything on the sheet; `corrects` is the number of the invoice that a credit note takes from, `credit_cents` the
    practice's credit that was put onto the invoice when it was issued."""

    tenant: str
    number: str
    practice: tuple[str, ...]
    month: date
    issued_on: date
    issued_at: datetime
    issued_by: str
    due_on: date
    lines: tuple[PrintedLine, ...]
    total_cents: int
    corrects: str = ""
    reason: str = ""
    credit_cents: int = 0

    @property
    def content(self) -> bytes:
        """These facts as JSON; the same facts are the same bytes."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, indent=1, default=str).encode()


def invoice_sheet(one: PrintedInvoice) -> str:
    """The HTML of an invoice. Every value is escaped by the parts it is made of."""
    what = "Credit note" if one.corrects else "Invoice"
    period = f"{one.month:%B %Y}"
    return sheet(
        f"{what} {one.number}",
        Letterhead(one.tenant, f"{what} {one.number}", period),
        beside(Markup(heading("To").html + address(*one.practice).html), pairs(_facts(one))),
        heading(f"Care coordination in {period}"),
        _lines(one),
        *_foot(one),
        about={
            "author": one.tenant,
            "description": f"{what} for care coordination, {period}",
            "generator": "Caseload",
            "dcterms.created": f"{one.issued_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
    )


def _facts(one: PrintedInvoice) -> Iterable[tuple[str, object]]:
    yield "Number", one.number
    yield "Date", _day(one.issued_on)
    if one.corrects:
        yield "Takes from", f"invoice {one.corrects}"
        yield "Credited", _dollars(one.total_cents)
        return
    if one.credit_cents:
        yield "Invoiced", _dollars(one.total_cents)
        yield "Your credit used", _dollars(-one.credit_cents)
    yield "Please pay by", _day(one.due_on)
    yield "Please pay", _dollars(one.total_cents - one.credit_cents)


def _lines(one: PrintedInvoice) -> Markup:
    rows = [
        (number, each.account_number or "–", each.what, *_rated(each), _dollars(each.amount_cents))
        for number, each in enumerate(one.lines, 1)
    ]
    heads = ("No.", "Account", "Service", "Units", "Rate or base", "Amount")
    total = ("", "", "Credited" if one.corrects else "Total", "", "", _dollars(one.total_cents))
    return grid(heads, rows, right=(3, 4, 5), widths=(7, 17, 0, 9, 17, 16), total=total)


def _rated(line: PrintedLine) -> tuple[str, str]:
    return (str(line.units), _dollars(line.rate_cents)) if line.rate_cents else ("", "")


def _foot(one: PrintedInvoice) -> Iterable[Markup]:
    if one.corrects:
        yield paragraph(f"Reason: {one.reason}")
        told = "What of the invoice was paid already is your credit, and is put onto your next invoices."
    else:
        told = f"Please give the number {one.number} with your payment."
    yield paragraph(told)
    yield paragraph(
        f"Issued by {one.issued_by}. Patients are named by account number alone. These facts are also inside this file as"
        f" {CONTENT}; the SHA-256 at the foot of each page is theirs. An issued document is never changed; it is corrected"
        " by a credit note.",
        small=True,
    )


def _day(value: date) -> str:
    return f"{value:%B} {value.day}, {value.year}"


def _dollars(cents: int) -> str:
    return f"{'−' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
