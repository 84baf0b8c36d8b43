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
    """The whole roster at once: it is bounded."""
    found = await roster.roster(actor, optional_identifier(query.get("coordinator", "")))
    return Page(found.patients)


def cells(one: CareLine) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.patient_name, one.account_number, one.client_name, one.programme.upper(), one.step_label)
    return *names, one.coordinator_name, one.counted_seconds, one.short_seconds
