"""Seconds as people who bill by the minute read them."""

from domain.care.words import clock
from services.care.views import CareLine, CareView
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup

__all__ = ["clock", "step_chip"]


def step_chip(one: CareLine | CareView) -> Markup:
    """The chip of an enrolment's step."""
    return chip(one.step_label, one.tone)


def plan_chip(one: CareLine | CareView) -> Child:
    """What is overdue of the care plan, if anything is."""
    return chip(one.plan_overdue, "bad") if one.plan_overdue else None
