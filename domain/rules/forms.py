"""Task forms as a declared subset of JSON Schema 2020-12: what is read, what is refused by name, and how it is written.

Root: `type: object`, `title`, `description`, `properties`, `required`, `additionalProperties: false`, `$schema`.
A property is flat. Its keywords: `type`, `format`, `title`, `description`, `order`, `unit`, `minimum`, `maximum`,
`maxLength`, `pattern`, `enum`. Types: string, number, integer, boolean; a string of format `date` is a day, a string with
`enum` a choice, an integer of format `cents` an amount. `order` and `unit` are ours; other readers may ignore them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.refusals import FieldError, Invalid
from domain.rules.fields import LONGEST_TITLE, Field, FieldType, faults_of, ordered

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_FIELDS = 40
LARGEST_ANSWERS = 32 * 1024
"""Bytes of all answers together as JSON."""
_ROOT = frozenset(
    {"$schema", "type", "title", "description", "properties", "required", "additionalProperties"}
)
_KEYWORDS: dict[str, type | tuple[type, ...]] = {
    "type": str,
    "format": str,
    "title": str,
    "description": str,
    "order": int,
    "unit": str,
    "minimum": (int, float),
    "maximum": (int, float),
    "maxLength": int,
    "pattern": str,
    "enum": list,
}
_TYPES = {
    ("string", ""): FieldType.TEXT,
    ("string", "date"): FieldType.DATE,
    ("number", ""): FieldType.NUMBER,
    ("integer", ""): FieldType.INTEGER,
    ("integer", "cents"): FieldType.CENTS,
    ("boolean", ""): FieldType.BOOLEAN,
}
_NAMES = {kind: name for name, kind in _TYPES.items()} | {FieldType.CHOICE: ("string", "")}


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its words, and its fields in order. One without fields asks for nothing."""

    title: str
    description: str
    fields: tuple[Field, ...]

    @property
    def required(self) -> bool:
        """Whether it cannot be left empty."""
        return any(one.required for one in self.fields)


def parsed(schema: Any) -> Form:
    """The form of a schema, or `Invalid` with every keyword and value outside the subset by its path."""
    faults: list[FieldError] = []
    if not isinstance(schema, dict):
        raise _refusal([FieldError("schema", "form.not_an_object", "A schema is a JSON object.")])
    _root(schema, faults)
    properties, required = schema.get("properties", {}), schema.get("required", [])
    fields: list[Field] = []
    if not isinstance(properties, dict):
        faults.append(FieldError("properties", "form.properties", "Name the fields as an object."))
    elif len(properties) > MOST_FIELDS:
        faults.append(FieldError("properties", "form.too_large", f"A form has at most {MOST_FIELDS} fields."))
    else:
        wanted = _required(required, properties, faults)
        for place, (code, one) in enumerate(properties.items()):
            field = _field(str(code)[:60], one, place, wanted, faults)
            fields += [field] if field else []
    if faults:
        raise _refusal(faults[:20])
    return Form(str(schema.get("title", "")).strip(), str(schema.get("description", "")), ordered(fields))


def schema_of(form: Form) -> dict[str, Any]:
    """The schema of a form, in one spelling; what `parsed` reads back."""
    return {
        "$schema": DIALECT,
        "type": "object",
        "title": form.title,
        "description": form.description,
        "properties": {one.code: _property(one, place) for place, one in enumerate(form.fields, 1)},
        "required": [one.code for one in form.fields if one.required],
        "additionalProperties": False,
    }


