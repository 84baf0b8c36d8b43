"""The tabs of Operations: what the day holds, and what the processes do."""

from collections.abc import Callable

from policies.permissions import Permission as P
from ui.parts.cards import tabs
from ui.parts.markup import Markup

_TABS = (
    ("Due today", "/operations", P.WORK_ASSIGN),
    ("Processes", "/operations/processes", P.WORK_VIEW),
    ("Incidents", "/operations/incidents", P.INCIDENTS_MANAGE),
    ("Where time goes", "/operations/time", P.REPORTS_VIEW_ALL),
)


def operations_tabs(here: str, may: Callable[[P], bool]) -> Markup:
    """The tabs that a person may open."""
    shown = [(words, href) for words, href, permission in _TABS if may(permission) or href == here]
    return tabs(*((words, href, href == here, None) for words, href in shown))
