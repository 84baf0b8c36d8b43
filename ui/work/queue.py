"""My work: what waits for a person, most urgent first, with the open item beside the list."""

from typing import Any

from domain.paging import Page as Rows
from domain.work import KINDS, Kind
from domain.work_views import DUE, GROUPS, ORDERS, SCOPES, WorkFilter
from policies.permissions import Permission as P
from services.work import queue as service
from services.work.views import WorkCounts, WorkLine
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head, tabs
from ui.parts.chips import filter_chip
from ui.parts.forms import search
from ui.parts.markup import EMPTY, Child, Markup, a, div, h3, option, section, select, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, due
from ui.work.actions import ItemActions
from ui.work.attached import TABLES
from ui.work.bulk import BulkActions
from ui.work.item import panel
from ui.work.kinds import PRIORITIES, kind_chip, priority
from ui.work.saved import ViewActions

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
_ITEM_KEYS = "t=Take the open item|c=Finish|n=Finish and open the next|r=Return to the queue|s=Put off|a=Assign|d=Delegate|w=Watch|e=Next item"


@page("/work")
class Queue(ItemActions, BulkActions, ViewActions, Page):
    """The queue with its tabs and saved views; `item` in the address opens one beside it."""

    title = "My work"
    nav = "work"
    permission = P.WORK_VIEW
    watches = frozenset({"work_items", "work_runs", "work_views", "notes"}) | TABLES

    counts: WorkCounts
    lines: Rows[WorkLine]

    @property
    def tab(self) -> str:
        """Which of the queues is shown."""
        wanted = self.query.get("tab", self.view.filter.scope if self.view else "available")
        return wanted if wanted in _EMPTY else "available"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the address asks for."""
        if "kind" not in self.query and self.view:
            return self.view.filter.kinds
        return tuple(kind for kind in self.query.get("kind", "").split(",") if kind in set(Kind))

    @property
    def asked(self) -> WorkFilter:
        """What the list shows: the view's filter, changed by what the address says."""
        kept = self.view.filter if self.view else WorkFilter()
        due_by = self.query.get("due", kept.due)
        text = self.query.get("text", kept.text)
        return WorkFilter(self.tab, self.kinds, text[:200], due_by if due_by in DUE else "", kept.priority)

    @property
    def lines_shown(self) -> list[WorkLine]:  # type: ignore[override]
        """The rows of this page."""
        return self.lines.items

    async def load(self) -> None:
        self.counts = await service.counts(self.actor)
        await self.load_views()
        await self.load_runs()
        asked = self.asked
        scope: Any = asked.scope
        self.lines = await service.queue(
            self.actor,
            scope=scope,
            kinds=asked.kinds,
            text=asked.text,
            due=asked.due,
            priority=asked.priority,
            order=self.order,
            cursor=self.query.get("after"),
        )
        await self.load_item()

    def body(self) -> Markup:
        open_item = self.item_id is not None
        listed = div(self._filters(), self._list())
        return div(
            head("My work", self.view_menu(), self._first_action()),
            tabs(*self._tabs()),
            self.run_notes(),
            None if open_item else div(hidden=True, data_extra_keys=_ITEM_KEYS),
            div(listed, panel(self) if open_item else EMPTY, cls="split open" if open_item else "split"),
        )

    def _first_action(self) -> Child:
        free = [line for line in self.lines.items if line.owner_id is None]
        if self.item_id or not free or self.tab != "available" or not self.may(P.WORK_TAKE):
            return None
        return link("Open the first", self.item_href(free[0]), look="filled", key="o")

    def _tabs(self) -> list[tuple[str, str, bool, int | None]]:
        counts = self.counts
        figures = {
            "available": counts.available,
            "mine": counts.mine,
            "float": counts.floating,
            "covering": counts.covering,
            "watched": counts.watched,
            "snoozed": counts.asleep,
        }
        quiet = {key for key in ("float", "covering", "watched") if not figures[key] and key != self.tab}
        own = [
            (
                words,
                address("/work", {}, tab=key if key != "available" else ""),
                key == self.tab and self.view is None,
                figures.get(key),
            )
            for key, words in SCOPES.items()
            if key not in quiet
        ]
        return own + [
            (one.name, address("/work", {}, view=str(one.id)), one == self.view, one.count)
            for one in self.views
        ]

    def _selects(self) -> list[Markup]:
        """The kind, when it is due, the order, and the groups."""
        labels = {str(kind): KINDS[kind].label for kind in Kind}
        only = self.kinds[0] if len(self.kinds) == 1 else ""
        known: tuple[tuple[str, dict[str, str], str], ...] = (
            ("kind", {"": "Several kinds" if len(self.kinds) > 1 else "Any kind", **labels}, only),
            ("due", {"": "Any due date", **DUE}, self.asked.due),
            ("order", ORDERS, self.order),
            ("group", GROUPS, self.grouping),
        )
        return [
            select(
                [option(words, value=key, selected=key == value) for key, words in options.items()],
                name=name,
                data_change="choose",
                aria_label=name.capitalize(),
            )
            for name, options, value in known
        ]

    def _filters(self) -> Markup:
        here = {line.kind for line in self.lines.items} | set(self.kinds)
        chips = [self._kind_filter(kind) for kind in Kind if str(kind) in here]
        query = {key: value for key, value in self.query.items() if key not in ("text", "after", "item")}
        field = search(self.asked.text, "Filter titles", "Filter titles")
        clear = a("Clear", href=address("/work", {"tab": query.get("tab", "")}), cls="button quiet tiny")
        narrowed = self.kinds or self.query.get("text")
        return div(
            field,
            span(cls="gap"),
            self._selects(),
            self.bulk_menu(),
            chips,
            narrowed and clear,
            cls="filters",
        )

    def _kind_filter(self, kind: Kind) -> Markup:
        on = kind in self.kinds
        wanted = [one for one in self.kinds if one != kind] if on else [*self.kinds, str(kind)]
        href = address("/work", self.query, kind=",".join(wanted), item="")
        return filter_chip(KINDS[kind].label, href, on=on)

    def _list(self) -> Markup:
        if not self.lines.items:
            title, words = _EMPTY[self.tab]
            if self.kinds or self.asked.text or self.asked.due:
                title, words = "Nothing matches.", "Take a filter off to see more of the queue."
            return empty(title, words)
        return div(
            [
                section(title and h3(title, cls="group-title"), self._rows(lines))
                for title, lines in self._groups()
            ],
            self.bulk_bar(),
            table.pager("/work", self.query, self.lines.next, len(self.lines.items)),
            data_follow=True if self.item_id else None,
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

    def _groups(self) -> list[tuple[str, list[WorkLine]]]:
        """The rows of this page by group, in the order in which the groups first appear."""
        found: dict[str, list[WorkLine]] = {}
        for line in self.lines.items:
            found.setdefault(_GROUPED[self.grouping](line), []).append(line)
        return list(found.items())

    def item_href(self, line: WorkLine) -> str:
        """The queue with this item open."""
        query = {key: value for key, value in self.query.items() if key != "item"}
        base = address("/work", query, item=str(line.id))
        return f"{base}&after={self.query['after']}" if self.query.get("after") else base


_GROUPED = {
    "": lambda line: "",
    "kind": lambda line: line.kind_label,
    "with": lambda line: line.owner_name or "Free",
    "priority": lambda line: f"Priority {line.priority}: {PRIORITIES[line.priority]}",
}


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