def cleaned(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are checked and kept: text without outer blanks, and nothing where nothing was said."""
    stripped = {code: value.strip() if isinstance(value, str) else value for code, value in answers.items()}
    return {code: value for code, value in stripped.items() if value not in (None, "")}


def _root(schema: dict[Any, Any], faults: list[FieldError]) -> None:
    faults += [_unknown(str(name)[:60], str(name)[:60]) for name in schema if name not in _ROOT]
    if schema.get("$schema", DIALECT) != DIALECT:
        faults.append(FieldError("$schema", "form.dialect", f"Write it for {DIALECT}."))
    if schema.get("type", "object") != "object":
        faults.append(FieldError("type", "form.type", "A form is of type object."))
    if schema.get("additionalProperties", False) is not False:
        faults.append(
            FieldError("additionalProperties", "form.open", "A form asks for its own fields only: false.")
        )
    for name, longest in (("title", LONGEST_TITLE), ("description", 600)):
        words = schema.get(name, "")
        if not isinstance(words, str) or len(words) > longest or "\0" in words:
            faults.append(FieldError(name, f"form.{name}", f"Write at most {longest} characters."))


def _required(listed: Any, properties: dict[Any, Any], faults: list[FieldError]) -> set[str]:
    if not isinstance(listed, list) or any(not isinstance(one, str) for one in listed):
        faults.append(FieldError("required", "form.required", "List the names of fields."))
        return set()
    faults += [
        FieldError("required", "form.required_unknown", f"There is no field {name[:40]}.")
        for name in listed[:MOST_FIELDS]
        if name not in properties
    ]
    return set(listed)


def _field(code: str, one: Any, place: int, required: set[str], faults: list[FieldError]) -> Field | None:
    path = f"properties.{code}"
    if not isinstance(one, dict):
        faults.append(FieldError(path, "form.property", "Describe the field as an object."))
        return None
    wrong = [_unknown(f"{path}.{str(name)[:40]}", str(name)[:40]) for name in one if name not in _KEYWORDS]
    wrong += [
        FieldError(f"{path}.{name}", "form.keyword_type", "The value is of another type.")
        for name, kind in _KEYWORDS.items()
        if name in one and (not isinstance(one[name], kind) or isinstance(one[name], bool))
    ]
    if not wrong and any(not isinstance(choice, str) for choice in one.get("enum", [])):
        wrong.append(FieldError(f"{path}.enum", "form.choices", "Choices are texts."))
    kind = None if wrong else _type(one)
    if not wrong and kind is None:
        wrong.append(
            FieldError(f"{path}.type", "form.type_unknown", "This type or format is not one of ours.")
        )
    if wrong or kind is None:
        faults += wrong
        return None
    field = _built(code, kind, one, place, code in required)
    faults += faults_of(field, path)
    return field


def _type(one: dict[str, Any]) -> FieldType | None:
    kind = _TYPES.get((one.get("type", ""), one.get("format", "")))
    return FieldType.CHOICE if kind is FieldType.TEXT and "enum" in one else kind


def _built(code: str, kind: FieldType, one: dict[str, Any], place: int, required: bool) -> Field:
    return Field(
        code=code,
        type=kind,
        title=one.get("title", "") or code.replace("_", " ").capitalize(),
        description=one.get("description", ""),
        required=required,
        order=one.get("order", place),
        minimum=one.get("minimum"),
        maximum=one.get("maximum"),
        max_length=one.get("maxLength"),
        pattern=one.get("pattern", ""),
        choices=tuple(one.get("enum", ())),
        unit=one.get("unit", ""),
    )


def _property(field: Field, place: int) -> dict[str, Any]:
    name, kind = _NAMES[field.type]
    every: dict[str, Any] = {
        "type": name,
        "format": kind or None,
        "title": field.title,
        "description": field.description or None,
        "order": place,
        "unit": field.unit or None,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "maxLength": field.max_length,
        "pattern": field.pattern or None,
        "enum": list(field.choices) or None,
    }
    return {key: value for key, value in every.items() if value is not None}


def _unknown(path: str, name: str) -> FieldError:
    return FieldError(path, "form.keyword_unknown", f"The keyword {name} is not part of what forms can say.")


def _refusal(faults: list[FieldError]) -> Invalid:
    return Invalid(
        "form.schema_refused",
        "This is no form that can be kept.",
        "Mend what is marked; the subset of JSON Schema stands in the guide of the API.",
        fields=tuple(faults),
    )
