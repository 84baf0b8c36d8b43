"""A form's fields while it is written: each typed into one dialog, and the schema that they come to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.refusals import FieldError, Invalid
from domain.rules.fields import Field, FieldType, as_text, from_text
from ui.page import Event
from ui.parts.forms import check, choice, field, long_text, summary_of
from ui.parts.markup import Markup, div

TYPES = tuple((str(one), one.label) for one in FieldType)
_AT = {
    "maxLength": "max_length",
    "enum": "choices",
    "description": "description",
    "title": "title",
}


def field_inputs(typed: dict[str, Any], errors: dict[str, str]) -> Markup:
    """The dialog's fields for one field of a form; those that its type cannot have are left out."""
    kind = FieldType(typed["type"]) if typed.get("type") in set(FieldType) else FieldType.TEXT

    def text(name: str, words: str, **look: Any) -> Markup:
        return field(name, words, typed.get(name, ""), errors=errors, **look)

    listed = [
        text("title", "What operators read", required=True, autofocus=True, maxlength="120", look="double"),
        choice("type", "Type", TYPES, str(kind), errors=errors, required=True, data_change="field_typed"),
        text("code", "Code", hint="small letters, for programs; empty: made from the title", maxlength="40"),
        text("description", "Explanation", maxlength="300", look="wide"),
    ]
    if kind is FieldType.CHOICE:
        listed.append(
            long_text(
                "choices",
                "Choices",
                typed.get("choices", ""),
                errors=errors,
                required=True,
                hint="one a line",
                rows=5,
            )
        )
    if kind is FieldType.TEXT:
        listed.append(
            text("max_length", "Longest", inputmode="numeric", hint="characters; over 200: several lines")
        )
        listed.append(text("pattern", "Pattern", hint="RE2, such as ^[A-Z]{2}[0-9]+$", maxlength="200"))
    if kind.counts:
        listed += [
            text("minimum", "At least", inputmode="decimal"),
            text("maximum", "At most", inputmode="decimal"),
        ]
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        listed.append(text("unit", "Unit", maxlength="12", hint="such as days"))
    needed = check("required", "Must be filled in", typed.get("required") == "true")
    return div(summary_of(errors), div(listed, div(needed, cls="field"), cls="fields"))


def typed_of(one: Field) -> dict[str, Any]:
    """A field as the dialog shows it."""
    return {
        "title": one.title,
        "type": str(one.type),
        "code": one.code,
        "description": one.description,
        "choices": "\n".join(one.choices),
        "max_length": one.max_length or "",
        "pattern": one.pattern,
        "minimum": as_text(one, one.minimum),
        "maximum": as_text(one, one.maximum),
        "unit": one.unit,
        "required": "true" if one.required else "",
    }


def field_of(event: Event, others: Sequence[Field]) -> Field:
    """The field that was typed, or the refusal of what cannot be read; its code is new among the others."""
    kind = FieldType(event.text("type")) if event.text("type") in set(FieldType) else FieldType.TEXT
    one = Field(
        code=event.text("code") or code_from(event.text("title"), {other.code for other in others}),
        type=kind,
        title=event.text("title"),
        description=event.text("description"),
        required=event.ticked("required"),
        choices=tuple(line.strip() for line in event.text("choices").splitlines() if line.strip())
        if kind is FieldType.CHOICE
        else (),
        pattern=event.text("pattern") if kind is FieldType.TEXT else "",
        unit=event.text("unit") if kind in (FieldType.INTEGER, FieldType.NUMBER) else "",
    )
    if one.code in {other.code for other in others}:
        raise _wrong("code", "Another field of the form has this code.")
    if kind is FieldType.TEXT and event.text("max_length"):
        one = replace(one, max_length=_length(event.text("max_length")))
    if kind.counts:
        one = replace(one, minimum=_limit(one, event, "minimum"), maximum=_limit(one, event, "maximum"))
    return one


def at_its_field(name: str) -> str:
    """Where the dialog shows a fault of the schema: `properties.reason.maxLength` is its field `max_length`."""
    last = name.rsplit(".", 1)[-1]
    return _AT.get(last, last) if name.startswith("properties.") else name


def _length(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    raise _wrong("max_length", "Enter a number of characters.")


def _limit(one: Field, event: Event, name: str) -> int | float | None:
    value = from_text(one, event.text(name))
    if isinstance(value, str):
        raise _wrong(name, "Enter a number.")
    return value


def code_from(title: str, taken: set[str]) -> str:
    """A code made of words, new among those taken."""
    plain = "".join(one if one.isascii() and one.isalnum() else "_" for one in title.lower())
    words = "_".join(part for part in plain.split("_") if part)[:34].strip("_")
    code = words if words[:1].isalpha() else f"field_{words}".strip("_")
    number = 2
    found = code
    while found in taken:
        found, number = f"{code}_{number}", number + 1
    return found


def _wrong(name: str, message: str) -> Invalid:
    return Invalid("field.refused", message, fields=(FieldError(name, f"field.{name}", message),))
