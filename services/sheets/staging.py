"""A sheet as a draft: kept once by its content, its columns guessed as they were last assigned, looked at, put away."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from database.session import Session
from domain.paging import Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.sheets.columns import folded, headings_of
from domain.sheets.kinds import FORMS, Kind
from integrations.spreadsheets import rows_of
from services.sheets.views import CellFault, SheetLine, SheetRowView, SheetView

LARGEST_BYTES = 3 * 1024 * 1024
PREVIEWED = 50
MOST_FAULTS = 100
# What bodies are sealed for: the name under which the first of them were.
BODY = "employee_imports.body"
LINES = "SELECT * FROM sheet_imports WHERE tenant_id = current_tenant()"
_LINE = (
    "id", "name", "status", "added", "changed", "same", "created_at", "kind", "total", "done", "refused", "left_out",
    "taking_at", "taken_at",
)  # fmt: skip
_DONE = {
    "taken": "taken in already",
    "taking": "begun to be taken in",
    "stopped": "begun to be taken in",
    "discarded": "put away",
}


class Faulted(Protocol):
    """A row of a sheet by its number, with its faults by field."""

    number: int
    faults: dict[str, str]


@dataclass(slots=True)
class Reading:
    """What a sheet comes to today; with faults or a problem it cannot be taken in. `outcomes` by the rows' numbers."""

    cells: list[list[str]]
    mapping: dict[str, int]
    headings: tuple[str, ...]
    rows: Sequence[Faulted] = ()
    plans: list[Any] = field(default_factory=list)
    outcomes: dict[int, tuple[str, str]] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    skill_columns: list[int] = field(default_factory=list)
    problem: str = ""

    def faults(self) -> list[CellFault]:
        """Every fault at its cell."""
        places = self.columns | self.mapping
        found = [
            CellFault(row.number, places.get(name, -1), words)
            for row in self.rows
            for name, words in row.faults.items()
        ]
        return sorted(found, key=lambda one: (one.row, one.column))

    def count(self, outcome: str) -> int:
        """How many rows come to this."""
        return sum(found == outcome for found, _ in self.outcomes.values())


Reader = Callable[[Session, Any], Awaitable[Reading]]
Guess = Callable[[Sequence[str], Mapping[str, str]], dict[str, int]]


async def stage(session: Session, kind: Kind, name: str, body: bytes, guess: Guess) -> UUID:
    """Keep a file as a draft with its columns guessed. The same draft again is that draft."""
    if not body.strip() or len(body) > LARGEST_BYTES:
        words = f"Send a sheet of at most {LARGEST_BYTES >> 20} MB."
        fault = FieldError("file", "sheet.size", words)
        raise Invalid("sheet.size", "This file cannot be read.", words, fields=(fault,))
    digest = hashlib.sha256(body).digest()
    known: UUID | None = await session.value(
        f"{LINES.replace('*', 'id')} AND kind = $1 AND sha256 = $2 AND status = 'draft'", kind.value, digest
    )
    if known:
        return known
    # A large sheet takes a moment to unpack; the loop goes on meanwhile.
    cells = await asyncio.to_thread(rows_of, body)
    headings = headings_of(cells)
    if not headings:
        raise Invalid("sheet.empty", "This sheet holds nothing.", "Send one with headings in its first row.")
    sealed = (await session.key()).seal(BODY, json.dumps(cells).encode("utf-8", "replace"))
    made: UUID = await session.value(
        "INSERT INTO sheet_imports (tenant_id, kind, name, sha256, body, mapping, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        session.tenant_id,
        kind.value,
        "".join(c for c in name if c.isprintable())[:120] or FORMS[kind].noun,
        digest,
        sealed,
        json.dumps(guess(headings, await _remembered(session, kind))),
        session.actor.user_id,
    )
    return made


