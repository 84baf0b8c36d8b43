"""What is typed into a form of the admin passes the same checks as everywhere else, before Piccolo stores it."""

from collections.abc import Awaitable, Callable
from dataclasses import MISSING, asdict, fields
from typing import Any, TypeVar
from uuid import UUID

from piccolo.columns import Column
from piccolo.table import Table
from piccolo_api.crud.hooks import Hook, HookType
from starlette.requests import Request

from database.clientele_reads import PRIVATE_KEY
from database.session import Session
from domain.codes.procedures import is_modifier, is_procedure
from domain.refusals import FieldError, Invalid
from integrations.ssh_keys import make_key_pair
from services.clientele import checks, clients, connection_facts, payers, providers, records
from services.clientele.checks import Faults
from services.clientele.connections import must_have_room
from services.clientele.fee_pasting import LARGEST_CENTS
from services.clientele.fee_schedules import FeeScheduleFacts

F = TypeVar("F")
Values = dict[str, Any]
Check = Callable[[Session, Values, Values], Awaitable[Values]]
SESSION = "caseload.session"


def hooks_for(table: type[Table]) -> list[Hook]:
    """Piccolo calls these before it inserts and before it updates."""
    check, columns = CHECKS[table._meta.tablename], table._meta.columns

    async def before_insert(row: Table, request: Request) -> Table:
        values = {column._meta.name: _filled(column, getattr(row, column._meta.name)) for column in columns}
        checked = await _checked(check, request.scope[SESSION], values, {})
        for name, value in {**values, **checked}.items():
            setattr(row, name, value)
        return row

    async def before_update(row_id: UUID, values: dict[Any, Any], request: Request) -> dict[Any, Any]:
        before = await records.one(table, row_id)
        typed = {column._meta.name: _filled(column, value) for column, value in values.items()}
        checked = await _checked(check, request.scope[SESSION], {**before, **typed}, before)
        if "active" in typed:
            values[table._meta.get_column_by_name("inactive_reason")] = ""
        names = {column: column._meta.name for column in values}
        return {column: checked.get(name, typed.get(name)) for column, name in names.items()}

    return [Hook(HookType.pre_save, before_insert), Hook(HookType.pre_patch, before_update)]


async def finish_insert(session: Session, table: str, identifier: UUID) -> None:
    """What the database cannot fill in by itself: the key pair of a new connection."""
    if table == "connections":
        pair, key = make_key_pair(), await session.key()
        sealed = key.seal(PRIVATE_KEY, pair.private_key.encode())
        await session.execute(
            "UPDATE connections SET public_key = $2, private_key = $3 WHERE id = $1",
            identifier,
            pair.public_key,
            sealed,
        )


async def finish_update(session: Session, table: str, identifier: UUID) -> None:
    """Raise the version, so that a form open elsewhere does not overwrite what was typed here."""
    if table == "fee_schedule_lines":
        await session.execute(
            "UPDATE fee_schedules SET version = version + 1"
            " WHERE id = (SELECT fee_schedule_id FROM fee_schedule_lines WHERE id = $1)",
            identifier,
        )
    else:
        await session.execute(f"UPDATE {table} SET version = version + 1 WHERE id = $1", identifier)


async def _checked(check: Check, session: Session, values: Values, before: Values) -> Values:
    reason = checks.clean(values.get("inactive_reason"))
    if values.get("active") is False:
        checks.reason_of(reason, field="inactive_reason")
    active = {} if "active" not in values else {"inactive_reason": "" if values["active"] else reason}
    return {**await check(session, values, before), **active}


async def _client(session: Session, values: Values, before: Values) -> Values:
    ready = clients.cleaned(_facts(clients.ClientFacts, values))
    clients.faults_of(ready).refuse()
    return asdict(ready)


async def _provider(session: Session, values: Values, before: Values) -> Values:
    ready = providers.cleaned(_facts(providers.ProviderFacts, values))
    providers.faults_of(ready).refuse()
    _stays(values, before, "client_id", "A provider stays with its client; add it to the other one instead.")
    if not before:
        await records.must_be_active(session, "clients", ready.client_id, "client_id", "client")
    return asdict(ready)


async def _payer(session: Session, values: Values, before: Values) -> Values:
    ready = payers.cleaned(_facts(payers.PayerFacts, values))
    payers.faults_of(ready).refuse()
    if ready.connection_id is not None and ready.connection_id != before.get("connection_id"):
        await records.must_be_active(
            session, "connections", ready.connection_id, "connection_id", "connection"
        )
    return asdict(ready)


async def _connection(session: Session, values: Values, before: Values) -> Values:
    if values.get("active") and not before.get("active"):
        await must_have_room(session)
    ready = connection_facts.checked(_facts(connection_facts.ConnectionFacts, values))
    return {**ready, "public_key": before.get("public_key", "")}


async def _fee_schedule(session: Session, values: Values, before: Values) -> Values:
    facts = _facts(FeeScheduleFacts, values)
    faults = Faults("fee_schedule")
    name = checks.clean(facts.name)
    faults.text("name", name, 80, missing="Enter a name for the fee schedule.")
    faults.refuse()
    if facts.payer_id is not None and facts.payer_id != before.get("payer_id"):
        await records.must_be_active(session, "payers", facts.payer_id, "payer_id", "payer")
    return {"name": name}


async def _fee_line(session: Session, values: Values, before: Values) -> Values:
    procedure, modifier = checks.code(values["procedure"]), checks.code(values["modifier"])
    faults = Faults("fee_line")
    if not is_procedure(procedure):
        faults.add("procedure", "procedure.invalid", "Enter a CPT or HCPCS code of five characters.")
    if modifier and not is_modifier(modifier):
        faults.add("modifier", "modifier.invalid", "Enter a modifier of two characters, or leave it out.")
    if not 0 <= (values["amount_cents"] if values["amount_cents"] is not None else -1) <= LARGEST_CENTS:
        faults.add("amount_cents", "amount.invalid", "Enter an amount in cents, not negative.")
    faults.refuse()
    _stays(
        values, before, "fee_schedule_id", "A line stays in its schedule; add it to the other one instead."
    )
    return {"procedure": procedure, "modifier": modifier}


CHECKS: dict[str, Check] = {
    "clients": _client,
    "connections": _connection,
    "fee_schedule_lines": _fee_line,
    "fee_schedules": _fee_schedule,
    "payers": _payer,
    "providers": _provider,
}


def _filled(column: Column, value: Any) -> Any:
    """What an empty field of a form means: the column's default, unless it may be empty."""
    return column.get_default_value() if value is None and not column._meta.null else value


def _facts(kind: type[F], values: Values) -> F:
    """Facts from a form's values; an emptied field falls back to the facts' own default."""
    given: Values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        value = values.get(field.name)
        if value is None and field.default is MISSING:
            fault = FieldError(field.name, f"{field.name}.missing", "This must be filled in.")
            raise Invalid("form.incomplete", "A field is empty.", fault.message, fields=(fault,))
        given[field.name] = field.default if value is None else value
    return kind(**given)


def _stays(values: Values, before: Values, field: str, message: str) -> None:
    if before and values[field] != before[field]:
        fault = FieldError(field, f"{field}.fixed", message)
        raise Invalid(f"{field}.fixed", "This cannot move.", message, fields=(fault,))
