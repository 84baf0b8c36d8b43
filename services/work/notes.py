"""Notes on anything: sealed text by a person at a moment, never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.session import Session
from domain.refusals import Invalid, NotFound
from domain.work import SUBJECTS, checked_comment
from policies.guard import require
from policies.permissions import Permission
from services import door

BODY = "notes.body"

# Who may read about a subject may read its notes.
READS: dict[str, Permission] = {
    "appeal": Permission.CLAIMS_VIEW,
    "audit": Permission.CLAIMS_AUDIT,
    "batch": Permission.EDI_VIEW,
    "claim": Permission.CLAIMS_VIEW,
    "client": Permission.CLIENTS_VIEW,
    "connection": Permission.CONNECTIONS_VIEW,
    "deposit": Permission.DEPOSITS_VIEW,
    "enrolment": Permission.ENROLMENTS_VIEW,
    "file": Permission.EDI_VIEW,
    "patient": Permission.PATIENTS_VIEW,
    "payer": Permission.CLIENTS_VIEW,
    "provider_balance": Permission.REMITTANCES_VIEW,
    "remittance": Permission.REMITTANCES_VIEW,
    "remittance_lines": Permission.REMITTANCES_VIEW,
    "remittance_claim": Permission.REMITTANCES_VIEW,
    "work_item": Permission.WORK_VIEW,
}


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as it is read."""

    id: UUID
    at: datetime
    author_id: UUID
    author_name: str
    text: str


@door.command(Permission.NOTES_ADD)
async def add_note(session: Session, subject_type: str, subject_id: UUID, text: str) -> NoteView:
    """Add a note to a subject that the author may see."""
    await _must_see(session, subject_type, subject_id)
    body = checked_comment(text, required=True, field="text")
    row = await session.row(
        "INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id, created_at",
        session.tenant_id,
        subject_type,
        subject_id,
        (await session.key()).seal(BODY, body.encode()),
        session.actor.user_id,
        session.actor.name,
    )
    author = session.actor.user_id
    assert author is not None  # workflows have no permissions, so they never come here
    return NoteView(row["id"], row["created_at"], author, session.actor.name, body)


@door.query(None, phi=True)
async def notes_of(session: Session, subject_type: str, subject_id: UUID) -> list[NoteView]:
    """The latest 200 notes on a subject, newest first, for who may see the subject."""
    await _must_see(session, subject_type, subject_id)
    rows = await session.fetch(
        "SELECT id, created_at, author_id, author_name, body FROM notes"
        " WHERE tenant_id = current_tenant() AND subject_type = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 200",
        subject_type,
        subject_id,
    )
    key = await session.key()
    return [
        NoteView(
            r["id"], r["created_at"], r["author_id"], r["author_name"], key.open(BODY, r["body"]).decode()
        )
        for r in rows
    ]


async def _must_see(session: Session, subject_type: str, subject_id: UUID) -> None:
    """404 before 403, as at the door. The table's name comes from our own list, never from the request."""
    if subject_type not in READS:
        raise Invalid(
            "note.subject_unknown",
            "Notes cannot be attached to this.",
            f"Subjects: {', '.join(sorted(READS))}.",
        )
    if not await session.value(f"SELECT 1 FROM {SUBJECTS[subject_type]} WHERE id = $1", subject_id):
        raise NotFound(
            "not_found", "There is nothing here under this id, or it is not yours.", "Check the address."
        )
    require(session.actor, READS[subject_type])
