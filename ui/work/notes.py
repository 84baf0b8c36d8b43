"""Notes that people leave for one another, on an item or on a claim."""

from services.work.notes import NoteView
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


def note_form(allowed: bool, ident: str, *, count: int = 0) -> Child:
    """The field for a new note."""
    if not allowed:
        return None
    return form(
        textarea(
            "",
            name="text",
            rows=2,
            placeholder="Write a note; @Name mentions somebody",
            aria_label="Note",
            required=True,
        ),
        submit("Add note", look=""),
        data_do="note",
        data_id=ident,
        cls="note-form",
        data_key_of=f"note-{ident}-{count}",
    )
