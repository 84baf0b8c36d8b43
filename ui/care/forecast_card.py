"""The forecast on a patient's page: where the month is heading, why, and how the months before went."""

from services.care.forecast_views import ForecastLine, PatientForecast
from ui.care.forecast_parts import chance_words, reach_bar, suggested_chip
from ui.care.words import clock
from ui.parts import table
from ui.parts.cards import card
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.times import day


def forecast_card(found: PatientForecast) -> Markup | None:
    """Nothing for a patient of whom nothing is forecast, such as one whose programme does not go by minutes."""
    if found.line is None:
        return None
    one = found.line
    facts = table.facts(
        ("So far", clock(one.seconds)),
        ("Heading for", div(reach_bar(one), small(_interval(one)))),
        ("Chance", _chances(one)),
        ("Do", suggested_chip(one)),
        ("Working days left", str(one.days_left)),
        ("Months before", _months(found)),
        ("Forecast of", day(one.day)),
    )
    title = f"Forecast of {one.month:%B}"
    return card(
        title,
        facts,
        p(one.reason_words, cls="muted"),
        action=a("How right it was", href="/care/forecast?view=accuracy"),
    )


def _interval(one: ForecastLine) -> str:
    return f"{clock(one.projected_seconds)}, from {clock(one.low_seconds)} to {clock(one.high_seconds)}"


def _chances(one: ForecastLine) -> Child:
    first, *later = (f"{chance_words(each.chance)} of {each.seconds // 60} min" for each in one.chances)
    return span(first, small(f", {', '.join(later)} (not measured)", cls="faint") if later else None)


def _months(found: PatientForecast) -> str:
    if not found.months:
        return "none yet"
    reached = sum(one.reached for one in found.months)
    return f"reached in {reached} of {len(found.months)}"
