"""How a forecast looks: the bar of a month with its interval, chances, what is suggested, and how right it was."""

from services.care.forecast_views import Accuracy, AccuracyDay, ForecastLine, ReliabilityLine, ToldBy
from ui.care.words import clock
from ui.parts import table
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, b, div, i_, p, small, span
from ui.parts.states import notice
from ui.parts.table import Column

_TONES = {"call": "warn", "hand_over": "bad", "nothing": "neutral"}


def reach_bar(one: ForecastLine) -> Markup:
    """Minutes so far, the interval, the projected end and the first threshold on one line."""
    first = one.chances[0].seconds if one.chances else 1
    whole = max(one.high_seconds, round(first * 1.4), 1)

    def at(seconds: int) -> str:
        return f"{min(100.0, 100 * seconds / whole):.1f}%"

    width = f"{max(1.0, 100 * (one.high_seconds - one.low_seconds) / whole):.1f}%"
    words = (
        f"{clock(one.seconds)} so far; projected {clock(one.projected_seconds)}, four months in five end from"
        f" {clock(one.low_seconds)} to {clock(one.high_seconds)}; first code at {clock(first)}"
    )
    return span(
        i_(cls="done", style=f"width: {at(one.seconds)}"),
        i_(cls="span", style=f"left: {at(one.low_seconds)}; width: {width}"),
        i_(cls="end", style=f"left: {at(one.projected_seconds)}"),
        i_(cls="goal", style=f"left: {at(first)}"),
        cls="reach",
        role="img",
        title=words,
        aria_label=words,
    )


def chance_words(chance: float) -> str:
    """`63 %`; what is not certain is never shown as 0 or 100."""
    if chance in (0.0, 1.0):
        return f"{chance:.0%}".replace("%", " %")
    return f"{min(max(round(100 * chance), 1), 99)} %"


def suggested_chip(one: ForecastLine) -> Markup:
    """What to do, as a chip; `reached` where nothing needs to be done any more."""
    if one.gap_seconds == 0:
        return chip("Reached", "ok")
    return chip(one.suggested_label, _TONES.get(one.suggested, "neutral"), title=one.reason_words)


def trust(found: Accuracy, href: str = "") -> Markup:
    """How far the forecast can be trusted, in one line; `href` leads to the figures."""
    if not found.months:
        return notice(
            "info",
            "No months to measure on yet.",
            "The forecast is shown all the same; how right it is can be told once two months are over.",
        )
    words = (_compared(found), " ", a("How right it was", href=href) if href else None)
    if found.in_use == "straight":
        title = "The straight line is used: the forecast was not shown to be better."
        return notice("warn", title, words)
    return notice("info", "The forecast was better than the straight line.", words)


def _compared(found: Accuracy) -> str:
    """What the verdict rests on, whichever it is."""
    alike, line, misses = (
        sum(one.found_alike for one in found.days),
        sum(one.straight.found for one in found.days),
        sum(one.straight.misses for one in found.days),
    )
    if not misses:
        return f"On {_months(found)} no month was missed: there was nothing to find."
    ours, errors = _mean_of(found, "brier"), _mean_of(found, "straight_brier")
    return (
        f"On {_months(found)}, with as many false alarms: {_tenths(alike / misses)} of misses found, by the straight line"
        f" {_tenths(line / misses)} (chance alone may make {_tenths(found.noise)} of difference). Squared error of the"
        f" chances {ours:.3f} against {errors:.3f}."
    )


def _mean_of(found: Accuracy, name: str) -> float:
    return sum(getattr(one, name) for one in found.days) / len(found.days)


def _tenths(share: float) -> str:
    return f"{100 * share:.1f} %"


def accuracy_cards(found: Accuracy) -> Markup:
    """The measurement in full."""
    if not found.months:
        return div()
    return div(
        card("Misses found and false alarms, by the day they were told", _days(found), look="flush"),
        card("What was told, and what came", _reliability(found), look="flush"),
        _how(found),
    )


def _days(found: Accuracy) -> Markup:
    columns = [
        Column[AccuracyDay]("After day", lambda one: str(one.day), "right tight"),
        Column[AccuracyDay]("Misses found", _alike, "right"),
        Column[AccuracyDay]("By the line", lambda one: _recall(one.straight), "right"),
        Column[AccuracyDay]("False alarms of both", lambda one: _alarms(one.straight), "right"),
        Column[AccuracyDay]("Found at 50 %", lambda one: _recall(one.forecast), "right optional-column"),
        Column[AccuracyDay](
            "False alarms at 50 %", lambda one: _alarms(one.forecast), "right optional-column"
        ),
        Column[AccuracyDay]("Squared error", _errors, "right tight"),
        Column[AccuracyDay]("In the interval", _within, "right"),
    ]
    return table.rows(columns, found.days, key=lambda one: one.day, label="Accuracy by day")


def _reliability(found: Accuracy) -> Markup:
    columns = [
        Column[ReliabilityLine](
            "Chance told", lambda one: f"{100 * one.low:.0f} to {100 * one.high:.0f} %", "tight"
        ),
        Column[ReliabilityLine]("Forecasts", lambda one: f"{one.forecasts:,}", "right tight"),
        Column[ReliabilityLine]("Told on average", lambda one: _percent(one.told), "right tight"),
        Column[ReliabilityLine]("Reached", lambda one: _percent(one.reached), "right tight"),
        Column[ReliabilityLine]("", _reached_bar, "wide"),
    ]
    return table.rows(columns, found.reliability, key=lambda one: one.low, label="Reliability")


def _reached_bar(one: ReliabilityLine) -> Markup:
    tone = "ok" if abs(one.reached - one.told) <= 0.1 else "warn"
    return span(i_(cls=tone, style=f"width: {100 * one.reached:.0f}%"), cls="bar row-bar", aria_hidden="true")


def _how(found: Accuracy) -> Markup:
    made = f" Measured on {found.made_at:%B} {found.made_at.day}." if found.made_at else ""
    return p(
        f"Formula {found.formula}; {found.patients:,} patient-months of {_months(found)}.{made} Each month was forecast"
        " with what the months before it teach and nothing else. Time counts on the day it was spent, also where it was"
        " entered later; days off as they stand in the calendar now, sick days left out. Outreach and the chances of"
        " codes after the first are not measured. The forecast is used only where it finds more misses than the straight"
        " line with as many false alarms, by more than chance would, and its chances are closer to what came.",
        cls="muted",
    )


def _recall(told: ToldBy) -> Child:
    return _share(told.recall, told.found, told.misses)


def _alarms(told: ToldBy) -> Child:
    return _share(told.false_alarm_rate, told.false_alarms, told.reached)


def _share(share: float | None, part: int, whole: int) -> Child:
    if share is None:
        return span("nothing to rate", cls="faint")
    return span(b(_percent(share)), title=f"{part:,} of {whole:,}")


def _errors(one: AccuracyDay) -> Child:
    return span(b(f"{one.brier:.3f}"), small(f" line {one.straight_brier:.3f}", cls="faint"))


def _alike(one: AccuracyDay) -> Child:
    misses = one.forecast.misses
    return _share(one.found_alike / misses if misses else None, one.found_alike, misses)


def _within(one: AccuracyDay) -> Child:
    return _share(one.within / one.patients if one.patients else None, one.within, one.patients)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _months(found: Accuracy) -> str:
    first, last = found.months[0], found.months[-1]
    count = len(found.months)
    return f"{first:%B %Y}" if count == 1 else f"{count} months, {first:%B} to {last:%B %Y}"
