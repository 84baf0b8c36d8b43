"""The values of custom fields beside the records that have them: checked together, sealed where they are PHI."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

from database.claim_activities import Touch, add_touches
from database.session import Session
from domain.refusals import FieldError, Invalid, NotFound
from domain.rules.custom_fields import Definition, Subject
from domain.rules.fields import FieldType, from_text
from domain.rules.forms import Form
from integrations.json_answers import faults_in
from policies.guard import require
from policies.permissions import Permission
from services import door

VALUES = "custom_values.sealed"
READS = {
    Subject.CLAIM: Permission.CLAIMS_VIEW,
    Subject.PATIENT: Permission.PATIENTS_VIEW,
    Subject.CLIENT: Permission.CLIENTS_VIEW,
    Subject.PAYER: Permission.CLIENTS_VIEW,
    Subject.EMPLOYEE: Permission.WORKFORCE_VIEW,
}
WRITES = {
    Subject.CLAIM: Permission.CLAIMS_CORRECT,
    Subject.PATIENT: Permission.PATIENTS_MANAGE,
    Subject.CLIENT: Permission.CLIENTS_MANAGE,
    Subject.PAYER: Permission.CLIENTS_MANAGE,
    Subject.EMPLOYEE: Permission.WORKFORCE_MANAGE,
}
# Their own readings are audited as PHI already.
_AUDITED = frozenset({Subject.CLAIM, Subject.PATIENT})
# The filter of a list: the record's id, the field, the value.
HAS = (
    "{record} IN (SELECT x.subject_id FROM custom_values x WHERE x.tenant_id = current_tenant()"
    " AND x.field_id = {field} AND x.plain = {value}::jsonb)"
)


class Viewed(Protocol):
    """A record as shown, with the values of its custom fields."""

    @property
    def id(self) -> UUID: ...

    @property
    def custom(self) -> dict[str, Any]: ...


V = TypeVar("V", bound=Viewed)


@door.command(None)
async def set_values(
    session: Session, subject_type: Subject, subject_id: UUID, custom: dict[str, Any]
) -> dict[str, Any]:
    """Set custom values of a record: those named are replaced, null clears one, the others stay."""
    if not await session.value(f"SELECT 1 FROM {subject_type.table} WHERE id = $1", subject_id):
        raise NotFound(
            "not_found", "There is nothing here under this id, or it is not yours.", "Check the address."
        )
    require(session.actor, READS[subject_type])
    require(session.actor, WRITES[subject_type])
    await set_custom(session, subject_type, subject_id, custom)
    await session.audit("rules.custom_values", subject_type.table, subject_id)
    return (await values_of(session, subject_type, [subject_id])).get(subject_id, {})


async def set_custom(
    session: Session, subject_type: Subject, subject_id: UUID, custom: Mapping[str, Any] | None
) -> None:
    """The same inside another command; None, as from a program that knows nothing of them, leaves all as they are."""
    if custom is None:
        return
    known = await visible(session, subject_type)
    now = (await values_of(session, subject_type, [subject_id])).get(subject_id, {})
    given = {key: value.strip() if isinstance(value, str) else value for key, value in custom.items()}
    after = {key: value for key, value in {**now, **given}.items() if value not in (None, "")}
    form = Form("", "", tuple(one.field for one in known.values()))
    if faults := faults_in(form, after):
        raise _refused(faults)
    changed = [code for code in known if after.get(code) != now.get(code)]
    for code in changed:
        await _store(session, subject_type, subject_id, known[code], after.get(code))
    if changed and subject_type is Subject.CLAIM:
        words = ", ".join(known[code].name for code in changed)
        by = session.actor.user_id
        key = f"custom:{await session.value('SELECT uuidv7()')}"
        await add_touches(session, [Touch(subject_id, "changed", f"Set: {words}", key, by)])


async def with_custom(session: Session, subject_type: Subject, views: Sequence[V]) -> list[V]:
    """Records with the values of their custom fields, in one query for all of them."""
    found = await values_of(session, subject_type, [one.id for one in views])
    return [replace(one, custom=found[one.id]) if one.id in found else one for one in views]  # type: ignore[type-var]


async def one_with_custom(session: Session, subject_type: Subject, view: V) -> V:
    """One record with the values of its custom fields."""
    return (await with_custom(session, subject_type, [view]))[0]


async def values_of(
    session: Session, subject_type: Subject, ids: Iterable[UUID]
) -> dict[UUID, dict[str, Any]]:
    """The values by record and code that this actor may see, of fields in use."""
    rows = await session.fetch(
        "SELECT v.subject_id, f.code, f.phi, v.plain, v.sealed FROM custom_values v"
        " JOIN custom_fields f ON f.tenant_id = v.tenant_id AND f.id = v.field_id"
        " WHERE v.tenant_id = current_tenant() AND v.subject_type = $1 AND v.subject_id = ANY($2::uuid[])"
        " AND f.active AND ($3 OR NOT f.phi) ORDER BY f.place, f.code",
        str(subject_type),
        list(ids),
        sees_phi(session),
    )
    found: dict[UUID, dict[str, Any]] = {}
    key = await session.key() if rows else None
    for row in rows:
        value = key.open_json(VALUES, row["sealed"]) if row["sealed"] and key else json.loads(row["plain"])
        found.setdefault(row["subject_id"], {})[row["code"]] = value
    if subject_type not in _AUDITED and any(row["phi"] for row in rows):
        about = rows[0]["subject_id"] if len(found) == 1 else ""
        await session.audit("rules.custom_values.read", subject_type.table, about, phi=True)
    return found


async def visible(session: Session, subject_type: Subject) -> dict[str, Definition]:
    """The fields in use that this actor may see, by code, in order."""
    rows = await session.fetch(
        "SELECT * FROM custom_fields WHERE tenant_id = current_tenant() AND subject_type = $1 AND active"
        " AND ($2 OR NOT phi) ORDER BY place, code",
        str(subject_type),
        sees_phi(session),
    )
    return {row["code"]: definition_of(row) for row in rows}


async def wanted(session: Session, subject_type: Subject, asked: Mapping[str, str]) -> list[tuple[UUID, str]]:
    """Fields and values, as JSON, of a filter by codes; what holds PHI cannot be searched."""
    found = []
    for code, text in asked.items():
        row = await session.row(
            "SELECT * FROM custom_fields WHERE tenant_id = current_tenant() AND subject_type = $1 AND code = $2"
            " AND NOT phi",
            str(subject_type),
            code,
        )
        if row is None:
            fault = FieldError(
                "custom", "custom.not_searchable", f"There is no field {code[:40]} to search by."
            )
            raise Invalid("custom.not_searchable", fault.message, "Leave it out.", fields=(fault,))
        found.append((row["id"], json.dumps(from_text(definition_of(row).field, text))))
    return found


def filter_of(texts: Iterable[str]) -> dict[str, str]:
    """Filters written as `code:value`."""
    parts = [text.partition(":") for text in texts if text]
    return {code: value for code, _, value in parts}


def definition_of(row: Any) -> Definition:
    """A definition from its row."""
    return Definition(
        row["code"],
        row["name"],
        FieldType(row["type"]),
        row["hint"],
        tuple(row["choices"]),
        row["required"],
        row["phi"],
        row["place"],
    )


def sees_phi(session: Session) -> bool:
    """Whether this actor sees fields that hold PHI: those who may see patients."""
    return Permission.PATIENTS_VIEW in session.actor.permissions


async def _store(
    session: Session, subject_type: Subject, subject_id: UUID, one: Definition, value: Any
) -> None:
    field_id = await session.value(
        "SELECT id FROM custom_fields WHERE tenant_id = current_tenant() AND subject_type = $1 AND code = $2",
        str(subject_type),
        one.code,
    )
    if value is None:
        await session.execute(
            "DELETE FROM custom_values WHERE subject_type = $1 AND subject_id = $2 AND field_id = $3",
            str(subject_type),
            subject_id,
            field_id,
        )
        return
    sealed = (await session.key()).seal_json(VALUES, value) if one.phi else None
    await session.execute(
        "INSERT INTO custom_values (tenant_id, subject_type, subject_id, field_id, plain, sealed, set_by_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, subject_type, subject_id, field_id) DO UPDATE"
        " SET plain = excluded.plain, sealed = excluded.sealed, set_by_name = excluded.set_by_name,"
        " set_at = clock_timestamp()",
        session.tenant_id,
        str(subject_type),
        subject_id,
        field_id,
        None if one.phi else json.dumps(value),
        sealed,
        session.actor.name,
    )


def _refused(faults: list[FieldError]) -> Invalid:
    named = [
        FieldError(f"custom{one.field.removeprefix('answers')}", one.code, one.message) for one in faults
    ]
    return Invalid(
        "custom.refused",
        "A custom field is not as it should be.",
        "Mend what is marked.",
        fields=tuple(named),
    )
