"""A field that a tenant defines: its type, its limits, how text becomes its value, and how its value is read."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.refusals import FieldError

Value = str | int | float | bool
LONGEST_TEXT = 2000
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 300
LONGEST_PATTERN = 200
LONGEST_CHOICE = 80
LONGEST_UNIT = 12
MOST_CHOICES = 50
LARGEST = 10**12
"""The largest amount of a number, an integer or cents, either way."""
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FieldType(StrEnum):
    """What a field holds. Values are stored: never rename one."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    CENTS = "cents"

    @property
    def label(self) -> str:
        """The type in words."""
        return _LABELS[self]

    @property
    def counts(self) -> bool:
        """Whether values are numbers, so that they can have a minimum and a maximum."""
        return self in (FieldType.NUMBER, FieldType.INTEGER, FieldType.CENTS)


_LABELS = {
    FieldType.TEXT: "Text",
    FieldType.NUMBER: "Number",
    FieldType.INTEGER: "Whole number",
    FieldType.BOOLEAN: "Yes or no",
    FieldType.DATE: "Date",
    FieldType.CHOICE: "Choice",
    FieldType.CENTS: "Amount of money",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `code` names its value; `order` places it. Limits of money are cents, lengths are characters."""

    code: str
    type: FieldType
    title: str
    description: str = ""
    required: bool = False
    order: int = 0
    minimum: int | float | None = None
    maximum: int | float | None = None
    max_length: int | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""

    @property
    def longest(self) -> int:
        """The characters that its text may have."""
        return min(self.max_length or LONGEST_TEXT, LONGEST_TEXT)


def ordered(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Fields as they are shown."""
    return tuple(sorted(fields, key=lambda one: (one.order, one.code)))


def faults_of(field: Field, path: str) -> list[FieldError]:
    """What is wrong with a definition; `path` is where it stands, such as `properties.reason`."""
    found: list[FieldError] = []

    def wrong(part: str, code: str, message: str) -> None:
        found.append(FieldError(f"{path}.{part}", f"field.{code}", message))

    if not CODE.fullmatch(field.code):
        wrong("code", "code", "Use a small letter, then up to 39 small letters, digits and _.")
    if not _plain(field.title, LONGEST_TITLE) or not field.title.strip():
        wrong("title", "title", f"Give it words of at most {LONGEST_TITLE} characters.")
    if not _plain(field.description, LONGEST_DESCRIPTION):
        wrong("description", "description", f"Explain it in at most {LONGEST_DESCRIPTION} characters.")
    if not _plain(field.unit, LONGEST_UNIT):
        wrong("unit", "unit", f"A unit has at most {LONGEST_UNIT} characters.")
    _limits(field, wrong)
    _text(field, wrong)
    _choices(field, wrong)
    return found


def _limits(field: Field, wrong: Any) -> None:
    for part, value in (("minimum", field.minimum), ("maximum", field.maximum)):
        if value is None:
            continue
        if not field.type.counts:
            wrong(part, "keyword_misplaced", f"Only numbers and amounts have a {part}.")
        elif not _finite(value) or abs(value) > LARGEST:
            wrong(part, "limit", "This is no limit that can be kept.")
        elif field.type is not FieldType.NUMBER and value != int(value):
            wrong(part, "limit", "Give a whole number.")
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        wrong("maximum", "limit", "The maximum is below the minimum.")


def _text(field: Field, wrong: Any) -> None:
    if field.type is not FieldType.TEXT:
        if field.max_length is not None:
            wrong("maxLength", "keyword_misplaced", "Only text has a length.")
        if field.pattern:
            wrong("pattern", "keyword_misplaced", "Only text has a pattern.")
        return
    if field.max_length is not None and not 1 <= field.max_length <= LONGEST_TEXT:
        wrong("maxLength", "length", f"Text has 1 to {LONGEST_TEXT} characters.")
    if len(field.pattern) > LONGEST_PATTERN:
        wrong("pattern", "pattern_long", f"A pattern has at most {LONGEST_PATTERN} characters.")


def _choices(field: Field, wrong: Any) -> None:
    if field.type is not FieldType.CHOICE:
        if field.choices:
            wrong("enum", "keyword_misplaced", "Only a choice lists what can be chosen.")
        return
    if not 1 <= len(field.choices) <= MOST_CHOICES or len(set(field.choices)) < len(field.choices):
        wrong("enum", "choices", f"List 1 to {MOST_CHOICES} choices, each once.")
    elif any(not one.strip() or not _plain(one, LONGEST_CHOICE) for one in field.choices):
        wrong("enum", "choices", f"A choice has 1 to {LONGEST_CHOICE} characters.")


def from_text(field: Field, text: str) -> Value | None:
    """The value of what was typed, None when nothing was. What cannot be read stays text, which validation refuses."""
    typed = text.strip()
    if field.type is FieldType.BOOLEAN:
        return {"true": True, "false": False, "yes": True, "no": False}.get(typed.lower())
    if not typed:
        return None
    if field.type.counts:
        return _number(field.type, typed)
    return typed


def _number(kind: FieldType, typed: str) -> Value:
    try:
        amount = Decimal(typed.replace(",", "").removeprefix("$"))
    except ArithmeticError:
        return typed
    if not amount.is_finite() or abs(amount) > LARGEST:
        return typed
    if kind is FieldType.CENTS:
        amount *= 100
    if amount == amount.to_integral_value():
        return int(amount)
    return float(amount) if kind is FieldType.NUMBER else typed


def typed_values(fields: Sequence[Field], typed: Mapping[str, Any], prefix: str = "") -> dict[str, Value]:
    """The values of a form as a browser sent it: `prefix` stands before each code. A box that is not ticked is false."""
    found: dict[str, Value] = {}
    for field in fields:
        given = typed.get(f"{prefix}{field.code}", "")
        value = from_text(field, given if isinstance(given, str) else "")
        if field.type is FieldType.BOOLEAN:
            value = bool(value)
        if value is not None:
            found[field.code] = value
    return found


def as_text(field: Field, value: Any) -> str:
    """A value as it is typed and exported: money as dollars, yes and no as words."""
    if value is None or value == "":
        return ""
    if field.type is FieldType.BOOLEAN:
        return "yes" if value is True else "no"
    if field.type is FieldType.CENTS and isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def is_day(text: str) -> bool:
    """Whether text is a day as `2026-11-22`."""
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _plain(text: str, longest: int) -> bool:
    return len(text) <= longest and "\0" not in text


def _finite(value: int | float) -> bool:
    return isinstance(value, int) or math.isfinite(value)
