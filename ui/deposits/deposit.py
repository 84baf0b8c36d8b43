"""One deposit: its facts, what it was matched to, and what it may pay."""

from policies.permissions import Permission as P
from services.deposits import catalogue, entry, matching
from services.deposits.views import DepositView, MatchView
from ui.deposits.day import Choosing, match_label
from ui.deposits.shared import deposit_chip
from ui.page import Event, page
from ui.parts import table
from ui.parts.buttons import action, more
from ui.parts.buttons import entry as menu_entry
from ui.parts.cards import card, head
from ui.parts.chips import chip, copyable
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.money import amount, dollars
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import day, moment

_ASKED = {
    "void": ("Void the deposit", "It never was: it is struck out and keeps its reason."),
    "set_aside": (
        "Set the deposit aside",
        "Money that is neither a payer's nor a patient's is left out of its day.",
    ),
}


@page("/deposits/{deposit_id}")
class Deposit(Choosing):
    """One deposit."""

    title = "Deposit"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposits", "deposit_days"})

    view: DepositView

    async def load(self) -> None:
        self.view = await catalogue.get_deposit(self.actor, self.id("deposit_id"))
        waits = self.view.line.status in ("unmatched", "partial") and not self.view.day_closed
        self.candidates = await matching.candidates_for(self.actor, self.view.line.id) if waits else []

    def body(self) -> Markup:
        line = self.view.line
        title = (dollars(line.amount_cents), " ", deposit_chip(line))
        under = (
            span(line.account_name),
            a(day(line.deposited_on), href=f"/deposits/days/{self.view.day_id}"),
        )
        waits = line.status in ("unmatched", "partial") and not self.view.day_closed
        return div(
            head(
                title, self._menu(), under=under, crumbs=(("Deposits", "/deposits"), ("All", "/deposits/all"))
            ),
            self.view.day_closed
            and notice(
                "ok", "The day of this deposit is closed.", "Nothing of it changes until it is reopened."
            ),
            self.view.reason and notice("info", f"{line.status_label}.", self.view.reason),
            div(
                div(self.candidates_card(line) if waits else None, self._matches()),
                self._facts(),
                cls="columns",
            ),
        )

    def _menu(self) -> Child:
        if not self.may(P.DEPOSITS_MANAGE) or self.view.day_closed:
            return None
        if self.view.line.status == "set_aside":
            return action("Count it again", "take_back", key="b")
        if self.view.line.status != "unmatched":
            return None
        return more(
            menu_entry("Set aside", "ask_reason", key="x", data_what="set_aside"),
            menu_entry("Void", "ask_reason", tone="bad", data_what="void"),
        )

    def _facts(self) -> Markup:
        line = self.view.line
        return card(
            "Deposit",
            table.facts(
                ("Trace or check", copyable(line.trace)),
                ("Kind", line.method_label),
                ("Paid by", line.payer_name or span("–", cls="faint")),
                ("Payer's id", copyable(self.view.payer_identifier)),
                ("Bank's reference", copyable(line.bank_reference)),
                ("Bank's words", line.description or span("–", cls="faint")),
                ("Matched", amount(line.matched_cents, quiet_zero=True)),
                ("Told by", "a person" if line.by_hand else "a bank file"),
                ("Since", moment(line.created_at, self.zone)),
                look="one",
            ),
        )

    def _matches(self) -> Markup:
        if not self.view.matches:
            return card("Matched to", p("Nothing yet.", cls="faint"))
        columns = [
            Column[MatchView]("Matched to", match_label, "clip wide"),
            Column[MatchView]("By", lambda m: m.by_name or m.matched_by_label, "clip"),
            Column[MatchView]("When", lambda m: moment(m.at, self.zone), "tight optional-column"),
            Column[MatchView]("Amount", lambda m: amount(m.amount_cents), "right"),
            Column[MatchView]("", self._undo, "clip"),
        ]
        return card("Matched to", table.rows(columns, self.view.matches, label="Matches"), look="flush")

    def _undo(self, match: MatchView) -> Child:
        if match.undone_at:
            return chip("Undone", "neutral", f"{match.undone_by_name}: {match.undone_reason}")
        if not self.may(P.DEPOSITS_MANAGE) or self.view.day_closed:
            return None
        return action("Undo", "ask_reason", look="tiny quiet", data_what=f"undo:{match.id}")

    async def do_ask_reason(self, event: Event) -> None:
        """Ask why."""
        what = event.args.get("what", "")
        title, words = _ASKED.get(
            what, ("Undo the match", "Both sides wait again. The match and the reason stay.")
        )
        self.dialog = form_window(
            title,
            "carry_out",
            title,
            long_text("reason", "Reason", required=True, errors=self.errors, autofocus=True),
            explanation=words,
            what=what,
        )

    async def do_carry_out(self, event: Event) -> None:
        """Void, set aside or undo, with the reason."""
        what, reason = event.args.get("what", ""), event.text("reason")
        deposit_id = self.view.line.id
        if what == "void":
            await entry.void_deposit(self.actor, deposit_id, reason)
        elif what == "set_aside":
            await entry.set_deposit_aside(self.actor, deposit_id, reason)
        else:
            match_id = Event("", {"id": what.removeprefix("undo:")}).id()
            await matching.undo_match(self.actor, deposit_id, match_id, reason)
        await self.do_close_dialog(event)
        self.tell("ok", "Done.")

    async def do_take_back(self, event: Event) -> None:
        """Count the deposit again."""
        await entry.take_deposit_back(self.actor, self.view.line.id)
