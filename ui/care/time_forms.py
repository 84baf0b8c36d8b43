"""Time by hand on a patient's page: entered with a reason, corrected, taken back."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.care.activities import ACTIVITIES
from services.care import time_entries
from services.care.roster import CareMonth
from services.care.time_entries import TimeFacts
from services.care.views import CareView
from ui.care.moments import moment_of
from ui.care.words import clock
from ui.page import Event, Page
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Markup, div

_BY_HAND = ("Enter time by hand", "Why by hand")


class EntersTime(Page):
    """A page on which time is entered by hand."""

    one: CareView
    month: CareMonth

    async def do_ask_time(self, event: Event) -> None:
        """Ask for time that was not recorded as it happened; with an entry, for what takes its place."""
        entry_id = event.args.get("id", "")
        if self.errors:
            given = {name: str(value) for name, value in self.typed.items()}
        else:
            given = self._as_it_is(entry_id)
        title, why = ("Correct this entry", "Why it is corrected") if entry_id else _BY_HAND
        words = f"Times are those of the practice ({self.month.zone}). Late entries count once a manager approves them."
        body = _time_fields(given, self.errors, why)
        self.dialog = form_window(title, "time", "Record", body, explanation=words, id=entry_id)

    async def do_time(self, event: Event) -> None:
        """Record it, or put it in the place of an entry."""
        facts = _time_facts(event, self.month.zone)
        if event.args.get("id"):
            kept = await time_entries.correct_time(self.actor, event.id(), facts)
        else:
            kept = await time_entries.record_time(self.actor, self.one.id, facts)
        self.typed = {}
        self.tell(
            "ok", f"{clock(kept.seconds)} recorded.", "It waits for an approval." if kept.waiting else ""
        )
        await self.do_close_dialog(event)

    async def do_ask_void(self, event: Event) -> None:
        """Ask why an entry is taken back."""
        why = long_text("reason", "Why", errors=self.errors, required=True)
        words = "The entry stays visible and never counts."
        self.dialog = form_window(
            "Take this entry back", "void", "Take back", why, explanation=words, id=event.args.get("id", "")
        )

    async def do_void(self, event: Event) -> None:
        """Take it back."""
        await time_entries.void_time(self.actor, event.id(), event.text("reason"))
        self.tell("ok", "Taken back; it never counts.")
        await self.do_close_dialog(event)

    def _as_it_is(self, entry_id: str) -> dict[str, str]:
        """What the form begins with: the entry that is to be corrected, or this moment."""
        zone = ZoneInfo(self.month.zone)
        old = next((one for one in self.month.entries if str(one.id) == entry_id), None)
        moments = (old.starts_at, old.ends_at) if old else (datetime.now(zone).replace(microsecond=0),) * 2
        starts, ends = (one.astimezone(zone).replace(tzinfo=None).isoformat() for one in moments)
        about = {"activity": old.activity, "note": old.note} if old else {}
        return about | {"starts_at": starts, "ends_at": ends}


def _time_fields(given: Mapping[str, str], errors: Mapping[str, str], why: str) -> Markup:
    """What was done, from when to when, and why it is told only now."""
    return div(
        choice(
            "activity",
            "Spent on",
            ACTIVITIES.items(),
            given.get("activity", ""),
            errors=errors,
            required=True,
            look="wide",
        ),
        *(
            field(
                name,
                label,
                given.get(name, ""),
                kind="datetime-local",
                step="1",
                required=True,
                errors=errors,
            )
            for name, label in (("starts_at", "From"), ("ends_at", "To"))
        ),
        long_text("note", "Note", given.get("note", ""), rows=2),
        long_text("reason", why, given.get("reason", ""), rows=2, errors=errors, required=True),
        cls="fields",
    )


def _time_facts(event: Event, zone: str) -> TimeFacts:
    local = ZoneInfo(zone)
    starts, ends = (
        moment_of(name, event.text(name)).replace(tzinfo=local, microsecond=0)
        for name in ("starts_at", "ends_at")
    )
    return TimeFacts(event.text("activity"), starts, ends, event.text("reason"), event.text("note"))
