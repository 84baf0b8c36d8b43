"""Files as they travelled: the list, one opened and explained, its bytes, and taking one in by hand."""

import asyncio
from typing import Any
from uuid import UUID

from activities.edi.fetching import store_inbound
from activities.edi.gathering import BODY
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid
from domain.x12.check import Finding, check
from domain.x12.errors import Unreadable
from domain.x12.kind import kind_of
from domain.x12.view import SHOWN, FileView, view
from policies.permissions import Permission
from services import door
from services.edi.views import KIND_LABELS, FileBody, FileContent, FileLine, file_status

LARGEST_TAKEN_IN = 32 * 1024 * 1024
LONGEST_NAME = 200
# A page explains what a person can read; the whole file is a download and a command line away.
LARGEST_TEXT = 400_000
LARGEST_CHECKED = 1_000_000
# Some seconds and some hundred megabytes, and only when somebody asks for it.
LARGEST_CHECKED_ON_REQUEST = 6_000_000
LONGEST_SEARCH = 60
APPLICABLE = ("TA1", "999", "277CA", "835")

_LINE = """
SELECT f.id, f.direction, f.kind, f.remote_name, f.status, f.reason, f.size, f.connection_id, k.name AS connection_name,
    (SELECT b.id FROM edi_batches b WHERE b.tenant_id = f.tenant_id AND b.file_id = f.id LIMIT 1) AS batch_id,
    (SELECT count(*) FROM edi_deliveries d WHERE d.tenant_id = f.tenant_id AND d.file_id = f.id)::int AS deliveries,
    f.created_at, f.finished_at
FROM edi_files f LEFT JOIN connections k ON k.tenant_id = f.tenant_id AND k.id = f.connection_id
WHERE f.tenant_id = current_tenant()
"""


@door.query(Permission.EDI_VIEW)
async def list_files(
    session: Session,
    *,
    direction: str = "",
    kind: str = "",
    status: str = "",
    text: str = "",
    connection_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[FileLine]:
    """Files of both directions, newest first. `text` finds part of the name."""
    size = page_size(limit)
    conditions, values = [], []
    equal = {"direction": direction, "kind": kind, "status": status, "connection_id": connection_id}
    for column, value in equal.items():
        if value:
            values.append(value)
            conditions.append(f"f.{column} = ${len(values)}")
    if wanted := text.strip().lower()[:LONGEST_NAME]:
        values.append(wanted)
        conditions.append(f"position(${len(values)} IN lower(f.remote_name)) > 0")
    if cursor:
        values.append(uuid_in(cursor))
        conditions.append(f"f.id < ${len(values)}")
    where = "".join(f" AND {condition}" for condition in conditions)
    rows = await session.fetch(f"{_LINE}{where} ORDER BY f.id DESC LIMIT {size + 1}", *values)
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.EDI_VIEW, of="edi_files")
async def get_file(session: Session, file_id: UUID) -> FileLine:
    """One file without its content."""
    return await _file(session, file_id)


@door.query(Permission.EDI_BODY, of="edi_files", phi=True)
async def file_content(
    session: Session,
    file_id: UUID,
    *,
    first: int = 1,
    count: int = SHOWN,
    find: str = "",
    check_now: bool = False,
) -> FileContent:
    """The file from segment `first` on in plain words, what is wrong with it, and where `find` stands in it.

    A large file is checked only with `check_now`.
    """
    line, body = await _file(session, file_id), await _body(session, file_id)
    wanted = (first, max(1, min(count, SHOWN)), find[:LONGEST_SEARCH])
    return await asyncio.to_thread(_explained, line, body, wanted, check_now)


@door.query(Permission.EDI_BODY, of="edi_files", phi=True)
async def file_bytes(session: Session, file_id: UUID) -> FileBody:
    """The file exactly as it travelled."""
    line = await _file(session, file_id)
    return FileBody(file_id, line.name or f"{file_id}.x12", await _body(session, file_id))


