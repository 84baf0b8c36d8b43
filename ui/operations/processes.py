"""The processes of the house: filters in the address, pages by key, export of what is filtered."""

from domain.paging import Page as Rows
from domain.processes import PROCESSES
from policies.permissions import Permission as P
from services.operations import processes
from services.operations.process_views import STATE_WORDS, ProcessLine, permission_of
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.forms import search
from ui.parts.markup import Markup, a, div, option, select, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago
from ui.work.operations_tabs import operations_tabs

STATE_TONES = {"running": "info", "ended": "neutral", "stuck": "bad"}
_WAITS = {
    "person": "Somebody here",
    "partner": "A partner",
    "clock": "A moment in time",
    "machine": "The program",
}


def state_of(query: dict[str, str]) -> str:
    """The state that the list is filtered by."""
    asked = query.get("state", "")
    return asked if asked in STATE_WORDS else ""


def kind_of(query: dict[str, str]) -> str:
    """The kind that the list is filtered by."""
    asked = query.get("kind", "")
    return asked if asked in PROCESSES else ""


@page("/operations/processes")
class Processes(Page):
    """Every process instance that the person may see, the newest first."""

    title = "Processes"
    nav = "operations"
    permission = P.WORK_VIEW
    watches = frozenset({"incidents"})

    found: Rows[ProcessLine]

    async def load(self) -> None:
        self.found = await processes.list_processes(
            self.actor,
            kind=kind_of(self.query),
            state=state_of(self.query),
            reference=self.query.get("q", ""),
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        export = export_menu("processes", self.query)
        return div(
            head("Operations", export),
            operations_tabs(self.path, self.may),
            self._filters(),
            self._list(),
        )

    def _filters(self) -> Markup:
        state = state_of(self.query)
        chips = [filter_chip("All", address(self.path, self.query, state=""), on=not state)]
        chips += [
            filter_chip(words, address(self.path, self.query, state=code), on=state == code)
            for code, words in STATE_WORDS.items()
        ]
        kinds = [(one.kind, one.name) for one in PROCESSES.values() if self.may(permission_of(one.kind))]
        chosen = kind_of(self.query)
        by_kind = select(
            option("Any kind", value="", selected=not chosen),
            [option(words, value=kind, selected=kind == chosen) for kind, words in kinds],
            name="kind",
            data_change="choose",
            aria_label="Kind of process",
        )
        find = search(self.query.get("q", ""), "About, such as C-1001", "What the process is about")
        return div(chips, span(cls="gap"), by_kind, find, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if self.query:
                return empty(
                    "No process matches.", "Take a filter off to see more.", link("All processes", self.path)
                )
            return empty(
                "No process yet.",
                "Everything that takes longer than a click runs as a process: claims, batches, appeals, enrolments.",
            )
        columns = [
            Column[ProcessLine]("Process", lambda one: one.kind_label, "tight"),
            Column[ProcessLine](
                "About", lambda one: a(one.reference, href=f"/processes/{one.kind}/{one.id}"), "wide clip"
            ),
            Column[ProcessLine](
                "State", lambda one: chip(STATE_WORDS[one.state], STATE_TONES[one.state]), "tight"
            ),
            Column[ProcessLine]("Stands at", _step, "clip"),
            Column[ProcessLine](
                "Waits for", lambda one: _WAITS.get(one.waits_for, "–"), "clip optional-column"
            ),
            Column[ProcessLine]("Began", lambda one: ago(one.started_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/processes/{one.kind}/{one.id}",
                key=lambda one: one.id,
                label="Processes",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )

    async def do_choose(self, event: Event) -> None:
        """Choose a kind."""
        self.go(address(self.path, self.query, kind=event.value))

    async def do_filter(self, event: Event) -> None:
        """Find by what it is about."""
        self.go(address(self.path, self.query, q=event.text("text")))


def _step(one: ProcessLine) -> Markup:
    return chip(one.step_label, "bad") if one.step_failed else span(one.step_label)
