"""Seconds as people who bill by the minute read them."""

from services.care.views import CareLine, CareView
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
