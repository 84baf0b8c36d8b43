"""Reads fee schedule rows as people copy them out of a spreadsheet: code, perhaps a modifier, amount."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.codes.procedures import is_modifier, is_procedure
from domain.refusals import FieldError, Invalid

MOST_ROWS = 20_000
MOST_FAULTS = 50
LARGEST_CENTS = 99_999_999_99
_AMOUNT = re.compile(
    r"\$?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?|\.[0-9]{1,2})\s*\$?", re.ASCII
)
_HEADER = re.compile(r"\b(code|procedure|cpt|hcpcs|fee|amount|charge|price)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One charge in cents; `modifier` may be empty."""

    procedure: str
    modifier: str
    amount_cents: int


class _Wrong(Exception):
    """One cell is wrong: its column, a code and what to do."""


def read_lines(text: str) -> list[FeeLine]:
    """All rows, or `Invalid` naming the wrong ones as `rows.N.column`, counted from 1 as pasted. A heading is skipped."""
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    if rows and _HEADER.search(rows[0][1]) and not re.search(r"\d{4}", rows[0][1]):
        rows = rows[1:]
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Invalid(
            "rows.none" if not rows else "rows.too_many",
            "There is no row to take in." if not rows else f"At most {MOST_ROWS:,} rows go in at once.",
            "Paste rows of code, modifier (if any) and amount.",
        )
    lines: dict[tuple[str, str], FeeLine] = {}
    faults: list[FieldError] = []
    for number, row in rows:
        try:
            line = _line(row)
            if (line.procedure, line.modifier) in lines:
                raise _Wrong(
                    "procedure", "row.repeated", "This code stands in an earlier row; keep one of them."
                )
            lines[line.procedure, line.modifier] = line
        except _Wrong as wrong:
            column, code, message = wrong.args
            faults.append(FieldError(f"rows.{number}.{column}", code, message))
    _refuse(faults)
    return list(lines.values())


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        more = f" The first {MOST_FAULTS} are named." if len(faults) > MOST_FAULTS else ""
        raise Invalid(
            "rows.invalid",
            f"{len(faults)} rows are not right yet; nothing was taken in.{more}",
            "Mend the rows that are named and paste all of them again.",
            fields=tuple(faults[:MOST_FAULTS]),
        )


def _line(row: str) -> FeeLine:
    cells = list(_cells(row))
    if len(cells) not in (2, 3):
        raise _Wrong("row", "row.columns", "Give two or three columns: code, modifier (if any), amount.")
    procedure, modifier = cells[0].upper(), cells[1].upper() if len(cells) == 3 else ""
    if len(cells) == 2 and len(procedure) == 8 and procedure[5] in "- ":
        procedure, modifier = procedure[:5], procedure[6:]
    if not is_procedure(procedure):
        raise _Wrong("procedure", "procedure.invalid", "Enter a CPT or HCPCS code of five characters.")
    if modifier and not is_modifier(modifier):
        raise _Wrong("modifier", "modifier.invalid", "Enter a modifier of two characters, or leave it out.")
    return FeeLine(procedure, modifier, _cents(cells[-1]))


def _cells(row: str) -> Iterator[str]:
    """Tabs part cells as spreadsheets copy them; else semicolons, else commas outside of quotes and of thousands."""
    mark = next((mark for mark in "\t;" if mark in row), None)
    parts = row.split(mark) if mark else re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', row)
    if not mark and len(parts) > 2 and re.fullmatch(r"\s*\d{3}(\.\d+)?\s*", parts[-1]) and "$" in parts[-2]:
        parts[-2:] = [",".join(parts[-2:])]
    yield from (part.strip().strip('"').strip() for part in parts)


def _cents(text: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise _Wrong(
            "amount", "amount.invalid", "Enter an amount such as 125.00, not negative, at most two decimals."
        )
    try:
        cents = int(Decimal(found[1].replace(",", "")) * 100)
    except InvalidOperation:
        raise _Wrong("amount", "amount.invalid", "Enter an amount such as 125.00.") from None
    if cents > LARGEST_CENTS:
        raise _Wrong("amount", "amount.too_large", "Enter an amount below 100,000,000.")
    return cents
