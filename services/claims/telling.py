"""How commands speak to a claim's process: the row locked first, the reason kept as a note, the message in the outbox."""

from typing import Any
from uuid import UUID

from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid, Stale
from services.claims.institutional_drafts import plain

LONGEST_REASON = 500


def workflow_id(session: Session, claim_id: UUID) -> str:
    """The id of the claim's workflow."""
    return f"{session.tenant_id}/claim/{claim_id}"


async def lock_claim(session: Session, claim_id: UUID, expected_version: int | None) -> Any:
    """The claim's row with its version's frequency, locked; Stale when it changed since the asker saw it."""
    # First the lock: whoever is waited for may make another version the current one, and a join that was looked up before
    # would then find none.
    await session.execute("SELECT FROM claims WHERE id = $1 FOR UPDATE", claim_id)
    row = await session.row(
        "SELECT c.*, v.frequency, v.rank FROM claims c JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id"
        " AND v.version = c.current_version WHERE c.id = $1",
        claim_id,
    )
    if expected_version is not None and row["version"] != expected_version:
        raise Stale(
            "claim.changed", "The claim changed since you opened it.", "Reload it and make your change again."
        )
    return row


async def nobody_else_works_it(session: Session, claim_id: UUID) -> None:
    """Refuse, with the name, when somebody else has taken work on this claim."""
    owner = await session.value(
        "SELECT u.name FROM work_items w JOIN users u ON u.id = w.owner_id WHERE w.subject_type = 'claim'"
        " AND w.subject_id = $1 AND w.status = 'open' AND w.owner_id <> $2 LIMIT 1",
        claim_id,
        session.actor.user_id,
    )
    if owner:
        raise Conflict(
            "work.taken", f"{owner} is working on this claim.", "Ask them, or have the item assigned to you."
        )


async def note_reason(session: Session, claim_id: UUID, kind: str, reason: str) -> None:
    """A reason is free text: it is kept as a sealed note, never in the activity's clear summary."""
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not plain(text.replace("\n", " "), LONGEST_REASON):
        fault = FieldError("reason", "reason.missing", f"Say why, in at most {LONGEST_REASON} characters.")
        raise Invalid("reason.missing", "A reason is needed.", fault.message, fields=(fault,))
    key = await session.key()
    await session.execute(
        "INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)"
        " VALUES ($1, 'claim', $2, $3, $4, $5)",
        session.tenant_id,
        claim_id,
        key.seal("notes.body", f"[{kind}] {text}".encode()),
        session.actor.user_id,
        session.actor.name,
    )


async def tell_process(session: Session, claim_id: UUID, update: str, **facts: Any) -> UUID:
    """Put an update for the claim's process into the outbox; the message's id."""
    payload = {"tenant_id": session.tenant_id, "by": session.actor.user_id, **facts}
    return await session.tell("update", workflow_id(session, claim_id), update, payload)
