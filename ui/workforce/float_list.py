"""The float assignments: running, planned, over."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.workforce import float_planning
from services.workforce.float_planning import SHOWN
from services.workforce.float_views import FloatLine
from ui.page import Page, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Markup, div, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import moment
from ui.workforce.float_parts import float_tabs

_WORDS = {"current": "Current", "planned": "Planned", "ended": "Ended", "all": "All"}
_EMPTY = {
    "current": ("Nobody lends a hand just now.", "Assignments that run appear here; they end by themselves."),
    "planned": ("Nothing is planned.", "Assignments that are offered or accepted appear here."),
    "ended": ("Nothing has ended yet.", "What is over stays here, with what was handed back."),
    "all": ("No assignments yet.", "Assign somebody of the float pool to a client, a queue or single items."),
}
HEADINGS = ("Assignment", "Person", "Where", "State", "From", "Until")


@page("/team/float/assignments")
class FloatAssignments(Page):
    """Every assignment that the person may see, the newest first."""

    title = "Float assignments"
    nav = "team"
    permission = P.WORK_VIEW
    watches = frozenset({"float_assignments"})

    found: Rows[FloatLine]

    @property
    def shown(self) -> str:
        """Which of them: current unless asked otherwise."""
        return show_of(self.query) or "all"

    async def load(self) -> None:
        self.found = await float_planning.list_floats(
            self.actor,
            show=show_of(self.query),
            user_id=optional_identifier(self.query.get("person", "")),
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        manages = self.may(P.FLOAT_MANAGE)
        assign = link("Assign", "/team/float/new", look="filled", key="n") if manages else None
        chips = [
            filter_chip(words, address(self.path, self.query, show=code), on=self.shown == code)
            for code, words in _WORDS.items()
        ]
        return div(
            head("Float pool", export_menu("float-assignments", self.query, show=self.shown), assign),
            float_tabs(self.path, self.may),
            div(chips, cls="filters"),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(*_EMPTY[self.shown])
        columns = [
            Column[FloatLine]("Assignment", lambda one: span(one.reference, cls="mono"), "tight"),
            Column[FloatLine]("Person", lambda one: one.name, "clip"),
            Column[FloatLine]("Where", lambda one: one.where, "wide clip"),
            Column[FloatLine]("State", lambda one: chip(one.state_label, one.tone), "tight"),
            Column[FloatLine]("From", lambda one: moment(one.starts_at, self.zone), "right optional-column"),
            Column[FloatLine]("Until", lambda one: moment(one.ends_at, self.zone), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"{self.path}/{one.id}",
                key=lambda one: one.id,
                label="Float assignments",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


def show_of(query: dict[str, str]) -> str:
    """Which assignments an address asks for: current unless it says otherwise, empty for all."""
    asked = query.get("show", "current")
    return asked if asked in SHOWN else "" if asked == "all" else "current"
