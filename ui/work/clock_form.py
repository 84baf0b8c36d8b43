"""A rule of clocks as it is typed: hours become seconds, and what cannot be read is refused at its field."""

from decimal import Decimal, InvalidOperation
from typing import Any

from domain.refusals import FieldError, Invalid
from services.work.clock_rules import ClockFacts
from ui.page import optional_identifier
from ui.parts.dates import date_of


def facts_of(typed: dict[str, Any]) -> ClockFacts:
    """The rule as it was typed; hours become seconds."""
    begins = date_of(str(typed["effective_from"]))
    if begins is None:
        raise _refused("effective_from", "Enter a date.")
    due = _seconds(typed, "due_seconds")
    if due is None:
        raise _refused("due_seconds", "Enter open hours, such as 16 or 1.5.")
    return ClockFacts(
        due,
        begins,
        str(typed["reason"]),
        str(typed["kind"]),
        optional_identifier(str(typed["client_id"])),
        int(str(typed["priority"]) or 0) if str(typed["priority"] or "0").isdigit() else 9,
        _seconds(typed, "start_seconds"),
        _whole(typed, "warn_percent"),
        _seconds(typed, "escalate_seconds") or 0,
        optional_identifier(str(typed["calendar_id"])),
        typed["ends"] == "true",
    )


def _seconds(typed: dict[str, Any], name: str) -> int | None:
    text = str(typed[name]).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _refused(name, "Enter open hours, such as 16 or 1.5.") from None
    if not number.is_finite() or not 0 <= number <= 100_000:
        raise _refused(name, "Enter open hours, such as 16 or 1.5.")
    return int(number * 3600)


def _whole(typed: dict[str, Any], name: str) -> int:
    text = str(typed[name]).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise _refused(name, "Enter a whole number.")
    return int(text)


def _refused(name: str, words: str) -> Invalid:
    return Invalid(
        "clock_rule.invalid", words, words, fields=(FieldError(name, f"{name}.unreadable", words),)
    )
