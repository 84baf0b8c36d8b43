"""Queues at risk: whom to ask for help, with the reasons, and one click that asks them."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.workforce import float_proposals
from services.workforce.float_proposals import STATES
from services.workforce.float_views import CandidateView, ProposalLine, ProposalView
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import day, due
from ui.workforce.float_parts import float_tabs, hours, period_words, reasons, score

LIST = "/team/float/proposals"
_TONES = {"open": "bad", "assigned": "ok", "dismissed": "neutral"}


@page(LIST)
class FloatProposals(Page):
    """The queues at risk, the newest first."""

    title = "Queues at risk"
    nav = "team"
    permission = P.FLOAT_MANAGE
    watches = frozenset({"float_proposals"})

    found: Rows[ProposalLine]

    async def load(self) -> None:
        asked = self.query.get("state", "")
        self.state = asked if asked in STATES else ""
        self.found = await float_proposals.list_proposals(
            self.actor, state=self.state, cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        chips = [filter_chip("All", address(LIST, self.query, state=None), on=not self.state)]
        chips += [
            filter_chip(words, address(LIST, self.query, state=code), on=self.state == code)
            for code, words in STATES.items()
        ]
        return div(
            head("Float pool", export_menu("float-proposals", self.query)),
            float_tabs(LIST, self.may),
            div(chips, cls="filters"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            words = "A queue with five or more items past due or due today is proposed here once a day, with whom to ask."
            return empty("No queue is at risk.", words)
        columns = [
            Column[ProposalLine]("Queue", lambda one: one.where, "wide clip"),
            Column[ProposalLine]("Day", lambda one: day(one.day), "tight"),
            Column[ProposalLine]("Late by tonight", lambda one: f"{one.at_risk:,} of {one.open_items:,}", "right"),
            Column[ProposalLine]("State", lambda one: chip(STATES[one.state], _TONES[one.state]), "tight"),
            Column[ProposalLine]("Assignment", lambda one: one.assignment_reference, "tight"),
        ]  # fmt: skip
        rows = table.rows(
            columns,
            self.found.items,
            href=lambda one: f"{LIST}/{one.id}",
            key=lambda one: one.id,
            label="Queues at risk",
        )
        return div(rows, table.pager(LIST, self.query, self.found.next, len(self.found.items)))


@page("/team/float/proposals/{float_proposal_id}")
class FloatProposal(Page):
    """One queue at risk with its candidates."""

    title = "Queue at risk"
    nav = "team"
    permission = P.FLOAT_MANAGE
    watches = frozenset({"float_proposals"})

    one: ProposalView

    @property
    def name(self) -> str:
        """Which queue it is."""
        return self.one.line.where if self.loaded else self.title

    async def load(self) -> None:
        self.one = await float_proposals.get_proposal(self.actor, self.id("float_proposal_id"))

    def body(self) -> Markup:
        line = self.one.line
        is_open = line.state == "open"
        first = next((one for one in self.one.candidates if not one.blocked), None)
        ask = (
            action(f"Ask {first.name}", "ask", look="filled", key="a", data_id=str(first.user_id))
            if is_open and first
            else None
        )
        dismiss = more(entry("Not needed", "ask_dismiss", key="d", tone="bad")) if is_open else None
        return div(
            head(
                (line.where, chip(STATES[line.state], _TONES[line.state])),
                dismiss,
                ask,
                under=(day(line.day), span(period_words(line.starts_at, line.ends_at, self.zone))),
                crumbs=(("Queues at risk", LIST),),
            ),
            self._said(),
            self._queue(),
            self._candidates(is_open),
        )

    def _said(self) -> Child:
        line = self.one.line
        if line.assignment_id:
            href = f"/team/float/assignments/{line.assignment_id}"
            return notice("ok", "Somebody was asked:", a(line.assignment_reference, href=href))
        return self.one.reason and notice("info", "Not needed:", self.one.reason)

    def _queue(self) -> Markup:
        line = self.one.line
        queue = address("/work", {}, tab="all", kind=line.kind)
        return card(
            "The queue",
            table.facts(
                ("Open", a(f"{line.open_items:,} items", href=queue)),
                ("Past due or due today", f"{line.at_risk:,}"),
                ("First due", due(line.first_due_at, self.zone)),
                ("Weights", self.one.weights_from) if self.one.weights_from else None,
            ),
        )

    def _candidates(self, is_open: bool) -> Markup:
        def act(one: CandidateView) -> Child:
            ask = is_open and not one.blocked
            return ask and action("Ask", "ask", look="tiny", data_id=str(one.user_id))

        columns = [
            Column[CandidateView]("Who", lambda one: one.name, "clip"),
            Column[CandidateView]("Fits", lambda one: score(one.score) if not one.blocked else "–", "tight"),
            Column[CandidateView]("Why", lambda one: one.blocked or reasons(one.reasons), "wide"),
            Column[CandidateView]("Free", lambda one: hours(one.free_seconds), "right"),
            Column[CandidateView]("", act, "right tight"),
        ]
        if not self.one.candidates:
            return card("Whom to ask", p("Nobody of the float pool could be asked.", cls="faint"))
        rows = table.rows(columns, self.one.candidates, key=lambda one: one.user_id, label="Whom to ask")
        return card("Whom to ask", rows, look="flush")

    async def do_ask(self, event: Event) -> None:
        """Offer the assignment to a candidate; its page opens."""
        made = await float_proposals.ask_candidate(self.actor, self.one.id, event.id())
        self.go(f"/team/float/assignments/{made.id}")

    async def do_ask_dismiss(self, event: Event) -> None:
        """Ask why."""
        words = long_text("reason", "Why", errors=self.errors, required=True)
        said = "Nobody is asked today; tomorrow the queue is looked at again."
        self.dialog = form_window("Not needed", "dismiss", "Not needed", words, explanation=said)

    async def do_dismiss(self, event: Event) -> None:
        """Leave the queue as it is."""
        await float_proposals.dismiss_proposal(self.actor, self.one.id, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Dismissed.")
