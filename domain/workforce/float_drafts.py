"""An unfinished draft as a note, for whoever works the item next."""

from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 4_000


def draft_note(reference: str, form: str, fields: Mapping[str, Any]) -> str:
    """What was typed and not finished, a line for each field that is filled, cut to 4,000 characters."""
    head = f"Unfinished when {reference} ended ({form.split('/', 1)[0]} form):"
    text = "\n".join([head, *(f"{name}: {value}" for name, value in _filled("", fields))])
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _filled(before: str, value: Any) -> Iterator[tuple[str, str]]:
    """The fields that hold something, nested ones by their path."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _filled(f"{before}.{name}" if before else str(name), part)
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, 1):
            yield from _filled(f"{before}.{number}" if before else str(number), part)
    elif value not in (None, "", False):
        yield before, str(value)
