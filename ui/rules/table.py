"""One decision table: its grid and its tests edited as sheets, its versions, and what it decided."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.paging import Page as Paged
from domain.refusals import FieldError, Invalid
from domain.rules.catalogue import Hit
from policies.permissions import Permission as P
from services.rules import drafts, publishing, reading
from services.rules.table_views import CaseFacts, DecisionLine, DifferenceView, GridFacts, TableView
from ui.page import Event, page, reject
from ui.parts.buttons import action, entry, more
from ui.parts.cards import head, tabs
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.exporting import export_entries
from ui.parts.markup import EMPTY, Child, Markup, div
from ui.parts.states import notice
from ui.rules.decisions import decisions_markup
from ui.rules.editing import edited, history_of
from ui.rules.grid import grid_markup
from ui.rules.model import TESTS, cases_of, grid_of, rules_sheet, tests_sheet
from ui.rules.simulating import Simulated, simulation_markup
from ui.rules.trial import CODES, Tried, trial_markup
from ui.rules.versions import publish_window, restore_window, versions_markup, withdraw_window


@page("/rules/{table_code}")
class Table(Simulated, Tried):
    """A decision table."""

    nav = "rules"
    permission = P.RULES_VIEW
    watches = frozenset({"rule_versions", "rule_drafts", "rule_simulations"})

    shown: TableView
    decided: Paged[DecisionLine] | None = None
    differences: list[DifferenceView] | None = None

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.history = history_of(self.screen, self.code)
        self.test: int | None = None

    @property
    def name(self) -> str:
        """The table's own name in the tab."""
        return self.shown.name if self.loaded else "Rules"

    @property
    def code(self) -> str:
        """The table's code."""
        return self.params["table_code"]

    @property
    def tab(self) -> str:
        """Which part is shown."""
        return self.query.get("tab", "")

    async def load(self) -> None:
        shown = await reading.get_table(self.actor, self.code)
        if shown.draft.version != self.history.version:
            # Somebody else's act came in between: undoing ours would undo theirs.
            self.history.begin(shown.draft.version)
        self.shown = shown
        before = self.query.get("before", "")
        if self.tab == "decisions":
            self.decided = await reading.list_decisions(
                self.actor, table=self.code, cursor=self.query.get("after")
            )
        elif self.tab == "simulate":
            await self.load_simulations(self.code)
        elif self.tab == "versions" and before.isascii() and before.isdigit() and len(before) < 6:
            self.differences = await reading.compare(self.actor, self.code, int(before))

    def body(self) -> Markup:
        return div(
            head(
                (self.shown.name, self._mark()),
                *self._actions(),
                under=self.shown.purpose,
                crumbs=(("Rules", "/rules"),),
            ),
            self._tabs(),
            self.shown.fault and _fault(self.shown),
            _undone(self.shown),
            self._part(),
        )

    def _part(self) -> Markup:
        if self.tab == "versions":
            return versions_markup(
                self.shown,
                self.differences,
                int(self.query.get("before") or 0) if self.differences is not None else 0,
                publishes=self.may(P.RULES_PUBLISH),
                zone=self.zone,
            )
        if self.tab == "simulate":
            return simulation_markup(self, self.shown)
        if self.tab == "trial" and self.code == CODES:
            return trial_markup(self, self.shown, self._today())
        if self.decided is not None:
            return decisions_markup(self.shown, self.decided, self.query, self.zone)
        return grid_markup(self.shown, self.test, writable=self.may(P.RULES_MANAGE))

    def _tabs(self) -> Markup:
        versions = ("Versions", "versions", len(self.shown.versions))
        if self.code == CODES:
            places = [("Rows", "", None), ("Try", "trial", None), versions]
        else:
            places = [("Rows and tests", "", None), ("Simulate", "simulate", None), versions, ("Decisions", "decisions", None)]  # fmt: skip
        return tabs(
            *(
                (words, f"{self.here}?tab={key}" if key else self.here, key == self.tab, count)
                for words, key, count in places
            )
        )

    def _mark(self) -> Child:
        if self.shown.origin == "default":
            return chip("default decides", "neutral")
        whose = "own" if self.shown.origin == "own" else "platform's"
        decides = chip(f"{whose} version {self.shown.version}", "ok" if not self.shown.fault else "bad")
        return decides, self.shown.draft.differs and chip("draft differs", "info")

    def _actions(self) -> Iterator[Child]:
        if self.may(P.RULES_MANAGE) and not self.tab:
            yield action("Undo", "undo", look="quiet", title="Ctrl Z", disabled=not self.history.undone)
            yield action("Redo", "redo", look="quiet", title="Ctrl Y", disabled=not self.history.redone)
        export = f"/export/decision-table.csv?table={self.code}"
        kept = f"/export/decision-table.json?table={self.code}"
        own = any(line.kind != "withdrawn" for line in self.shown.versions)
        yield more(
            entry("Rows as CSV", href=export, download=True),
            entry("Table as JSON", href=kept, download=True),
            export_entries("decisions", of="Decisions", table=self.code),
            entry("Take out of force …", "ask_withdraw", tone="danger")
            if own and self.may(P.RULES_PUBLISH) and self.shown.origin == "own"
            else EMPTY,
        )
        if self.may(P.RULES_PUBLISH):
            nothing = not self.shown.draft.differs or bool(self.shown.draft.problems)
            yield action("Publish …", "ask_publish", key="p", look="filled", disabled=nothing)

    async def do_edit(self, event: Event) -> None:
        """One act in a sheet: kept at once, faults and all."""
        sheet_name, op = event.args.get("sheetName", ""), event.args.get("op", "")
        if op in ("undo", "redo"):
            return await self._back(op)
        draft = self.shown.draft
        if sheet_name == TESTS:
            tests = edited(tests_sheet(self.shown, draft.tests), event)
            return await self._keep(draft.grid, cases_of(tests, draft.tests))
        rows = edited(rules_sheet(draft.grid), event)
        return await self._keep(grid_of(rows, draft.grid), draft.tests)

    async def do_undo(self, event: Event) -> None:
        """Take the last act back."""
        await self._back("undo")

    async def do_redo(self, event: Event) -> None:
        """Do again what was taken back."""
        await self._back("redo")

    async def do_column(self, event: Event) -> None:
        """Show a column or leave it out; its cells stay until the page is left."""
        side, _, key = event.args.get("column", "").partition(".")
        grid = self.shown.draft.grid
        columns = self.shown.inputs if side == "when" else self.shown.outputs
        chosen = grid.inputs if side == "when" else grid.outputs
        wanted = {*chosen, key} if event.value == "true" else {*chosen} - {key}
        ordered = [column.key for column in columns if column.key in wanted]
        changed = replace(grid, inputs=ordered) if side == "when" else replace(grid, outputs=ordered)
        await self._keep(changed, self.shown.draft.tests)

    async def do_hit(self, event: Event) -> None:
        """The first row decides, or all that are met."""
        if event.value in set(Hit):
            await self._keep(replace(self.shown.draft.grid, hit=Hit(event.value)), self.shown.draft.tests)

    async def do_show_test(self, event: Event) -> None:
        """Mark the rows that decide a test."""
        number = event.number("number", 0)
        self.test = None if self.test == number else number

    async def do_ask_publish(self, event: Event) -> None:
        """Ask from when on, and why."""
        self.errors = {}
        self.dialog = publish_window(self.shown, {}, self._today().isoformat(), "")

    async def do_publish(self, event: Event) -> None:
        """Put the draft into force."""
        begins = date_of(event.text("effective_from"))
        try:
            reject(None if begins else FieldError("effective_from", "date.invalid", "Enter the date."))
            assert begins is not None
            line = await publishing.publish(
                self.actor, self.code, begins, event.text("reason"), self.shown.draft.version
            )
        except Invalid as refusal:
            self.wrong(refusal)
            self.dialog = publish_window(
                self.shown, self.errors, event.text("effective_from"), event.text("reason")
            )
            return
        self.dialog = EMPTY
        when = "It decides from now on." if line.state == "in_force" else "It decides from its day on."
        self.tell("ok", f"Version {line.version} is published.", when)

    async def do_ask_restore(self, event: Event) -> None:
        """Ask why to roll back."""
        self.errors = {}
        self.dialog = restore_window(event.number("version", 0), {}, "")

    async def do_restore(self, event: Event) -> None:
        """Publish an earlier version again."""
        version = event.number("version", 0)
        try:
            line = await publishing.restore(self.actor, self.code, version, event.text("reason"))
        except Invalid as refusal:
            self.wrong(refusal)
            self.dialog = restore_window(version, self.errors, event.text("reason"))
            return
        self.dialog = EMPTY
        self.tell("ok", f"Version {version} decides again.", f"It was published as version {line.version}.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask why the own table is to hold no longer."""
        self.errors = {}
        self.dialog = withdraw_window(self.shown, {}, "")

    async def do_withdraw(self, event: Event) -> None:
        """Take the own table out of force."""
        try:
            await publishing.withdraw(self.actor, self.code, event.text("reason"))
        except Invalid as refusal:
            self.wrong(refusal)
            self.dialog = withdraw_window(self.shown, self.errors, event.text("reason"))
            return
        self.dialog = EMPTY
        self.tell("ok", "Your table is out of force.", self.shown.otherwise)

    async def do_take(self, event: Event) -> None:
        """Begin the draft again from a version; the draft as it was can be brought back by undo."""
        before = self.shown.draft
        kept = await publishing.take_as_draft(self.actor, self.code, event.number("version", 0))
        self.history.done((before.grid, before.tests), kept.version)
        self.shown = replace(self.shown, draft=kept)
        self.tell(
            "ok", "The draft begins from that version.", "Undo, beside the rows, brings it back as it was."
        )

    def _today(self) -> date:
        return datetime.now(ZoneInfo(self.zone)).date()

    async def _back(self, op: str) -> None:
        history = self.history
        source, target = (history.undone, history.redone)[:: 1 if op == "undo" else -1]
        if not source:
            return
        draft = self.shown.draft
        grid, tests = source[-1]
        kept = await drafts.save_draft(self.actor, self.code, grid, tests, draft.version)
        self.shown = replace(self.shown, draft=kept)
        source.pop()
        target.append((draft.grid, draft.tests))
        history.version = kept.version

    async def _keep(self, grid: GridFacts, tests: list[CaseFacts]) -> None:
        draft = self.shown.draft
        if (grid, tests) == (draft.grid, draft.tests):
            return
        kept = await drafts.save_draft(self.actor, self.code, grid, tests, draft.version)
        self.history.done((draft.grid, draft.tests), kept.version)
        self.shown = replace(self.shown, draft=kept)


def _fault(shown: TableView) -> Markup:
    return notice(
        "bad",
        f"Version {shown.version} cannot decide.",
        f"{shown.fault} The last good version decides instead. Mend the draft and publish it, or roll back.",
    )


def _undone(shown: TableView) -> Child:
    """What the draft would leave undone."""
    words = " ".join(shown.draft.warnings)
    return notice("warn", "It can be published so, and leaves something undone.", words) if words else None
