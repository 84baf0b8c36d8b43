"""Files attached to what a page is about: chosen, dropped or pasted, opened, and removed with a reason."""

from uuid import UUID

from domain.attachments import ENDINGS
from policies.permissions import Permission as P
from services.work import attachments
from services.work.attachments import AttachmentLine
from ui.page import Event, Page
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, input_, label, li, p, small, span, ul
from ui.parts.states import Loaded, shown
from ui.parts.times import ago

TABLES = frozenset({"attachments", "attachment_removals"})


class Attached(Page):
    """What a page adds for the files of its subject."""

    files: Loaded[list[AttachmentLine]] | None = None
    files_of: tuple[str, UUID] | None = None

    async def load_files(self, subject_type: str, subject_id: UUID) -> None:
        """Read the files."""
        self.files_of = subject_type, subject_id
        self.files = await self.read(attachments.attachments_of, subject_type, subject_id)

    def files_part(self) -> Child:
        """The files and the way to add one; nothing where the person may not see them."""
        if self.files is None or self.files_of is None or self.files.refusal is not None:
            return None
        return div(shown(self.files, self._listed), self._adding(), cls="attachments", **self._target())

    def files_card(self) -> Child:
        """The same as a card."""
        inside = self.files_part()
        return card("Attachments", inside) if inside else None

    async def do_ask_remove_file(self, event: Event) -> None:
        """Ask why the file is removed."""
        reason = long_text(
            "reason", "Why is it removed?", errors=self.errors, required=True, autofocus=True, rows=2
        )
        words = (
            "It leaves the list of what counts; its line stays with your reason, and leads can still open it."
        )
        self.dialog = form_window(
            "Remove the file",
            "remove_file",
            "Remove",
            div(reason, cls="fields"),
            explanation=words,
            id=str(event.id()),
        )

    async def do_remove_file(self, event: Event) -> None:
        """Remove the file with the reason."""
        await attachments.remove_attachment(self.actor, event.id(), event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Removed.", "Its line stays with your reason.")

    def _target(self) -> dict[str, str]:
        """Where dropped and pasted files go; only for those who may add some."""
        if not self.may(P.NOTES_ADD) or self.files_of is None:
            return {}
        kind, identifier = self.files_of
        return {
            "data_drop": kind,
            "data_drop_id": str(identifier),
            "data_drop_most": str(attachments.largest()),
        }

    def _adding(self) -> Child:
        if not self.may(P.NOTES_ADD):
            return None
        choose = label(
            "Attach a file",
            input_(type="file", cls="sr", multiple=True, data_attach=True, accept=",".join(ENDINGS)),
            cls="button tiny",
            data_key="u",
            data_key_words="Attach a file",
        )
        hint = f"or drop or paste it here; at most {attachments.largest() >> 20} MB"
        return div(choose, small(hint, cls="faint"), cls="row")

    def _listed(self, found: list[AttachmentLine]) -> Markup:
        if not found:
            return p("No files yet.", cls="faint")
        return ul([self._entry(one) for one in found], cls="notes")

    def _entry(self, one: AttachmentLine) -> Markup:
        about = (one.kind_label, " · ", size_words(one.size), " · ", one.added_by_name, " · ")
        if one.removed_at is not None:
            why = f"Removed by {one.removed_by_name}: {one.reason}"
            name = (
                a(one.name, href=f"/attachments/{one.id}", download=True)
                if self.may(P.WORK_ASSIGN)
                else one.name
            )
            return li(
                p(span(name, cls="struck")),
                small(*about, ago(one.created_at, self.zone)),
                small(why, cls="sub"),
            )
        remove = one.removable and action(
            "Remove",
            "ask_remove_file",
            look="quiet tiny",
            data_id=str(one.id),
            aria_label=f"Remove {one.name}",
        )
        link = a(one.name, href=f"/attachments/{one.id}", download=True, title=f"SHA-256 {one.sha256}")
        return li(div(link, remove, cls="between"), small(*about, ago(one.created_at, self.zone)))


def size_words(size: int) -> str:
    """A size in bytes as people say it."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
