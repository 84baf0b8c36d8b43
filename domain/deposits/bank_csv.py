"""Reads a bank's CSV export by a mapping of its columns: every row, or every fault with its row and column."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from domain.deposits.rows import LARGEST_CENTS, LONGEST_TEXT, METHODS, BankRow, with_trace
from domain.refusals import FieldError, Invalid

MOST_ROWS = 20_000
MOST_FAULTS = 50
# What a column may hold. A bank writes either one signed amount, or credits and debits in columns of their own.
FIELDS: dict[str, str] = {
    "date": "Date",
    "amount": "Amount",
    "credit": "Credit",
    "debit": "Debit",
    "trace": "Trace or check number",
    "payer": "Paid by",
    "payer_identifier": "Payer's id",
    "reference": "Bank's reference",
    "description": "Description",
    "method": "Kind of payment",
}
_GUESSES = (
    ("trace", r"trace|check\s*(no|num|#)|trn|reassoc"),
    ("payer_identifier", r"originator|company\s*id|payer\s*id"),
    ("date", r"date|posted|posting day"),
    ("credit", r"credit|deposits?$|money in"),
    ("debit", r"debit|withdraw|money out"),
    ("amount", r"amount|amt|sum"),
    ("payer", r"payer|paid by|company|originator name|name"),
    ("reference", r"reference|ref\b|transaction id|confirmation"),
    ("description", r"description|detail|memo|addenda|narrative"),
    ("method", r"type|method|kind"),
)
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d", "%m-%d-%Y", "%d-%b-%Y")
_AMOUNT = re.compile(r"([(-]?)\s*\$?\s*(\d{1,3}(?:,\d{3})+|\d+|(?=\.))(\.\d{1,2})?\s*(\)|-|CR|DR)?", re.ASCII)
_METHODS = (
    ("check", r"che(ck|que)|lockbox"),
    ("eft", r"ach|eft|electronic|direct|wire|ccd"),
    ("card", r"card|merchant|visa|mastercard"),
    ("cash", r"cash|currency|coin"),
)


@dataclass(frozen=True, slots=True)
class CsvRead:
    """What a file holds under a mapping. `faults` names rows as `rows.N.column`; with any, nothing may be taken in."""

    headings: tuple[str, ...]
    rows: tuple[BankRow, ...]
    withdrawals: int
    faults: tuple[FieldError, ...]


def headings_of(text: str) -> tuple[str, ...]:
    """The names in the first line that holds any; refuses a file without one."""
    for cells in _reader(text):
        if any(cell.strip() for cell in cells):
            return tuple(cell.strip()[:LONGEST_TEXT] for cell in cells)
    raise Invalid("bank_file.empty", "The file holds nothing.", "Export it again from the bank.")


def guessed(headings: tuple[str, ...]) -> dict[str, int]:
    """The likeliest column (from 0) for each field, by the words of the headings."""
    mapping: dict[str, int] = {}
    for field, pattern in _GUESSES:
        for number, heading in enumerate(headings):
            if number not in mapping.values() and re.search(pattern, heading, re.IGNORECASE):
                mapping[field] = number
                break
    if "credit" in mapping and "amount" in mapping:
        del mapping["amount"]
    return mapping


def checked_mapping(mapping: Mapping[str, int], columns: int) -> dict[str, int]:
    """The mapping when it can be read by: a date, an amount or a credit, known fields, columns that are there."""
    faults = [
        FieldError(f"mapping.{field}"[:80], "field.unknown", f"Choose one of: {', '.join(FIELDS)}.")
        for field in mapping
        if field not in FIELDS
    ]
    faults += [
        FieldError(f"mapping.{field}", "column.missing", f"Columns are counted from 0 to {columns - 1}.")
        for field, column in mapping.items()
        if field in FIELDS and not 0 <= column < columns
    ]
    if "date" not in mapping:
        faults.append(FieldError("mapping.date", "mapping.date", "Say which column holds the date."))
    if ("amount" in mapping) == ("credit" in mapping):
        faults.append(
            FieldError(
                "mapping.amount", "mapping.amount", "Choose the amount, or else the credit and debit columns."
            )
        )
    if faults:
        title = "The columns are not assigned yet."
        raise Invalid("bank_file.mapping", title, faults[0].message, fields=tuple(faults))
    return dict(mapping)


def read_csv(text: str, mapping: Mapping[str, int]) -> CsvRead:
    """Every deposit of the file. Withdrawals are counted and left out; a heading is the first line."""
    headings = headings_of(text)
    columns = checked_mapping(mapping, len(headings))
    rows: list[BankRow] = []
    faults: list[FieldError] = []
    withdrawals = 0
    for number, cells in _data(text):
        try:
            row = _row({field: _cell(cells, column) for field, column in columns.items()})
        except _Wrong as wrong:
            faults.append(FieldError(f"rows.{number}.{wrong.args[0]}", wrong.args[1], wrong.args[2]))
            continue
        if row is None:
            withdrawals += 1
        else:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise Invalid(
                "bank_file.too_long", f"At most {MOST_ROWS:,} rows go in at once.", "Export fewer days."
            )
    return CsvRead(headings, tuple(rows), withdrawals, tuple(faults[:MOST_FAULTS]))


class _Wrong(Exception):
    """One cell: its field, a code and what to do."""


def _reader(text: str) -> Iterator[list[str]]:
    """By the mark that parts the first line; quoted cells may hold it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t|", key=first.count)
    return csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)


