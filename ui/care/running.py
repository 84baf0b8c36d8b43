"""The running clock on a page: it ticks in the browser, asks when nobody was there, and keeps the note as it is typed."""

from typing import Any
from uuid import UUID

from domain.care.activities import ACTIVITIES
from domain.refusals import Conflict, Invalid, NotFound
from policies.permissions import Permission as P
from services.care import timers
from services.care.clocks import TimerView
from ui.care.words import clock
from ui.page import Event, Page, identifier
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, long_text
from ui.parts.markup import EMPTY, Child, Markup, a, div, form, p, time
from ui.parts.states import notice


class WithClock(Page):
    """A page that shows the person's running clock."""

    timer: TimerView | None = None

    async def load_clock(self) -> None:
        """Read the clock of whoever may run one."""
        self.timer = await timers.my_timer(self.actor) if self.may(P.CARE_RECORD) else None

    def clock_card(self) -> Child:
        """The clock that runs; nothing when none does."""
        one = self.timer
        if one is None:
            return None
        name: Child = one.patient_name
        if one.reachable:
            name = a(one.patient_name, href=f"/care/{one.enrolment_id}")
        head = p(name, " · ", _ticking(one))
        return card("Clock runs", div(head, self._left(one), _fields(one), cls="stack"), look="accent")

    def _left(self, one: TimerView) -> Child:
        """What stands in the way of just going on."""
        if not one.reachable:
            return notice("warn", "This patient has left your roster.", "Stop the clock; its time is kept.")
        if not one.idle:
            return None
        words = f"Nothing was done for {clock(one.away_seconds)}."
        return notice("warn", words, action=action("Say what that time was", "ask_idle", look=""))

    async def start_clock(self, enrolment_id: UUID, activity: str, instead_of: UUID | None = None) -> None:
        """Start the clock; where one runs already, ask whether to stop that one first."""
        try:
            await timers.start_timer(self.actor, enrolment_id, activity, instead_of)
        except Conflict as refusal:
            if refusal.code not in ("care_timer.runs_already", "care_timer.idle"):
                raise
            await self.load_clock()
            if refusal.code == "care_timer.idle":
                self._ask_idle("clock_stop")
            elif self.timer is not None:
                self._ask_instead(self.timer, enrolment_id, activity)
            return
        self.dialog = EMPTY

    def _ask_instead(self, running: TimerView, enrolment_id: UUID, activity: str) -> None:
        words = (
            f"Your clock runs for {running.patient_name} for {clock(running.seconds)} now. Its time is kept."
        )
        self.dialog = form_window(
            "Stop the clock that runs?", "start_instead", "Stop it and start here",
            explanation=words, id=str(enrolment_id), activity=activity, instead=str(running.id),
        )  # fmt: skip

    async def do_start_instead(self, event: Event) -> None:
        """Stop the clock that runs, and start this one."""
        instead = identifier(event.args.get("instead", ""))
        await self.start_clock(event.id(), event.args.get("activity", ""), instead)

    async def do_clock_seen(self, event: Event) -> None:
        """Somebody is there, or was a moment ago; after a long time away that says nothing of what it was."""
        told = await self._touched(event, ago_seconds=event.number("ago", 0))
        self.unchanged = told is not None and not told.idle
        if told is not None and told.idle:
            self.timer = told
            self._ask_idle("clock_on")

    async def do_clock_note(self, event: Event) -> None:
        """Keep what was typed so far."""
        self.unchanged = await self._touched(event, note=event.value) is not None

    async def do_clock_activity(self, event: Event) -> None:
        """Keep what the time is spent on."""
        await self._touched(event, activity=event.value)

    async def _touched(self, event: Event, **told: Any) -> TimerView | None:
        """The clock that the tab shows, once it was told. None: it was stopped meanwhile, here with what stood in its
        fields or in another tab, and the page shows what runs now."""
        try:
            return await timers.touch_timer(self.actor, event.id(), **told)
        except NotFound:
            return None

    async def do_clock_stop(self, event: Event) -> None:
        """Stop it and keep its time; after time away that is asked about first."""
        away = {"yes": True, "no": False}.get(event.args.get("idle", ""))
        note = event.text("note") if "note" in event.fields else None
        try:
            kept = await timers.stop_timer(
                self.actor, event.id(), note, idle_counts=away, reason=event.text("reason")
            )
        except Conflict as refusal:
            if refusal.code == "care_timer.no_time" and away is False:
                await self.do_ask_discard(event)
                return
            if refusal.code != "care_timer.idle":
                raise
            await self._touched(event, note=note)
            await self.load_clock()
            self._ask_idle("clock_stop")
            return
        except Invalid as refusal:
            self.wrong(refusal)
            self._ask_idle("clock_stop")
            return
        self.tell("ok", f"{clock(kept.seconds)} kept.", kept.entries[0].activity_label)
        self.dialog, self.errors = EMPTY, {}

    async def do_ask_idle(self, event: Event) -> None:
        """Nothing was done for the practice's time: ask, unless somebody was there in another tab."""
        await self.load_clock()
        if self.timer is None or not self.timer.idle:
            self.unchanged = self.timer is not None
            return
        self._ask_idle("clock_on")

    def _ask_idle(self, do: str) -> None:
        """Ask what the time away was; `do` goes on or stops."""
        one = self.timer
        if one is None:
            return
        stops = do == "clock_stop"
        why = long_text(
            "reason", "What was done away from the screen", errors=self.errors, rows=2, required=True
        )
        leave = (
            action("Leave it out and stop", "clock_stop", look="", data_id=str(one.id), data_idle="no")
            if stops
            else div(
                action("Leave it out and go on", "clock_skip", look="", data_id=str(one.id)),
                action("Leave it out and stop", "clock_stop", look="", data_id=str(one.id), data_idle="no"),
                cls="row",
            )
        )
        words = f"Nothing was done for {clock(one.away_seconds)}. Time away counts as entered by hand, with its reason."
        self.dialog = form_window(
            "Was that time spent on the patient?", do, "It was: stop" if stops else "It was: go on",
            why, leave, explanation=words, id=str(one.id), idle="yes",
        )  # fmt: skip

    async def do_clock_on(self, event: Event) -> None:
        """It was work: the clock goes on."""
        try:
            await timers.answer_idle(self.actor, event.id(), True, event.text("reason"))
        except Invalid as refusal:
            self.wrong(refusal)
            self._ask_idle("clock_on")
            return
        self.dialog, self.errors = EMPTY, {}

    async def do_clock_skip(self, event: Event) -> None:
        """It was not: what was before is kept, and the clock goes on from now."""
        await timers.answer_idle(self.actor, event.id(), False)
        self.dialog, self.errors = EMPTY, {}

    async def do_ask_discard(self, event: Event) -> None:
        """Ask why the running clock is thrown away, as where nothing is left of it without the time away."""
        why = long_text("reason", "Why", errors=self.errors, required=True)
        words = "Nothing is left without the time away." if event.name == "clock_stop" else ""
        self.dialog = form_window(
            "Throw the running clock away",
            "discard",
            "Throw away",
            why,
            explanation=words,
            id=str(event.id()),
        )

    async def do_discard(self, event: Event) -> None:
        """Throw it away."""
        await timers.discard_timer(self.actor, event.id(), event.text("reason"))
        self.dialog = EMPTY
        self.tell("ok", "Thrown away; its time never counts.")


