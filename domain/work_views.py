"""Saved views of the queue: what they show, in which columns, order and groups."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.refusals import FieldError, Invalid
from domain.work import Kind

# Which part of the queue; the words stand on the tabs.
SCOPES: dict[str, str] = {
    "available": "Available",
    "mine": "Mine",
    "float": "Float",
    "covering": "Standing in",
    "watched": "Watched",
    "snoozed": "Snoozed",
    "all": "All",
}
DUE: dict[str, str] = {
    "overdue": "Overdue",
    "at_risk": "At risk",
    "today": "Due today",
    "day": "Due in 24 h",
    "week": "Due in 7 days",
    "unstarted": "Not started in time",
}
# An hour of today where the tenant is, such as h09: what the board of the day counts.
HOURS = frozenset(f"h{hour:02}" for hour in range(24))
FREE = "free"
NO_CLIENT = "none"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WHOSE = ("client", "owner", "team")
_STORED = ("scope", "text", "due", "priority", "client", "owner", "team")
COLUMNS: dict[str, str] = {
    "priority": "Priority",
    "what": "What",
    "kind": "Kind",
    "with": "With",
    "opened": "Opened",
    "due": "Due",
    "back": "Back",
}
STANDARD_COLUMNS = ("priority", "what", "kind", "with", "due")
ORDERS: dict[str, str] = {
    "urgency": "Most urgent first",
    "due": "Due soonest first",
    "newest": "Newest first",
}
GROUPS: dict[str, str] = {"": "No groups", "kind": "Kind", "with": "Who has it", "priority": "Priority"}
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What a queue or a view shows. `priority` 0 is any; `due` one of DUE or HOURS; empty is any.

    `client`, `owner` and `team` are ids as text; `owner` may be FREE, `client` NO_CLIENT.
    """

    scope: str = "available"
    kinds: tuple[str, ...] = ()
    text: str = ""
    due: str = ""
    priority: int = 0
    client: str = ""
    owner: str = ""
    team: str = ""

    def checked(self) -> Self:
        """The same, or the refusal that says what there is."""
        if self.scope not in SCOPES:
            raise _unknown("scope", "work.scope_unknown", "There is no such queue.", SCOPES)
        if unknown := sorted(set(self.kinds) - set(Kind)):
            raise _unknown(
                "kinds", "work.kind_unknown", f"There is no kind of work called {unknown[0]!r}.", Kind
            )
        if self.due and self.due not in DUE and self.due not in HOURS:
            raise _unknown("due", "work.due_unknown", "There is no such time.", DUE)
        if not 0 <= self.priority <= 5:
            raise _unknown("priority", "work.priority_refused", "There is no such priority.", "12345")
        self._check_ids()
        if len(self.text) > 200 or "\0" in self.text:
            raise _unknown(
                "text", "work.text_refused", "These words cannot be looked for.", ["up to 200 characters"]
            )
        return self

    def _check_ids(self) -> None:
        given = {"client": (self.client, NO_CLIENT), "owner": (self.owner, FREE), "team": (self.team, "")}
        for name, (value, word) in given.items():
            if value and value != word and not _ID.fullmatch(value):
                raise _unknown(
                    name, f"work.{name}_unknown", f"There is no such {name}.", filter(None, ["an id", word])
                )

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """The filter that a view keeps; kinds that exist no more are left out."""
        kinds = tuple(kind for kind in stored.get("kinds", ()) if kind in set(Kind))
        known = {name: stored[name] for name in _STORED if name in stored}
        return cls(kinds=kinds, **known)


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What a person says of a view. `team` shares it with the asker's own team."""

    name: str
    filter: WorkFilter
    columns: tuple[str, ...] = STANDARD_COLUMNS
    ordering: str = "urgency"
    grouping: str = ""
    team: bool = False


def checked_view(facts: ViewFacts) -> ViewFacts:
    """The view when it can be kept."""
    facts.filter.checked()
    name = facts.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _refused("name", "view.name", f"Give it a name of at most {LONGEST_NAME} characters.")
    if facts.ordering not in ORDERS:
        raise _unknown("ordering", "view.order_unknown", "There is no such order.", ORDERS)
    if facts.grouping not in GROUPS:
        raise _unknown("grouping", "view.group_unknown", "There is no such grouping.", filter(None, GROUPS))
    columns = tuple(dict.fromkeys(facts.columns))
    if not columns or set(columns) - set(COLUMNS):
        raise _unknown("columns", "view.column_unknown", "Choose at least one column that exists.", COLUMNS)
    return ViewFacts(name, facts.filter, columns, facts.ordering, facts.grouping, facts.team)


def _unknown(field: str, code: str, title: str, known: Iterable[str]) -> Invalid:
    fault = FieldError(field, code, f"Choose one of: {', '.join(known)}.")
    return Invalid(code, title, fault.message, fields=(fault,))


def _refused(field: str, code: str, message: str) -> Invalid:
    return Invalid(code, message, message, fields=(FieldError(field, code, message),))
