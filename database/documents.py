"""Documents as they were made: sealed, hashed, append-only. The schema itself is `sql/74_documents.sql`."""

import asyncio
import hashlib
import io
import json
from typing import Any
from uuid import UUID as Identifier

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.session import Session

BODY = "documents.body"


class DocumentRow(Table, tablename="documents", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    kind = Text()
    subject_type = Text()
    subject_id = UUID(default=None)
    name = Text()
    sha256 = Bytea()
    size = Integer()
    body = Bytea()
    pages = Integer(default=0)
    facts = JSONB()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


async def store(
    session: Session,
    *,
    kind: str,
    subject_type: str,
    subject_id: Identifier,
    name: str,
    body: bytes,
    facts: dict[str, Any],
) -> Identifier:
    """Keep a document for ever; its id. The same content for the same subject is kept once.

    `name` is a file name and `facts` are codes, ids, cents and dates: neither is sealed, so neither may hold PHI.
    """
    digest = hashlib.sha256(body).digest()
    there = await _stored(session, kind, subject_type, subject_id, digest)
    if there is not None:
        return there
    sealed = await asyncio.to_thread((await session.key()).seal, BODY, body)
    made: Identifier | None = await session.value(
        "INSERT INTO documents (tenant_id, kind, subject_type, subject_id, name, sha256, size, body, pages, facts,"
        " created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id",
        session.tenant_id,
        kind,
        subject_type,
        subject_id,
        name,
        digest,
        len(body),
        sealed,
        await asyncio.to_thread(pages_of, body),
        json.dumps(facts, default=str),
        session.actor.user_id,
    )
    if made is not None:
        return made
    return Identifier(str(await _stored(session, kind, subject_type, subject_id, digest)))


async def _stored(
    session: Session, kind: str, subject_type: str, subject_id: Identifier, digest: bytes
) -> Identifier | None:
    found: Identifier | None = await session.value(
        "SELECT id FROM documents WHERE tenant_id = current_tenant() AND subject_type = $1 AND subject_id = $2"
        " AND kind = $3 AND sha256 = $4",
        subject_type,
        subject_id,
        kind,
        digest,
    )
    return found


async def opened(session: Session, document_id: Identifier) -> bytes:
    """The bytes of a document as they were stored."""
    sealed = await session.value("SELECT body FROM documents WHERE id = $1", document_id)
    return await asyncio.to_thread((await session.key()).open, BODY, sealed)


def pages_of(body: bytes) -> int:
    """How many pages a PDF has; 0 for anything else."""
    if not body.startswith(b"%PDF-"):
        return 0
    # Loaded at the first document: most processes never store one.
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(body)).pages)
