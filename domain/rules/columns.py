"""Typed columns: what a fact of a type may be, and how an answer typed into a cell is read."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

LONGEST_TEXT = 500
MOST_CENTS = 10**12
_AMOUNT = re.compile(r"(-?)\$\s?(\d[\d,]*)(?:\.(\d{2}))?")
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


class Type(StrEnum):
    """What a column holds. Cents are whole cents; dates are calendar days in ISO form; lists are lists of texts."""

    TEXT = "text"
    NUMBER = "number"
    CENTS = "cents"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A fact that a table may ask, or a value that it may answer. `required` answers stand in every row."""

    key: str
    label: str
    type: Type = Type.TEXT
    options: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False
    low: int | None = None
    high: int | None = None


class CellFault(ValueError):
    """A cell that cannot be used; the message says what to write instead."""


def read_answer(column: Column, typed: str) -> Any:
    """The value of an answer as typed, None when empty. Raises CellFault."""
    text = typed.strip()
    if "\0" in text or len(text) > LONGEST_TEXT:
        raise CellFault(f"Write plain text of at most {LONGEST_TEXT} characters.")
    if not text:
        if column.required:
            raise CellFault(f"{column.label} must be filled in.")
        return None
    value = _READERS[column.type](column, text)
    _within(column, value)
    return value


def write_answer(column: Column, value: Any) -> str:
    """The same value as a person would type it."""
    if value is None:
        return ""
    if column.type is Type.BOOLEAN:
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def fact_of(column: Column, value: Any) -> Any:
    """A fact as tables are asked with it: plain JSON of the column's type, None for what is unknown.

    Raises CellFault when the value is not of the type, so that no row is met by accident.
    """
    if value is None:
        return None
    try:
        return _FACTS[column.type](value)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise CellFault(f"{column.label} is not a {column.type.value}.") from error


def missing(columns: Collection[Column], facts: Mapping[str, Any]) -> list[str]:
    """The columns that the facts say nothing about; a fact that is None is known to be unknown."""
    return [column.key for column in columns if column.key not in facts]


def cents_in(text: str) -> str:
    """Dollar amounts such as $1,250.00 written as whole cents, the rest as it stands."""
    return _AMOUNT.sub(
        lambda found: f"{found[1]}{int(found[2].replace(',', '')) * 100 + int(found[3] or 0)}", text
    )


def iso_date(text: str) -> date:
    """A day in the form 2026-01-31. Raises CellFault."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CellFault(f"{text} is not a day: write it as 2026-01-31.") from error


def _whole(text: str, column: Column) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise CellFault(f"{column.label} must be a whole number.") from error


def _number(column: Column, text: str) -> int | float:
    """Whole numbers as such. Others are hours and shares, never money."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise CellFault(f"{column.label} must be a number.") from error
    if not value.is_finite() or abs(value) > MOST_CENTS:
        raise CellFault(f"{column.label} must be a number that can be counted with.")
    return int(value) if value == value.to_integral_value() else float(value)


def _cents(column: Column, text: str) -> int:
    cents = _whole(cents_in(text), column)
    if abs(cents) > MOST_CENTS:
        raise CellFault(f"{column.label} is too large.")
    return cents


def _choice(column: Column, text: str) -> str:
    if text not in column.options:
        raise CellFault(f"Choose one of: {', '.join(column.options)}.")
    return text


def _boolean(column: Column, text: str) -> bool:
    if text.lower() not in _WORDS:
        raise CellFault("Write yes or no.")
    return _WORDS[text.lower()]


def _list(column: Column, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if column.options and part not in column.options]
    if wrong:
        raise CellFault(f"{wrong[0]} is not one of: {', '.join(column.options)}.")
    return parts


def _within(column: Column, value: Any) -> None:
    low, high = column.low, column.high
    if low is None and high is None:
        return
    number = Decimal(str(value))
    if (low is not None and number < low) or (high is not None and number > high):
        raise CellFault(f"{column.label} must lie between {low} and {high}.")


def _strict_int(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not whole")
    return value


def _strict_number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise TypeError("not a number")
    number = Decimal(str(value))
    # Rules compare it and never count money with it.
    return int(number) if number == number.to_integral_value() else float(number)


def _strict_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not yes or no")
    return value


def _strict_text(value: Any) -> str:
    if isinstance(value, bool | int | float | list | tuple | dict | set):
        raise TypeError("not a text")
    return str(value).replace("\0", "")


def _strict_date(value: Any) -> str:
    return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()[:10]


def _strict_list(value: Any) -> list[str]:
    if isinstance(value, str):
        raise TypeError("not a list")
    return [_strict_text(one) for one in value]


_READERS: Mapping[Type, Any] = {
    Type.TEXT: lambda column, text: text,
    Type.NUMBER: _number,
    Type.CENTS: _cents,
    Type.DATE: lambda column, text: iso_date(text).isoformat(),
    Type.BOOLEAN: _boolean,
    Type.CHOICE: _choice,
    Type.LIST: _list,
}
_FACTS: Mapping[Type, Any] = {
    Type.TEXT: _strict_text,
    Type.NUMBER: _strict_number,
    Type.CENTS: _strict_int,
    Type.DATE: _strict_date,
    Type.BOOLEAN: _strict_bool,
    Type.CHOICE: _strict_text,
    Type.LIST: _strict_list,
}
