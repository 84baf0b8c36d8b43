"""Answers checked against a form's schema by `jsonschema`, formats included; patterns run on RE2, whose time grows with
the text only, so that no pattern of a tenant can hold up the line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import re2
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from domain.refusals import FieldError
from domain.rules.fields import LARGEST, Field, FieldType, as_text, is_day
from domain.rules.forms import LARGEST_ANSWERS, Form, schema_of

_MOST_MEMORY = 1 << 20
_FORMATS = FormatChecker(formats=())


def pattern_fault(pattern: str) -> str:
    """Why a pattern cannot be used, in words; empty when it can."""
    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        said = error.args[0] if error.args else ""
        return f"RE2 does not know this pattern: {said.decode() if isinstance(said, bytes) else said}."
    return ""


def faults_in(form: Form, answers: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with the answers of a form, field by field; `answers.code` is the path."""
    if too_large(answers):
        return [FieldError("answers", "answers.too_large", "These answers are too large to keep.")]
    fields = {one.code: one for one in form.fields}
    found: dict[str, FieldError] = {}
    for error in _VALIDATOR(_limited(form), format_checker=_FORMATS).iter_errors(dict(answers)):
        for fault in _faults(error, fields, answers):
            found.setdefault(fault.field, fault)
    return list(found.values())


def too_large(answers: Mapping[str, Any]) -> bool:
    """Whether all values together are more than is kept, or nested deeper than JSON can be written."""
    try:
        return len(json.dumps(dict(answers), allow_nan=False)) > LARGEST_ANSWERS
    except (RecursionError, ValueError, TypeError):
        return True


def _limited(form: Form) -> dict[str, Any]:
    """The schema with a length for every text, whether the form gives one or not."""
    schema = schema_of(form)
    for field in form.fields:
        if field.type is FieldType.TEXT:
            schema["properties"][field.code]["maxLength"] = field.longest
    return schema


@_FORMATS.checks("date")
def _day(value: Any) -> bool:
    return not isinstance(value, str) or is_day(value)


@_FORMATS.checks("cents")
def _cents(value: Any) -> bool:
    return not isinstance(value, int) or abs(value) <= LARGEST


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re2.compile(pattern, _options()).search(value):
        yield ValidationError("the pattern does not match")


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MOST_MEMORY
    options.log_errors = False
    return options


_VALIDATOR = extend(Draft202012Validator, {"pattern": _pattern})


def _faults(
    error: ValidationError, fields: Mapping[str, Field], answers: Mapping[str, Any]
) -> Iterator[FieldError]:
    """One error of the library in our words, which never repeat a value."""
    if error.validator == "required":
        for code in error.validator_value:
            if code not in answers:
                yield FieldError(f"answers.{code}", "answer.missing", f"{fields[code].title} is needed.")
    elif error.validator == "additionalProperties":
        for code in answers:
            if code not in fields:
                name = str(code)[:40]
                yield FieldError(f"answers.{name}", "answer.unknown", "The form does not ask for this.")
    elif error.path:
        field = fields[str(error.path[0])]
        yield FieldError(f"answers.{field.code}", f"answer.{error.validator}", _words(error, field))
    else:
        yield FieldError("answers", "answers.unreadable", "Hand the answers in as an object.")


def _words(error: ValidationError, field: Field) -> str:
    if error.validator in ("type", "format"):
        return _WANTED[field.type]
    if error.validator == "pattern":
        return field.description or "This is not written as it should be."
    return {
        "minimum": f"At least {as_text(field, field.minimum)}.",
        "maximum": f"At most {as_text(field, field.maximum)}.",
        "maxLength": f"At most {field.longest} characters.",
        "enum": "Choose one of the list.",
    }.get(str(error.validator), "This cannot be kept.")


_WANTED = {
    FieldType.TEXT: "Write text.",
    FieldType.NUMBER: "Enter a number.",
    FieldType.INTEGER: "Enter a whole number.",
    FieldType.BOOLEAN: "Choose yes or no.",
    FieldType.DATE: "Enter a day, such as 2026-11-22.",
    FieldType.CHOICE: "Choose one of the list.",
    FieldType.CENTS: "Enter an amount, such as 12.50.",
}
