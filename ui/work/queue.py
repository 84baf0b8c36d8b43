"""My work: what waits for a person, most urgent first, with the open item beside the list."""

from typing import Any

from domain.paging import Page as Rows
from domain.work_views import WHOSE, WorkFilter
from policies.permissions import Permission as P
from services.work import board, groups
from services.work import queue as service
from services.work.groups import WorkGroup
from services.work.views import WorkCounts, WorkLine
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head, tabs
from ui.parts.icons import icon
from ui.parts.markup import EMPTY, Child, Markup, a, div, h3, section, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, due
from ui.work.actions import ItemActions
from ui.work.asked import filter_of, words_of
from ui.work.attached import TABLES
from ui.work.bulk import BulkActions
from ui.work.due_date import DueDateChange
from ui.work.filters import filters_of, tabs_of
from ui.work.item import panel
from ui.work.kinds import kind_chip, priority
from ui.work.saved import ViewActions
from ui.work.teams import TeamChoice

# In the address when every group is closed.
_CLOSED = "-"
_EMPTY = {
    "available": (
        "Nothing waits.",
        "Holds, rejections, denials and unmatched payments appear here as they happen, without a reload.",
    ),
    "mine": ("Your hands are free.", "Items that you take, or that somebody assigns to you, appear here."),
    "float": (
        "Nothing waits where you lend a hand.",
        "While you float to a client or a queue, its free work appears here, and leaves by itself at the end.",
    ),
    "covering": (
        "Nobody is away.",
        "While somebody is away whose substitute you are, their items appear here.",
    ),
    "watched": (
        "You watch nothing.",
        "Items that you watch (key w) stay in sight here until they are finished.",
    ),
    "snoozed": ("Nothing sleeps.", "Items put off to a later moment rest here and come back by themselves."),
    "all": ("No open work.", "Everything open in this tenant appears here, whoever holds it."),
}


# What works once an item is open, for the list of keys before one is.
_ITEM_KEYS = "t=Take the open item|c=Finish|n=Finish and open the next|r=Return to the queue|s=Put off|a=Assign|d=Delegate|b=Change the due date|w=Watch|e=Next item|1=Decide the first way, 2 the second|m=Write the comment|@=Write a note|u=Attach a file"


