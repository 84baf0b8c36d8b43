"""Seconds, moments and states of care as people who bill by the minute read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.care.words import clock
from services.care.views import CareLine, CareView
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, time
from ui.parts.times import exact

__all__ = ["clock", "step_chip"]

_SOURCES = {"live": "ok", "manual": "warn", "back_dated": "bad"}


def source_chip(source: str, label: str, reason: str = "") -> Markup:
    """How time was recorded: by the clock, by hand, or late; the reason on hover."""
    return chip(label, _SOURCES[source], reason)


def began(moment: datetime, zone: str) -> Markup:
    """When an entry began, as the practice's clock showed it."""
    local = moment.astimezone(ZoneInfo(zone))
    return time(
        f"{local:%b} {local.day}, {local:%H:%M}",
        datetime=moment.isoformat(),
        title=exact(moment, zone),
        cls="figure",
    )


def step_chip(one: CareLine | CareView) -> Markup:
    """The chip of an enrolment's step."""
    return chip(one.step_label, one.tone)


def plan_chip(one: CareLine | CareView) -> Child:
    """What is overdue of the care plan, if anything is."""
    return chip(one.plan_overdue, "bad") if one.plan_overdue else None
