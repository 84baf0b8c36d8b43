"""What stands above the queue: its tabs and saved views with their counts, and the filters."""

from typing import TYPE_CHECKING

from domain.work import KINDS, Kind
from domain.work_views import DUE, GROUPS, HOURS, ORDERS, SCOPES
from services.work.saved_views import SavedView
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.forms import search
from ui.parts.markup import Markup, a, div, option, select, span
from ui.parts.table import address

if TYPE_CHECKING:
    from ui.work.queue import Queue


def tabs_of(page: "Queue") -> list[tuple[str, str, bool, str | None]]:
    """The queues and the saved views, with their counts."""
    counts = page.counts
    figures = {
        "available": counts.available,
        "mine": counts.mine,
        "float": counts.floating,
        "covering": counts.covering,
        "watched": counts.watched,
        "snoozed": counts.asleep,
    }
    quiet = {key for key in ("float", "covering", "watched") if not figures[key] and key != page.tab}
    own = [
        (
            words,
            address("/work", {}, tab=key if key != "available" else ""),
            key == page.tab and page.view is None,
            count_words(figures[key], counts.most) if key in figures else None,
        )
        for key, words in SCOPES.items()
        if key not in quiet
    ]
    own.append(("Approvals", "/approvals", False, None))
    return own + [
        (one.name, address("/work", {}, view=str(one.id)), one == page.view, _figure(one))
        for one in page.views
    ]


def _selects(page: "Queue") -> list[Markup]:
    """The kind, when it is due, the order, and the groups."""
    labels = {str(kind): KINDS[kind].label for kind in Kind}
    only = page.kinds[0] if len(page.kinds) == 1 else ""
    known: tuple[tuple[str, dict[str, str], str], ...] = (
        ("kind", {"": "Several kinds" if len(page.kinds) > 1 else "Any kind", **labels}, only),
        ("due", {"": "Any due date", **DUE, **_hour(page.asked.due)}, page.asked.due),
        ("order", ORDERS, page.order),
        ("group", GROUPS, page.grouping),
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


def filters_of(page: "Queue") -> Markup:
    """The words, the choices and the chips above the list, and the export of what they leave."""
    here = {line.kind for line in page.lines.items} | set(page.kinds)
    chips = [_kind_filter(page, kind) for kind in Kind if str(kind) in here]
    chips += [
        filter_chip(f"{words} ×", address("/work", page.query, **{name: "", "item": ""}), on=True)
        for name, words in page.whose.items()
    ]
    asked = {key: value for key, value in page.query.items() if key not in ("after", "item", "group", "in")}
    field = search(page.asked.text, "Filter titles", "Filter titles")
    clear = a("Clear", href=address("/work", {"tab": page.query.get("tab", "")}), cls="button quiet tiny")
    export = export_menu("work", asked, tiny=True)
    narrowed = page.kinds or page.query.get("text") or page.whose
    return div(
        field,
        span(cls="gap"),
        _selects(page),
        page.bulk_menu(),
        export,
        chips,
        narrowed and clear,
        cls="filters",
    )


def _kind_filter(page: "Queue", kind: Kind) -> Markup:
    on = kind in page.kinds
    wanted = [one for one in page.kinds if one != kind] if on else [*page.kinds, str(kind)]
    href = address("/work", page.query, kind=",".join(wanted), item="")
    return filter_chip(KINDS[kind].label, href, on=on)


def _hour(due_by: str) -> dict[str, str]:
    """The hour of today that the board's link asks for, as a choice of its own."""
    return {due_by: f"Today {due_by[1:]}:00 to {due_by[1:]}:59"} if due_by in HOURS else {}


def _figure(view: SavedView) -> str | None:
    return None if view.count is None else f"{view.count:,}{'+' if view.more else ''}"


def count_words(number: int, most: int) -> str:
    """A count that stops at `most`: there it means so many or more."""
    return f"{most}+" if number >= most else str(number)
