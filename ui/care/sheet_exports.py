"""Time sheets as spreadsheets: the entries of one, and everybody's of a period."""

from decimal import Decimal

from domain.paging import Page
from domain.tenancy import Actor
from services.care import time_sheets
from services.care.sheet_views import SheetEntry, SheetLine
from ui.care.time_sheets import day_asked, span_asked
from ui.page import optional_identifier

SHEET = (
    "Began",
    "Ended",
    "Seconds",
    "Hours",
    "What",
    "Enrolment",
    "Patient",
    "Recorded",
    "Waits for approval",
)
SHEETS = (
    "Person",
    "From",
    "To",
    "Worked hours",
    "Patient hours",
    "State",
    "Missing",
    "Submitted",
    "Accepted by",
)


async def entry_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[SheetEntry]:
    """The entries of one sheet at once: it is bounded."""
    person = optional_identifier(query.get("person", ""))
    asked = span_asked(query), day_asked(query)
    if person is None or person == actor.user_id:
        return Page((await time_sheets.my_sheet(actor, *asked)).entries)
    return Page((await time_sheets.sheet_of(actor, person, *asked)).entries)


def entry_cells(one: SheetEntry) -> tuple[object, ...]:
    """The cells of a row."""
    about = (one.what, one.reference, one.patient_name, one.source_label, one.waiting)
    return one.starts_at, one.ends_at, one.seconds, _hours(one.seconds), *about


async def sheet_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[SheetLine]:
    """Everybody's sheets at once: they are bounded."""
    missing = query.get("missing") == "1"
    return Page(await time_sheets.list_sheets(actor, span_asked(query), day_asked(query), missing))


def sheet_cells(one: SheetLine) -> tuple[object, ...]:
    """The cells of a row."""
    days = (one.starts_on, one.ends_on, _hours(one.worked), _hours(one.patients))
    return one.name, *days, one.state_label, one.overdue, one.submitted_at, one.accepted_by


def _hours(seconds: int) -> Decimal:
    return (Decimal(seconds) / 3600).quantize(Decimal("0.01"))
