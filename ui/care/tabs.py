"""The tabs of care: one tuple for all of them, each shown to those who hold any of its permissions."""

from typing import NamedTuple

from domain.tenancy import Actor
from policies.permissions import Permission as P
from ui.parts.cards import tabs
from ui.parts.markup import Markup


class Tab(NamedTuple):
    """One view of care, shown to those who hold any of the permissions; `beside`: without it the page does not open;
    `without`: who holds it has the view under another address."""

    words: str
    href: str
    permissions: tuple[P, ...]
    beside: P | None = None
    without: P | None = None


# The order of a month: who is cared for, what is billed of it, who sees to it, and what is set up once.
TABS = (
    Tab("Roster", "/care", (P.CARE_VIEW,)),
    Tab("Enrolments", "/care/enrolments", (P.CARE_VIEW,)),
    Tab("Time sheets", "/care/timesheets", (P.CARE_RECORD,)),
    Tab("Time sheets", "/care/timesheets/team", (P.CARE_MANAGE,), without=P.CARE_RECORD),
    Tab("Month-end", "/care/months", (P.CARE_BILLING,)),
    Tab("Forecast", "/care/forecast", (P.CARE_VIEW,)),
    Tab("Manager", "/care/team", (P.CARE_MANAGE,)),
    Tab("Imports", "/care/imports", (P.CARE_MANAGE, P.PATIENTS_MANAGE, P.WORKFORCE_MANAGE), P.CARE_VIEW),
    Tab("Assignment", "/care/assignment", (P.CARE_MANAGE,)),
    Tab("Invoices", "/care/invoices", (P.INVOICES_VIEW,)),
    Tab("Settings", "/care/settings", (P.CARE_MANAGE,)),
)


def care_tabs(actor: Actor, here: str) -> Markup:
    """The tabs this person may open, `here` marked."""
    shown = [
        one
        for one in TABS
        if any(actor.may(permission) for permission in one.permissions)
        and (one.beside is None or actor.may(one.beside))
        and (one.without is None or not actor.may(one.without))
    ]
    return tabs(*((one.words, one.href, one.href == here, None) for one in shown))
