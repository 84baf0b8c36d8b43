"""The runs of statements with their progress, and the rules that they follow."""

from dataclasses import asdict

from domain.balances.statements import StatementRules
from domain.paging import Page as Rows
from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.balances import rules, statements
from services.balances.views import RunView
from ui.balances.listing import balance_tabs
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.forms import field
from ui.parts.markup import Child, Markup, a, div, form
from ui.parts.money import cents_of, plain
from ui.parts.progress import bar
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import day, moment

_RULES = (
    ("minimum_cents", "Smallest balance that gets a statement", "$"),
    ("cycle_days", "Between two statements", "days"),
    ("most_statements", "Statements at most", ""),
    ("due_days", "To pay within", "days"),
    ("small_balance_cents", "Given up without a manager, up to", "$"),
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
        words = f"{looked} of {one.total} patients looked at, {one.made} statements printed. You may leave this page."
        return notice("info", "Statements are being printed.", (words, bar(looked, one.total)))

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
        if self.may(P.WORK_VIEW):
            columns.append(Column[RunView]("", _process, "right tight"))
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


def _process(one: RunView) -> Markup:
    return a("Process", href=f"/processes/statements/{one.id}")


def _number(event: Event, name: str, unit: str) -> int:
    """A typed rule: cents of an amount in dollars, or a number; -1, which no rule takes, for anything else."""
    text = event.text(name)
    if unit == "$":
        cents, fault = cents_of(text, name)
        reject(fault)
        return cents
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
