"""Spreadsheets of employees: kept as a draft with their preview and faults, then taken in whole or not at all."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page
from domain.refusals import Invalid
from domain.sheets.columns import checked_mapping, folded, headings_of
from domain.sheets.kinds import Kind
from domain.workforce.sheets import FIELDS, REQUIRED, guessed, read_rows, skill_columns
from policies.permissions import Permission
from services import door
from services.sheets import staging
from services.sheets.staging import LARGEST_BYTES, Reading
from services.sheets.views import SheetLine, SheetView
from services.workforce.checks import lock_workforce
from services.workforce.import_rows import names_in_use, planned, write

__all__ = ["LARGEST_BYTES"]


async def read(session: Session, row: Any, *, lock: bool = False) -> Reading:
    """Every row of a sheet held against what is there. With `lock` the employees stay as they are until the end."""
    cells = await staging.cells_of(session, row)
    headings = headings_of(cells)
    mapping = {name: number for name, number in json.loads(row["mapping"]).items() if name in FIELDS}
    skills = skill_columns(headings)
    reading = Reading(
        cells,
        mapping,
        headings,
        columns={f"skill: {name}": number for number, name in skills.items()},
        skill_columns=list(skills),
    )
    names = await names_in_use(session)
    try:
        rows = read_rows(cells, mapping, names.known)
    except Invalid as refusal:
        reading.problem = refusal.what_to_do
        return reading
    if not rows:
        reading.problem = "The sheet holds no row below its headings."
    reading.rows, reading.plans = rows, await planned(session, rows, names, lock=lock)
    reading.outcomes = {one.row.number: (one.outcome, "") for one in reading.plans}
    return reading


async def view(session: Session, import_id: UUID) -> SheetView:
    """The file with its preview."""
    row = await session.row(f"{staging.LINES} AND id = $1", import_id)
    return staging.view_of(row, await read(session, row))


@door.answering(Permission.WORKFORCE_MANAGE, view)
async def stage_employee_file(session: Session, name: str, body: bytes) -> UUID:
    """Keep an Excel sheet or a CSV file as a draft with its columns guessed. The same draft again is that draft."""
    return await staging.stage(session, Kind.EMPLOYEES, name, body, _guess)


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
async def map_employee_columns(session: Session, import_id: UUID, mapping: Mapping[str, int]) -> UUID:
    """Say which column (from 0) holds what; columns headed `Skill: name` hold levels by themselves."""
    await _must_be_of_employees(session, import_id)
    row = await staging.draft(session, import_id)
    headings = headings_of(await staging.cells_of(session, row))
    columns = checked_mapping(FIELDS, REQUIRED, mapping, len(headings))
    await staging.remap(session, row, columns, headings)
    return import_id


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def take_in_employee_file(session: Session, import_id: UUID) -> UUID:
    """Take in every row, or none and the faults. Employees are known by their number; what no column says stays."""
    await _must_be_of_employees(session, import_id)
    await lock_workforce(session)
    row = await staging.draft(session, import_id)
    reading = await read(session, row, lock=True)
    staging.refuse(reading)
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


def _guess(headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, int]:
    """As it was said last time, else by the words of the headings."""
    said = {
        remembered[folded(heading)]: number
        for number, heading in enumerate(headings)
        if remembered.get(folded(heading)) in FIELDS
    }
    aside = {number for number, heading in enumerate(headings) if folded(heading) in remembered}
    return {name: number for name, number in guessed(headings).items() if number not in aside} | said
