"""Spreadsheets of patients, staff, consents and minutes: previewed with every fault at its cell, then taken in by a
process of their own, each row once."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.activities import CREDENTIALS
from domain.paging import PAGE, Page, encode_cursor, number_in, page_size
from domain.refusals import Conflict, FieldError, Invalid
from domain.sheets.columns import read_rows
from domain.sheets.kinds import CARE_KINDS, Kind
from integrations.spreadsheets import MOST_ROWS
from policies.guard import require
from services import door
from services.clientele import checks
from services.clientele.checks import Faults
from services.sheets import staging
from services.sheets.custom import form_of
from services.sheets.planning import SheetKind
from services.sheets.reading import PREVIEWED, Reading, reading_of, refuse, view_of
from services.sheets.staff import paycodes_in
from services.sheets.taking import KINDS, MESSAGE, about_of, begin, start
from services.sheets.views import SheetLine, SheetRowView, SheetView


async def read(session: Session, row: Any) -> Reading:
    """Every row of a sheet held against what is there today."""
    kind = KINDS[Kind(row["kind"])]
    reading = await reading_of(session, row, await form_of(session, kind.kind))
    if reading.problem:
        return reading
    told = (reading.cells, reading.mapping, reading.headings_row, reading.given)
    reading.found(await asyncio.to_thread(read_rows, reading.form.columns, *told))
    reading.plans = await kind.plan(session, reading.rows, about_of(row, reading.name))
    reading.outcomes = {one.row.number: (one.outcome, one.words) for one in reading.plans}
    return reading


async def view(session: Session, import_id: UUID) -> SheetView:
    """A draft with its preview; what was begun shows how far it is, and which rows were refused."""
    row = await session.row(f"{staging.LINES} AND id = $1", import_id)
    if row["status"] == "draft":
        reading = await read(session, row)
        paycodes = await paycodes_in(session, reading.rows) if row["kind"] == Kind.STAFF else []
        return view_of(row, reading, paycodes=paycodes)
    reading = await reading_of(session, row, await form_of(session, Kind(row["kind"])))
    reading.problem = ""
    shown = view_of(row, reading)
    shown.rows.extend(await _refused(session, reading, import_id, 0, PREVIEWED))
    return shown


@door.answering(None, view)
async def stage_sheet(session: Session, kind: str, name: str, body: bytes) -> UUID:
    """Keep an Excel sheet or a CSV file as a draft with its columns guessed. The same draft again is that draft."""
    one = _allowed(session, kind)
    return await staging.stage(session, await form_of(session, one.kind), one.kind, name, body)


@door.query(None)
async def list_sheets(
    session: Session, kind: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[SheetLine]:
    """Files of the kinds that the asker may bring, newest first."""
    wanted = [_allowed(session, kind)] if kind else list(KINDS.values())
    allowed = [one.kind for one in wanted if one.permission in session.actor.permissions]
    if not allowed:
        require(session.actor, wanted[0].permission)
    return await staging.listed(session, allowed, cursor, limit)


@door.query(None, of="sheet_imports", phi=True)
async def get_sheet(session: Session, import_id: UUID) -> SheetView:
    """A file with its columns, its first rows, what they come to, and every fault."""
    await _mine(session, import_id)
    return await view(session, import_id)


@door.answering(None, view, of="sheet_imports")
async def map_sheet(
    session: Session,
    import_id: UUID,
    mapping: Mapping[str, int],
    headings_row: int | None = None,
    given: Mapping[str, str] | None = None,
) -> UUID:
    """Say which column (from 0) holds what; it is remembered for the next sheet of this kind. With the number of another
    `headings_row` and no mapping, columns are guessed anew from the headings in that row. `given` says what holds in
    every row whose cells do not say it; None leaves it."""
    kind = await _mine(session, import_id)
    await staging.remap(session, import_id, await form_of(session, kind.kind), mapping, headings_row, given)
    return import_id


@door.answering(None, view, of="sheet_imports")
async def set_paycodes(session: Session, import_id: UUID, paycodes: Mapping[str, Sequence[str]]) -> UUID:
    """Say of each paycode of a sheet of staff which credential and job title it stands for."""
    kind = await _mine(session, import_id)
    for permission in kind.needs(["paycode"]):
        require(session.actor, permission)
    faults = Faults("paycode")
    for code, said in paycodes.items():
        credential, title = (*said, "", "")[:2]
        faults.text(f"{code}.code"[:80], code, 40, missing="Enter the paycode.")
        faults.one_of(
            f"{code}.credential"[:80], credential, CREDENTIALS, f"Choose one of: {', '.join(CREDENTIALS)}."
        )
        faults.text(f"{code}.job_title"[:80], checks.clean(title), 120)
    faults.refuse()
    await session.execute_many(
        "INSERT INTO care_paycodes (tenant_id, code, credential, job_title) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, code) DO UPDATE SET credential = excluded.credential, job_title = excluded.job_title,"
        " version = care_paycodes.version + 1",
        [
            (session.tenant_id, " ".join(code.upper().split()), said[0], checks.clean("".join(said[1:2])))
            for code, said in paycodes.items()
        ],
    )
    return import_id


@door.answering(None, view, of="sheet_imports")
async def take_in_sheet(session: Session, import_id: UUID, *, leave_out: bool = False) -> UUID:
    """Take in every row. Where cells are not right nothing is, unless it is said to `leave_out` those rows."""
    kind = await _mine(session, import_id)
    row = await staging.draft(session, import_id)
    reading = await read(session, row)
    for permission in kind.needs(list(reading.mapping)):
        require(session.actor, permission)
    faulty = {one.row for one in reading.faults()}
    if reading.problem or not leave_out:
        refuse(reading)
    if not reading.plans:
        raise Conflict(
            "sheet.nothing", "No row of this sheet can be taken in.", "Mend the cells that are named."
        )
    await staging.remember(session, row["kind"], reading.mapping, reading.headings)
    await begin(session, row, reading.plans, len(faulty))
    return import_id


@door.answering(None, view, of="sheet_imports")
async def stop_sheet(session: Session, import_id: UUID) -> UUID:
    """Take no further row in. What is done stays; the rest can go on later, or be left out."""
    await _mine(session, import_id)
    await _must_be(session, import_id, "taking", "This sheet is not being taken in.")
    await session.execute("UPDATE sheet_imports SET status = 'stopped' WHERE id = $1", import_id)
    return import_id


@door.answering(None, view, of="sheet_imports")
async def go_on_with_sheet(session: Session, import_id: UUID) -> UUID:
    """Take in the rest of a sheet that somebody stopped, or that stopped as somebody's rights ended; with the asker's."""
    kind = await _mine(session, import_id)
    row = await _must_be(session, import_id, "stopped", "This sheet has not stopped.")
    for permission in kind.needs(list(json.loads(row["mapping"]))):
        require(session.actor, permission)
    await session.execute(
        "UPDATE sheet_imports SET status = 'taking', started_by = $2 WHERE id = $1",
        import_id,
        session.actor.user_id,
    )
    await start(session, import_id)
    return import_id


@door.answering(None, view, of="sheet_imports")
async def discard_sheet(session: Session, import_id: UUID) -> UUID:
    """Put a draft away; nothing of it was taken in. Of a sheet that was stopped the rest is left out."""
    await _mine(session, import_id)
    if await session.value(
        "SELECT status = 'stopped' FROM sheet_imports WHERE id = $1 FOR UPDATE", import_id
    ):
        await session.execute(
            "UPDATE sheet_imports SET status = 'taken', taken_at = now(), left_out = left_out + total - done,"
            " total = done WHERE id = $1",
            import_id,
        )
    else:
        await staging.put_away(session, await staging.draft(session, import_id))
    return import_id


async def _must_be(session: Session, import_id: UUID, status: str, title: str) -> Any:
    row = await session.row(f"{staging.LINES} AND id = $1 FOR UPDATE", import_id)
    if row["status"] != status:
        raise Conflict(f"sheet.not_{status}", title, "Nothing more is needed.")
    return row


@door.query(None, of="sheet_imports", phi=True)
async def faulty_rows(
    session: Session, import_id: UUID, cursor: str | None = None, limit: int = PAGE
) -> Page[SheetRowView]:
    """The rows that are not right, or were refused, each with all its cells and what to do."""
    size, after = page_size(limit), number_in(cursor) if cursor else 0
    found = await _to_mend(session, import_id, after, size + 1)
    items = found[:size]
    return Page(items, encode_cursor(items[-1].number) if len(found) > size else None)


@door.query(None, of="sheet_imports", phi=True)
async def rows_to_mend(session: Session, import_id: UUID) -> list[SheetRowView]:
    """The same at once, as a sheet that is mended and brought again: every page would read the whole sheet anew."""
    return await _to_mend(session, import_id, 0, MOST_ROWS)


@door.query(None, of="sheet_imports", phi=True)
async def headings_of_sheet(session: Session, import_id: UUID) -> list[str]:
    """The headings as they came."""
    kind = await _mine(session, import_id)
    row = await session.row(f"{staging.LINES} AND id = $1", import_id)
    return list((await reading_of(session, row, await form_of(session, kind.kind))).headings)


async def _to_mend(session: Session, import_id: UUID, after: int, most: int) -> list[SheetRowView]:
    kind = await _mine(session, import_id)
    row = await session.row(f"{staging.LINES} AND id = $1", import_id)
    if row["status"] != "draft":
        reading = await reading_of(session, row, await form_of(session, kind.kind))
        return await _refused(session, reading, import_id, after, most)
    reading = await read(session, row)
    wrong = [one for one in reading.rows if one.faults and one.number > after][:most]
    return [
        SheetRowView(one.number, "wrong", reading.cells_at(one.number), " ".join(one.faults.values()))
        for one in wrong
    ]


async def _refused(
    session: Session, reading: Reading, import_id: UUID, after: int, most: int
) -> list[SheetRowView]:
    rows = await session.fetch(
        "SELECT place, message FROM sheet_import_rows WHERE import_id = $1 AND outcome = 'refused' AND place > $2"
        " ORDER BY place LIMIT $3",
        import_id,
        after,
        most,
    )
    key = await session.key()
    return [
        SheetRowView(
            row["place"],
            "refused",
            reading.cells_at(row["place"]),
            key.open(MESSAGE, row["message"]).decode() if row["message"] else "",
        )
        for row in rows
    ]


async def _mine(session: Session, import_id: UUID) -> SheetKind:
    """The kind of a sheet that the asker may bring; sheets of employees have their own place."""
    kind = KINDS[await staging.must_be_of(session, import_id, CARE_KINDS)]
    require(session.actor, kind.permission)
    return kind


def _allowed(session: Session, text: str) -> SheetKind:
    """The kind of a name that the asker may bring. Who may bring none is told so before what they typed is looked at."""
    if not any(one.permission in session.actor.permissions for one in KINDS.values()):
        require(session.actor, KINDS[Kind.PATIENTS].permission)
    if text not in {kind.value for kind in CARE_KINDS}:
        known = ", ".join(kind.value for kind in CARE_KINDS)
        fault = FieldError("kind", "kind.unknown", f"Choose one of: {known}.")
        raise Invalid("sheet.kind_unknown", "There is no such kind of sheet.", fault.message, fields=(fault,))
    one = KINDS[Kind(text)]
    require(session.actor, one.permission)
    return one