def _fields(one: TimerView) -> Markup:
    """What it is spent on and the note, kept as they are typed, and how it ends."""
    return form(
        div(
            choice(
                "activity",
                "Spent on",
                ACTIVITIES.items(),
                one.activity,
                required=True,
                data_change="clock_activity",
                data_id=str(one.id),
            ),
            long_text(
                "note",
                "Note",
                one.note,
                rows=2,
                data_input="clock_note",
                data_wait="600",
                data_id=str(one.id),
            ),
            cls="fields",
        ),
        div(
            action("Throw away", "ask_discard", look="quiet", data_id=str(one.id)),
            submit("Stop and keep", key="e"),
            cls="form-foot",
        ),
        data_do="clock_stop",
        data_id=str(one.id),
        data_key_of=f"clock-{one.id}",
    )


def _ticking(one: TimerView) -> Markup:
    return time(
        clock(one.seconds),
        datetime=one.started_at.isoformat(),
        cls="figure ticking",
        data_clock=True,
        data_id=str(one.id),
        data_seen="clock_seen",
        data_idle="ask_idle",
        data_idle_seconds=str(one.idle_seconds),
        data_idle_now=one.idle,
    )


def activity_choice(value: str = "patient_call") -> Markup:
    """What the time will be spent on."""
    return choice("activity", "Spent on", ACTIVITIES.items(), value, required=True)
