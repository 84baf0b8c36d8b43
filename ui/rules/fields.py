"""Fields that a tenant defined, as operators fill them in and read them: one spelling for forms, records and previews."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.rules.fields import Field, FieldType, as_text
from ui.parts.forms import Errors, check, choice, field, long_text
from ui.parts.markup import Child, Markup, div, small, span
from ui.parts.money import dollars
from ui.parts.times import day

LINE = 200
"""Text that may be longer than this is written in several lines."""


def inputs(
    fields: Iterable[Field], shown: Mapping[str, Any], errors: Errors, prefix: str, *, inert: bool = False
) -> Markup:
    """The fields in order. `shown` are the texts to stand in them, by code; names and faults begin with `prefix`."""
    return div(
        [_input(one, shown.get(one.code, ""), errors, f"{prefix}{one.code}") for one in fields],
        cls="fields",
        inert=inert,
    )


def texts_of(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """Kept values as they are typed."""
    return {one.code: as_text(one, values.get(one.code)) for one in fields}


def typed_texts(fields: Iterable[Field], typed: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """What a browser sent of these fields."""
    return {one.code: str(typed.get(f"{prefix}{one.code}", "")) for one in fields}


def names_of(fields: Iterable[Field], prefix: str) -> dict[str, str]:
    """The words of fields for the summary of faults."""
    return {f"{prefix}{one.code}": f"{one.title}:" for one in fields}


def answers(fields: Sequence[Field], values: Mapping[str, Any]) -> list[tuple[str, Child]]:
    """Names and values for a list of facts, those without a value left out."""
    return [(one.title, shown(one, values[one.code])) for one in fields if one.code in values]


def shown(one: Field, value: Any) -> Child:
    """A value as it is read."""
    if value is None or value == "":
        return span("–", cls="faint")
    if one.type is FieldType.CENTS and isinstance(value, int):
        return span(dollars(value), cls="figure")
    if one.type is FieldType.BOOLEAN:
        return "Yes" if value is True else "No"
    if one.type is FieldType.DATE:
        return day(date.fromisoformat(value))
    words = as_text(one, value)
    return f"{words} {one.unit}" if one.unit else words


def limits_of(one: Field) -> str:
    """The rules of a field in a few words: shown as its hint, and in the list of a form's fields."""
    parts = [one.description]
    if one.minimum is not None or one.maximum is not None:
        low, high = as_text(one, one.minimum), as_text(one, one.maximum)
        parts.append(f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}")
    if one.type is FieldType.TEXT and one.max_length and one.max_length != LINE:
        parts.append(f"at most {one.max_length} characters")
    return "; ".join(part for part in parts if part)


def _input(one: Field, text: Any, errors: Errors, name: str) -> Markup:
    words, hint = one.title, limits_of(one)
    if one.type is FieldType.BOOLEAN:
        fault = errors.get(name, "")
        box = check(name, words, text in ("true", "yes", True), hint=hint, id=f"f-{name}")
        return div(box, fault and small(fault, id=f"e-{name}", cls="error"), cls="field")
    if one.type is FieldType.CHOICE:
        options = [(choice_, choice_) for choice_ in one.choices]
        return choice(
            name, words, options, text, errors=errors, hint=hint, required=one.required, prompt="Choose"
        )
    if one.type is FieldType.TEXT and one.longest > LINE:
        return long_text(
            name,
            words,
            str(text),
            errors=errors,
            hint=hint,
            required=one.required,
            maxlength=str(one.longest),
        )
    return field(name, words, text, errors=errors, hint=hint, required=one.required, **_look(one))


def _look(one: Field) -> dict[str, Any]:
    """How a field of one line is typed in: its unit inside, the keyboard that fits."""
    if one.type is FieldType.DATE:
        return {"kind": "date"}
    if one.type is FieldType.CENTS:
        return {"unit": "$", "inputmode": "decimal"}
    look: dict[str, Any] = {"unit": one.unit}
    if one.type.counts:
        return look | {"inputmode": "numeric" if one.type is FieldType.INTEGER else "decimal"}
    return look | ({"maxlength": str(one.longest)} if one.max_length else {})
