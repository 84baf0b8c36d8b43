"""Changing when an item is due: a new moment and a reason, which stays with the item."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Invalid
from services.work import due_dates
from ui.page import Event
from ui.parts.dialogs import form_window
from ui.parts.forms import field, long_text
from ui.parts.markup import div
from ui.work.opened import OpenItem


class DueDateChange(OpenItem):
    """The action on the open item; mixed into the queue."""

    async def do_ask_change_due(self, event: Event) -> None:
        """Ask for the new moment and why."""
        typed = self.typed if self.errors else {}
        item = self.item.value if self.item else None
        known = item.line.due_at.astimezone(ZoneInfo(self.zone)) if item else None
        moment = str(typed.get("due_at", known.strftime("%Y-%m-%dT%H:%M") if known else ""))
        self.dialog = form_window(
            "Change the due date",
            "change_due",
            "Change",
            div(
                field(
                    "due_at",
                    "Due",
                    moment,
                    kind="datetime-local",
                    required=True,
                    errors=self.errors,
                    hint=f"Your time, {self.zone}",
                ),
                long_text(
                    "reason", "Reason", str(typed.get("reason", "")), required=True, errors=self.errors
                ),
                cls="fields",
            ),
            explanation="Warning, breach and escalation follow the new date. The reason is kept as a note on the item.",
            id=str(event.id()),
        )

    async def do_change_due(self, event: Event) -> None:
        """Set the new moment; a refusal of its fields opens the same dialog again."""
        self.errors = {}
        due_at = _moment(event.text("due_at"), self.zone)
        await due_dates.change_due(self.actor, event.id(), due_at, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Due date changed.")


def _moment(text: str, zone: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        fault = FieldError("due_at", "due_at.invalid", "Enter a day and a time.")
        raise Invalid("due_at.invalid", "This is no moment.", fault.message, fields=(fault,)) from None