def _data(text: str) -> list[tuple[int, list[str]]]:
    """Rows after the heading with their line as a spreadsheet counts them; blank ones left out."""
    try:
        filled = [
            (number, cells) for number, cells in enumerate(_reader(text), 1) if any(c.strip() for c in cells)
        ]
    except csv.Error:
        raise Invalid(
            "bank_file.unreadable",
            "This is no CSV file that can be read.",
            "Export it again from the bank, as CSV.",
        ) from None
    return filled[1:]


def _cell(cells: list[str], column: int) -> str:
    return " ".join(cells[column].split())[:LONGEST_TEXT] if column < len(cells) else ""


def _row(cells: Mapping[str, str]) -> BankRow | None:
    """The deposit in a row; None for a withdrawal."""
    on = _date(cells["date"])
    cents = _amount_of(cells)
    if cents <= 0:
        return None
    words = f"{cells.get('method', '')} {cells.get('description', '')}"
    return with_trace(
        BankRow(
            on,
            cents,
            method_of(words, cells.get("trace", "")),
            cells.get("trace", ""),
            cells.get("payer", ""),
            cells.get("payer_identifier", ""),
            cells.get("reference", ""),
            cells.get("description", ""),
        )
    )


def method_of(words: str, trace: str = "") -> str:
    """How money came, by the bank's words; with a trace number and no word of it, an EFT."""
    known = words.strip().lower()
    if known in METHODS:
        return known
    for method, pattern in _METHODS:
        if re.search(rf"\b({pattern})", known):
            return method
    return "eft" if trace else "other"


def _date(text: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text.split(" ")[0] if "%b" not in form else text, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    raise _Wrong("date", "date.invalid", "Enter a date such as 2026-11-03 or 11/03/2026.")


def _amount_of(cells: Mapping[str, str]) -> int:
    if "amount" in cells:
        return _cents(cells["amount"], "amount")
    if cells["credit"]:
        return _cents(cells["credit"], "credit")
    if cells.get("debit"):
        return -abs(_cents(cells["debit"], "debit"))
    raise _Wrong("credit", "amount.missing", "There is neither a credit nor a debit in this row.")


def _cents(text: str, field: str) -> int:
    found = _AMOUNT.fullmatch(text.strip().upper())
    if found is None or not (found[2] or found[3]):
        raise _Wrong(field, "amount.invalid", "Enter an amount such as 1,250.00, at most two decimals.")
    try:
        cents = int(Decimal(f"{(found[2] or '0').replace(',', '')}{found[3] or ''}") * 100)
    except InvalidOperation:
        raise _Wrong(field, "amount.invalid", "Enter an amount such as 1,250.00.") from None
    if cents > LARGEST_CENTS:
        raise _Wrong(field, "amount.too_large", "Enter an amount below 1,000,000,000.")
    return -cents if found[1] or found[4] in (")", "-", "DR") else cents
