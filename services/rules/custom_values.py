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

_FIELD = "f.tenant_id = current_tenant() AND f.subject_type = {subject} AND f.code = r.code"
_CLEAR = f"""
DELETE FROM custom_values v USING unnest($2::uuid[], $3::text[]) AS r (record, code), custom_fields f
WHERE {_FIELD.format(subject="$1")} AND v.tenant_id = f.tenant_id AND v.subject_type = $1 AND v.subject_id = r.record
    AND v.field_id = f.id
"""
_KEEP = f"""
INSERT INTO custom_values (tenant_id, subject_type, subject_id, field_id, plain, sealed, set_by_name)
SELECT $1, $2, r.record, f.id, r.plain, r.sealed, $3
FROM unnest($4::uuid[], $5::text[], $6::jsonb[], $7::bytea[]) AS r (record, code, plain, sealed)
JOIN custom_fields f ON {_FIELD.format(subject="$2")}
ON CONFLICT (tenant_id, subject_type, subject_id, field_id) DO UPDATE SET plain = excluded.plain,
    sealed = excluded.sealed, set_by_name = excluded.set_by_name, set_at = clock_timestamp()
"""


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
    if custom is not None:
        await set_custom_of(session, subject_type, {subject_id: custom})


async def set_custom_of(
    session: Session, subject_type: Subject, said: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """The same for many records in a handful of statements; one value that is wrong refuses all of them."""
    if not said:
        return
    known, kept = await visible(session, subject_type), await values_of(session, subject_type, said)
    form = Form("", "", tuple(one.field for one in known.values()))
    rows: list[tuple[UUID, Definition, Any]] = []
    for subject_id, custom in said.items():
        now = kept.get(subject_id, {})
        given = {key: value.strip() if isinstance(value, str) else value for key, value in custom.items()}
        after = {key: value for key, value in {**now, **given}.items() if value not in (None, "")}
        if faults := faults_in(form, after):
            raise _refused(faults)
        changed = [code for code in known if after.get(code) != now.get(code)]
        rows += [(subject_id, known[code], after.get(code)) for code in changed]
        if changed and subject_type is Subject.CLAIM:
            words = ", ".join(known[code].name for code in changed)
            by = session.actor.user_id
            key = f"custom:{await session.value('SELECT uuidv7()')}"
            await add_touches(session, [Touch(subject_id, "changed", f"Set: {words}", key, by)])
    await _store(session, subject_type, rows)


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
    session: Session, subject_type: Subject, rows: Sequence[tuple[UUID, Definition, Any]]
) -> None:
    key = await session.key()
    gone = [(record, one.code) for record, one, value in rows if value is None]
    kept = [
        (
            record,
            one.code,
            None if one.phi else json.dumps(value),
            key.seal_json(VALUES, value) if one.phi else None,
        )
        for record, one, value in rows
        if value is not None
    ]
    await session.execute(_CLEAR, str(subject_type), *_columns(gone, 2))
    await session.execute(_KEEP, session.tenant_id, str(subject_type), session.actor.name, *_columns(kept, 4))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


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
