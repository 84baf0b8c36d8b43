"""Notes on anything, and drafts of forms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, delete, get, post, put

from domain.refusals import NotFound
from domain.tenancy import Actor
from services.work import drafts, notes
from services.work.drafts import DraftView
from services.work.notes import NoteView


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note."""

    text: str


class Notes(Controller):
    """Notes on claims, patients, payers, files, remittances and work items."""

    path = "/notes/{subject_type:str}/{subject_id:uuid}"
    tags = ("Notes",)

    @get("/")
    async def notes_of(self, actor: Actor, subject_type: str, subject_id: UUID) -> list[NoteView]:
        """The notes on a subject, newest first."""
        return await notes.notes_of(actor, subject_type, subject_id)

    @post("/")
    async def add_note(self, actor: Actor, subject_type: str, subject_id: UUID, data: NoteText) -> NoteView:
        """Add a note."""
        return await notes.add_note(actor, subject_type, subject_id, data.text)


class Drafts(Controller):
    """Forms as typed so far; each person sees only their own."""

    path = "/drafts"
    tags = ("Drafts",)

    @get("/")
    async def get_draft(self, actor: Actor, form: str) -> DraftView:
        """What was typed into a form; 404 when nothing was."""
        found = await drafts.draft(actor, form)
        if found is None:
            raise NotFound("draft.none", "Nothing was typed into this form yet.", "Start with an empty form.")
        return found

    @put("/")
    async def save_draft(self, actor: Actor, form: str, data: dict[str, Any]) -> datetime:
        """Keep what was typed; answers when it was kept."""
        return await drafts.save_draft(actor, form, data)

    @delete("/")
    async def drop_draft(self, actor: Actor, form: str) -> None:
        """Forget a draft."""
        await drafts.drop_draft(actor, form)
