"""The tabs of the rules: decision tables, task forms, fields."""

from ui.parts.cards import tabs
from ui.parts.markup import Markup

TABS = (("Decision tables", "/rules"), ("Task forms", "/rules/forms"), ("Fields", "/rules/fields"))


def rules_tabs(path: str) -> Markup:
    """The tabs, that of this page as the current one."""
    return tabs(*((words, href, href == path, None) for words, href in TABS))