@page("/work")
class Queue(ItemActions, TeamChoice, DueDateChange, BulkActions, ViewActions, Page):
    """The queue with its tabs and saved views; `item` in the address opens one beside it."""

    title = "My work"
    nav = "work"
    permission = P.WORK_VIEW
    watches = frozenset({"work_items", "work_runs", "work_views", "notes"}) | TABLES

    counts: WorkCounts
    lines: Rows[WorkLine]
    groups: list[WorkGroup] = []
    whose: dict[str, str]

    @property
    def asked(self) -> WorkFilter:
        """What the list shows: the view's filter, changed by what the address says."""
        return filter_of(self.query, self.view.filter if self.view else None)

    @property
    def tab(self) -> str:
        """Which of the queues is shown."""
        return self.asked.scope

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are asked for."""
        return self.asked.kinds

    @property
    def lines_shown(self) -> list[WorkLine]:  # type: ignore[override]
        """The rows of this page."""
        return self.lines.items

    async def load(self) -> None:
        self.counts = await service.counts(self.actor)
        await self.load_views()
        await self.load_runs()
        await self._load_lines()
        await self.load_item()

    async def _load_lines(self) -> None:
        """The rows, or the groups and the rows of the one that is open."""
        asked, by = self.asked, self.grouping
        named = any(getattr(asked, name) for name in WHOSE)
        self.whose = await board.names_of(self.actor, asked) if named else {}
        self.groups = await groups.groups(self.actor, asked, by) if by else []
        self.lines = Rows([], None)
        if by and self.opened is None:
            return
        part: dict[str, Any] = {"group": by, "group_key": self.opened} if by else {}
        self.lines = await service.queue(
            self.actor, **words_of(asked), **part, order=self.order, cursor=self.query.get("after")
        )

    @property
    def opened(self) -> str | None:
        """The key of the group whose rows are shown: the first, unless the address says another or none."""
        keys = [one.key for one in self.groups]
        wanted = self.query.get("in", "")
        if wanted == _CLOSED or not keys:
            return None
        return wanted if wanted in keys else keys[0]

    def body(self) -> Markup:
        open_item = self.item_id is not None
        listed = div(filters_of(self), self._list())
        return div(
            head("My work", self.view_menu(), self._first_action()),
            tabs(*tabs_of(self)),
            self.run_notes(),
            None if open_item else div(hidden=True, data_extra_keys=_ITEM_KEYS),
            div(listed, panel(self) if open_item else EMPTY, cls="split open" if open_item else "split"),
        )

    def _first_action(self) -> Child:
        free = [line for line in self.lines.items if line.owner_id is None]
        if self.item_id or not free or self.tab != "available" or not self.may(P.WORK_TAKE):
            return None
        return link("Open the first", self.item_href(free[0]), look="filled", key="o")

    def _list(self) -> Markup:
        if not self.lines.items and not self.groups:
            title, words = _EMPTY[self.tab]
            if self.kinds or self.asked.text or self.asked.due or self.whose:
                title, words = "Nothing matches.", "Take a filter off to see more of the queue."
            return empty(title, words)
        shown = [self._group(one) for one in self.groups] or self._rows(self.lines.items)
        return div(
            shown,
            self.bulk_bar(),
            table.pager("/work", self.query, self.lines.next, len(self.lines.items))
            if self.lines.items
            else None,
            data_follow=True if self.item_id else None,
        )

    def _group(self, one: WorkGroup) -> Markup:
        """A group's name and count, and its rows when it is the open one."""
        keys = [known.key for known in self.groups]
        here, place = one.key == self.opened, keys.index(one.key)
        now = keys.index(self.opened) if self.opened in keys else -1
        move = (
            {now + 1: (".", "Next group"), now - 1: (",", "Previous group")}.get(place) if not here else None
        )
        name = a(
            icon("chevron"),
            one.label,
            span(f"{one.count:,}{'+' if one.more else ''}", cls="count"),
            href=address("/work", self.query, **{"in": _CLOSED if here else one.key}, item=""),
            cls="group-title open" if here else "group-title",
            aria_expanded="true" if here else "false",
            data_key=move and move[0],
            data_key_words=move and move[1],
        )
        return section(
            h3(name), self._rows(self.lines.items) if here else None, data_key_of=f"group-{one.key}"
        )

    def _rows(self, lines: list[WorkLine]) -> Markup:
        return table.rows(
            _columns(self),
            lines,
            href=self.item_href,
            key=lambda line: line.id,
            current=str(self.item_id or ""),
            pick=self.may(P.WORK_TAKE),
            label="Work",
        )

    def item_href(self, line: WorkLine) -> str:
        """The queue with this item open."""
        query = {key: value for key, value in self.query.items() if key != "item"}
        base = address("/work", query, item=str(line.id))
        return f"{base}&after={self.query['after']}" if self.query.get("after") else base


def _columns(queue: Queue) -> list[Column[WorkLine]]:
    zone = queue.zone
    known: dict[str, Column[WorkLine]] = {
        "priority": Column("", lambda line: priority(line.priority), "tight"),
        "what": Column("What", lambda line: _title(queue, line), "clip whole"),
        "kind": Column("Kind", lambda line: kind_chip(line.kind), "tight"),
        "with": Column("With", lambda line: line.owner_name or span("free", cls="faint"), "tight hide-open"),
        "opened": Column("Opened", lambda line: ago(line.created_at, zone), "right tight hide-open"),
        "due": Column("Due", lambda line: due(line.due_at, zone), "right tight"),
        "back": Column(
            "Back", lambda line: due(line.follow_up_at, zone) if line.follow_up_at else "", "right tight"
        ),
    }
    chosen = [*queue.columns, *(("back",) if queue.tab == "snoozed" else ())]
    return [known[name] for name in dict.fromkeys(chosen) if name in known]


def _title(queue: Queue, line: WorkLine) -> Markup:
    back = line.returned and span("returned", cls="chip warn")
    return span(a(line.title, href=queue.item_href(line), title=line.title), " ", back)
