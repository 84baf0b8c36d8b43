"""Seconds as people who bill by the minute read them, and what stands on every page of care."""

from services.care.views import CareLine, CareView
from ui.parts.cards import tabs
from ui.parts.chips import chip
from ui.parts.markup import Markup


def clock(seconds: int) -> str:
    """`1:05:09` or `19:59`: seconds always shown, since 19:59 is not twenty minutes."""
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def step_chip(one: CareLine | CareView) -> Markup:
    """The chip of an enrolment's step."""
    return chip(one.step_label, one.tone)


def tabs_of(here: str, *, manages: bool) -> Markup:
    """The views of care; settings for managers."""
    places = [("Roster", "/care"), ("Enrolments", "/care/enrolments")]
    if manages:
        places.append(("Practices and credentials", "/care/settings"))
    return tabs(*((words, href, href == here, None) for words, href in places))
