"""What the pages of the float pool share: their tabs, periods, reasons."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from policies.permissions import Permission as P
from services.workforce.float_views import ReasonView
from ui.parts.chips import chip, filter_chip
from ui.parts.markup import Child, Markup, div, li, span, ul
from ui.parts.times import exact
from ui.workforce.tabs import team_tabs

_PAGES = (
    ("Who is free", "/team/float", P.WORKFORCE_VIEW),
    ("Assignments", "/team/float/assignments", P.WORK_VIEW),
    ("Queues at risk", "/team/float/proposals", P.FLOAT_MANAGE),
)


def float_tabs(here: str, may: Callable[[P], bool]) -> Markup:
    """The team's tabs, and below them the pages of the float pool."""
    chips = [
        filter_chip(words, href, on=href == here)
        for words, href, permission in _PAGES
        if may(permission) or href == here
    ]
    above = team_tabs("/team/float", may) if may(P.WORKFORCE_VIEW) else None
    return div(above, div(chips, cls="filters"))


def hours(seconds: int) -> str:
    """`6.5 h`."""
    return f"{seconds / 3600:,.1f}".removesuffix(".0") + " h"


def period_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From when until when, in the reader's zone; of one day the day is said once."""
    begins, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    last = f"{ends:%H:%M %Z}" if begins.date() == ends.date() else exact(ends_at, zone)
    return f"{exact(starts_at, zone).rsplit(' ', 1)[0]} to {last}"


def reasons(parts: Sequence[ReasonView]) -> Child:
    """Each reason with what it scored of its weight."""
    if not parts:
        return None
    rows = [
        li(span(one.label, cls="muted"), f" {one.words} ", span(_points(one), cls="faint figure"))
        for one in parts
    ]
    return ul(rows, cls="plain")


def score(value: float) -> Markup:
    """A score of 100, by its tone."""
    tone = "ok" if value >= 0.75 else "warn" if value >= 0.4 else "bad"
    return chip(f"{100 * value:.0f} of 100", tone)


def _points(one: ReasonView) -> str:
    return f"{one.score * one.weight:.1f} of {one.weight:g}"
