"""A sheet as a draft: kept once by its content, its columns guessed as they were last assigned, looked at, put away."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.sheets.columns import checked_mapping, folded, guessed, headings_at, headings_row, looked_at
from domain.sheets.kinds import FORMS, Form, Kind
from integrations.spreadsheets import sheets_of
from services.sheets.reading import BODY, NAME, cells_of, headings_row_of, lacking, line_of, name_of
from services.sheets.views import SheetLine

HEADING = "sheet_headings.heading"
LARGEST_BYTES = 6 * 1024 * 1024
LINES = (
    "SELECT i.*, coalesce((SELECT u.name FROM users u WHERE u.id = i.created_by), '') AS brought_by FROM sheet_imports i"
    " WHERE tenant_id = current_tenant()"
)
_DONE = {
    "taken": "taken in already",
    "taking": "begun to be taken in",
    "stopped": "begun to be taken in",
    "discarded": "put away",
}


async def stage(session: Session, form: Form, kind: Kind, name: str, body: bytes) -> UUID:
    """Keep a file as a draft with its columns guessed: of several sheets in it the one of which most is recognised. The
    same draft again is that draft."""
    if not body.strip() or len(body) > LARGEST_BYTES:
        words = f"Send a sheet of at most {LARGEST_BYTES >> 20} MB."
        fault = FieldError("file", "sheet.size", words)
        raise Invalid("sheet.size", "This file cannot be read.", words, fields=(fault,))
    digest = hashlib.sha256(body).digest()
    known: UUID | None = await session.value(
        "SELECT id FROM sheet_imports WHERE tenant_id = current_tenant() AND kind = $1 AND sha256 = $2"
        " AND status = 'draft'",
        kind.value,
        digest,
    )
    if known:
        return known
    # A large sheet takes a moment to unpack; the loop goes on meanwhile.
    tabs = await asyncio.to_thread(sheets_of, body)
    if not tabs:
        raise Invalid("sheet.empty", "This sheet holds nothing.", "Send one with headings above its rows.")
    candidates = [cells[number - 1] for _, cells in tabs for number in looked_at(cells)]
    said = await _remembered(session, kind, candidates)
    tab, cells, at, mapping = max((_guess(form, said, *one) for one in tabs), key=lambda one: len(one[3]))
    shown = f"{tab} in {name}" if len(tabs) > 1 else name
    key = await session.key()
    called = "".join(c for c in shown if c.isprintable())[:120] or FORMS[kind].noun
    made: UUID = await session.value(
        "INSERT INTO sheet_imports (tenant_id, kind, name, sha256, body, headings_row, mapping, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        session.tenant_id,
        kind.value,
        key.seal(NAME, called.encode("utf-8", "replace")),
        digest,
        key.seal(BODY, json.dumps(cells).encode("utf-8", "replace")),
        at,
        json.dumps(mapping),
        session.actor.user_id,
    )
    return made


def _guess(
    form: Form, said: Mapping[str, str], tab: str, cells: list[list[str]]
) -> tuple[str, list[list[str]], int, dict[str, int]]:
    at = headings_row(form.columns, cells, said)
    return tab, cells, at, guessed(form.columns, headings_at(cells, at), said)


async def listed(session: Session, kinds: Sequence[Kind], cursor: str | None, limit: int) -> Page[SheetLine]:
    """Files of these kinds, newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{LINES} AND kind = ANY($1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT {size + 1}",
        [kind.value for kind in kinds],
        uuid_in(cursor) if cursor else None,
    )
    key = await session.key()
    items = [line_of(row, name_of(key, row)) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


async def remap(
    session: Session,
    import_id: UUID,
    form: Form,
    mapping: Mapping[str, int],
    at: int | None = None,
    given: Mapping[str, str] | None = None,
) -> None:
    """Read a draft by other columns, remembered for the next sheet with these headings; or with its headings `at`
    another row, from which columns are then guessed anew unless they are said too. `given` replaces what holds for every
    row; None leaves it."""
    row = await draft(session, import_id)
    held = json.loads(row["given"]) if given is None else _given(form, given)
    cells = await cells_of(session, row)
    if at is not None and not (0 < at <= len(cells) and any(cells[at - 1])):
        words = f"Choose a row from 1 to {len(cells)} that holds the headings."
        fault = FieldError("headings_row", "headings_row.empty", words)
        raise Invalid("sheet.headings", "There are no headings in this row.", words, fields=(fault,))
    number = at or headings_row_of(row, cells)
    headings = headings_at(cells, number)
    if at is not None and not mapping:
        mapping = guessed(form.columns, headings, await _remembered(session, Kind(row["kind"]), [headings]))
    else:
        mapping = checked_mapping(form.fields, lacking(form, held), mapping, len(headings))
        await remember(session, row["kind"], mapping, headings)
    await session.execute(
        "UPDATE sheet_imports SET mapping = $2, headings_row = $3, given = $4 WHERE id = $1",
        import_id,
        json.dumps(mapping),
        number,
        json.dumps(held),
    )


def _given(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    faults = [
        FieldError(
            f"given.{name}"[:80], "given.unknown", f"Only these hold for every row: {', '.join(form.given)}."
        )
        for name, text in given.items()
        if name not in form.given or len(text) > 200
    ]
    if faults:
        raise Invalid(
            "sheet.given", "This cannot be given for every row.", faults[0].message, fields=tuple(faults)
        )
    return {name: " ".join(text.split()) for name, text in given.items() if text.strip()}


async def remember(session: Session, kind: str, mapping: Mapping[str, int], headings: Sequence[str]) -> None:
    """Read the next sheet with these headings by these columns."""
    named = {number: name for name, number in mapping.items()}
    key = await session.key()
    said = {
        key.blind(HEADING, text): named.get(number, "")
        for number, heading in enumerate(headings)
        if (text := folded(heading))
    }
    await session.execute(
        "INSERT INTO sheet_headings (tenant_id, kind, heading, field) SELECT $1, $2, * FROM unnest($3::bytea[], $4::text[])"
        " ON CONFLICT (tenant_id, kind, heading) DO UPDATE SET field = excluded.field",
        session.tenant_id,
        kind,
        list(said),
        list(said.values()),
    )


async def put_away(session: Session, row: Any) -> None:
    """Put a draft away; nothing of it was taken in, and nothing of what it held is kept."""
    nothing = (await session.key()).seal(BODY, b"[]")
    await session.execute(
        "UPDATE sheet_imports SET status = 'discarded', body = $2, mapping = '{}', given = '{}', headings_row = 0 WHERE id = $1",
        row["id"],
        nothing,
    )


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


async def _remembered(session: Session, kind: Kind, candidates: Iterable[Sequence[str]]) -> dict[str, str]:
    """What those texts of these rows meant last time that were headings then; "" where they were left aside."""
    key = await session.key()
    texts = {folded(cell) for row in candidates for cell in row} - {""}
    known = {key.blind(HEADING, text): text for text in texts}
    rows = await session.fetch(
        "SELECT heading, field FROM sheet_headings WHERE tenant_id = current_tenant() AND kind = $1 AND heading = ANY($2)",
        kind.value,
        list(known),
    )
    return {known[row["heading"]]: row["field"] for row in rows}
