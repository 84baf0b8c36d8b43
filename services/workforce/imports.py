"""Spreadsheets of employees: kept as a draft with their preview and faults, then taken in whole or not at all."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page
from domain.sheets.kinds import Kind
from domain.workforce.sheets import level_columns, read_employees
from policies.permissions import Permission
from services import door
from services.sheets import staging
from services.sheets.custom import form_of
from services.sheets.reading import Reading, reading_of, refuse, view_of
from services.sheets.views import SheetLine, SheetView
from services.workforce.checks import lock_workforce
from services.workforce.import_rows import names_in_use, planned, write


async def read(session: Session, row: Any, *, lock: bool = False) -> Reading:
    """Every row of a sheet held against what is there. With `lock` the employees stay as they are until the end."""
    reading = await reading_of(session, row, await form_of(session, Kind.EMPLOYEES))
    reading.apart = level_columns(reading.headings)
    if reading.problem:
        return reading
    names = await names_in_use(session)
    columns, at = reading.form.columns, reading.headings_row
    reading.found(
        await asyncio.to_thread(read_employees, columns, reading.cells, reading.mapping, at, names.known)
    )
    reading.plans = await planned(session, reading.rows, names, lock=lock)
    reading.outcomes = {one.row.number: (one.outcome, "") for one in reading.plans}
    return reading


async def view(session: Session, import_id: UUID) -> SheetView:
    """The file with its preview."""
    row = await session.row(f"{staging.LINES} AND id = $1", import_id)
    return view_of(row, await read(session, row))


@door.answering(Permission.WORKFORCE_MANAGE, view)
async def stage_employee_file(session: Session, name: str, body: bytes) -> UUID:
    """Keep an Excel sheet or a CSV file as a draft with its columns guessed. The same draft again is that draft."""
    form = await form_of(session, Kind.EMPLOYEES)
    return await staging.stage(session, form, Kind.EMPLOYEES, name, body)


@door.query(Permission.WORKFORCE_MANAGE)
async def list_employee_files(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[SheetLine]:
    """Files of employees, newest first."""
    return await staging.listed(session, (Kind.EMPLOYEES,), cursor, limit)


@door.query(Permission.WORKFORCE_MANAGE, of="sheet_imports")
async def get_employee_file(session: Session, import_id: UUID) -> SheetView:
    """A file with its columns, its first rows, what they come to, and every fault."""
    await _must_be_of_employees(session, import_id)
    return await view(session, import_id)


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def map_employee_columns(
    session: Session, import_id: UUID, mapping: Mapping[str, int], headings_row: int | None = None
) -> UUID:
    """Say which column (from 0) holds what; columns headed `Skill: name` hold levels by themselves. With the number of
    another `headings_row` and no mapping, columns are guessed anew from the headings in that row."""
    await _must_be_of_employees(session, import_id)
    await staging.remap(session, import_id, await form_of(session, Kind.EMPLOYEES), mapping, headings_row)
    return import_id


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def take_in_employee_file(session: Session, import_id: UUID) -> UUID:
    """Take in every row, or none and the faults. Employees are known by their number; what no column says stays."""
    await _must_be_of_employees(session, import_id)
    await lock_workforce(session)
    row = await staging.draft(session, import_id)
    reading = await read(session, row, lock=True)
    refuse(reading)
    await write(session, reading.plans)
    await session.execute(
        "UPDATE sheet_imports SET status = 'taken', taken_at = now(), added = $2, changed = $3, same = $4, total = $5,"
        " done = $5 WHERE id = $1",
        import_id,
        *(reading.count(outcome) for outcome in ("new", "changed", "same")),
        len(reading.rows),
    )
    return import_id


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def discard_employee_file(session: Session, import_id: UUID) -> UUID:
    """Put a draft away; nothing of it was taken in."""
    await _must_be_of_employees(session, import_id)
    await staging.put_away(session, await staging.draft(session, import_id))
    return import_id


async def _must_be_of_employees(session: Session, import_id: UUID) -> None:
    """Sheets of other kinds hold what this permission does not open."""
    await staging.must_be_of(session, import_id, (Kind.EMPLOYEES,))
