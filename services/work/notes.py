"""Notes on anything: sealed text by a person at a moment, never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from activities.candidates import must_read_words
from activities.work_acts import absent_of, remember
from database.notifications import notify
from database.session import Session
from domain.notifications import Notice
from domain.refusals import Invalid, NotFound
from domain.work import SUBJECTS, checked_comment
from domain.work_places import place_of
from policies.guard import require
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.work.mentions import named_in, readers_of

BODY = "notes.body"

# Who may read about a subject may read its notes.
READS: dict[str, Permission] = {
    "appeal": Permission.CLAIMS_VIEW,
    "approval": Permission.WORK_VIEW,
    "audit": Permission.CLAIMS_AUDIT,
    "batch": Permission.EDI_VIEW,
    "care_enrolment": Permission.CARE_MANAGE,
    "care_month": Permission.CARE_MANAGE,
    "care_patient_month": Permission.CARE_MANAGE,
    "care_move": Permission.CARE_MANAGE,
    "care_time": Permission.CARE_MANAGE,
    "claim": Permission.CLAIMS_VIEW,
    "client": Permission.CLIENTS_VIEW,
    "connection": Permission.CONNECTIONS_VIEW,
    "deposit": Permission.DEPOSITS_VIEW,
    "enrolment": Permission.ENROLMENTS_VIEW,
    "file": Permission.EDI_VIEW,
    "float_assignment": Permission.FLOAT_MANAGE,
    "float_proposal": Permission.FLOAT_MANAGE,
    "patient": Permission.PATIENTS_VIEW,
    "payer": Permission.CLIENTS_VIEW,
    "provider_balance": Permission.REMITTANCES_VIEW,
    "reassignment": Permission.WORK_ASSIGN,
    "remittance": Permission.REMITTANCES_VIEW,
    "remittance_lines": Permission.REMITTANCES_VIEW,
    "remittance_claim": Permission.REMITTANCES_VIEW,
    "time_sheet": Permission.CARE_MANAGE,
    "work_item": Permission.WORK_VIEW,
}


# What people call a subject, where that is no PHI.
_REFERENCES = {"audit": "reference", "claim": "reference", "file": "remote_name", "work_item": "title"}


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as it is read."""

    id: UUID
    at: datetime
    author_id: UUID
    author_name: str
    text: str
    mentions: list[str]  # names of those told


@door.command(Permission.NOTES_ADD)
async def add_note(session: Session, subject_type: str, subject_id: UUID, text: str) -> NoteView:
    """Add a note to a subject that the author may see. `@Name` mentions a person who may read it too."""
    await must_see(session, subject_type, subject_id)
    body = checked_comment(text, required=True, field="text")
    readers = await readers_of(session, READS[subject_type], subject_type, subject_id)
    named = await named_in(session, body, readers)
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
    await session.execute(
        "INSERT INTO note_mentions (tenant_id, note_id, user_id) SELECT $1, $2, unnest($3::uuid[])",
        session.tenant_id,
        row["id"],
        list(named),
    )
    await _tell_mentioned(session, subject_type, subject_id, row["id"], list(named))
    if subject_type == "work_item":
        words = f"to {', '.join(named.values())}" if named else ""
        await remember(session, subject_id, "commented", words, but=list(named))
    return NoteView(row["id"], row["created_at"], author, session.actor.name, body, list(named.values()))


async def _tell_mentioned(
    session: Session, subject_type: str, subject_id: UUID, note_id: UUID, named: list[UUID]
) -> None:
    """Tell those whom a note names where it stands, never what it says."""
    people = [one for one in named if one != session.actor.user_id]
    column = _REFERENCES.get(subject_type)
    words = f"a note on a {subject_type.replace('_', ' ')}"
    if people and column:
        table = SUBJECTS[subject_type]
        words = f"a note on {await session.value(f'SELECT {column} FROM {table} WHERE id = $1', subject_id)}"
    place = place_of(subject_type, subject_id) or "/work"
    href = f"/work?item={subject_id}" if subject_type == "work_item" else place
    title = f"{session.actor.name} mentions you in {words}"
    await notify(session, people, kind=Notice.MENTION, title=title, href=href, key=f"note/{note_id}")


@door.query(None, phi=True)
async def notes_of(session: Session, subject_type: str, subject_id: UUID) -> list[NoteView]:
    """The latest 200 notes on a subject, newest first, for who may see the subject."""
    await must_see(session, subject_type, subject_id)
    rows = await session.fetch(
        "SELECT n.id, n.created_at, n.author_id, n.author_name, n.body, ARRAY(SELECT u.name FROM note_mentions m"
        " JOIN users u ON u.id = m.user_id WHERE m.tenant_id = n.tenant_id AND m.note_id = n.id ORDER BY u.name) AS named"
        " FROM notes n WHERE n.tenant_id = current_tenant() AND n.subject_type = $1 AND n.subject_id = $2"
        " ORDER BY n.id DESC LIMIT 200",
        subject_type,
        subject_id,
    )
    key = await session.key()
    return [
        NoteView(
            r["id"],
            r["created_at"],
            r["author_id"],
            r["author_name"],
            key.open(BODY, r["body"]).decode(),
            list(r["named"]),
        )
        for r in rows
    ]


@door.query(Permission.WORK_VIEW)
async def people_to_mention(
    session: Session,
    text: str = "",
    subject_type: str = "",
    subject_id: UUID | None = None,
    *,
    limit: int = 8,
) -> list[str]:
    """Names of people whom a note on a subject may name, by what they contain; for `@` in a note. Without a subject:
    of those who see the queue."""
    if subject_id is None:
        people = await holders(session, {Permission.WORK_VIEW})
    else:
        await must_see(session, subject_type, subject_id)
        people = await readers_of(session, READS[subject_type], subject_type, subject_id)
    wanted = text.strip().lower()
    names = sorted(name for name in set(people.values()) if wanted in name.lower())
    return names[: max(1, min(limit, 50))]


async def must_see(session: Session, subject_type: str, subject_id: UUID) -> None:
    """404 before 403, as at the door. The table's name comes from our own list, never from the request."""
    if subject_type not in READS:
        raise Invalid(
            "note.subject_unknown",
            "Neither notes nor files can be attached to this.",
            f"Subjects: {', '.join(sorted(READS))}.",
        )
    if not await session.value(f"SELECT 1 FROM {SUBJECTS[subject_type]} WHERE id = $1", subject_id):
        raise NotFound(
            "not_found", "There is nothing here under this id, or it is not yours.", "Check the address."
        )
    require(session.actor, READS[subject_type])
    if subject_type == "work_item":
        await must_read_words(session, subject_id, await absent_of(session, session.actor.user_id))
