"""Templates of sheets, and the rows of a sheet that are not right, as they leave: mended, they come back as a sheet."""

from collections.abc import Callable
from typing import Any

from domain.paging import Page
from domain.sheets.kinds import CARE_KINDS, FORMS, Kind
from domain.tenancy import Actor
from services.sheets import imports
from services.sheets.views import SheetLine, SheetRowView
from ui.page import identifier
from ui.parts.spreadsheets import Extra
from ui.sheets.listing import LOOKS

Query = dict[str, str]
FAULTS = ("Row in the sheet", "What to do")
SHEETS = (
    "Sheet", "About", "State", "New", "Changed", "As known", "Refused", "Left out", "Brought by", "Brought", "Taken in",
)  # fmt: skip


async def sheet_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[SheetLine]:
    """Sheets about care, newest first."""
    return await imports.list_sheets(actor, kind_of(query), cursor=cursor, limit=size)


def sheet_cells(one: SheetLine) -> tuple[object, ...]:
    """The cells of a row."""
    counts = (one.added, one.changed, one.same, one.refused, one.left_out)
    return (
        one.name,
        one.kind_label,
        LOOKS[one.status][0],
        *counts,
        one.brought_by,
        one.created_at,
        one.taken_at,
    )


def kind_of(query: Query) -> str:
    """The kind of sheets that an address asks for; empty for all."""
    return query["kind"] if query.get("kind") in set(CARE_KINDS) else ""


def template(kind: Kind) -> tuple[tuple[str, ...], Any, Any]:
    """The headings of a kind as they are recognised, and one row as an example."""
    columns = FORMS[kind].columns

    async def pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[int]:
        await imports.list_sheets(actor, kind.value, limit=1)  # who may not bring any is refused
        return Page([0])

    return tuple(one.label for one in columns), pages, lambda _: [one.example for one in columns]


async def fault_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[SheetRowView]:
    """The rows that are not right, or were refused, at once: they are no more than one sheet has."""
    return Page(await imports.rows_to_mend(actor, identifier(query.get("sheet", ""))))


def fault_cells(one: SheetRowView) -> tuple[object, ...]:
    """Its number and what to do; its own cells follow."""
    return one.number, one.words


async def fault_columns(actor: Actor, query: Query) -> list[Extra]:
    """Every column of the sheet, as it came."""
    headings = await imports.headings_of_sheet(actor, identifier(query.get("sheet", "")))
    return [Extra(heading, _cell(number)) for number, heading in enumerate(headings)]


def _cell(number: int) -> Callable[[SheetRowView], object]:
    return lambda one: one.cells[number]
