"""What an address asks of the queue, the saved view that it names counted in: one reading for the page and its export."""

import re
from typing import Any

from domain.work import Kind
from domain.work_views import DUE, FREE, HOURS, NO_CLIENT, SCOPES, WorkFilter

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def filter_of(query: dict[str, str], kept: WorkFilter | None) -> WorkFilter:
    """The filter kept by a view, changed by what the address says; what makes no sense in an address is left out."""
    base = kept or WorkFilter()
    scope = query.get("tab", base.scope)
    due = query.get("due", base.due)
    kinds = base.kinds
    if "kind" in query or kept is None:
        kinds = tuple(kind for kind in query.get("kind", "").split(",") if kind in set(Kind))
    return WorkFilter(
        scope if scope in SCOPES else "available",
        kinds,
        query.get("text", base.text)[:200].replace("\0", ""),
        due if due in DUE or due in HOURS else "",
        _priority(query.get("priority", str(base.priority))),
        _id(query.get("client", base.client), NO_CLIENT),
        _id(query.get("owner", base.owner), FREE),
        _id(query.get("team", base.team), ""),
    )


def words_of(asked: WorkFilter) -> dict[str, Any]:
    """The filter as the queue's service takes it."""
    return {
        "scope": asked.scope,
        "kinds": asked.kinds,
        "text": asked.text,
        "due": asked.due,
        "priority": asked.priority,
        "client": asked.client,
        "owner": asked.owner,
        "team": asked.team,
    }


def _id(text: str, word: str) -> str:
    return text if text == word or _ID.fullmatch(text) else ""


def _priority(text: str) -> int:
    return int(text) if len(text) == 1 and text in "12345" else 0
