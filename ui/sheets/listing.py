"""Sheets in a list, newest first, each with where it stands and what came of it."""

from domain.paging import Page as Rows
from services.sheets.views import SheetLine
from ui.parts import table
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, input_, label, span
from ui.parts.progress import bar
from ui.parts.table import Column
from ui.parts.times import ago

LOOKS = {
    "draft": ("To be taken in", "warn"),
    "taking": ("Taking in", "info"),
    "taken": ("Taken in", "ok"),
    "stopped": ("Stopped", "bad"),
    "discarded": ("Put away", "neutral"),
}
ACCEPTED = ".xlsx,.xls,.xlsm,.ods,.csv,.tsv,.txt"


def choose(address: str, *, look: str = "filled", **sent: str) -> Markup:
    """The button that sends a sheet to an address, with fields of ours beside it."""
    fields = {f"data_{name}": value for name, value in sent.items()}
    box = input_(type="file", cls="sr", data_upload=address, accept=ACCEPTED, **fields)
    return label("Choose a sheet", box, cls=f"button {look}".strip())


def sheet_list(
    place: str, query: dict[str, str], found: Rows[SheetLine], zone: str, *, kinds: bool = False
) -> Markup:
    """The sheets of a page of the list; with `kinds` each says what it is about."""
    columns = [
        Column[SheetLine]("Sheet", lambda one: a(one.name, href=f"{place}/{one.id}"), "clip wide"),
        *([Column[SheetLine]("About", lambda one: one.kind_label, "tight")] if kinds else []),
        Column[SheetLine]("", _standing, "tight"),
        Column[SheetLine]("New", lambda one: f"{one.added:,}", "right"),
        Column[SheetLine]("Changed", lambda one: f"{one.changed:,}", "right"),
        Column[SheetLine]("As known", lambda one: f"{one.same:,}", "right"),
        *([Column[SheetLine]("Left out", _left_out, "right")] if kinds else []),
        Column[SheetLine]("By", lambda one: one.brought_by, "clip"),
        Column[SheetLine]("When", lambda one: ago(one.created_at, zone), "right tight"),
    ]
    rows = table.rows(
        columns, found.items, href=lambda one: f"{place}/{one.id}", key=lambda one: one.id, label="Sheets"
    )
    return div(rows, table.pager(place, query, found.next, len(found.items)))


def _standing(one: SheetLine) -> Child:
    if one.status != "taking":
        return chip(*LOOKS[one.status])
    return span(chip(*LOOKS["taking"]), " ", bar(one.done, one.total))


def _left_out(one: SheetLine) -> Child:
    """Rows that were faulty and left out, or refused when their turn came."""
    out = one.left_out + one.refused
    return f"{out:,}" if out else span("–", cls="faint")