@door.command(Permission.CONNECTIONS_MANAGE, of="connections")
async def take_in(session: Session, connection_id: UUID, name: str, body: bytes) -> FileLine:
    """Take in a file by hand as if the partner had left it in the mailbox: stored once by content, then applied.

    A file that was there before is answered as it stands; nothing is applied twice.
    """
    plain = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    await _must_be_usable(plain, body)
    file_id = await store_inbound(session, connection_id, plain, body)
    line = await _file(session, file_id)
    if line.status == "stored":
        await session.tell(
            "start",
            f"{session.tenant_id}/file/{file_id}",
            "",
            {"tenant_id": session.tenant_id, "file_id": file_id},
            workflow="FileIntake",
            task_queue="edi",
        )
    return line


async def _must_be_usable(name: str, body: bytes) -> None:
    faults: list[FieldError] = []
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        words = f"Give the file a printable name of at most {LONGEST_NAME} characters."
        faults.append(FieldError("name", "file.name", words))
    if not body:
        faults.append(FieldError("body", "file.empty", "The file is empty."))
    elif len(body) > LARGEST_TAKEN_IN:
        words = f"A file taken in by hand has at most {LARGEST_TAKEN_IN >> 20} MB."
        faults.append(FieldError("body", "file.too_large", words))
    elif await asyncio.to_thread(kind_of, body) not in APPLICABLE:
        words = f"Choose a file that holds one of: {', '.join(APPLICABLE)}."
        faults.append(FieldError("body", "file.kind_unexpected", words))
    if faults:
        raise Invalid(
            faults[0].code, "This file cannot be taken in.", faults[0].message, fields=tuple(faults)
        )


async def _file(session: Session, file_id: UUID) -> FileLine:
    return _line(await session.row(f"{_LINE} AND f.id = $1", file_id))


async def _body(session: Session, file_id: UUID) -> bytes:
    sealed = await session.value("SELECT body FROM edi_files WHERE id = $1", file_id)
    return await asyncio.to_thread((await session.key()).open, BODY, sealed)


def _line(row: Any) -> FileLine:
    label, tone = file_status(row["status"], row["direction"])
    return FileLine(
        id=row["id"],
        direction=row["direction"],
        kind=row["kind"],
        kind_label=KIND_LABELS.get(row["kind"], row["kind"]),
        name=row["remote_name"],
        status=row["status"],
        status_label=label,
        tone=tone,
        reason=row["reason"],
        size=row["size"],
        connection_id=row["connection_id"],
        connection_name=row["connection_name"] or "",
        batch_id=row["batch_id"],
        deliveries=row["deliveries"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


def _explained(line: FileLine, body: bytes, wanted: tuple[int, int, str], check_now: bool) -> FileContent:
    notes: list[str] = []
    text = body[:LARGEST_TEXT].decode("latin-1")
    if len(body) > LARGEST_TEXT:
        notes.append(
            f"The text shows the first {LARGEST_TEXT:,} bytes of {len(body):,}. Download the file for the rest."
        )
    seen = _view(body, wanted, notes)
    checked = len(body) <= (LARGEST_CHECKED_ON_REQUEST if check_now else LARGEST_CHECKED)
    findings = _findings(body, notes, checked)
    return FileContent(
        line, text, seen.lines, findings, notes, seen.first, seen.total, seen.loops, seen.hits, seen.more_hits, checked
    )  # fmt: skip


def _view(body: bytes, wanted: tuple[int, int, str], notes: list[str]) -> FileView:
    try:
        return view(body, *wanted)
    except Unreadable as refusal:
        notes.append(f"This cannot be read as X12: {refusal.title}")
        return FileView([], 1, 0, [], [])


def _findings(body: bytes, notes: list[str], checked: bool) -> list[Finding]:
    if not checked:
        if len(body) > LARGEST_CHECKED_ON_REQUEST:
            notes.append("A file this large is not checked here: download it and use `caseload x12 check`.")
        return []
    try:
        return check(body)
    except Unreadable:
        return []  # the view has said why
