"""One float assignment: where it stands, why this person, its work, and what can be done now."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Invalid
from domain.tenancy import Actor
from domain.workforce.float_process import RUNNING, State
from domain.workforce.float_process import Event as Fact
from policies.permissions import Permission as P
from services.workforce import float_answers, float_planning
from services.workforce.float_views import FloatView
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.forms import field, long_text
from ui.parts.markup import Child, Markup, a, div, li, ol, p, small, span
from ui.parts.states import notice
from ui.parts.times import ago, due, moment
from ui.work.history import who_did
from ui.workforce.float_parts import period_words, reasons, score

LIST = "/team/float/assignments"
_REASONS = {
    State.DECLINED.value: ("warn", "Declined:"),
    State.WITHDRAWN.value: ("info", "Withdrawn:"),
    State.ENDED_EARLY.value: ("info", "Ended early:"),
}


@page("/team/float/assignments/{float_id}")
class FloatAssignment(Page):
    """The page of one assignment."""

    title = "Float assignment"
    nav = "team"
    permission = P.WORK_VIEW
    watches = frozenset({"float_assignments", "work_items"})

    one: FloatView

    @property
    def name(self) -> str:
        """Which assignment it is."""
        return self.one.line.reference if self.loaded else self.title

    async def load(self) -> None:
        self.one = await float_planning.get_float(self.actor, self.id("float_id"))

    def body(self) -> Markup:
        one, line = self.one, self.one.line
        under = (
            span(line.name, " · ", line.where),
            span(period_words(line.starts_at, line.ends_at, self.zone)),
        )
        left = div(self._said(), self._work(), self._why())
        right = div(
            where_it_stands(
                one.diagram, f"Process of the assignment: {line.state_label}", "float_assignment", line.id
            ),
            card("What happened", self._history()),
        )
        return div(
            head(
                (line.reference, chip(line.state_label, line.tone)),
                self._menu(),
                self._next(),
                under=under,
                crumbs=(("Float pool", LIST),),
            ),
            div(left, right, cls="columns"),
        )

    def _next(self) -> Child:
        """The usual next step as the only filled button."""
        may = set(self.one.may)
        if Fact.ACCEPTED.value in may:
            return action("Accept", "accept", look="filled", key="a")
        if self.one.line.state in RUNNING and self.actor.user_id == self.one.line.user_id:
            return link("Open the work", "/work?tab=float", look="filled", key="o")
        return Fact.EXTENDED.value in may and action("Extend", "ask_extend", look="filled", key="x")

    def _menu(self) -> Child:
        may = set(self.one.may)
        entries = [
            Fact.DECLINED.value in may and entry("Decline", "ask_decline", key="d"),
            Fact.EXTENDED.value in may
            and self.actor.user_id == self.one.line.user_id
            and entry("Extend", "ask_extend", key="x"),
            Fact.ENDED_EARLY.value in may and entry("End early", "ask_end", key="e", tone="bad"),
            Fact.WITHDRAWN.value in may and entry("Withdraw", "ask_withdraw", key="w", tone="bad"),
        ]
        shown = [one for one in entries if one]
        return more(*shown) if shown else None

    def _said(self) -> Child:
        one = self.one
        tone, title = _REASONS.get(one.line.state, ("info", ""))
        return [
            one.reason and title and notice(tone, title, one.reason),
            one.note and notice("info", "Told with the offer:", one.note),
        ]

    def _work(self) -> Markup:
        one, line = self.one, self.one.line
        running = line.state in RUNNING
        begun = running or line.state in (State.ENDED, State.ENDED_EARLY)
        pairs: list[tuple[str, Child] | None] = [
            ("Waits for", one.waits_for) if one.may or running else None,
            ("Answer by", due(one.answer_by, self.zone)) if line.state == State.OFFERED else None,
            ("Ends", due(line.ends_at, self.zone)) if running else None,
            ("First end", moment(one.first_ends_at, self.zone))
            if one.first_ends_at != line.ends_at
            else None,
            ("Free in the inbox", f"{one.free:,}") if running else None,
            ("In hand", f"{one.held:,}") if running else None,
            ("Finished", f"{one.done:,}") if begun else None,
            ("Handed back", f"{one.handed_back:,}") if begun and not running else None,
            ("Drafts kept as notes", f"{one.drafts_kept:,}") if one.drafts_kept else None,
            ("Asked by", one.created_by_name or "Caseload"),
            ("From", a("a queue at risk", href=f"/team/float/proposals/{one.proposal_id}"))
            if one.proposal_id and self.may(P.FLOAT_MANAGE)
            else None,
        ]
        return card("Work", table.facts(*pairs))

    def _why(self) -> Child:
        if self.one.score is None or not self.may(P.FLOAT_MANAGE):
            return None
        return card(f"Why {self.one.line.name}", p(score(self.one.score)), reasons(self.one.reasons))

    def _history(self) -> Markup:
        rows = [
            li(p(one.summary), small(who_did(one.actor_name), " · ", ago(one.at, self.zone)), cls="info")
            for one in self.one.events
        ]
        return ol(rows, cls="timeline") if rows else p("Nothing yet.", cls="faint")

    async def do_accept(self, event: Event) -> None:
        """Accept what one is asked for."""
        await float_answers.accept_float(self.actor, self.one.id)
        self.tell("ok", "Accepted.", "The work comes into your inbox when it begins.")

    async def do_ask_decline(self, event: Event) -> None:
        """Ask why."""
        self._ask("Decline", "decline", "Whoever asked is told, and asks somebody else.")

    async def do_decline(self, event: Event) -> None:
        """Decline it."""
        await self._with_reason(event, float_answers.decline_float, self.do_ask_decline, "Declined.")

    async def do_ask_end(self, event: Event) -> None:
        """Ask why."""
        words = (
            "What came with it and is not finished leaves the person now; drafts become notes on their items."
        )
        self._ask("End early", "end", words)

    async def do_end(self, event: Event) -> None:
        """End it early."""
        await self._with_reason(event, float_answers.end_float, self.do_ask_end, "Ended.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask why."""
        self._ask("Withdraw", "withdraw", "The offer is taken back; nothing has moved yet.")

    async def do_withdraw(self, event: Event) -> None:
        """Take it back."""
        await self._with_reason(event, float_answers.withdraw_float, self.do_ask_withdraw, "Withdrawn.")

    async def do_ask_extend(self, event: Event) -> None:
        """Ask until when."""
        later = (self.one.line.ends_at + timedelta(days=1)).astimezone(ZoneInfo(self.zone))
        typed = event.text("until") or f"{later:%Y-%m-%dT%H:%M}"
        until = field("until", "Until", typed, kind="datetime-local", required=True, errors=self.errors)
        said = "The work stays in the person’s inbox until then. They are told."
        self.dialog = form_window("Extend", "extend", "Extend", until, explanation=said)

    async def do_extend(self, event: Event) -> None:
        """Move the end."""
        until = moment_of(event.text("until"), self.zone)
        if until is None:
            reject(FieldError("until", "until.missing", "Enter a day and a time."))
        assert until  # refused above
        await float_answers.extend_float(self.actor, self.one.id, until)
        await self._done("Extended.")

    def _ask(self, title: str, do: str, said: str) -> None:
        words = long_text("reason", "Why", errors=self.errors, required=True)
        self.dialog = form_window(title, do, title, words, explanation=said)

    async def _with_reason(
        self,
        event: Event,
        service: Callable[[Actor, UUID, str], Awaitable[FloatView]],
        ask: Callable[[Event], Awaitable[None]],
        words: str,
    ) -> None:
        try:
            await service(self.actor, self.one.id, event.text("reason"))
        except Invalid as refusal:
            self.wrong(refusal)
            await ask(event)
            return
        await self._done(words)

    async def _done(self, words: str) -> None:
        await self.do_close_dialog(Event("close_dialog"))
        self.tell("ok", words)


def moment_of(text: str, zone: str) -> datetime | None:
    """A day with a time as the browser writes it, in this zone; None when it cannot be read."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=ZoneInfo(zone)) if found.tzinfo is None else found
