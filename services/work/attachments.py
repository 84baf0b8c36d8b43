"""Files attached to work and to what it is about: told by their content, sealed, and removed only with a reason."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from activities.work_acts import remember
from database.crypto import TenantKey
from database.session import Session
from domain.attachments import KINDS, MOST_OF_A_SUBJECT, kind_of, safe_name, too_large
from domain.refusals import Conflict, NotAllowed
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.work.notes import must_see

NAME = "attachments.name"
BODY = "attachments.body"
REASON = "attachment_removals.reason"
LARGEST_MEGABYTES = 50
"""What the setting may say at most: more does not belong into a row."""

_largest = 20 << 20

_LINES = """
SELECT a.id, a.subject_type, a.subject_id, a.name, a.media_type, a.sha256, a.size, a.added_by, a.added_by_name, a.created_at,
       r.reason, coalesce(r.removed_by_name, '') AS removed_by_name, r.removed_at
FROM attachments a
LEFT JOIN attachment_removals r ON r.tenant_id = a.tenant_id AND r.attachment_id = a.id
WHERE a.tenant_id = current_tenant()
"""


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file without its content. `sha256` in hex, `size` in bytes. One that was removed keeps its line and says why;
    `removable`: the asker may remove it."""

    id: UUID
    subject_type: str
    subject_id: UUID
    name: str
    media_type: str
    kind_label: str
    sha256: str
    size: int
    added_by_name: str
    created_at: datetime
    removed_by_name: str
    removed_at: datetime | None
    reason: str
    removable: bool


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """A file opened (PHI): its bytes exactly as they were sent."""

    id: UUID
    name: str
    media_type: str
    body: bytes


def configure(megabytes: int) -> None:
    """Take the size of the largest file from the settings."""
    global _largest
    _largest = max(1, min(megabytes, LARGEST_MEGABYTES)) << 20


def largest() -> int:
    """How large a file may be, in bytes."""
    return _largest


@door.query(Permission.NOTES_ADD)
async def most_bytes(session: Session, subject_type: str, subject_id: UUID) -> int:
    """How large a file for this subject may be, in bytes, for who may attach one: asked before any of it is read."""
    await must_see(session, subject_type, subject_id)
    return _largest


@door.command(Permission.NOTES_ADD)
async def attach(
    session: Session, subject_type: str, subject_id: UUID, name: str, body: bytes
) -> AttachmentLine:
    """Keep a file with a subject that the asker may see. The same content is kept once as long as it is there."""
    await must_see(session, subject_type, subject_id)
    if len(body) > _largest:
        raise too_large(_largest)
    # Unpacking, hashing and sealing tens of megabytes would hold everybody else up.
    kind = await asyncio.to_thread(kind_of, name, body)
    digest = (await asyncio.to_thread(hashlib.sha256, body)).digest()
    known = [one for one in await _of(session, subject_type, subject_id) if one.removed_at is None]
    for one in known:
        if one.sha256 == digest.hex():
            return one
    if len(known) >= MOST_OF_A_SUBJECT:
        words = "Remove some that are no longer needed."
        raise Conflict("attachment.too_many", f"There are {MOST_OF_A_SUBJECT} files here already.", words)
    key = await session.key()
    made: UUID = await session.value(
        "INSERT INTO attachments (tenant_id, subject_type, subject_id, name, media_type, sha256, size, body, added_by,"
        " added_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        session.tenant_id,
        subject_type,
        subject_id,
        key.seal(NAME, safe_name(name, kind).encode()),
        kind.media_type,
        digest,
        len(body),
        await asyncio.to_thread(key.seal, BODY, body),
        session.actor.user_id,
        session.actor.name,
    )
    # Without the name of the file: a history carries no PHI.
    await _remember(session, subject_type, subject_id, "attached", kind.label)
    return _line(session, await session.row(f"{_LINES} AND a.id = $1", made), key)