async def listed(
    session: Session, kinds: Sequence[Kind], cursor: str | None, limit: int, status: str = ""
) -> Page[SheetLine]:
    """Files of these kinds, newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{LINES} AND kind = ANY($1) AND ($2::uuid IS NULL OR id < $2) AND ($3 = '' OR status = $3)"
        f" ORDER BY id DESC LIMIT {size + 1}",
        [kind.value for kind in kinds],
        uuid_in(cursor) if cursor else None,
        status,
    )
    items = [line_of(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


async def remap(session: Session, row: Any, mapping: Mapping[str, int], headings: Sequence[str]) -> None:
    """Read the sheet by other columns from now on, and the next one with these headings too."""
    await session.execute(
        "UPDATE sheet_imports SET mapping = $2 WHERE id = $1", row["id"], json.dumps(mapping)
    )
    named = {number: name for name, number in mapping.items()}
    said = {
        folded(heading): named.get(number, "") for number, heading in enumerate(headings) if folded(heading)
    }
    await session.execute(
        "INSERT INTO sheet_headings (tenant_id, kind, heading, field) SELECT $1, $2, * FROM unnest($3::text[], $4::text[])"
        " ON CONFLICT (tenant_id, kind, heading) DO UPDATE SET field = excluded.field",
        session.tenant_id,
        row["kind"],
        list(said),
        list(said.values()),
    )


async def put_away(session: Session, row: Any) -> None:
    """Put a draft away; nothing of it was taken in."""
    await session.execute("UPDATE sheet_imports SET status = 'discarded' WHERE id = $1", row["id"])


async def draft(session: Session, import_id: UUID) -> Any:
    """The row of a draft under lock; refused once it was taken in or put away."""
    row = await session.row(f"{LINES} AND id = $1 FOR UPDATE", import_id)
    if row["status"] != "draft":
        raise Conflict("sheet.done", f"This file was {_DONE[row['status']]}.", "Nothing more is needed.")
    return row


async def must_be_of(session: Session, import_id: UUID, kinds: Sequence[Kind]) -> Kind:
    """The kind of a sheet, where it is one of these; what is not was never there for the asker."""
    kind = Kind(await session.value("SELECT kind FROM sheet_imports WHERE id = $1", import_id))
    if kind not in kinds:
        raise NotFound(
            "not_found",
            "There is no such sheet here.",
            "Open it under Care, Imports, or under Team, Employees.",
        )
    return kind


async def cells_of(session: Session, row: Any) -> list[list[str]]:
    """The cells as they came."""
    key = await session.key()
    cells: list[list[str]] = await asyncio.to_thread(lambda: json.loads(key.open(BODY, row["body"])))
    return cells


def view_of(row: Any, reading: Reading, **more: Any) -> SheetView:
    """The file with its preview."""
    faults = reading.faults()
    return SheetView(
        line=line_of(row),
        headings=list(reading.headings),
        mapping=reading.mapping,
        skill_columns=reading.skill_columns,
        rows=_preview(reading),
        faults=faults[:MOST_FAULTS],
        fault_count=len(faults),
        faulty_rows=len({one.row for one in faults}),
        row_count=len(reading.rows),
        new_count=reading.count("new"),
        changed_count=reading.count("changed"),
        same_count=reading.count("same"),
        problem=reading.problem,
        **more,
    )


def line_of(row: Any) -> SheetLine:
    """The line of a file."""
    label = FORMS[Kind(row["kind"])].label
    return SheetLine(**{name: row[name] for name in _LINE}, kind_label=label)


def refuse(reading: Reading) -> None:
    """Refuse a sheet that cannot be taken in, with every fault by its row and field."""
    if reading.problem:
        raise Invalid("sheet.mapping", "The sheet cannot be taken in yet.", reading.problem)
    faults = reading.faults()
    if faults:
        named = {number: name for name, number in reading.mapping.items()}
        fields = tuple(
            FieldError(f"rows.{one.row}.{named.get(one.column, one.column)}", "cell.invalid", one.message)
            for one in faults[:MOST_FAULTS]
        )
        title = f"{len(faults)} cells are not right; nothing was taken in."
        raise Invalid("sheet.invalid", title, fields[0].message, fields=fields)


async def _remembered(session: Session, kind: Kind) -> dict[str, str]:
    rows = await session.fetch(
        "SELECT heading, field FROM sheet_headings WHERE tenant_id = current_tenant() AND kind = $1 LIMIT 2000",
        kind.value,
    )
    return {row["heading"]: row["field"] for row in rows}


def _preview(reading: Reading) -> list[SheetRowView]:
    """Faulty rows first: those are to be mended."""
    ordered = sorted(reading.rows, key=lambda row: not row.faults)[:PREVIEWED]
    width = len(reading.headings)
    shown = []
    for row in ordered:
        outcome, words = reading.outcomes.get(row.number, ("wrong", ""))
        cells = (reading.cells[row.number - 1] + [""] * width)[:width]
        shown.append(SheetRowView(row.number, outcome, cells, words))
    return shown
