"""Columns for the fields that a tenant has added to its records."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.rules.custom_fields import LONGEST, Definition
from domain.rules.fields import FieldType, from_text
from domain.sheets.columns import Column, SheetRow, Unreadable, folded
from domain.sheets.values import day, one_of, words, yes

_OWN = "custom_"


def custom_columns(definitions: Iterable[Definition]) -> tuple[Column, ...]:
    """A column for each field, found by its name or its code."""
    return tuple(
        Column(f"{_OWN}{one.code}", one.name, _reader(one), (folded(one.name), folded(one.code)))
        for one in definitions
    )


def custom_said(row: SheetRow) -> dict[str, Any]:
    """What a row says of these fields, by code."""
    return {name.removeprefix(_OWN): value for name, value in row.facts.items() if name.startswith(_OWN)}


def fault_custom(row: SheetRow, code: str, words: str) -> None:
    """Note what is wrong with one of them."""
    row.fault(f"{_OWN}{code}", words)


def _reader(one: Definition) -> Callable[[str], object]:
    if one.type is FieldType.BOOLEAN:
        return yes
    if one.type is FieldType.DATE:
        return lambda text: day(text).isoformat()
    if one.type is FieldType.CHOICE:
        return one_of(dict.fromkeys(one.choices, ()), f"Enter one of: {', '.join(one.choices)}.")
    return words(LONGEST) if one.type is FieldType.TEXT else lambda text: _number(one, text)


def _number(one: Definition, text: str) -> object:
    found = from_text(one.field, text)
    if isinstance(found, str):
        raise Unreadable(f"Enter: {one.type.label.lower()}.")
    return found