@door.query(None, phi=True)
async def attachments_of(session: Session, subject_type: str, subject_id: UUID) -> list[AttachmentLine]:
    """The files of a subject, newest first, those removed among them, for who may see the subject."""
    await must_see(session, subject_type, subject_id)
    return await _of(session, subject_type, subject_id)


@door.query(None, of="attachments", phi=True)
async def attachment(session: Session, attachment_id: UUID) -> AttachmentContent:
    """One file's bytes. Opening it is audited; one that was removed opens for leads only."""
    row = await session.row(f"{_LINES} AND a.id = $1", attachment_id)
    await must_see(session, row["subject_type"], row["subject_id"])
    if row["removed_at"] is not None and not session.actor.may(Permission.WORK_ASSIGN):
        raise NotAllowed(
            "attachment.removed",
            "This file was removed.",
            "Ask a lead, who can still open it, if you need it.",
        )
    key = await session.key()
    sealed = await session.value("SELECT body FROM attachments WHERE id = $1", attachment_id)
    body = await asyncio.to_thread(key.open, BODY, sealed)
    return AttachmentContent(attachment_id, key.open(NAME, row["name"]).decode(), row["media_type"], body)


@door.command(Permission.NOTES_ADD, of="attachments")
async def remove_attachment(session: Session, attachment_id: UUID, reason: str) -> AttachmentLine:
    """Take a file out of use, with the reason. Its line stays; who attached it may, and whoever leads the work."""
    row = await session.row(f"{_LINES} AND a.id = $1", attachment_id)
    await must_see(session, row["subject_type"], row["subject_id"])
    if not _may_remove(session, row):
        words = f"Ask {row['added_by_name']}, who attached it, or a lead."
        raise NotAllowed("attachment.not_yours", "This file was attached by somebody else.", words)
    text = checked_comment(reason, required=True, field="reason")
    key = await session.key()
    removed = await session.execute(
        "INSERT INTO attachment_removals (tenant_id, attachment_id, reason, removed_by, removed_by_name)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        session.tenant_id,
        attachment_id,
        key.seal(REASON, text.encode()),
        session.actor.user_id,
        session.actor.name,
    )
    if not removed:
        raise Conflict("attachment.removed", "This file was removed already.", "Reload to see by whom.")
    label = KINDS[row["media_type"]].label
    await _remember(session, row["subject_type"], row["subject_id"], "detached", label)
    return _line(session, await session.row(f"{_LINES} AND a.id = $1", attachment_id), key)


async def _of(session: Session, subject_type: str, subject_id: UUID) -> list[AttachmentLine]:
    rows = await session.fetch(
        f"{_LINES} AND a.subject_type = $1 AND a.subject_id = $2 ORDER BY a.id DESC LIMIT 500",
        subject_type,
        subject_id,
    )
    key = await session.key()
    return [_line(session, row, key) for row in rows]


async def _remember(session: Session, subject_type: str, subject_id: UUID, kind: str, detail: str) -> None:
    if subject_type == "work_item":
        await remember(session, subject_id, kind, detail)


def _may_remove(session: Session, row: Any) -> bool:
    return row["added_by"] == session.actor.user_id or session.actor.may(Permission.WORK_ASSIGN)


def _line(session: Session, row: Any, key: TenantKey) -> AttachmentLine:
    removed = row["removed_at"] is not None
    return AttachmentLine(
        id=row["id"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        name=key.open(NAME, row["name"]).decode(),
        media_type=row["media_type"],
        kind_label=KINDS[row["media_type"]].label,
        sha256=row["sha256"].hex(),
        size=row["size"],
        added_by_name=row["added_by_name"],
        created_at=row["created_at"],
        removed_by_name=row["removed_by_name"],
        removed_at=row["removed_at"],
        reason=key.open(REASON, row["reason"]).decode() if removed else "",
        removable=not removed and session.actor.may(Permission.NOTES_ADD) and _may_remove(session, row),
    )
