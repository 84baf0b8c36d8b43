"""The running clock on a page: it ticks in the browser, asks when nobody is there, and keeps the note as it is typed."""

from domain.care.activities import ACTIVITIES
from policies.permissions import Permission as P
from services.care import timers
from services.care.timers import TimerView
from ui.care.words import clock
from ui.page import Event, Page, identifier
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, long_text
from ui.parts.markup import EMPTY, Child, Markup, a, div, form, p, time

STILL_THERE = "Nothing was done for a while. Was the time spent on the patient?"


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
        ticking = time(
            clock(one.seconds),
            datetime=one.started_at.isoformat(),
            cls="figure ticking",
            data_clock=True,
            data_seen="clock_seen",
            data_idle="ask_idle",
            data_idle_seconds=str(one.idle_seconds),
            data_idle_now=one.idle,
        )
        fields = form(
            div(
                choice(
                    "activity", "Spent on", ACTIVITIES.items(), one.activity, data_change="clock_activity"
                ),
                long_text("note", "Note", one.note, rows=2, data_input="clock_note", data_wait="600"),
                cls="fields",
            ),
            div(
                submit("Stop and keep", data_key="e"),
                action("Throw away", "ask_discard", look="quiet"),
                cls="form-foot",
            ),
            data_do="clock_stop",
            data_id=str(one.id),
            data_key_of=f"clock-{one.id}",
        )
        patient = a(one.patient_name, href=f"/care/{one.enrolment_id}")
        return card("Clock runs", div(p(patient, " · ", ticking), fields, cls="stack"), look="accent")

    async def do_clock_seen(self, event: Event) -> None:
        """Somebody is there."""
        self.unchanged = True
        await timers.touch_timer(self.actor)

    async def do_clock_note(self, event: Event) -> None:
        """Keep what was typed so far."""
        self.unchanged = True
        await timers.touch_timer(self.actor, note=event.value)

    async def do_clock_activity(self, event: Event) -> None:
        """Keep what the time is spent on."""
        await timers.touch_timer(self.actor, activity=event.value)

    async def do_clock_stop(self, event: Event) -> None:
        """Stop it and keep its time; without the time nobody was there when that was said."""
        kept = await timers.stop_timer(
            self.actor,
            identifier(event.args.get("id", "")),
            event.text("note"),
            idle_counts=event.args.get("idle") != "no",
        )
        self.tell("ok", f"{clock(kept.seconds)} kept.", kept.activity_label)
        self.dialog = EMPTY

    async def do_ask_idle(self, event: Event) -> None:
        """Nothing was done for the practice's time: ask."""
        if self.timer is None:
            return
        one = self.timer
        self.dialog = form_window(
            "Are you still there?",
            "clock_stop",
            "Stop when I was last here",
            div(action("All of it was work: go on", "clock_on", look=""), cls="form-foot"),
            explanation=STILL_THERE,
            id=str(one.id),
            idle="no",
        )

    async def do_clock_on(self, event: Event) -> None:
        """It was work: the clock goes on."""
        await timers.touch_timer(self.actor)
        self.dialog = EMPTY

    async def do_ask_discard(self, event: Event) -> None:
        """Ask why the running clock is thrown away."""
        why = long_text("reason", "Why", errors=self.errors, required=True)
        self.dialog = form_window("Throw the running clock away", "discard", "Throw away", why)

    async def do_discard(self, event: Event) -> None:
        """Throw it away."""
        await timers.discard_timer(self.actor, event.text("reason"))
        self.dialog = EMPTY
        self.tell("ok", "Thrown away; no time was kept.")


def activity_choice(value: str = "patient_call") -> Markup:
    """What the time will be spent on."""
    return choice("activity", "Spent on", ACTIVITIES.items(), value)
