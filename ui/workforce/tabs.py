"""The tabs of the team: those who work here, and those who may sign in."""

from collections.abc import Callable

from policies.permissions import Permission as P
from ui.parts.cards import tabs
from ui.parts.markup import Markup

_TABS = (
    ("This week", "/team", P.WORKFORCE_VIEW),
    ("Employees", "/team/employees", P.WORKFORCE_VIEW),
    ("Teams", "/team/teams", P.WORKFORCE_VIEW),
    ("Skills", "/team/skills", P.WORKFORCE_VIEW),
    ("Calendars", "/team/calendars", P.WORKFORCE_VIEW),
    ("Away", "/team/away", P.WORKFORCE_VIEW),
    ("Float pool", "/team/float", P.WORKFORCE_VIEW),
    ("Move work", "/team/reassign", P.WORK_ASSIGN),
    ("People", "/people", P.USERS_MANAGE),
    ("Roles", "/roles", P.USERS_MANAGE),
)


def team_tabs(here: str, may: Callable[[P], bool]) -> Markup:
    """The tabs that a person may open."""
    shown = [(words, href) for words, href, permission in _TABS if may(permission) or href == here]
    return tabs(*((words, href, href == here, None) for words, href in shown))
