"""Fee schedules: what is charged for a procedure from a day on, and what a payer owes for it by contract."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.clientele import FeeScheduleLineRow, FeeScheduleRow
from database.clientele_reads import charges_on
from database.session import Session
from domain.paging import Page
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.clientele.fee_pasting import FeeLine, read_lines

KINDS = ("charge", "contract")
_LINE_ORDER = (FeeScheduleLineRow.procedure, FeeScheduleLineRow.modifier, FeeScheduleLineRow.id)


@dataclass(frozen=True, slots=True)
class FeeScheduleFacts:
    """What is typed about a fee schedule. Without a payer it counts for all that have none of their own.

    `kind` is `charge` (what is billed) or `contract` (what this payer allows; always one payer's).
    """

    name: str
    effective_from: date
    payer_id: UUID | None = None
    kind: str = "charge"


@dataclass(frozen=True, slots=True)
class FeeScheduleView:
    """A fee schedule as shown; `version` is its ETag."""

    id: UUID
    version: int
    active: bool
    inactive_reason: str
    name: str
    effective_from: date
    payer_id: UUID | None
    payer_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class FeeLineView:
    """One procedure's charge in cents."""

    id: UUID
    procedure: str
    modifier: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a paste did, in lines."""

    id: UUID
    added: int
    changed: int
    removed: int


@door.query(Permission.CLIENTS_VIEW)
async def list_fee_schedules(
    session: Session,
    text: str = "",
    cursor: str | None = None,
    limit: int = 50,
    active: bool | None = None,
) -> Page[FeeScheduleView]:
    """Fee schedules by name."""
    query = FeeScheduleRow.select()
    if active is not None:
        query = query.where(FeeScheduleRow.active == active)
    if words := text.strip():
        query = query.where(FeeScheduleRow.name.ilike(records.like(words)))
    page = await records.page(query, (FeeScheduleRow.name, FeeScheduleRow.id), cursor, limit, lambda row: row)
    names = await records.names_of(session, "payers", (row["payer_id"] for row in page.items))
    return Page([_view(row, names) for row in page.items], page.next)


@door.query(Permission.CLIENTS_VIEW, of="fee_schedules")
async def get_fee_schedule(session: Session, id: UUID) -> FeeScheduleView:
    """One fee schedule, without its lines."""
    return await _shown(session, await records.one(FeeScheduleRow, id))


@door.command(Permission.CLIENTS_MANAGE)
async def add_fee_schedule(session: Session, facts: FeeScheduleFacts) -> FeeScheduleView:
    """Add an empty fee schedule."""
    values = await _checked(session, facts)
    await _must_have_a_free_name(values["name"])
    return await _shown(session, await records.insert(session, FeeScheduleRow, values))


@door.command(Permission.CLIENTS_MANAGE, of="fee_schedules")
async def change_fee_schedule(
    session: Session, id: UUID, facts: FeeScheduleFacts, expected_version: int | None = None
) -> FeeScheduleView:
    """Replace a fee schedule's name, beginning and payer; its lines stay."""
    values = await _checked(session, facts)
    await _must_have_a_free_name(values["name"], id)
    return await _shown(session, await records.change(FeeScheduleRow, id, values, expected_version))


@door.command(Permission.CLIENTS_MANAGE, of="fee_schedules")
async def deactivate_fee_schedule(
    session: Session, id: UUID, reason: str, expected_version: int | None = None
) -> FeeScheduleView:
    """Take a fee schedule out of use."""
    row = await records.switch(FeeScheduleRow, id, False, checks.reason_of(reason), expected_version)
    return await _shown(session, row)


@door.command(Permission.CLIENTS_MANAGE, of="fee_schedules")
async def reactivate_fee_schedule(
    session: Session, id: UUID, expected_version: int | None = None
) -> FeeScheduleView:
    """Take a fee schedule back into use."""
    return await _shown(session, await records.switch(FeeScheduleRow, id, True, "", expected_version))


@door.query(Permission.CLIENTS_VIEW, of="fee_schedules")
async def list_fee_lines(
    session: Session, id: UUID, text: str = "", cursor: str | None = None, limit: int = 50
) -> Page[FeeLineView]:
    """A fee schedule's lines by procedure; `text` is the beginning of a code."""
    query = FeeScheduleLineRow.select().where(FeeScheduleLineRow.fee_schedule_id == id)
    if prefix := checks.code(text):
        query = query.where(FeeScheduleLineRow.procedure.like(records.like(prefix)[1:]))
    return await records.page(
        query, _LINE_ORDER, cursor, limit, lambda row: records.view_of(FeeLineView, row)
    )


@door.command(Permission.CLIENTS_MANAGE, of="fee_schedules")
async def paste_fee_lines(session: Session, id: UUID, text: str, *, replace: bool = False) -> Pasted:
    """Take in rows copied from a spreadsheet: all of them, or none and a fault for every wrong row.

    With `replace`, lines that are not among them are removed.
    """
    lines = read_lines(text)
    kept = await session.fetch(
        "SELECT procedure, modifier FROM fee_schedule_lines WHERE fee_schedule_id = $1", id
    )
    before = {(row["procedure"], row["modifier"]) for row in kept}
    now = {(line.procedure, line.modifier) for line in lines}
    removed = before - now if replace else set()
    await _store_lines(session, id, lines, removed)
    return Pasted(id, added=len(now - before), changed=len(now & before), removed=len(removed))


@door.command(Permission.CLIENTS_MANAGE, of="fee_schedules")
async def remove_fee_line(session: Session, id: UUID, line_id: UUID) -> FeeScheduleView:
    """Take one line out of a fee schedule; one that is gone already is fine."""
    await FeeScheduleLineRow.delete().where(
        FeeScheduleLineRow.fee_schedule_id == id, FeeScheduleLineRow.id == line_id
    )
    return await _shown(session, await records.change(FeeScheduleRow, id, {}))


@door.query(Permission.CLIENTS_VIEW)
async def charge_for(
    session: Session, payer_id: UUID | None, procedure: str, modifier: str, on: date
) -> int | None:
    """What is charged, in cents, for a procedure on a day: the payer's own schedule before the general one, the line
    with the modifier before the one without, the latest beginning first. None when no schedule knows it."""
    code = checks.code(procedure)
    return (await charges_on(session, payer_id, [code], on, checks.code(modifier))).get(code)


async def _store_lines(
    session: Session, id: UUID, lines: list[FeeLine], removed: set[tuple[str, str]]
) -> None:
    await session.execute(
        "INSERT INTO fee_schedule_lines (tenant_id, fee_schedule_id, procedure, modifier, amount_cents)"
        " SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[])"
        " ON CONFLICT (tenant_id, fee_schedule_id, procedure, modifier)"
        " DO UPDATE SET amount_cents = excluded.amount_cents",
        session.tenant_id,
        id,
        [line.procedure for line in lines],
        [line.modifier for line in lines],
        [line.amount_cents for line in lines],
    )
    await session.execute(
        "DELETE FROM fee_schedule_lines l USING unnest($2::text[], $3::text[]) AS gone (procedure, modifier)"
        " WHERE l.fee_schedule_id = $1 AND l.procedure = gone.procedure AND l.modifier = gone.modifier",
        id,
        [procedure for procedure, _ in removed],
        [modifier for _, modifier in removed],
    )
    await records.change(FeeScheduleRow, id, {})


async def _checked(session: Session, facts: FeeScheduleFacts) -> dict[str, Any]:
    ready = FeeScheduleFacts(checks.clean(facts.name), facts.effective_from, facts.payer_id, facts.kind)
    faults = Faults("fee_schedule")
    faults.text("name", ready.name, 80, missing="Enter a name for the fee schedule.")
    faults.one_of("kind", ready.kind, KINDS, f"Choose one of {', '.join(KINDS)}.")
    if ready.kind == "contract" and ready.payer_id is None:
        faults.add("payer_id", "missing", "A contract is with one payer: choose it.")
    faults.refuse()
    if ready.payer_id is not None:
        await records.must_be_active(session, "payers", ready.payer_id, "payer_id", "payer")
    return asdict(ready)


async def _must_have_a_free_name(name: str, but: UUID | None = None) -> None:
    query = FeeScheduleRow.exists().where(FeeScheduleRow.name == name)
    if but is not None:
        query = query.where(FeeScheduleRow.id != but)
    records.must_be_new(
        await query, "name", "There is a fee schedule of this name already.", "Choose another name."
    )


async def _shown(session: Session, row: records.Row) -> FeeScheduleView:
    return _view(row, await records.names_of(session, "payers", [row["payer_id"]]))


def _view(row: records.Row, names: dict[UUID, str]) -> FeeScheduleView:
    return records.view_of(FeeScheduleView, row, payer_name=names.get(row["payer_id"], ""))
