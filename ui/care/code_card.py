"""The codes of care among its settings: what holds in a month, and the way to the table that says so."""

from collections.abc import Mapping

from domain.care.activities import PROGRAMMES
from domain.care.code_rows import TRANSITIONAL
from domain.care.codes import Track
from domain.paging import Page as Rows
from domain.tenancy import Actor
from services.care import codes
from services.care.codes import CareCodes, CodeLine
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.table import Column, address
from ui.parts.times import day

HEADINGS = (
    "Code", "Programme", "Whose time", "Seconds", "Add-on", "Add-on seconds", "Most units", "Choice", "Complex", "Level",
    "From", "Until",
)  # fmt: skip
_WHOSE: Mapping[str, str] = {
    Track.STAFF: "Clinical staff",
    Track.PRACTITIONER: "The practitioner's own",
    "": "",
}
_PROGRAMMES = {TRANSITIONAL: "Transitional care, excluded by APCM"} | {
    str(one): words for one, words in PROGRAMMES.items()
}


def codes_card(found: CareCodes, here: str, *, to_table: bool) -> Markup:
    """The codes of a month; `to_table`: this person may see the table that they come from."""
    month = f"{found.month:%Y-%m}"
    acts = div(
        export_menu("care-codes", {"month": month}),
        to_table and link("Open the table", "/rules/care_codes", look="quiet"),
        cls="row-acts",
    )
    columns = [
        Column[CodeLine]("Code", lambda one: one.code, "tight"),
        Column[CodeLine]("Programme", _programme, "clip wide"),
        Column[CodeLine]("Whose time", lambda one: _WHOSE[one.whose], "clip"),
        Column[CodeLine]("Base", lambda one: _minutes(one.seconds), "right tight"),
        Column[CodeLine]("Add-on", lambda one: one.add_on, "tight"),
        Column[CodeLine]("Each", lambda one: _minutes(one.add_on_seconds), "right tight"),
        Column[CodeLine]("At most", _most, "right tight"),
        Column[CodeLine]("In force", _days, "right tight"),
    ]
    rows = table.rows(columns, found.lines, key=lambda one: f"{one.code}{one.since}", label="Codes of care")
    none = p("No code is in force: nothing of this month can be billed.", cls="muted pad")
    title = f"Codes in {found.month:%B %Y}"
    return card(title, _standing(found, here), rows if found.lines else none, action=acts, look="flush")


def _standing(found: CareCodes, here: str) -> Markup:
    """Whose they are, and what comes next."""
    whose = (
        chip(f"version {found.version}", "ok") if found.own else chip("as Medicare publishes them", "neutral")
    )
    words = " This month was closed with them and keeps them." if found.frozen else ""
    return p(whose, span(words), _next(found, here), cls="muted pad")


def _next(found: CareCodes, here: str) -> Child:
    if found.next_from is None:
        return None
    month = f"{found.next_from:%Y-%m}"
    return span(
        " Another version holds ",
        a(f"from {found.next_from:%b %-d, %Y}", href=address(here, {}, month=month)),
        ".",
    )


def _programme(one: CodeLine) -> Child:
    below = f"level {one.level}" if one.level else "decisions of higher complexity" if one.complex else ""
    return _PROGRAMMES[one.programme], below and small(below, cls="sub")


def _minutes(seconds: int | None) -> str:
    if seconds is None:
        return ""
    whole, rest = divmod(seconds, 60)
    return f"{whole}:{rest:02} min" if rest else f"{whole} min"


def _most(one: CodeLine) -> str:
    if not one.add_on:
        return ""
    return "no cap" if one.most_units is None else str(one.most_units)


def _days(one: CodeLine) -> Child:
    return (day(one.since), " to ", day(one.until)) if one.until else ("since ", day(one.since))


async def code_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Rows[CodeLine]:
    """The codes of the month that the page shows; they are few."""
    return Rows((await codes.care_codes(actor, query.get("month", ""))).lines, None)


def code_cells(one: CodeLine) -> tuple[object, ...]:
    """The cells of a row."""
    timed = (one.whose, one.seconds, one.add_on, one.add_on_seconds, one.most_units, one.choice)
    return one.code, one.programme, *timed, one.complex, one.level, one.since, one.until
