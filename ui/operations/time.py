"""Where time goes: each step by how long it lay idle, was worked on, or waited outside, as a table that shows its weight."""

from domain.refusals import NotAllowed
from policies.permissions import Permission as P
from services.clientele import clients, payers
from services.operations import time_spent
from services.operations.time_spent import STATE_WORDS, Spread, StepTime, TimeSpent
from ui.page import Event, Page, optional_identifier, page
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import (
    Child,
    Markup,
    div,
    option,
    p,
    select,
    small,
    span,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)
from ui.parts.states import empty
from ui.parts.table import address
from ui.work.operations_tabs import operations_tabs

WINDOWS = ((7, "7 days"), (30, "30 days"), (90, "90 days"))
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))
_LEVELS = 5
_DEFINITION = (
    "Idle: from the opening of work until somebody took it. Worked on: from then until it was finished."
    " Waiting outside: from one answer of a partner or payer to the next. Half of the cases took at most the first figure,"
    " nine of ten at most the second. The stronger the colour, the more time in all."
)


def days_of(query: dict[str, str]) -> int:
    """The window in days: 30 unless the address says another that is offered."""
    asked = query.get("days", "")
    return int(asked) if asked in {str(days) for days, _ in WINDOWS} else 30


def span_words(seconds: float) -> str:
    """`2.5 d`, `40 min`, `12 s`: one unit, at most one decimal."""
    for size, unit in _UNITS:
        if seconds >= size:
            value = seconds / size
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{seconds:.0f} s"


@page("/operations/time")
class WhereTimeGoes(Page):
    """The heat map of the steps."""

    title = "Where time goes"
    nav = "operations"
    permission = P.REPORTS_VIEW_ALL

    found: TimeSpent
    clients: list[tuple[str, str]] = []
    payers: list[tuple[str, str]] = []

    async def load(self) -> None:
        self.found = await time_spent.time_spent(
            self.actor,
            days=days_of(self.query),
            client_id=optional_identifier(self.query.get("client", "")),
            payer_id=optional_identifier(self.query.get("payer", "")),
        )
        if not self.clients and self.may(P.CLIENTS_VIEW):
            await self._load_choices()

    async def _load_choices(self) -> None:
        try:
            self.clients = [
                (str(one.id), one.name) for one in (await clients.list_clients(self.actor, limit=200)).items
            ]
            self.payers = [
                (str(one.id), one.name) for one in (await payers.list_payers(self.actor, limit=200)).items
            ]
        except NotAllowed:
            return  # the page works without these filters

    def body(self) -> Markup:
        export = export_menu("time", self.query)
        return div(
            head("Operations", export),
            operations_tabs(self.path, self.may),
            self._filters(),
            self._map(),
        )

    def _filters(self) -> Markup:
        chips = [
            filter_chip(words, address(self.path, self.query, days=str(days)), on=days == self.found.days)
            for days, words in WINDOWS
        ]
        known = (("client", "Any client", self.clients), ("payer", "Any payer", self.payers))
        selects = [
            select(
                option(prompt, value="", selected=not self.query.get(name)),
                [option(words, value=key, selected=self.query.get(name) == key) for key, words in options],
                name=name,
                data_change="choose",
                aria_label=prompt,
            )
            for name, prompt, options in known
            if options
        ]
        return div(chips, span(cls="gap"), selects, cls="filters")

    def _map(self) -> Markup:
        if not self.found.steps:
            return empty(
                "Nothing was finished in this window.",
                "As work is finished and partners answer, each step shows here how long it took.",
            )
        most = max(
            spread.total for one in self.found.steps for state in STATE_WORDS if (spread := one.spread(state))
        )
        heads = ["Process", "Step", *STATE_WORDS.values()]
        rows = [
            tr(
                th(one.process, scope="row"),
                td(one.step),
                [_cell(one, state, most) for state in STATE_WORDS],
            )
            for one in self.found.steps
        ]
        grid = table(
            thead(tr([th(words, scope="col") for words in heads])),
            tbody(rows),
            cls="rows heat",
            aria_label="Where time goes",
        )
        return card(
            self.found.finding, div(grid, cls="table-frame"), p(_DEFINITION, cls="faint legend"), look="flush"
        )

    async def do_choose(self, event: Event) -> None:
        """Choose a client or a payer."""
        name = event.args.get("name", "")
        if name in ("client", "payer"):
            self.go(address(self.path, self.query, **{name: event.value}))


def _cell(one: StepTime, state: str, most: float) -> Markup:
    spread = one.spread(state)
    if spread is None:
        return td(span("–", cls="faint"))
    words = f"{span_words(spread.total)} in all, over {spread.count:,}"
    return td(_figures(spread), cls=f"heat-{_level(spread, most)}", title=words)


def _figures(spread: Spread) -> Child:
    return (
        span(span_words(spread.median), cls="figure"),
        small(f" to {span_words(spread.p90)}", cls="figure"),
        small(f" · {spread.count:,}", cls="faint figure"),
    )


def _level(spread: Spread, most: float) -> int:
    """How dark: a fifth of the most for each level; what took next to nothing stays white."""
    return 0 if not most else min(_LEVELS, int(spread.total / most * _LEVELS + 0.999))
