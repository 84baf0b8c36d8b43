"""A deposit day: three sums, deposits at the left and what they may pay at the right, matched by keys alone."""

from domain.refusals import Conflict
from policies.permissions import Permission as P
from services.deposits import days, matching
from services.deposits.views import Candidate, DayEvent, DayView, DepositLine, MatchView
from ui.deposits.listing import day_chip
from ui.deposits.shared import deposit_chip, deposit_words, trace_text
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, b, button, div, kbd, li, p, small, span, ul
from ui.parts.money import amount, dollars
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import day, day_words, moment


class Choosing(Page):
    """A page that shows what a deposit may pay and matches what is chosen: by number, or several at once."""

    candidates: list[Candidate]

    def candidates_card(self, one: DepositLine) -> Markup:
        """What the deposit may pay, likeliest first, each with the key that matches it."""
        open_cents = one.amount_cents - one.matched_cents
        words = p(
            "For ", b(dollars(open_cents)), f" of {day_words(one.deposited_on)}.", cls="muted card-body"
        )
        if not self.candidates:
            nothing = p("Nothing that waits has this trace or amount.", cls="faint card-body")
            return card("May pay", words, nothing, look="flush")
        may = self.may(P.DEPOSITS_MANAGE)
        columns = [
            Column[Candidate]("What", self._label, "wide"),
            Column[Candidate]("On", lambda c: day(c.on), "right optional-column"),
            Column[Candidate]("Amount", lambda c: amount(c.amount_cents), "right"),
            Column[Candidate]("", lambda c: self._choose(one, c) if may else None, "right tight"),
        ]
        rows = table.rows(
            columns, self.candidates, key=lambda c: f"{c.kind}:{c.id}", pick=may, label="What it may pay"
        )
        bulk = div(
            span("", data_bulk_count=True),
            action("Match the selection", "match", look="filled", key="M", data_id=str(one.id)),
            cls="bulk",
            data_bulk=True,
            hidden=True,
        )
        return card("May pay", words, rows, bulk if may else None, look="flush")

    def _label(self, one: Candidate) -> Markup:
        href = f"/remittances/{one.id}" if one.kind == "remittance" else ""
        name = a(one.label, href=href) if href else span(one.label)
        return div(
            name,
            " ",
            small(one.payer_name, cls="faint"),
            div(small(_reasons(one), cls="muted"), style="white-space: normal"),
        )

    def _choose(self, one: DepositLine, candidate: Candidate) -> Child:
        number = self.candidates.index(candidate) + 1
        key = str(number) if number < 10 else ""
        return button(
            "Match",
            key and kbd(key),
            type="button",
            cls="button tiny",
            data_do="match",
            data_id=str(one.id),
            data_what=f"{candidate.kind}:{candidate.id}",
            data_key=key or None,
            aria_label=f"Match {candidate.label}",
        )

    async def do_match(self, event: Event) -> None:
        """Match what was chosen: one by its key, or the selection."""
        chosen = [event.args["what"]] if event.args.get("what") else list(event.selected)
        remittances = [identifier(one.partition(":")[2]) for one in chosen if one.startswith("remittance:")]
        payments = [identifier(one.partition(":")[2]) for one in chosen if one.startswith("payment:")]
        done = await matching.match_deposit(self.actor, event.id(), remittances, payments)
        self.tell("ok", done.line.status_label + ".", dollars(done.line.matched_cents))
        await self.matched(done.line)

    async def matched(self, line: DepositLine) -> None:
        """What follows a match."""


