"""The work queue, actions on its items, notes on anything, and drafts of forms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.params import Parameter

from domain.paging import Page
from domain.refusals import NotFound
from domain.tenancy import Actor
from services.work import actions, drafts, notes, queue
from services.work.drafts import DraftView
from services.work.notes import NoteView
from services.work.views import AssignablePerson, WorkCounts, WorkLine, WorkView


@dataclass(frozen=True, slots=True)
class Comment:
    """Free text for the next person; it is kept encrypted."""

    comment: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whose hands the item goes into."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Until when the item rests: a time with its zone, at most a year ahead."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Urgency:
    """1 first, 5 last."""

    priority: int


@dataclass(frozen=True, slots=True)
class Completion:
    """One of the item's `decisions`, and a comment where the decision asks for one."""

    decision: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note."""

    text: str


class Work(Controller):
    """Everything that waits for a person."""

    path = "/work"
    tags = ("Work",)

    @get("/")
    async def list_work(
        self,
        actor: Actor,
        which: Annotated[queue.Scope, Parameter(query="scope", description="Which queue.")] = "available",
        kinds: list[str] | None = None,
        text: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[WorkLine]:
        """The queue, most urgent first."""
        return await queue.queue(actor, scope=which, kinds=kinds or (), text=text, cursor=cursor, limit=limit)

    @get("/counts")
    async def work_counts(self, actor: Actor) -> WorkCounts:
        """How much waits, each counted up to a bound."""
        return await queue.counts(actor)

    @get("/{item_id:uuid}")
    async def get_item(self, actor: Actor, item_id: UUID) -> WorkView:
        """An item with its history, its decisions, and the actions open to the asker."""
        return await queue.get_item(actor, item_id)

    @get("/{item_id:uuid}/people")
    async def people_for(self, actor: Actor, item_id: UUID) -> list[AssignablePerson]:
        """Whom the item can be assigned to, least loaded first."""
        return await queue.people_for(actor, item_id)

    @post("/{item_id:uuid}/take", status_code=200)
    async def take(self, actor: Actor, item_id: UUID) -> WorkView:
        """Take the item; 409 names who was faster."""
        return await actions.take(actor, item_id)

    @post("/{item_id:uuid}/return", status_code=200)
    async def give_back(self, actor: Actor, item_id: UUID, data: Comment) -> WorkView:
        """Return the item to the queue with a comment."""
        return await actions.give_back(actor, item_id, data.comment)

    @post("/{item_id:uuid}/assign", status_code=200)
    async def assign(self, actor: Actor, item_id: UUID, data: Assignment) -> WorkView:
        """Put the item into somebody's hands."""
        return await actions.assign(actor, item_id, data.user_id)

    @post("/{item_id:uuid}/snooze", status_code=200)
    async def snooze(self, actor: Actor, item_id: UUID, data: FollowUp) -> WorkView:
        """Hide the item until a moment."""
        return await actions.snooze(actor, item_id, data.until)

    @post("/{item_id:uuid}/prioritise", status_code=200)
    async def prioritise(self, actor: Actor, item_id: UUID, data: Urgency) -> WorkView:
        """Set how urgent the item is."""
        return await actions.prioritise(actor, item_id, data.priority)

    @post("/{item_id:uuid}/complete", status_code=200)
    async def complete(self, actor: Actor, item_id: UUID, data: Completion) -> WorkView:
        """Finish the item with a decision; its process is told."""
        return await actions.complete(actor, item_id, data.decision, data.comment)


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
