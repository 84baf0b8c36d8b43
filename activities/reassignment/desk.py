"""What a leaver leaves besides work: drafts become notes, the team's views get another keeper, watching ends."""

import re
from uuid import UUID

from database.reassignment_states import MoveState, add_event
from database.session import Session
from domain.work import SUBJECTS
from domain.workforce.float_drafts import draft_note

DRAFT, NOTE = "drafts.body", "notes.body"
_OF_A_THING = re.compile(r"([a-z_]+)/([0-9a-f]{8}-[0-9a-f-]{27})")
_PUT = """
INSERT INTO notes (tenant_id, subject_type, subject_id, body, author_id, author_name)
SELECT $1, $2, $3, $4, $5, (SELECT name FROM users WHERE id = $5)
"""
_VIEWS = """
UPDATE work_views v SET owner_id = $2, version = v.version + 1,
    name = CASE WHEN EXISTS (SELECT 1 FROM work_views o WHERE o.tenant_id = v.tenant_id AND o.owner_id = $2
        AND o.team_id = v.team_id AND o.name = v.name) THEN v.name || ' (' || $3 || ')' ELSE v.name END
WHERE v.tenant_id = current_tenant() AND v.owner_id = $1 AND v.team_id IS NOT NULL
"""


async def clear_desk(session: Session, state: MoveState) -> None:
    """Put in order what the person leaves; their own views stay theirs and nobody else's."""
    notes = await _drafts_to_notes(session, state)
    views = await session.execute(_VIEWS, state.from_user_id, state.requested_by, state.from_name)
    await session.execute("DELETE FROM work_watchers WHERE user_id = $1", state.from_user_id)
    said = [f"{notes} drafts became notes"] if notes else []
    said += [f"{views} views of the team were taken over"] if views else []
    if said:
        await add_event(session, state.id, "desk", "desk", "; ".join(said))


async def _drafts_to_notes(session: Session, state: MoveState) -> int:
    """Each draft as a note on what it is about; what is about nothing stored goes to the move itself."""
    key = await session.key()
    rows = await session.fetch("SELECT form, body FROM drafts WHERE user_id = $1 ORDER BY form", state.from_user_id)  # fmt: skip
    for row in rows:
        fields = key.open_json(DRAFT, row["body"])
        text = draft_note(f"the time of {state.from_name}", row["form"], fields)
        subject = await _subject_of(session, row["form"]) or ("reassignment", state.id)
        sealed = key.seal(NOTE, text.encode())
        await session.execute(_PUT, session.tenant_id, *subject, sealed, state.requested_by)
    await session.execute("DELETE FROM drafts WHERE user_id = $1", state.from_user_id)
    return len(rows)


async def _subject_of(session: Session, form: str) -> tuple[str, UUID] | None:
    """The stored thing that a form is about, by its name (`claim/ID`)."""
    found = _OF_A_THING.fullmatch(form)
    if found is None or found[1] not in SUBJECTS:
        return None
    subject_id = UUID(found[2])
    there = await session.value(f"SELECT 1 FROM {SUBJECTS[found[1]]} WHERE id = $1", subject_id)
    return (found[1], subject_id) if there else None
