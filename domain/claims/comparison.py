"""Two versions of one claim side by side: every fact of both, field by field and line by line, and which of them differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One fact in both versions, in words; "" where a version does not have it."""

    field: str
    label: str
    left: str
    right: str
    changed: bool


@dataclass(frozen=True, slots=True)
class LinePair:
    """One service line, by its position, in both versions."""

    number: int
    facts: tuple[FieldPair, ...]
    changed: bool


def compared(left: Any, right: Any, *, without: Sequence[str] = ()) -> tuple[FieldPair, ...]:
    """Every fact of two dataclasses of one kind, in the order of their fields; those named in `without` left out."""
    ours, theirs = dict(_facts(left, without)), dict(_facts(right, without))
    return pairs(ours, theirs)


def pairs(left: Mapping[str, str], right: Mapping[str, str]) -> tuple[FieldPair, ...]:
    """Facts by field name, in the order in which they first appear; what neither version has is left out."""
    made = []
    for name in dict.fromkeys((*left, *right)):
        ours, theirs = left.get(name, ""), right.get(name, "")
        if ours or theirs:
            made.append(FieldPair(name, label_of(name), ours, theirs, ours != theirs))
    return tuple(made)


def compared_lines(left: Sequence[Any], right: Sequence[Any]) -> tuple[LinePair, ...]:
    """Service lines by position; a line that only one version has is empty in the other."""
    made = []
    for at in range(max(len(left), len(right))):
        ours = dict(_facts(left[at])) if at < len(left) else {}
        theirs = dict(_facts(right[at])) if at < len(right) else {}
        facts = pairs(ours, theirs)
        made.append(LinePair(at + 1, facts, any(one.changed for one in facts)))
    return tuple(made)


def label_of(field: str) -> str:
    """A field's name in words: `rendering_npi` is "Rendering NPI", `diagnoses.1` "Diagnoses 1"."""
    words = field.replace("_cents", "").replace("_id", "").replace("_", " ").replace(".", " ")
    words = " ".join("NPI" if word == "npi" else word for word in words.split())
    return words[:1].upper() + words[1:]


def _facts(thing: Any, without: Sequence[str] = (), path: str = "") -> Iterator[tuple[str, str]]:
    for field in fields(thing):
        if field.name not in without:
            yield from _fact(getattr(thing, field.name), f"{path}{field.name}", without)


def _fact(value: Any, name: str, without: Sequence[str]) -> Iterator[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, type):
        yield from _facts(value, without, f"{name}.")
    elif isinstance(value, (tuple, list)):
        if all(isinstance(one, (str, int)) for one in value):
            yield name, ", ".join(str(one) for one in value)
        else:
            for at, one in enumerate(value, 1):
                yield from _fact(one, f"{name}.{at}", without)
    elif not isinstance(value, UUID):
        yield name, _words(value, name)


def _words(value: Any, name: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_cents"):
        return f"{Decimal(value) / 100:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value.value) if isinstance(value, Enum) else str(value)
