"""Patients who owe or have credit, and small balances to give up."""

from domain.balances.statements import StatementRules
from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.balances import accounts, rules, small
from services.balances.small import WriteOffOutcome
from services.balances.views import BalanceLine, SmallBalance
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window, window
from ui.parts.exporting import export_menu
from ui.parts.forms import hidden, long_text
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.markup import small as small_text
from ui.parts.money import amount, dollars
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day

_TABS = (
    ("Balances", "/balances"),
    ("Small balances", "/balances/small"),
    ("Statements", "/balances/statements"),
)
_SHOWN = (("", "All"), ("owing", "Owing"), ("credit", "With credit"))


def balance_tabs(here: str) -> Markup:
    """The places of this area."""
    return tabs(*((words, href, href == here, None) for words, href in _TABS))


def shown_of(query: dict[str, str]) -> str:
    """The filter of an address."""
    return query.get("show", "") if query.get("show", "") in dict(_SHOWN) else ""


@page("/balances")
class Balances(Page):
    """Who owes, the largest balance first."""

    title = "Patient balances"
    nav = "balances"
    permission = P.BALANCES_VIEW
    watches = frozenset({"claims", "patient_transactions"})

    found: Rows[BalanceLine]

    async def load(self) -> None:
        self.found = await accounts.list_balances(
            self.actor, show=shown_of(self.query), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        export = export_menu("patient-balances", self.query)
        now = shown_of(self.query)
        chips = [
            filter_chip(words, address("/balances", self.query, show=key), on=key == now)
            for key, words in _SHOWN
        ]
        return div(
            head("Patient balances", export),
            balance_tabs("/balances"),
            div(chips, cls="filters"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "Nobody owes anything.",
                "What payers leave to patients appears here, straight from the ledger, with what may be asked for already.",
            )
        columns = [
            Column[BalanceLine](
                "Patient", lambda one: a(one.name, href=f"/balances/{one.patient_id}"), "clip wide"
            ),
            Column[BalanceLine]("Account", lambda one: one.account_number, "tight"),
            Column[BalanceLine]("Client", lambda one: one.client_name, "clip optional-column"),
            Column[BalanceLine]("Oldest service", lambda one: day(one.oldest_on), "right optional-column"),
            Column[BalanceLine]("Statements", _statements, "right"),
            Column[BalanceLine](
                "Payers to answer", lambda one: amount(one.waiting_cents, quiet_zero=True), "right"
            ),
            Column[BalanceLine]("Credit", lambda one: amount(one.credit_cents, quiet_zero=True), "right"),
            Column[BalanceLine](
                "May be asked", lambda one: amount(one.billable_cents, quiet_zero=True), "right"
            ),
            Column[BalanceLine]("Balance", lambda one: amount(one.balance_cents), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/balances/{one.patient_id}",
                key=lambda one: one.patient_id,
                label="Patient balances",
            ),
            table.pager("/balances", self.query, self.found.next, len(self.found.items)),
        )


@page("/balances/small")
class SmallBalances(Page):
    """Balances that cost more than they bring."""

    title = "Small balances"
    nav = "balances"
    permission = P.BALANCES_VIEW
    watches = frozenset({"claims", "patient_transactions"})

    found: Rows[SmallBalance]
    limit: StatementRules

    async def load(self) -> None:
        self.limit = await rules.statement_rules(self.actor)
        self.found = await small.small_balances(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        words = p(
            f"Shares of up to {dollars(self.limit.small_balance_cents)} where every payer has answered.",
            cls="muted",
            style="margin-bottom: 12px",
        )
        return div(head("Patient balances"), balance_tabs("/balances/small"), words, self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No small balance.", "Shares below the limit appear here, to be given up with a reason."
            )
        pick = self.may(P.BALANCES_MANAGE)
        columns = [
            Column[SmallBalance](
                "Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"
            ),
            Column[SmallBalance](
                "Patient", lambda one: a(one.name, href=f"/balances/{one.patient_id}"), "clip wide"
            ),
            Column[SmallBalance]("The patient's since", lambda one: day(one.since), "right"),
            Column[SmallBalance]("Share", lambda one: amount(one.share_cents), "right"),
        ]
        bulk = div(
            span("", data_bulk_count=True),
            action("Write off", "ask_write_off", look="filled", key="W"),
            cls="bulk",
            data_bulk=True,
            hidden=True,
        )
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/balances/{one.patient_id}",
                key=lambda one: one.claim_id,
                pick=pick,
                label="Small balances",
            ),
            bulk if pick else None,
            table.pager("/balances/small", self.query, self.found.next, len(self.found.items)),
        )

    async def do_ask_write_off(self, event: Event) -> None:
        """Ask why the selection is given up."""
        if not event.selected:
            self.tell("warn", "Nothing is selected.", "Tick the shares to give up.")
            return
        self.dialog = form_window(
            f"Write off {len(event.selected)}",
            "write_off",
            "Write off",
            hidden("chosen", ",".join(event.selected)),
            long_text("reason", "Reason", required=True, errors=self.errors, autofocus=True),
            explanation="The shares move to the account of what was written off; their claims close. Above the limit"
            " another person approves it first.",
        )

    async def do_write_off(self, event: Event) -> None:
        """Give them up, and show what became of each."""
        chosen = [identifier(one) for one in event.text("chosen").split(",")]
        outcomes = await small.write_off_many(self.actor, chosen, event.text("reason"))
        names = {one.claim_id: one.reference for one in self.found.items}
        columns = [
            Column[WriteOffOutcome](
                "Claim",
                lambda one: a(names.get(one.claim_id, "Claim"), href=f"/claims/{one.claim_id}"),
                "tight",
            ),
            Column[WriteOffOutcome](
                "Outcome",
                _written_off,
                "tight",
            ),
            Column[WriteOffOutcome]("Why", lambda one: one.message),
        ]
        done = sum(one.done for one in outcomes)
        self.dialog = window(
            f"{done} of {len(outcomes)} written off", table.rows(columns, outcomes, label="Outcomes")
        )


def _written_off(one: WriteOffOutcome) -> Child:
    if one.done:
        return chip("Written off", "ok")
    return chip("Waits for approval", "info") if one.code == small.WAITS else chip("Left as it was", "warn")


def _statements(one: BalanceLine) -> Child:
    if not one.statements:
        return span("none", cls="faint")
    return span(str(one.statements), " ", small_text("last ", day(one.last_statement_on), cls="faint"))
