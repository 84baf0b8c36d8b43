"""What keeps processes from going on: the list, and retrying many at once."""

from uuid import UUID

from domain.incidents import STATES
from domain.paging import Page as Rows
from domain.processes import PROCESSES
from policies.permissions import Permission as P
from services.operations import incidents, retrying
from services.operations.incident_views import IncidentLine, RetriedLately, RetryOutcome
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import window
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, li, option, p, select, small, span, ul
from ui.parts.progress import bar
from ui.parts.states import empty, notice
from ui.parts.table import Column, address
from ui.parts.times import ago, due
from ui.work.operations_tabs import operations_tabs


def state_of(query: dict[str, str]) -> str:
    """The state that the list is filtered by: open ones unless the address says otherwise."""
    asked = query.get("state", "open")
    return asked if asked in {*STATES, "all"} else "open"


def kind_of(query: dict[str, str]) -> str:
    """The kind of process that the list is filtered by."""
    asked = query.get("kind", "")
    return asked if asked in PROCESSES else ""


@page("/operations/incidents")
class Incidents(Page):
    """The incidents, the newest first."""

    title = "Incidents"
    nav = "operations"
    permission = P.INCIDENTS_MANAGE
    watches = frozenset({"incidents"})

    found: Rows[IncidentLine]
    retried: RetriedLately

    async def load(self) -> None:
        self.found = await incidents.list_incidents(
            self.actor,
            state=state_of(self.query),
            kind=kind_of(self.query),
            cursor=self.query.get("after"),
        )
        self.retried = await retrying.retried_lately(self.actor)

    def body(self) -> Markup:
        export = export_menu("incidents", self.query)
        return div(
            head("Operations", export),
            operations_tabs(self.path, self.may),
            self._progress(),
            self._filters(),
            self._list(),
        )

    def _progress(self) -> Child:
        """How far many that were retried together have come; one alone shows on its own page."""
        one = self.retried
        if one.total < 2:
            return None
        words = f"{one.over:,} of {one.total:,} are over. It goes on without you; what fails again stays in the list."
        tone = "ok" if one.over == one.total else "info"
        return notice(tone, "Tried again in the last ten minutes", (words, bar(one.over, one.total)))

    def _filters(self) -> Markup:
        state = state_of(self.query)
        chips = [
            filter_chip(words, address(self.path, self.query, state=code), on=state == code)
            for code, (words, _) in STATES.items()
        ]
        chips.append(filter_chip("All", address(self.path, self.query, state="all"), on=state == "all"))
        chosen = kind_of(self.query)
        by_kind = select(
            option("Any process", value="", selected=not chosen),
            [option(one.name, value=one.kind, selected=one.kind == chosen) for one in PROCESSES.values()],
            name="kind",
            data_change="choose",
            aria_label="Kind of process",
        )
        return div(chips, span(cls="gap"), by_kind, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if state_of(self.query) != "open" or kind_of(self.query):
                return empty(
                    "No incident matches.",
                    "Take a filter off to see more.",
                    link("Open incidents", self.path),
                )
            return empty(
                "Every process goes on.",
                "A step that fails three times, a process whose program fails, or one that waits to be mended appears here.",
                link("The processes", "/operations/processes"),
            )
        opens = any(one.state == "open" for one in self.found.items)
        retries = div(
            action("Retry the selected", "retry_selected", key="r"),
            action("Retry everything shown", "retry_shown", look="quiet"),
            cls="filters",
        )
        return div(
            opens and retries,
            table.rows(
                _columns(self.zone),
                self.found.items,
                href=lambda one: f"/operations/incidents/{one.id}",
                key=lambda one: one.id,
                pick=opens,
                label="Incidents",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )

    async def do_choose(self, event: Event) -> None:
        """Choose a kind."""
        self.go(address(self.path, self.query, kind=event.value))

    async def do_retry_selected(self, event: Event) -> None:
        """Retry the rows that are ticked."""
        if not event.selected:
            self.tell("info", "Nothing is selected.", "Tick some rows first.")
            return
        await self._retry([identifier(one) for one in event.selected])

    async def do_retry_shown(self, event: Event) -> None:
        """Retry every open incident on the page."""
        await self._retry([one.id for one in self.found.items if one.state == "open"])

    async def _retry(self, ids: list[UUID]) -> None:
        outcomes = await retrying.retry_many(self.actor, ids)
        refused = [one for one in outcomes if one.code]
        done = len(outcomes) - len(refused)
        self.tell(
            "ok" if not refused else "warn",
            f"{done} of {len(outcomes)} tried again now.",
            "Each leaves the list once it has succeeded.",
        )
        if refused:
            self.dialog = window(f"{done} retried, {len(refused)} refused", self._refusals(refused))

    def _refusals(self, refused: list[RetryOutcome]) -> Markup:
        names = {one.id: f"{one.kind_label}: {one.reference}" for one in self.found.items}
        return ul(
            [
                li(
                    a(names.get(one.id, "An incident"), href=f"/operations/incidents/{one.id}"),
                    p(one.message, cls="faint"),
                )
                for one in refused
            ],
            cls="stack",
        )


def _columns(zone: str) -> list[Column[IncidentLine]]:
    return [
        Column(
            "Process",
            lambda one: span(
                a(one.kind_label, href=f"/operations/incidents/{one.id}"),
                small(f" {_about(one)}", cls="faint"),
            ),
            "clip wide",
        ),
        Column("What is wrong", lambda one: one.words, "clip wide"),
        Column("Step", lambda one: one.step_label or one.what_label, "clip optional-column"),
        Column("State", lambda one: chip(one.state_label, one.tone), "tight"),
        Column("Attempts", lambda one: span(f"{one.attempts:,}", cls="figure"), "right narrow"),
        Column("Since", lambda one: ago(one.first_failed_at, zone), "right tight"),
        Column("Next attempt", lambda one: _next(one, zone), "right tight optional-column"),
    ]


def _about(one: IncidentLine) -> str:
    return "" if one.reference == one.kind_label else one.reference


def _next(one: IncidentLine, zone: str) -> Child:
    if one.next_attempt_at:
        return due(one.next_attempt_at, zone)
    return small("after a retry", cls="faint") if one.state == "open" else "–"
