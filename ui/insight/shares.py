"""How rates, days and tabs of the insight pages look."""

from services.insight.payers import Share
from ui.parts.cards import tabs
from ui.parts.markup import Markup, i_, span

PERIODS = ((30, "30 days"), (90, "90 days"), (365, "12 months"))
_TABS = (
    ("Payers", "/insight/payers"),
    ("Below contract", "/insight/underpayments"),
    ("Likely denials", "/insight/likely-denials"),
    ("Duplicates", "/insight/duplicates"),
)


def insight_tabs(here: str) -> Markup:
    """The pages of payers' behaviour."""
    return tabs(*((words, href, href == here, None) for words, href in _TABS))


def percent(share: float | None) -> str:
    """`12.5 %`, or that there is nothing to rate."""
    return "nothing to rate" if share is None else f"{100 * share:.1f} %"


def rate(share: Share) -> Markup:
    """A rate with its count; the interval on hover."""
    if share.share is None or share.low is None or share.high is None:
        return span("nothing to rate", cls="faint")
    interval = f"95 % interval: {percent(share.low)} to {percent(share.high)}"
    counted = span(f" {share.part:,} of {share.whole:,}", cls="faint")
    return span(percent(share.share), counted, cls="figure", title=interval)


def rate_bar(share: Share, most: float) -> Markup:
    """A bar of a rate beside the others; `most` is the longest."""
    width = 0 if not share.share or not most else max(1, round(100 * share.share / most))
    return span(i_(cls="bad", style=f"width: {width}%"), cls="bar row-bar", aria_hidden="true")


def days_words(days: int | None) -> str:
    """Days, or a dash where nothing was paid."""
    return "–" if days is None else f"{days} days" if days != 1 else "1 day"
