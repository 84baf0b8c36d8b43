"""Custom fields of claims, patients, clients, payers and employees, as a tenant defines them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid
from domain.rules.custom_fields import MOST_FIELDS, Definition, Subject, definition_faults, refuse_change
from domain.rules.fields import FieldType
from policies.permissions import Permission
from services import door
from services.clientele import checks
from services.clientele.records import must_have_changed
from services.rules.custom_values import READS, definition_of, sees_phi

_SELECT = """
SELECT f.*, EXISTS (SELECT 1 FROM custom_values v WHERE v.tenant_id = f.tenant_id AND v.field_id = f.id) AS used
FROM custom_fields f WHERE f.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class CustomFieldFacts:
    """What is typed about a field. With `phi` its values are sealed and shown only to those who may see patients."""

    name: str
    type: FieldType
    hint: str = ""
    choices: list[str] | None = None
    required: bool = False
    phi: bool = False


@dataclass(frozen=True, slots=True)
class NewCustomField:
    """A new field of a kind of record; programs know it by its `code`."""

    subject_type: Subject
    code: str
    field: CustomFieldFacts


@dataclass(frozen=True, slots=True)
class CustomFieldView:
    """A field as shown; `version` is its ETag, `used` that records hold values of it."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    subject_type: Subject
    code: str
    name: str
    hint: str
    type: FieldType
    type_label: str
    choices: list[str]
    required: bool
    phi: bool
    place: int
    used: bool


@door.query(None)
async def list_custom_fields(
    session: Session, subject_type: Subject | None = None, active: bool | None = None
) -> list[CustomFieldView]:
    """The fields of records that the asker may see, by kind of record, in their order."""
    seen = [str(one) for one, needed in READS.items() if needed in session.actor.permissions]
    rows = await session.fetch(
        f"{_SELECT} AND ($1 = '' OR f.subject_type = $1) AND ($2::boolean IS NULL OR f.active = $2)"
        " AND ($3 OR NOT f.phi) AND f.subject_type = ANY($4) ORDER BY f.subject_type, f.place, f.code",
        str(subject_type or ""),
        active,
        sees_phi(session),
        seen,
    )
    return [_view(row) for row in rows]


@door.query(Permission.RULES_VIEW)
async def defined_fields(session: Session, subject_type: Subject) -> list[CustomFieldView]:
    """Every field of a kind of record, also those out of use, for whoever keeps the rules. No values."""
    rows = await session.fetch(
        f"{_SELECT} AND f.subject_type = $1 ORDER BY f.place, f.code", str(subject_type)
    )
    return [_view(row) for row in rows]


@door.command(Permission.RULES_MANAGE)
async def add_custom_field(session: Session, facts: NewCustomField) -> CustomFieldView:
    """Add a field as the last of its kind of record."""
    count, place = await session.row(
        "SELECT count(*) FILTER (WHERE active), coalesce(max(place), 0) + 1 FROM custom_fields"
        " WHERE tenant_id = current_tenant() AND subject_type = $1",
        str(facts.subject_type),
    )
    if count >= MOST_FIELDS:
        raise Conflict(
            "custom_field.too_many", f"There are {MOST_FIELDS} already.", "Take one out of use first."
        )
    one = _checked(facts.code.strip(), facts.field, place)
    identifier = await session.value(
        "INSERT INTO custom_fields (tenant_id, subject_type, code, name, hint, type, choices, required, phi, place)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id",
        session.tenant_id,
        str(facts.subject_type),
        *_values(one),
        place,
    )
    if identifier is None:
        fault = FieldError("code", "code.taken", "Choose another code, or take that field back into use.")
        raise Conflict("code.taken", "There is a field of this code already.", fault.message, fields=(fault,))
    return await _one(session, identifier)


@door.command(Permission.RULES_MANAGE, of="custom_fields")
async def change_custom_field(
    session: Session, field_id: UUID, facts: CustomFieldFacts, expected_version: int | None = None
) -> CustomFieldView:
    """Change a field. Once values are kept, its type stays, and so do the choices that records hold."""
    now = await session.row(f"{_SELECT} AND f.id = $1 FOR UPDATE OF f", field_id)
    one = _checked(now["code"], facts, now["place"])
    chosen = await _chosen(session, field_id) if one.type is FieldType.CHOICE else []
    refuse_change(definition_of(now), one, now["used"], chosen)
    changed = await session.execute(
        "UPDATE custom_fields SET name = $3, hint = $4, type = $5, choices = $6, required = $7, phi = $8,"
        " version = version + 1 WHERE id = $1 AND version = coalesce($2, version)",
        field_id,
        expected_version,
        *_values(one)[1:],
    )
    must_have_changed(changed)
    return await _one(session, field_id)


@door.command(Permission.RULES_MANAGE, of="custom_fields")
async def move_custom_field(session: Session, field_id: UUID, place: int) -> list[CustomFieldView]:
    """Put a field at a place among those of its kind of record, 1 first; the others make room."""
    subject = await session.value("SELECT subject_type FROM custom_fields WHERE id = $1", field_id)
    rows = await session.fetch(
        "SELECT id FROM custom_fields WHERE tenant_id = current_tenant() AND subject_type = $1"
        " ORDER BY place, code FOR UPDATE",
        subject,
    )
    order = [row["id"] for row in rows if row["id"] != field_id]
    order.insert(max(0, min(place - 1, len(order))), field_id)
    await session.execute(
        "UPDATE custom_fields f SET place = t.place FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, place)"
        " WHERE f.tenant_id = current_tenant() AND f.id = t.id",
        order,
    )
    kept = await session.fetch(f"{_SELECT} AND f.subject_type = $1 ORDER BY f.place, f.code", subject)
    return [_view(row) for row in kept]


@door.command(Permission.RULES_MANAGE, of="custom_fields")
async def deactivate_custom_field(session: Session, field_id: UUID, reason: str) -> CustomFieldView:
    """Take a field out of use: it is no longer shown; its values are kept."""
    await _switch(session, field_id, False, checks.reason_of(reason))
    return await _one(session, field_id)


@door.command(Permission.RULES_MANAGE, of="custom_fields")
async def reactivate_custom_field(session: Session, field_id: UUID) -> CustomFieldView:
    """Take a field back into use, with the values that records have."""
    await _switch(session, field_id, True, "")
    return await _one(session, field_id)


async def _switch(session: Session, field_id: UUID, active: bool, reason: str) -> None:
    await session.execute(
        "UPDATE custom_fields SET active = $2, inactive_reason = $3, version = version + 1 WHERE id = $1",
        field_id,
        active,
        reason,
    )


async def _chosen(session: Session, field_id: UUID) -> list[str]:
    rows = await session.fetch(
        "SELECT DISTINCT plain FROM custom_values WHERE tenant_id = current_tenant() AND field_id = $1"
        " AND plain IS NOT NULL",
        field_id,
    )
    return [json.loads(row["plain"]) for row in rows]


def _checked(code: str, facts: CustomFieldFacts, place: int) -> Definition:
    choices = tuple(one.strip() for one in facts.choices or () if one.strip())
    one = Definition(
        code, facts.name.strip(), facts.type, facts.hint.strip(), choices, facts.required, facts.phi, place
    )
    if faults := definition_faults(one):
        raise Invalid(
            "custom_field.refused",
            "The field cannot be kept so.",
            "Mend what is marked.",
            fields=tuple(faults),
        )
    return one


def _values(one: Definition) -> tuple[Any, ...]:
    return one.code, one.name, one.hint, str(one.type), list(one.choices), one.required, one.phi


async def _one(session: Session, field_id: UUID) -> CustomFieldView:
    return _view(await session.row(f"{_SELECT} AND f.id = $1", field_id))


def _view(row: Any) -> CustomFieldView:
    names = (
        "id",
        "version",
        "active",
        "inactive_reason",
        "code",
        "name",
        "hint",
        "required",
        "phi",
        "place",
        "used",
    )
    kind = FieldType(row["type"])
    return CustomFieldView(
        **{name: row[name] for name in names},
        subject_type=Subject(row["subject_type"]),
        type=kind,
        type_label=kind.label,
        choices=list(row["choices"]),
    )
