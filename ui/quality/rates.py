"""How accuracies, tabs and findings of quality look."""

from domain.quality.checklist import CATEGORY_WORDS, SEVERITY_WORDS, Category, Severity
from services.quality.views import Accuracies, RateView
from ui.parts.cards import tabs
from ui.parts.chips import chip
from ui.parts.markup import Markup, div, small, span
from ui.parts.money import dollars

_TABS = (
    ("Audits", "/quality"),
    ("Findings", "/quality/findings"),
    ("Trends", "/quality/trends"),
    ("Training", "/quality/training"),
    ("Checklists", "/quality/checklists"),
)


def quality_tabs(here: str) -> Markup:
    """The pages of quality."""
    return tabs(*((words, href, href == here, None) for words, href in _TABS))


def percent(share: float | None) -> str:
    """`97.5 %`, or that there is nothing to rate."""
    return "nothing to rate" if share is None else f"{100 * share:.1f} %"


def interval_words(rate: RateView) -> str:
    """The interval in words; empty when there is nothing to rate."""
    if rate.low is None or rate.high is None:
        return ""
    return f"95 % interval {percent(rate.low)} to {percent(rate.high)}"


def rate(one: RateView) -> Markup:
    """A share in a table; the count beside it, the interval on hover."""
    if one.share is None:
        return span("nothing to rate", cls="faint")
    return span(percent(one.share), cls="figure", title=interval_words(one))


def accuracy_line(found: Accuracies) -> Markup:
    """The three accuracies with their counts and intervals."""
    cells = (
        ("Codes right", found.codes, f"{found.codes.part:,} of {found.codes.whole:,} codes"),
        ("Claims right", found.claims, f"{found.claims.part:,} of {found.claims.whole:,} claims"),
        ("Money right", found.money, f"{dollars(found.money.part)} of {dollars(found.money.whole)}"),
    )
    return div(
        [
            div(
                small(words),
                span(percent(one.share), cls="figure"),
                small(counted if one.share is not None else "", cls="faint"),
                small(interval_words(one), cls="faint"),
            )
            for words, one, counted in cells
        ],
        cls="moneyline",
    )


def severity_chip(severity: str) -> Markup:
    """The chip of a severity."""
    return chip(*SEVERITY_WORDS[Severity(severity)])


def category_words(category: str) -> str:
    """What a category is called."""
    return CATEGORY_WORDS[Category(category)]
