"""Documents kept for a claim, a patient or another subject: the list, and one opened."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.documents import opened
from database.session import Session
from domain.documents import SUBJECTS, kind_label
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.care import papers

MOST = 200

_LINE = """
SELECT d.id, d.kind, d.subject_type, d.subject_id, d.name, d.sha256, d.size, d.pages, d.facts, d.created_at,
    coalesce(u.name, 'Caseload') AS created_by_name
FROM documents d LEFT JOIN users u ON u.id = d.created_by WHERE d.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document without its content. `sha256` is that of the bytes, in hex; `facts` are codes, ids and dates."""

    id: UUID
    kind: str
    kind_label: str
    subject_type: str
    subject_id: UUID
    name: str
    sha256: str
    size: int
    pages: int
    facts: dict[str, Any]
    created_by_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A document opened (PHI): its bytes exactly as they were stored."""

    id: UUID
    name: str
    body: bytes
    media_type: str


@door.query(Permission.DOCUMENTS_VIEW)
async def documents_of(session: Session, subject_type: str, subject_id: UUID) -> list[DocumentLine]:
    """The latest 200 documents about a subject, newest first."""
    await _must_be_there(session, subject_type, subject_id)
    await papers.must_be_readable(session, "", subject_type, subject_id)
    rows = await session.fetch(
        f"{_LINE} AND d.subject_type = $1 AND d.subject_id = $2 ORDER BY d.id DESC LIMIT {MOST}",
        subject_type,
        subject_id,
    )
    return [_line(row) for row in await papers.readable(session, rows)]


@door.query(Permission.DOCUMENTS_VIEW, of="documents", phi=True)
async def content(session: Session, document_id: UUID) -> DocumentContent:
    """One document's bytes. Opening it is audited."""
    row = await session.row(
        "SELECT kind, subject_type, subject_id, name FROM documents WHERE id = $1", document_id
    )
    await papers.must_be_readable(session, row["kind"], row["subject_type"], row["subject_id"])
    body = await opened(session, document_id)
    media_type = "application/pdf" if body.startswith(b"%PDF-") else "application/octet-stream"
    return DocumentContent(document_id, row["name"], body, media_type)


async def line_of(session: Session, document_id: UUID) -> DocumentLine:
    """One document without its content, for commands that answer with what they made."""
    return _line(await session.row(f"{_LINE} AND d.id = $1", document_id))


async def _must_be_there(session: Session, subject_type: str, subject_id: UUID) -> None:
    table = SUBJECTS.get(subject_type)
    if table is None or not await session.value(f"SELECT 1 FROM {table} WHERE id = $1", subject_id):
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            f"Choose one of: {', '.join(SUBJECTS)}; check the id, and that you are in the right tenant.",
        )


def _line(row: Any) -> DocumentLine:
    return DocumentLine(
        id=row["id"],
        kind=row["kind"],
        kind_label=kind_label(row["kind"]),
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        name=row["name"],
        sha256=row["sha256"].hex(),
        size=row["size"],
        pages=row["pages"],
        facts=json.loads(row["facts"]),
        created_by_name=row["created_by_name"],
        created_at=row["created_at"],
    )
