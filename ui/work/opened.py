"""The open item with everything beside it, and the next one, read while this one is worked."""

from dataclasses import dataclass
from uuid import UUID

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.claims import catalogue
from services.claims.views import ClaimView
from services.remittances.posted import get_remittance
from services.remittances.views import RemittanceView
from services.work import attachments, notes
from services.work import queue as service
from services.work.attachments import AttachmentLine
from services.work.notes import NoteView
from services.work.views import WorkLine, WorkView
from ui.page import identifier
from ui.parts.states import Loaded
from ui.work.attached import Attached


@dataclass(frozen=True, slots=True)
class Opened:
    """What the panel shows of an item, and with which rights it was read."""

    item_id: UUID
    version: int
    policy_version: int | None
    item: Loaded[WorkView]
    notes: Loaded[list[NoteView]]
    files: Loaded[list[AttachmentLine]]
    brief: Loaded[ClaimView] | None
    payment: Loaded[RemittanceView] | None


class OpenItem(Attached):
    """Reading the open item; mixed into the queue, whose address names it."""

    item: Loaded[WorkView] | None = None
    notes: Loaded[list[NoteView]] | None = None
    brief: Loaded[ClaimView] | None = None
    payment: Loaded[RemittanceView] | None = None
    lines: Rows[WorkLine]

    @property
    def item_id(self) -> UUID | None:
        """The item that the address opens."""
        text = self.query.get("item", "")
        return identifier(text) if text else None

    async def read_open_item(self) -> None:
        """Read the open item with its notes, files and what it is about."""
        self.item = self.notes = self.brief = self.payment = self.files = None
        if self.item_id is not None:
            self._show(await self._read_item(self.item_id))

    async def look_ahead(self) -> None:
        """Read the item after the open one, so that it is there at once when this one is finished."""
        following = self.following(self.item_id) if self.item_id else None
        if following is None or not self.may(P.WORK_TAKE):
            return
        kept = self.screen.ahead
        if isinstance(kept, Opened) and (kept.item_id, kept.version) == (following.id, following.version):
            return
        self.screen.ahead = await self._read_item(following.id)

    def show_ahead(self, query: dict[str, str]) -> bool:
        """Show the item that was read ahead, if it is the one asked for and read with the rights of now."""
        kept = self.screen.ahead
        if not isinstance(kept, Opened) or query.get("item") != str(kept.item_id):
            return False
        if kept.policy_version != self.actor.policy_version or kept.item.value is None:
            return False
        self.query = query
        self._show(kept)
        return True

    def following(self, item_id: UUID | None) -> WorkLine | None:
        """The row after an item; the first where it is not in the list."""
        lines = self.lines.items
        places = [place for place, line in enumerate(lines) if line.id == item_id]
        rest = lines[places[0] + 1 :] if places else lines
        return next(iter(rest), None)

    def _show(self, opened: Opened) -> None:
        self.item, self.notes, self.files = opened.item, opened.notes, opened.files
        self.brief, self.payment = opened.brief, opened.payment
        self.files_of = "work_item", opened.item_id

    async def _read_item(self, item_id: UUID) -> Opened:
        item = await self.read(service.get_item, item_id)
        line = item.value.line if item.value else None
        kind, subject = (line.subject_type, line.subject_id) if line else ("", None)
        claim = kind == "claim" and subject and self.may(P.CLAIMS_VIEW)
        payment = kind == "remittance" and subject and self.may(P.REMITTANCES_VIEW)
        return Opened(
            item_id,
            line.version if line else 0,
            self.actor.policy_version,
            item,
            await self.read(notes.notes_of, "work_item", item_id),
            await self.read(attachments.attachments_of, "work_item", item_id),
            await self.read(catalogue.get_claim, subject) if claim else None,
            await self.read(get_remittance, subject, limit=1) if payment else None,
        )
