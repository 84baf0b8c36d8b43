"""Notes that people leave for one another, on an item or on a claim."""

from uuid import UUID

from policies.permissions import Permission as P
from services.work import drafts
from services.work.notes import NoteView
from ui.page import Event, Page
from ui.parts.buttons import submit
from ui.parts.markup import (
    Child,
    Markup,
    form,
    li,
    p,
    small,
    textarea,
    ul,
)
from ui.parts.times import ago


class TypedNote(Page):
    """Keeping the note that is being typed about the open item; mixed into the queue."""

    noting: UUID | None = None
    typed_note = ""

    @property
    def item_id(self) -> UUID | None:
        """The item that the note is about."""
        raise NotImplementedError

    async def load_typed_note(self) -> None:
        """Take up the note that was begun, once the item is opened."""
        if self.item_id == self.noting:
            return
        self.noting, self.typed_note = self.item_id, ""
        if self.item_id is not None and self.may(P.NOTES_ADD):
            kept = await self.read(drafts.draft, _draft_of(self.item_id))
            self.typed_note = str(kept.value.fields.get("text", "")) if kept.value else ""

    async def do_typed_note(self, event: Event) -> None:
        """Keep the note as it is typed."""
        # A last keystroke may arrive when the next item is open already.
        if self.noting is not None and event.args.get("id") == str(self.noting):
            self.typed_note, self.unchanged = str(event.fields.get("text", ""))[:10_000], True
            await drafts.save_draft(self.actor, _draft_of(self.noting), {"text": self.typed_note})

    async def forget_typed_note(self) -> None:
        """Drop what was kept, once the note is added."""
        if self.noting is not None:
            await drafts.drop_draft(self.actor, _draft_of(self.noting))
            self.typed_note = ""


def _draft_of(item_id: UUID) -> str:
    return f"work/{item_id}/note"


def note_list(found: list[NoteView], zone: str) -> Markup:
    """Notes, newest first."""
    if not found:
        return p("No notes yet.", cls="faint")
    return ul(
        [li(p(one.text), small(one.author_name, " · ", ago(one.at, zone), _told(one))) for one in found],
        cls="notes",
    )


def _told(one: NoteView) -> str:
    return f" · to {', '.join(one.mentions)}" if one.mentions else ""


def note_form(allowed: bool, ident: str, *, count: int = 0, typed: str | None = None) -> Child:
    """The field for a new note. With `typed` it begins with that, and what is typed is kept."""
    if not allowed:
        return None
    return form(
        textarea(
            typed or "",
            name="text",
            rows=2,
            placeholder="Write a note; @Name mentions somebody",
            aria_label="Note",
            required=True,
            data_key="@",
            data_key_words="Write a note",
        ),
        submit("Add note", look=""),
        data_do="note",
        data_id=ident,
        cls="note-form",
        data_key_of=f"note-{ident}-{count}",
        data_input="typed_note" if typed is not None else None,
        data_wait="500",
    )
