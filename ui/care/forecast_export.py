"""The forecast as it leaves: by patient and by coordinator."""

from domain.paging import Page
from domain.tenancy import Actor
from services.care import forecasts
from services.care.forecast_views import CoordinatorForecast, ForecastLine
from ui.care.forecast import listed

HEADINGS = (
    "Patient",
    "Account",
    "Practice",
    "Programme",
    "Coordinator",
    "Forecast of",
    "Seconds so far",
    "Projected seconds",
    "Low",
    "High",
    "Missing seconds",
    "Chance",
    "Suggested",
    "Why",
)
CREW = (
    "Coordinator",
    "Patients",
    "Reached",
    "Expected to reach",
    "Not likely",
    "Seconds so far",
    "Projected seconds",
    "Missing seconds",
    "Seconds left",
    "Reached in the last three months",
)


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[ForecastLine]:
    """Patients with the page's filters."""
    return await listed(actor, query, cursor, size)


def cells(one: ForecastLine) -> tuple[object, ...]:
    """The cells of a row."""
    names = (
        one.patient_name,
        one.account_number,
        one.client_name,
        one.programme.upper(),
        one.coordinator_name,
    )
    figures = (one.seconds, one.projected_seconds, one.low_seconds, one.high_seconds, one.gap_seconds)
    return *names, one.day, *figures, round(one.chance, 4), one.suggested_label, one.reason_words


async def crew_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[CoordinatorForecast]:
    """Every coordinator at once: there are few."""
    return Page(await forecasts.list_coordinator_forecasts(actor))


def crew_cells(one: CoordinatorForecast) -> tuple[object, ...]:
    """The cells of a row."""
    expected = round(one.expected, 1)
    counts = (
        one.patients,
        one.reached,
        expected,
        one.at_risk,
        one.seconds,
        one.projected_seconds,
        one.gap_seconds,
    )
    return one.name, *counts, one.left_seconds, None if one.rolling is None else round(one.rolling, 4)
