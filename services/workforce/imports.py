"""Spreadsheets of employees: kept as a draft with their preview and faults, then taken in whole or not at all."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.sheets.columns import checked_mapping, headings_of
from domain.workforce.sheets import FIELDS, REQUIRED, SheetRow, guessed, read_rows, skill_columns
from integrations.spreadsheets import rows_of
from policies.permissions import Permission
from services import door
from services.workforce.checks import lock_workforce
from services.workforce.import_rows import Names, Planned, names_in_use, planned, write
from services.workforce.import_views import CellFault, EmployeeFileLine, EmployeeFileRow, EmployeeFileView

LARGEST_BYTES = 3 * 1024 * 1024
PREVIEWED = 50
MOST_FAULTS = 100
_BODY = "employee_imports.body"
_LINES = "SELECT * FROM sheet_imports WHERE tenant_id = current_tenant() AND kind = 'employees'"


class Content:
    """What a sheet comes to today; with faults or a problem it cannot be taken in."""

    def __init__(self, cells: list[list[str]], mapping: dict[str, int]) -> None:
        self.cells, self.mapping = cells, mapping
        self.headings = headings_of(cells)
        self.rows: list[SheetRow] = []
        self.plans: list[Planned] = []
        self.problem = ""

    async def read(self, session: Session, *, lock: bool = False) -> None:
        """Read every row, and hold it against what is there."""
        names: Names = await names_in_use(session)
        try:
            self.rows = read_rows(self.cells, self.mapping, names.known)
        except Invalid as refusal:
            self.problem = refusal.what_to_do
            return
        if not self.rows:
            self.problem = "The sheet holds no row below its headings."
        self.plans = await planned(session, self.rows, names, lock=lock)

    def faults(self) -> list[CellFault]:
        """Every fault at its cell."""
        columns = {f"skill: {name}": number for number, name in skill_columns(self.headings).items()}
        columns |= self.mapping
        found = [
            CellFault(row.number, columns[name], words)
            for row in self.rows
            for name, words in row.faults.items()
        ]
        return sorted(found, key=lambda one: (one.row, one.column))

    def count(self, outcome: str) -> int:
        """How many rows come to this."""
        return sum(one.outcome == outcome for one in self.plans)


async def view(session: Session, import_id: UUID) -> EmployeeFileView:
    """The file with its preview."""
    row = await session.row(f"{_LINES} AND id = $1", import_id)
    content = await _content(session, row)
    await content.read(session)
    faults = content.faults()
    return EmployeeFileView(
        line=_line(row),
        headings=list(content.headings),
        mapping=content.mapping,
        skill_columns=list(skill_columns(content.headings)),
        rows=_preview(content),
        faults=faults[:MOST_FAULTS],
        fault_count=len(faults),
        row_count=len(content.rows),
        new_count=content.count("new"),
        changed_count=content.count("changed"),
        same_count=content.count("same"),
        problem=content.problem,
    )


@door.answering(Permission.WORKFORCE_MANAGE, view)
async def stage_employee_file(session: Session, name: str, body: bytes) -> UUID:
    """Keep an Excel sheet or a CSV file as a draft with its columns guessed. The same draft again is that draft."""
    if not body.strip() or len(body) > LARGEST_BYTES:
        words = f"Send a sheet of at most {LARGEST_BYTES >> 20} MB."
        fault = FieldError("file", "sheet.size", words)
        raise Invalid("sheet.size", "This file cannot be read.", words, fields=(fault,))
    digest = hashlib.sha256(body).digest()
    known: UUID | None = await session.value(
        f"{_LINES.replace('*', 'id')} AND sha256 = $1 AND status = 'draft'", digest
    )
    if known:
        return known
    # A large sheet takes a moment to unpack; the loop goes on meanwhile.
    cells = await asyncio.to_thread(rows_of, body)
    headings = headings_of(cells)
    if not headings:
        raise Invalid("sheet.empty", "This sheet holds nothing.", "Send one with headings in its first row.")
    made: UUID = await session.value(
        "INSERT INTO sheet_imports (tenant_id, kind, name, sha256, body, mapping, created_by)"
        " VALUES ($1, 'employees', $2, $3, $4, $5, $6) RETURNING id",
        session.tenant_id,
        "".join(c for c in name if c.isprintable())[:120] or "employees",
        digest,
        (await session.key()).seal(_BODY, json.dumps(cells).encode("utf-8", "replace")),
        json.dumps(guessed(headings)),
        session.actor.user_id,
    )
    return made


@door.query(Permission.WORKFORCE_MANAGE)
async def list_employee_files(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[EmployeeFileLine]:
    """Files of employees, newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINES} AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT {size + 1}",
        uuid_in(cursor) if cursor else None,
    )
    items = [_line(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.WORKFORCE_MANAGE, of="sheet_imports")
async def get_employee_file(session: Session, import_id: UUID) -> EmployeeFileView:
    """A file with its columns, its first rows, what they come to, and every fault."""
    return await view(session, import_id)


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def map_employee_columns(session: Session, import_id: UUID, mapping: Mapping[str, int]) -> UUID:
    """Say which column (from 0) holds what; columns headed `Skill: name` hold levels by themselves."""
    row = await _draft(session, import_id)
    content = await _content(session, row)
    columns = checked_mapping(FIELDS, REQUIRED, mapping, len(content.headings))
    await session.execute(
        "UPDATE sheet_imports SET mapping = $2 WHERE id = $1", import_id, json.dumps(columns)
    )
    return import_id


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def take_in_employee_file(session: Session, import_id: UUID) -> UUID:
    """Take in every row, or none and the faults. Employees are known by their number; what no column says stays."""
    await lock_workforce(session)
    row = await _draft(session, import_id)
    content = await _content(session, row)
    await content.read(session, lock=True)
    _refuse(content)
    await write(session, content.plans)
    await session.execute(
        "UPDATE sheet_imports SET status = 'taken', taken_at = now(), added = $2, changed = $3, same = $4"
        " WHERE id = $1",
        import_id,
        *(content.count(outcome) for outcome in ("new", "changed", "same")),
    )
    return import_id


@door.answering(Permission.WORKFORCE_MANAGE, view, of="sheet_imports")
async def discard_employee_file(session: Session, import_id: UUID) -> UUID:
    """Put a draft away; nothing of it was taken in."""
    await _draft(session, import_id)
    await session.execute("UPDATE sheet_imports SET status = 'discarded' WHERE id = $1", import_id)
    return import_id


def _refuse(content: Content) -> None:
    if content.problem:
        raise Invalid("sheet.mapping", "The sheet cannot be taken in yet.", content.problem)
    faults = content.faults()
    if faults:
        named = {number: name for name, number in content.mapping.items()}
        fields = tuple(
            FieldError(f"rows.{one.row}.{named.get(one.column, one.column)}", "cell.invalid", one.message)
            for one in faults[:MOST_FAULTS]
        )
        title = f"{len(faults)} cells are not right; nothing was taken in."
        raise Invalid("sheet.invalid", title, fields[0].message, fields=fields)


async def _draft(session: Session, import_id: UUID) -> Any:
    row = await session.row(f"{_LINES} AND id = $1 FOR UPDATE", import_id)
    if row["status"] != "draft":
        words = "taken in already" if row["status"] == "taken" else "put away"
        raise Conflict("sheet.done", f"This file was {words}.", "Nothing more is needed.")
    return row


async def _content(session: Session, row: Any) -> Content:
    body = (await session.key()).open(_BODY, row["body"])
    mapping = {name: number for name, number in json.loads(row["mapping"]).items() if name in FIELDS}
    return Content(json.loads(body), mapping)


def _preview(content: Content) -> list[EmployeeFileRow]:
    """Faulty rows first: those are to be mended."""
    outcomes = {one.row.number: one.outcome for one in content.plans}
    ordered = sorted(content.rows, key=lambda row: not row.faults)[:PREVIEWED]
    width = len(content.headings)
    return [
        EmployeeFileRow(
            row.number,
            outcomes.get(row.number, "wrong"),
            (content.cells[row.number - 1] + [""] * width)[:width],
        )
        for row in ordered
    ]


def _line(row: Any) -> EmployeeFileLine:
    names = ("id", "name", "status", "added", "changed", "same", "created_at")
    return EmployeeFileLine(*(row[name] for name in names))
