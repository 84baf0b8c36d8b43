"""Clocks: the rules by which work is due, entered with a day from which they hold, and open items counted anew."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from domain.refusals import Refusal
from domain.work_kinds import KINDS
from policies.permissions import Permission as P
from services.clientele import clients
from services.work import clock_rules, reclocking
from services.work.clock_rules import ClockRuleView, KindClock
from services.work.reclocking import ClockRunView
from services.workforce import calendars
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import check, choice, field, group, hidden, summary_of
from ui.parts.markup import Child, Markup, div, p, span
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day
from ui.work.clock_changes import changes, run_note
from ui.work.clock_form import facts_of
from ui.work.kinds import PRIORITIES

_CRUMBS = (("Settings", "/settings"),)
_STATES = {"in_force": ("In force", "ok"), "ahead": ("Ahead", "info"), "past": ("Past", "neutral")}
_NAMES = {
    "due_seconds": "Finished within:",
    "start_seconds": "Begun within:",
    "escalate_seconds": "Manager told after:",
    "warn_percent": "Warned at:",
}
_FIELDS = (
    "kind", "client_id", "priority", "start_seconds", "due_seconds", "warn_percent", "escalate_seconds", "calendar_id",
    "effective_from", "ends", "reason",
)  # fmt: skip
_STANDARD = {"due_seconds": "16", "start_seconds": "4", "warn_percent": "75", "escalate_seconds": "8"}
_EXPLANATION = (
    "The row with the most conditions counts: a client's contract before a kind, a kind before a priority. Hours are open"
    " hours of the calendar. A published table of clocks stands before all rows."
)


@page("/settings/clocks")
class Clocks(Page):
    """The rules of clocks."""

    title = "Clocks"
    nav = "settings"
    permission = P.CLOCKS_MANAGE
    watches = frozenset({"clock_rules", "clock_runs"})

    found: Rows[ClockRuleView]
    own: list[KindClock]
    runs: list[ClockRunView]

    async def load(self) -> None:
        self.found = await clock_rules.list_rules(self.actor, cursor=self.query.get("after"))
        self.own = await clock_rules.own_clocks(self.actor)
        self.runs = await reclocking.list_clock_runs(self.actor, limit=1)

    def body(self) -> Markup:
        return div(
            head(
                self.title,
                action("Count open items anew", "ask_run", key="p"),
                export_menu("clock-rules", key="e"),
                action("New rule", "ask_rule", look="filled", key="c"),
                crumbs=_CRUMBS,
            ),
            p(_EXPLANATION, cls="muted", style="margin-bottom: 12px"),
            [run_note(one, self.zone) for one in self.runs],
            self._rules(),
            card("Where no rule counts", _own(self.own), look="flush"),
        )

    def _rules(self) -> Markup:
        if not self.found.items:
            return div(
                empty(
                    "No rule yet.",
                    "Each kind is due within its own time, by day and night. A rule sets open hours, a client's contract or a"
                    " priority instead.",
                    action("New rule", "ask_rule"),
                ),
                style="margin-bottom: 16px",
            )
        columns = [
            Column[ClockRuleView]("For", lambda one: span(a_scope(one), title=one.reason), "clip wide"),
            Column[ClockRuleView]("", lambda one: chip(*_state(one)), "tight"),
            Column[ClockRuleView]("From", lambda one: day(one.effective_from), "right tight"),
            Column[ClockRuleView]("Begun", lambda one: hours(one.start_seconds, ends=one.ends), "right"),
            Column[ClockRuleView]("Finished", lambda one: hours(one.due_seconds, ends=one.ends), "right"),
            Column[ClockRuleView]("Warned", lambda one: "–" if one.ends else f"{one.warn_percent} %", "right"),
            Column[ClockRuleView]("Manager", lambda one: hours(one.escalate_seconds, ends=one.ends), "right optional-column"),
            Column[ClockRuleView]("Calendar", lambda one: one.calendar_name or span("standard", cls="faint"), "clip optional-column"),
            Column[ClockRuleView]("By", lambda one: span(one.created_by_name, title=one.reason), "clip optional-column"),
            Column[ClockRuleView]("", self._end, "right tight"),
        ]  # fmt: skip
        return div(
            table.rows(columns, self.found.items, key=lambda one: one.id, label="Rules"),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
            style="margin-bottom: 16px",
        )

    def _end(self, one: ClockRuleView) -> Child:
        if one.state != "in_force":
            return None
        return action(
            "End", "ask_rule", look="tiny quiet", data_ends="true", data_kind=one.kind, data_due=str(one.due_seconds / 3600),
            data_client=str(one.client_id or ""), data_priority=str(one.priority),
        )  # fmt: skip

    async def do_ask_rule(self, event: Event) -> None:
        """Ask for whom, by when, and from which day."""
        if not self.errors:
            ends = event.args.get("ends", "")
            today = datetime.now(ZoneInfo(self.zone)).date().isoformat()
            self.typed = dict(_STANDARD) | {
                "effective_from": today,
                "kind": event.args.get("kind", ""),
                "client_id": event.args.get("client", ""),
                "priority": event.args.get("priority", ""),
                "ends": ends,
            }
            if ends:
                self.typed |= {"due_seconds": event.args.get("due", "16"), "start_seconds": ""}
        await self._ask()

    async def _ask(self) -> None:
        typed, errors = self.typed, self.errors
        scope = group(
            "For",
            choice("kind", "Kind", [(str(kind), rules.label) for kind, rules in KINDS.items()], typed.get("kind", ""), prompt="Any kind", errors=errors),
            choice("client_id", "Client", await self._clients(), typed.get("client_id", ""), prompt="Any client", errors=errors),
            choice("priority", "Priority", [(str(one), f"{one}: {words}") for one, words in PRIORITIES.items()], typed.get("priority", ""), prompt="Any priority", errors=errors),
        )  # fmt: skip
        times = group(
            "Open hours",
            self._typed("start_seconds", "Begun within", "h", hint="Empty: no such clock"),
            self._typed("due_seconds", "Finished within", "h", required=True),
            self._typed("warn_percent", "Warned at", "%", hint="Of each time"),
            self._typed("escalate_seconds", "Manager told after", "h", hint="Past due"),
            choice("calendar_id", "Calendar", await self._calendars(), typed.get("calendar_id", ""), prompt="The standard one", errors=errors),
        )  # fmt: skip
        when = group(
            "From when",
            field("effective_from", "From", typed.get("effective_from", ""), kind="date", required=True, errors=errors),
            self._typed("reason", "Reason", "", required=True, hint="Such as the contract; no patient"),
            check("ends", "End the rule for this scope: less specific ones count again", typed.get("ends") == "true"),
        )  # fmt: skip
        self.dialog = form_window(
            "A rule of clocks",
            "preview",
            "See what it changes",
            summary_of(errors, _NAMES),
            scope,
            times,
            when,
            look="wide",
        )

    def _typed(self, name: str, words: str, unit: str, *, hint: str = "", required: bool = False) -> Markup:
        return field(
            name, words, self.typed.get(name, ""), errors=self.errors, unit=unit, hint=hint, required=required
        )

    async def do_preview(self, event: Event) -> None:
        """Show what the rule would change of what is open, before it is entered."""
        self.typed = {name: event.fields.get(name, "") for name in _FIELDS}
        self.errors = {}
        try:
            facts = facts_of(self.typed)
            found = await reclocking.preview(self.actor, facts)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            await self._ask()
            return
        self.dialog = form_window(
            "What the rule changes",
            "keep",
            "Enter the rule",
            [hidden(name, value) for name, value in self.typed.items()],
            changes(found, self.zone, "If everything open were counted by it,"),
            explanation=f"It holds for new items from {facts.effective_from:%d %B %Y} on. What is open keeps its dates until"
            " open items are counted anew.",
            look="wide",
        )

    async def do_keep(self, event: Event) -> None:
        """Enter the rule."""
        self.typed = {name: event.fields.get(name, "") for name in _FIELDS}
        try:
            await clock_rules.add_rule(self.actor, facts_of(self.typed))
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            await self._ask()
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Entered.", "It holds for new items from its day on.")

    async def do_ask_run(self, event: Event) -> None:
        """Show what counting anew would change, and ask why."""
        found = await reclocking.preview(self.actor)
        reason = field(
            "reason", "Reason", self.typed.get("run_reason", ""), required=True, errors=self.errors
        )
        self.dialog = form_window(
            "Count open items anew",
            "run",
            "Count anew",
            changes(found, self.zone, "By the rules in force,"),
            div(reason, cls="fields"),
            explanation="Due dates that a person or an opener set stay. Each change stands in its item's history.",
            look="wide",
        )

    async def do_run(self, event: Event) -> None:
        """Count the open items anew; more than 500 go on in the background."""
        self.errors = {}
        run = await reclocking.apply(self.actor, event.text("reason"))
        await self.do_close_dialog(event)
        if run.status == "done":
            self.tell("ok", f"{run.changed:,} of {run.looked_at:,} items have new dates.")
        else:
            self.tell("info", "Counting goes on.", "The progress stands above; this page can be left.")

    async def _clients(self) -> list[tuple[str, str]]:
        if not self.may(P.CLIENTS_VIEW):
            return []
        found = await clients.list_clients(self.actor, limit=200)
        return [(str(one.id), one.name) for one in found.items]

    async def _calendars(self) -> list[tuple[str, str]]:
        if not self.may(P.WORKFORCE_VIEW):
            return []
        found = await calendars.list_calendars(self.actor, limit=200)
        return [(str(one.id), one.name) for one in found.items]


def hours(seconds: int | None, *, ends: bool = False) -> str:
    """`4 h`, `1.5 h`, or a dash."""
    return "–" if seconds is None or ends else f"{seconds / 3600:,.4g} h"


def a_scope(one: ClockRuleView) -> str:
    """`Hold, Harbor Family, priority 1`."""
    parts = [one.kind_label, one.client_name, f"priority {one.priority}" if one.priority else ""]
    return ", ".join(part for part in parts if part)


def _state(one: ClockRuleView) -> tuple[str, str]:
    if one.ends:
        return ("Ends", "warn") if one.state == "ahead" else ("Ended", "neutral")
    return _STATES[one.state]


def _own(own: list[KindClock]) -> Markup:
    columns = [
        Column[KindClock]("Kind", lambda one: one.label, "clip wide"),
        Column[KindClock]("Begun within", lambda one: hours(one.start_seconds), "right"),
        Column[KindClock]("Finished within", lambda one: hours(one.due_seconds), "right"),
        Column[KindClock]("Hours", lambda one: span("by day and night", cls="faint"), "right"),
    ]
    return table.rows(columns, own, label="Kinds")
