"""My work: what waits for a person, most urgent first, with the open item beside the list."""

from typing import Any

from domain.paging import Page as Rows
from domain.work import KINDS, Kind
from policies.permissions import Permission as P
from services.work import queue as service
from services.work.views import WorkCounts, WorkLine
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head, tabs
from ui.parts.chips import filter_chip
from ui.parts.markup import EMPTY, Child, Markup, a, div, form, input_, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import due
from ui.work.actions import ItemActions
from ui.work.item import panel
from ui.work.kinds import kind_chip, priority

_TABS = (("available", "Available"), ("mine", "Mine"), ("snoozed", "Snoozed"), ("all", "All"))
_EMPTY = {
    "available": (
        "Nothing waits.",
        "Holds, rejections, denials and unmatched payments appear here as they happen, without a reload.",
    ),
    "mine": ("Your hands are free.", "Items that you take, or that somebody assigns to you, appear here."),
    "snoozed": ("Nothing sleeps.", "Items put off to a later moment rest here and come back by themselves."),
    "all": ("No open work.", "Everything open in this tenant appears here, whoever holds it."),
}


# What works once an item is open, for the list of keys before one is.
_ITEM_KEYS = "t=Take the open item|c=Finish|n=Finish and open the next|r=Return to the queue|s=Put off|a=Assign|e=Next item"


@page("/work")
class Queue(ItemActions, Page):
    """The queue with its tabs; `item` in the address opens one beside it."""

    title = "My work"
    nav = "work"
    permission = P.WORK_VIEW
    watches = frozenset({"work_items", "notes"})

    counts: WorkCounts
    lines: Rows[WorkLine]

    @property
    def tab(self) -> str:
        """Which of the queues is shown."""
        wanted = self.query.get("tab", "available")
        return wanted if wanted in _EMPTY else "available"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the address asks for."""
        return tuple(kind for kind in self.query.get("kind", "").split(",") if kind in set(Kind))

    async def load(self) -> None:
        self.counts = await service.counts(self.actor)
        scope: Any = self.tab
        self.lines = await service.queue(
            self.actor,
            scope=scope,
            kinds=self.kinds,
            text=self.query.get("text", ""),
            cursor=self.query.get("after"),
        )
        await self.load_item()

    def body(self) -> Markup:
        open_item = self.item_id is not None
        listed = div(self._filters(), self._list())
        return div(
            head("My work", self._first_action()),
            tabs(*self._tabs()),
            None if open_item else div(hidden=True, data_extra_keys=_ITEM_KEYS),
            div(listed, panel(self) if open_item else EMPTY, cls="split open" if open_item else "split"),
        )

    def _first_action(self) -> Child:
        free = [line for line in self.lines.items if line.owner_id is None]
        if self.item_id or not free or self.tab != "available" or not self.may(P.WORK_TAKE):
            return None
        return link("Open the first", self.item_href(free[0]), look="filled", key="o")

    def _tabs(self) -> list[tuple[str, str, bool, int | None]]:
        figures = {
            "available": self.counts.available,
            "mine": self.counts.mine,
            "snoozed": self.counts.asleep,
        }
        return [
            (
                words,
                address("/work", {}, tab=key if key != "available" else ""),
                key == self.tab,
                figures.get(key),
            )
            for key, words in _TABS
        ]

    def _filters(self) -> Markup:
        chips = [self._kind_filter(kind) for kind in Kind]
        query = {key: value for key, value in self.query.items() if key not in ("text", "after", "item")}
        field = form(
            input_(
                type="search",
                name="text",
                value=self.query.get("text", ""),
                placeholder="Filter titles",
                data_filter=True,
                data_input="filter",
                data_wait="250",
                aria_label="Filter titles",
            ),
            data_do="filter",
        )
        clear = a("Clear", href=address("/work", {"tab": query.get("tab", "")}), cls="button quiet tiny")
        return div(
            field, span(cls="gap"), chips, (self.kinds or self.query.get("text")) and clear, cls="filters"
        )

    def _kind_filter(self, kind: Kind) -> Markup:
        on = kind in self.kinds
        wanted = [one for one in self.kinds if one != kind] if on else [*self.kinds, str(kind)]
        href = address("/work", self.query, kind=",".join(wanted), item="")
        return filter_chip(KINDS[kind].label, href, on=on)

    def _list(self) -> Markup:
        if not self.lines.items:
            title, words = _EMPTY[self.tab]
            if self.kinds or self.query.get("text"):
                title, words = "Nothing matches.", "Take a filter off to see more of the queue."
            return empty(title, words)
        current = str(self.item_id or "")
        return div(
            table.rows(
                _columns(self),
                self.lines.items,
                href=self.item_href,
                key=lambda line: line.id,
                current=current,
                label="Work",
            ),
            table.pager("/work", self.query, self.lines.next, len(self.lines.items)),
            data_follow=True if self.item_id else None,
        )

    def item_href(self, line: WorkLine) -> str:
        """The queue with this item open."""
        query = {key: value for key, value in self.query.items() if key != "item"}
        base = address("/work", query, item=str(line.id))
        return f"{base}&after={self.query['after']}" if self.query.get("after") else base


def _columns(queue: Queue) -> list[Column[WorkLine]]:
    zone = queue.zone
    columns: list[Column[WorkLine]] = [
        Column("", lambda line: priority(line.priority), "tight"),
        Column("What", lambda line: _title(queue, line), "clip wide"),
        Column("Kind", lambda line: kind_chip(line.kind), "tight"),
        Column("With", lambda line: line.owner_name or span("free", cls="faint"), "tight hide-open"),
        Column("Due", lambda line: due(line.due_at, zone), "right tight"),
    ]
    if queue.tab == "snoozed":
        columns.append(Column("Back", lambda line: due(line.follow_up_at, zone), "right tight"))
    return columns


def _title(queue: Queue, line: WorkLine) -> Markup:
    back = line.returned and span("returned", cls="chip warn")
    return span(a(line.title, href=queue.item_href(line), title=line.title), " ", back)