@page("/deposits/days/{day_id}")
class DepositDay(Choosing):
    """One day."""

    title = "Deposit day"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposits", "deposit_days", "remittances"})

    view: DayView

    @property
    def name(self) -> str:
        """The day."""
        return f"Deposits of {day_words(self.view.line.day)}" if hasattr(self, "view") else self.title

    async def load(self) -> None:
        self.view = await days.get_day(self.actor, self.id("day_id"))
        one = self._chosen()
        self.candidates = await matching.candidates_for(self.actor, one.id) if one else []

    def _chosen(self) -> DepositLine | None:
        """The deposit in hand: that of the address, else the first that waits."""
        if self.view.line.status == "closed":
            return None
        waiting = [one for one in self.view.deposits if one.status in ("unmatched", "partial")]
        asked = self.query.get("deposit", "")
        return next((one for one in waiting if str(one.id) == asked), waiting[0] if waiting else None)

    def body(self) -> Markup:
        line = self.view.line
        one = self._chosen()
        title = (day(line.day), " ", day_chip(line))
        right = self.candidates_card(one) if one else self._all_matches()
        return div(
            head(title, *self._actions(), under=span(line.account_name), crumbs=(("Deposits", "/deposits"),)),
            self._sums(),
            self._missing(),
            div(self._deposits(one), right, cls="halves"),
            self._events(),
        )

    def _actions(self) -> tuple[Child, ...]:
        line = self.view.line
        export = export_menu(
            "deposits", account=str(line.account_id), since=str(line.day), until=str(line.day)
        )
        if not self.may(P.DEPOSITS_CLOSE):
            return (export,)
        if self.view.line.status == "closed":
            return export, action("Reopen", "ask_reopen", key="r")
        return export, action(
            "Close the day", "close", look="filled" if self.view.line.agrees else "", key="c"
        )

    def _sums(self) -> Markup:
        line = self.view.line
        cells = (
            ("Deposits (bank)", dollars(line.cash_cents)),
            ("Remittances (BPR02) and patients", dollars(line.remitted_cents)),
            ("Ledger (cash)", dollars(line.ledger_cents)),
            ("Difference", dollars(line.cash_cents - line.ledger_cents)),
        )
        return div(
            [div(small(words), span(figure, cls="figure")) for words, figure in cells], cls="moneyline"
        )

    def _missing(self) -> Child:
        if self.view.line.status == "closed":
            return notice("ok", "This day is closed.", "Nothing of it changes until somebody reopens it.")
        if self.view.line.agrees:
            return notice("info", "The three sums are one.", "The day can be closed.")
        return notice(
            "warn", "The three sums are not one yet.", ul([li(words) for words in self.view.missing])
        )

    def _deposits(self, chosen: DepositLine | None) -> Markup:
        columns = [
            Column[DepositLine]("From", deposit_words, "clip wide"),
            Column[DepositLine]("Trace", trace_text, "tight"),
            Column[DepositLine]("Status", deposit_chip, "tight"),
            Column[DepositLine]("Amount", lambda one: amount(one.amount_cents), "right"),
        ]
        rows = table.rows(
            columns,
            self.view.deposits,
            href=self._place,
            key=lambda one: one.id,
            current=str(chosen.id) if chosen else "",
            label="Deposits of the day",
        )
        return card("Deposits", rows, look="flush")

    def _place(self, one: DepositLine) -> str:
        """One that waits is taken in hand here; another one opens."""
        waits = one.status in ("unmatched", "partial") and self.view.line.status == "open"
        return f"{self.here}?deposit={one.id}" if waits else f"/deposits/{one.id}"

    def _all_matches(self) -> Markup:
        found = [match for one in self.view.deposits for match in self.view.matches.get(str(one.id), [])]
        columns = [
            Column[MatchView]("Matched to", match_label, "clip wide"),
            Column[MatchView]("By", lambda m: m.by_name or m.matched_by_label, "clip"),
            Column[MatchView]("Amount", lambda m: amount(m.amount_cents), "right"),
        ]
        return card("Matched to", table.rows(columns, found, label="Matches"), look="flush")

    def _events(self) -> Child:
        if not self.view.events:
            return None
        columns = [
            Column[DayEvent]("When", lambda e: moment(e.at, self.zone), "tight"),
            Column[DayEvent](
                "", lambda e: chip(e.kind.capitalize(), "ok" if e.kind == "closed" else "warn"), "tight"
            ),
            Column[DayEvent]("By", lambda e: e.actor_name, "clip"),
            Column[DayEvent]("Reason", lambda e: e.reason, "clip wide"),
            Column[DayEvent]("Cash", lambda e: amount(e.cash_cents), "right"),
            Column[DayEvent]("Remittances", lambda e: amount(e.remitted_cents), "right"),
            Column[DayEvent]("Ledger", lambda e: amount(e.ledger_cents), "right"),
        ]
        return card("Closings", table.rows(columns, self.view.events, label="Closings"), look="flush")

    async def matched(self, line: DepositLine) -> None:
        """Go on with the next deposit that waits."""
        if line.status == "matched":
            self.go(self.here)

    async def do_close(self, event: Event) -> None:
        """Close the day, or say which sum differs."""
        try:
            await days.close_day(self.actor, self.view.line.id)
        except Conflict as refusal:
            # Its faults are the day's, not a field's.
            self.tell("bad", refusal.title, refusal.what_to_do)
            return
        self.tell("ok", "Closed.", "Nothing of this day changes any more.")

    async def do_ask_reopen(self, event: Event) -> None:
        """Ask why the day is opened again."""
        self.dialog = form_window(
            "Reopen the day",
            "reopen",
            "Reopen",
            long_text("reason", "Reason", required=True, errors=self.errors, autofocus=True),
            explanation="The closing, the reopening and the reason stay on the day.",
        )

    async def do_reopen(self, event: Event) -> None:
        """Open the day again."""
        await days.reopen_day(self.actor, self.view.line.id, event.text("reason"))
        await self.do_close_dialog(event)


def match_label(match: MatchView) -> Markup:
    """What a deposit was matched to, with the way there."""
    if match.remittance_id:
        return a(match.label, href=f"/remittances/{match.remittance_id}")
    return span(match.label)


def _reasons(one: Candidate) -> str:
    return ", ".join(one.reasons) or "Waits near this day"
