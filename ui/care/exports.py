"""The roster of this month as it leaves, seconds as whole numbers."""

from domain.paging import Page
from domain.tenancy import Actor
from services.care import roster
from services.care.views import CareLine
from ui.page import optional_identifier

HEADINGS = (
    "Patient",
    "Account",
    "Practice",
    "Programme",
    "Step",
    "Coordinator",
    "Counted seconds",
    "Missing seconds",
)


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[CareLine]:
    """The roster by many at a time: each page puts all of it in order."""
    whose = optional_identifier(query.get("coordinator", ""))
    found = await roster.roster(actor, whose, cursor, roster.LARGEST_PAGE)
    return Page(found.patients, found.next)


def cells(one: CareLine) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.patient_name, one.account_number, one.client_name, one.programme.upper(), one.step_label)
    return *names, one.coordinator_name, one.counted_seconds, one.short_seconds
