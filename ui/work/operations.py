"""Operations: what has run out, what will by midnight, and whose it is. Every count opens the queue that it counts."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from policies.permissions import Permission as P
from services.work import board
from services.work.board import Board, BoardLine, HourLine, Risk
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, i_, p, small, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.work.operations_tabs import operations_tabs

# What stands in each column, the filter of the queue that counts the same, and its look.
_FIGURES = (
    ("Breached", "overdue", "bad"),
    ("At risk", "at_risk", "warn"),
    ("Today", "today", ""),
    ("Not begun", "unstarted", "warn"),
)
_UNDER = {
    "overdue": "past their due date",
    "at_risk": "warned of, not yet due",
    "today": "due by midnight, still ahead",
    "unstarted": "nobody has begun in time",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """A table of the board: its title, the parameter of the queue that its rows set, and what is said without any."""

    title: str
    parameter: str
    nothing: str


_GROUPS = {
    "kinds": _Group("By kind", "kind", "No clock of any kind runs out."),
    "clients": _Group("By client", "client", "No client's work runs out."),
    "owners": _Group("By owner", "owner", "Nobody holds anything that runs out."),
    "teams": _Group("By team", "team", "Teams of the owners appear here, once employees are in teams."),
}


@page("/operations")
class Operations(Page):
    """The board of the day."""

    title = "Operations"
    nav = "operations"
    permission = P.WORK_ASSIGN
    watches = frozenset({"work_items"})

    found: Board

    async def load(self) -> None:
        self.found = await board.due_today(self.actor)

    def body(self) -> Markup:
        export = export_menu("due-today", key="e")
        clocks = link("Clocks", "/settings/clocks") if self.may(P.CLOCKS_MANAGE) else None
        at = self.found.now.astimezone(ZoneInfo(self.found.zone))
        under = f"{at:%A}, {at:%B} {at.day}, hours of {self.found.zone}"
        return div(
            head("Operations", clocks, export, under=under),
            operations_tabs(self.path, self.may),
            self._tiles(),
            self._rest(),
        )

    def _tiles(self) -> Markup:
        figures = zip(_FIGURES, _values(self.found.all), strict=True)
        return div(
            [
                a(
                    small(words),
                    span(f"{count:,}", cls="value"),
                    small(_UNDER[due]),
                    href=_queue(due=due),
                    cls="tile",
                )
                for (words, due, _), count in figures
            ],
            cls="tiles",
        )

    def _rest(self) -> Markup:
        if self.found.all == Risk():
            return empty(
                "Nothing runs out today.",
                "Work whose clocks run out before midnight appears here by hour, kind, client, team and owner.",
                link("All open work", "/work?tab=all"),
            )
        lines = {name: getattr(self.found, name) for name in _GROUPS}
        halves = [_table(_GROUPS[name], lines[name]) for name in _GROUPS]
        return div(
            card(
                "By hour of today",
                _hours(self.found.hours, self.found.now.astimezone(ZoneInfo(self.found.zone)).hour),
            ),
            div(div(halves[0], halves[2]), div(halves[1], halves[3]), cls="halves"),
        )


def _values(risk: Risk) -> tuple[int, int, int, int]:
    """In the order of the figures."""
    return risk.breached, risk.at_risk, risk.today, risk.unstarted


def _queue(**asked: str) -> str:
    return address("/work", {}, tab="all", order="due", **asked)


def _hours(hours: list[HourLine], now: int) -> Markup:
    if not hours:
        return p("Nothing is due today; what is breached is from earlier days.", cls="faint")
    most = max(one.risk.breached + one.risk.today for one in hours)
    return div([_hour(one, most, now) for one in hours], cls="bars hours")


def _hour(one: HourLine, most: int, now: int) -> Markup:
    past, ahead = one.risk.breached, one.risk.today
    words = " and ".join(
        text for text in (past and f"{past:,} past due", ahead and f"{ahead:,} ahead") if text
    )
    bar = span(
        i_(cls="bad", style=f"width: {100 * past / most:.1f}%"),
        i_(cls="warn" if one.risk.at_risk else "", style=f"width: {100 * ahead / most:.1f}%"),
        cls="bar stacked",
        aria_hidden="true",
    )
    hour = f"{one.hour:02}:00" + (" now" if one.hour == now else "")
    return div(
        a(hour, href=_queue(due=f"h{one.hour:02}")),
        bar,
        span(f"{past + ahead:,}", cls="right"),
        small(words, cls="faint"),
        cls="bar-row",
    )


def _table(group: _Group, lines: list[BoardLine]) -> Markup:
    if not lines:
        return card(group.title, p(group.nothing, cls="faint"))
    columns = [Column[BoardLine]("", lambda one: _name(group, one), "clip wide")]
    columns += [_column(group, place) for place in range(len(_FIGURES))]
    return card(
        group.title, table.rows(columns, lines, key=lambda one: one.value, label=group.title), look="flush"
    )


def _name(group: _Group, one: BoardLine) -> Child:
    return a(one.name, href=_queue(**{group.parameter: one.value}))


def _column(group: _Group, place: int) -> Column[BoardLine]:
    words, due, tone = _FIGURES[place]

    def cell(one: BoardLine) -> Child:
        count = _values(one.risk)[place]
        if not count:
            return span("–", cls="faint")
        href = _queue(due=due, **{group.parameter: one.value})
        return a(f"{count:,}", href=href, cls=f"figure {tone}".strip(), title=f"{words}: {one.name}")

    return Column(words, cell, "right tight")
