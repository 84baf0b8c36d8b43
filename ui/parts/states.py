"""The four states of every list and card: loading, empty, error, no permission."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.refusals import NotAllowed, Refusal
from ui.parts.icons import icon
from ui.parts.markup import EMPTY, Child, Markup, code, div, p, section, span, strong

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What a read came to: a value, a refusal, or an unexpected failure with the id to quote."""

    value: T | None = None
    refusal: Refusal | None = None
    failure: str = ""


def shown(read: Loaded[T], view: Callable[[T], Markup]) -> Markup:
    """The view of what was read, or the state that says why there is none."""
    if read.refusal is not None:
        return refused(read.refusal)
    if read.failure or read.value is None:
        return broken(read.failure)
    return view(read.value)


def empty(title: str, explanation: str, action: Child = None) -> Markup:
    """Nothing here yet: what will appear, and the button that starts it."""
    return _state("quiet", "checklist", title, explanation, action)


def refused(refusal: Refusal) -> Markup:
    """A refusal in place of content."""
    name = "shield" if isinstance(refusal, NotAllowed) else "alert"
    return _state("quiet", name, refusal.title, refusal.what_to_do)


def broken(failure: str) -> Markup:
    """Something failed that nobody foresaw; the id leads support to the log entry."""
    words = "Nothing was changed. Reload in a moment; if it stays, tell your administrator this id: "
    return _state("bad", "alert", "This could not be shown.", (words, code(failure)))


def skeleton(rows: int = 8) -> Markup:
    """Grey rows in the shape of what is coming."""
    return div([div(cls="bone") for _ in range(rows)], cls="skeleton", aria_hidden="true")


def notice(tone: str, title: str, words: Child = "", action: Child = None) -> Markup:
    """A message that stays above what it is about."""
    return div(
        icon({"ok": "check", "info": "info"}.get(tone, "alert")),
        div(strong(title), words and span(words)),
        action and div(action, cls="notice-action"),
        cls=f"notice {tone}",
        role="alert" if tone == "bad" else "status",
    )


def _state(tone: str, name: str, title: str, explanation: Child, action: Child = None) -> Markup:
    return section(
        icon(name),
        strong(title),
        p(explanation) if explanation else EMPTY,
        action and div(action, cls="actions"),
        cls=f"state {tone}",
    )
