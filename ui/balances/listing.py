"""Patients who owe or have credit, small balances to give up, and the runs of statements."""

from dataclasses import asdict

from domain.balances.statements import StatementRules
from domain.paging import Page as Rows
from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.balances import accounts, rules, small, statements
from services.balances.small import WriteOffOutcome
from services.balances.views import BalanceLine, RunView, SmallBalance
from ui.page import Event, Page, identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head, tabs
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window, window
from ui.parts.forms import field, hidden, long_text
from ui.parts.markup import Child, Markup, a, div, form, i_, p, span
from ui.parts.markup import small as small_text
from ui.parts.money import amount, cents_of, dollars, plain
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import day, moment

_TABS = (
    ("Balances", "/balances"),
    ("Small balances", "/balances/small"),
    ("Statements", "/balances/statements"),
)
_SHOWN = (("", "All"), ("owing", "Owing"), ("credit", "With credit"))
_RULES = (
    ("minimum_cents", "Smallest balance that gets a statement", "$"),
    ("cycle_days", "Between two statements", "days"),
    ("most_statements", "Statements at most", ""),
    ("due_days", "To pay within", "days"),
    ("small_balance_cents", "Given up without a manager, up to", "$"),
)


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
        export = link("Export", address("/export/patient-balances.csv", self.query), data_plain=True)
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
            explanation="The shares move to the account of what was written off; their claims close.",
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
                lambda one: chip("Written off", "ok") if one.done else chip("Left as it was", "warn"),
                "tight",
            ),
            Column[WriteOffOutcome]("Why", lambda one: one.message),
        ]
        done = sum(one.done for one in outcomes)
        self.dialog = window(
            f"{done} of {len(outcomes)} written off", table.rows(columns, outcomes, label="Outcomes")
        )


@page("/balances/statements")
class Statements(Page):
    """The runs of statements, and the rules that they follow."""

    title = "Statements"
    nav = "balances"
    permission = P.BALANCES_VIEW
    watches = frozenset({"statement_runs"})

    found: Rows[RunView]
    rules: StatementRules

    async def load(self) -> None:
        self.found = await statements.list_statement_runs(self.actor, cursor=self.query.get("after"))
        self.rules = await rules.statement_rules(self.actor)

    def body(self) -> Markup:
        running = any(one.status == "running" for one in self.found.items)
        start = (
            action("Print statements", "start", look="filled", key="p")
            if self.may(P.BALANCES_MANAGE) and not running
            else None
        )
        return div(
            head("Patient balances", start),
            balance_tabs("/balances/statements"),
            div(div(self._progress(), self._runs()), self._rules(), cls="columns"),
        )

    def _progress(self) -> Child:
        one = next((run for run in self.found.items if run.status == "running"), None)
        if one is None:
            return None
        looked = one.made + one.skipped
        share = 100 * looked // one.total if one.total else 0
        bar = div(i_(style=f"width: {share}%"), cls="bar", role="progressbar", aria_valuenow=str(share))
        words = f"{looked} of {one.total} patients looked at, {one.made} statements printed. You may leave this page."
        return notice("info", "Statements are being printed.", (words, bar))

    def _runs(self) -> Markup:
        if not self.found.items:
            return empty(
                "No statements yet.",
                "A run prints one statement for each patient who is due: never before every payer has answered.",
            )
        columns = [
            Column[RunView]("Dated", lambda one: day(one.statement_on), "tight"),
            Column[RunView](
                "",
                lambda one: chip("Done", "ok") if one.status == "done" else chip("Running", "info"),
                "tight",
            ),
            Column[RunView]("Started", lambda one: moment(one.started_at, self.zone), "tight"),
            Column[RunView]("By", lambda one: one.started_by_name, "clip wide"),
            Column[RunView]("Patients", lambda one: f"{one.total:,}", "right"),
            Column[RunView]("Not due", lambda one: f"{one.skipped:,}", "right"),
            Column[RunView]("Printed", lambda one: f"{one.made:,}", "right"),
        ]
        return div(
            table.rows(columns, self.found.items, key=lambda one: one.id, label="Runs of statements"),
            table.pager("/balances/statements", self.query, self.found.next, len(self.found.items)),
        )

    def _rules(self) -> Markup:
        values = asdict(self.rules)
        shown = div(
            [
                field(
                    name,
                    words,
                    plain(values[name]) if unit == "$" else values[name],
                    unit=unit if unit == "$" else "",
                    hint="" if unit == "$" else unit,
                    errors=self.errors,
                    required=True,
                )
                for name, words, unit in _RULES
            ],
            cls="stack",
        )
        if not self.may(P.REMITTANCES_RELEASE):
            return card("Rules", shown)
        return card(
            "Rules", form(shown, div(submit("Save", look=""), style="margin-top: 12px"), data_do="save_rules")
        )

    async def do_start(self, event: Event) -> None:
        """Start a run; it goes on when the page is left."""
        await statements.start_statements(self.actor)
        self.tell("ok", "Printing has begun.", "Progress shows here by itself.")

    async def do_save_rules(self, event: Event) -> None:
        """Store the rules."""
        try:
            numbers = {name: _number(event, name, unit) for name, _, unit in _RULES}
            await rules.change_statement_rules(self.actor, StatementRules(**numbers))
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            return
        self.errors = {}
        self.tell("ok", "Saved.")


def _number(event: Event, name: str, unit: str) -> int:
    """A typed rule: cents of an amount in dollars, or a number; -1, which no rule takes, for anything else."""
    text = event.text(name)
    if unit == "$":
        cents, fault = cents_of(text, name)
        reject(fault)
        return cents
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _statements(one: BalanceLine) -> Child:
    if not one.statements:
        return span("none", cls="faint")
    return span(str(one.statements), " ", small_text("last ", day(one.last_statement_on), cls="faint"))
