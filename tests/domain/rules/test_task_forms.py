"""Task forms: what of JSON Schema they can say, what is refused by name, and how typed text becomes a value."""

import pytest

from domain.refusals import Conflict, Invalid
from domain.rules.custom_fields import Definition, definition_faults, refuse_change
from domain.rules.fields import Field, FieldType, as_text, from_text, typed_values
from domain.rules.forms import parsed, schema_of

CALL = {
    "title": "Call to the payer",
    "properties": {
        "spoke_on": {"type": "string", "format": "date", "title": "Spoke on"},
        "reference": {"type": "string", "title": "Reference", "maxLength": 20, "pattern": "^[A-Z0-9-]+$"},
        "outcome": {"type": "string", "enum": ["Paid", "Reprocess"]},
        "promised": {"type": "integer", "format": "cents", "minimum": 0},
        "minutes": {"type": "integer", "minimum": 1, "maximum": 240, "unit": "min", "order": 0},
        "recorded": {"type": "boolean"},
    },
    "required": ["reference", "outcome"],
}


def faults_of(schema: object) -> set[tuple[str, str]]:
    """The places and codes of what is refused."""
    with pytest.raises(Invalid) as refused:
        parsed(schema)
    return {(one.field, one.code) for one in refused.value.fields}


def test_a_schema_is_read_in_its_order_and_written_in_one_spelling() -> None:
    form = parsed(CALL)
    assert [one.code for one in form.fields][:2] == ["minutes", "spoke_on"]
    assert {one.code for one in form.fields if one.required} == {"reference", "outcome"}
    kinds = {one.code: one.type for one in form.fields}
    assert kinds["spoke_on"] is FieldType.DATE
    assert kinds["outcome"] is FieldType.CHOICE
    assert kinds["promised"] is FieldType.CENTS
    again = parsed(schema_of(form))
    assert schema_of(again) == schema_of(form)


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ([], ("schema", "form.not_an_object")),
        ({"$ref": "https://evil.example/schema"}, ("$ref", "form.keyword_unknown")),
        ({"allOf": [{}]}, ("allOf", "form.keyword_unknown")),
        ({"properties": {"a": {"$ref": "#"}}}, ("properties.a.$ref", "form.keyword_unknown")),
        ({"properties": {"a": {"type": "object", "properties": {}}}}, ("properties.a.properties", "form.keyword_unknown")),
        ({"properties": {"a": {"type": "array"}}}, ("properties.a.type", "form.type_unknown")),
        ({"properties": {"a": {"type": ["string"]}}}, ("properties.a.type", "form.keyword_type")),
        ({"properties": {f"a{n}": {"type": "string"} for n in range(41)}}, ("properties", "form.too_large")),
        ({"properties": {"A b": {"type": "string"}}}, ("properties.A b.code", "field.code")),
        ({"properties": {"a": {"type": "string", "minimum": 1}}}, ("properties.a.minimum", "field.keyword_misplaced")),
        ({"properties": {"a": {"type": "integer", "minimum": 2, "maximum": 1}}}, ("properties.a.maximum", "field.limit")),
        ({"properties": {"a": {"type": "integer", "minimum": True}}}, ("properties.a.minimum", "form.keyword_type")),
        ({"properties": {"a": {"type": "string", "enum": [1]}}}, ("properties.a.enum", "form.choices")),
        ({"properties": {"a": {"type": "string", "enum": []}}}, ("properties.a.enum", "field.choices")),
        ({"properties": {"a": {"type": "string", "pattern": "x" * 201}}}, ("properties.a.pattern", "field.pattern_long")),
        ({"properties": {"a": {"type": "string", "maxLength": 10**9}}}, ("properties.a.maxLength", "field.length")),
        ({"properties": {}, "required": ["b"]}, ("required", "form.required_unknown")),
        ({"additionalProperties": True}, ("additionalProperties", "form.open")),
        ({"$schema": "http://json-schema.org/draft-04/schema"}, ("$schema", "form.dialect")),
    ],
)  # fmt: skip
def test_what_a_form_cannot_say_is_refused_at_its_place(schema: object, fault: tuple[str, str]) -> None:
    assert fault in faults_of(schema)


def test_a_schema_of_great_depth_is_refused_without_being_walked() -> None:
    deep: dict[str, object] = {}
    for _ in range(50_000):
        deep = {"properties": deep}
    assert ("properties.properties", "form.keyword_type") not in faults_of({"properties": {"a": deep}})


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FieldType.CENTS, "$1,234.5", 123450),
        (FieldType.CENTS, "-3", -300),
        (FieldType.CENTS, "1.005", "1.005"),
        (FieldType.INTEGER, "7", 7),
        (FieldType.INTEGER, "7.5", "7.5"),
        (FieldType.NUMBER, "7.5", 7.5),
        (FieldType.NUMBER, "1e400", "1e400"),
        (FieldType.NUMBER, "NaN", "NaN"),
        (FieldType.BOOLEAN, "yes", True),
        (FieldType.TEXT, "  a ", "a"),
        (FieldType.TEXT, "  ", None),
    ],
)
def test_typed_text_becomes_a_value_or_stays_what_validation_refuses(
    kind: FieldType, typed: str, value: object
) -> None:
    assert from_text(Field("a", kind, "A"), typed) == value


def test_amounts_read_as_dollars_and_an_empty_box_as_no() -> None:
    fields = parsed(CALL).fields
    values = typed_values(fields, {"answers.promised": "12.50", "answers.reference": " R-1 "}, "answers.")
    assert values == {"promised": 1250, "reference": "R-1", "recorded": False}
    cents = next(one for one in fields if one.code == "promised")
    assert [as_text(cents, one) for one in (1250, -5, None)] == ["12.50", "-0.05", ""]


def test_what_records_hold_keeps_a_definition_from_changing() -> None:
    before = Definition("region", "Region", FieldType.CHOICE, choices=("North", "South"))
    assert definition_faults(before) == []
    wider = Definition("region", "Area", FieldType.CHOICE, choices=("North", "West"))
    refuse_change(before, wider, used=True, chosen=["North"])
    with pytest.raises(Conflict, match="choices_fixed"):
        refuse_change(before, wider, used=True, chosen=["South"])
    text = Definition("region", "Region", FieldType.TEXT)
    refuse_change(before, text, used=False, chosen=[])
    with pytest.raises(Conflict, match="type_fixed"):
        refuse_change(before, text, used=True, chosen=[])
    assert {one.field for one in definition_faults(Definition("region", "", FieldType.CHOICE))} == {
        "name",
        "choices",
    }
