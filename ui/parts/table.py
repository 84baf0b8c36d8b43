"""Dense tables: a row opens on click, figures stand right in tabular numerals, paging goes by cursor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from ui.parts.icons import icon
from ui.parts.markup import (
    Child,
    Markup,
    a,
    button,
    div,
    input_,
    nav,
    span,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)

T = TypeVar("T")


# Without slots: a generic alias sets an attribute on what it makes.
@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: its heading, how a row shows in it, and its look (`right`, `wide`, `narrow`, `optional` at 1024 px)."""

    heading: str
    cell: Callable[[T], Child]
    look: str = ""


def rows(
    columns: Iterable[Column[T]],
    items: Iterable[T],
    *,
    href: Callable[[T], str] | None = None,
    key: Callable[[T], object] | None = None,
    pick: bool = False,
    current: str = "",
    label: str = "",
) -> Markup:
    """A table of items. With `pick` every row has a checkbox whose value is its key."""
    shown = list(columns)
    heads = [th(column.heading, cls=column.look or None, scope="col") for column in shown]
    if pick:
        heads.insert(0, th(input_(type="checkbox", data_pick_all=True, aria_label="Select all"), cls="pick"))
    body = [_row(shown, item, href, key, pick, current) for item in items]
    return div(
        table(thead(tr(heads)), tbody(body, data_rows=True), cls="rows", aria_label=label or None),
        cls="table-frame",
    )


def _row(
    columns: list[Column[T]],
    item: T,
    href: Callable[[T], str] | None,
    key: Callable[[T], object] | None,
    pick: bool,
    current: str,
) -> Markup:
    name = str(key(item)) if key else ""
    cells = [td(column.cell(item), cls=column.look or None) for column in columns]
    if pick:
        box = input_(type="checkbox", value=name, data_pick=True, aria_label="Select this row")
        cells.insert(0, td(box, cls="pick"))
    return tr(
        cells,
        data_href=href(item) if href else None,
        data_key_of=f"row-{name}" if name else None,
        data_current=True if current and name == current else None,
    )


def address(path: str, query: dict[str, str], **changes: str | None) -> str:
    """The same page with some filters changed; an empty value takes one off. Paging starts again."""
    wanted = {key: value for key, value in query.items() if key not in ("after", "before")}
    wanted.update({key: value or "" for key, value in changes.items()})
    kept = {key: value for key, value in wanted.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def pager(path: str, query: dict[str, str], following: str | None, shown: int) -> Markup:
    """First and next page by key; the browser's own back leads to the page before."""
    if not following and not query.get("after"):
        return div(span(f"{shown} shown" if shown else "", cls="faint"), cls="pager")
    first = a("First page", href=address(path, query), cls="button quiet") if query.get("after") else None
    back = button("Previous", type="button", cls="button quiet", onclick="history.back()", data_plain=True)
    after = address(path, query, after=following) if following else ""
    forward = a("Next", icon("arrow"), href=after, cls="button", data_key="]") if following else None
    return nav(
        span(f"{shown} shown", cls="faint"),
        first,
        back if query.get("after") else None,
        forward or span("End of the list", cls="faint"),
        cls="pager",
        aria_label="Pages",
    )


def facts(*pairs: tuple[str, Child] | None, look: str = "") -> Markup:
    """Names and values of one thing."""
    from ui.parts.markup import dd, dl, dt

    shown: list[Any] = [pair for pair in pairs if pair]
    return dl([div(dt(name), dd(value)) for name, value in shown], cls=f"facts {look}".strip())
