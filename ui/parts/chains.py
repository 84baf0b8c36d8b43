"""The chain of answers to something sent: one step for each partner's word, with its time and what is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ui.parts.chips import chip, copyable
from ui.parts.markup import Child, Markup, a, div, li, ol, small, span, strong
from ui.parts.times import ago, due


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step. `word` and `tone` are the chip's; `by` is shown while the answer is awaited, `late` marks it."""

    label: str
    sender: str
    word: str
    tone: str
    at: datetime | None
    by: datetime | None
    late: bool
    file_id: UUID | None = None
    file_name: str = ""
    number: str = ""
    about: list[str] = field(default_factory=list)


def chain(steps: Iterable[ChainStep], zone: str) -> Markup:
    """The steps in order, beside each other where there is room."""
    return ol([_step(one, zone) for one in steps], cls="chain")


def _step(one: ChainStep, zone: str) -> Markup:
    when: Child = None
    if one.at:
        when = span(ago(one.at, zone), one.late and span(" late", cls="bad-word"))
    elif one.by:
        when = span("due ", due(one.by, zone))
    file = one.file_id and a("file", href=f"/files/{one.file_id}", title=one.file_name)
    return li(
        div(strong(one.label), small(one.sender), cls="chain-name"),
        chip(one.word, one.tone),
        one.number and div(copyable(one.number)),
        small([span(words, " · ") for words in one.about], when, file and " · ", file),
        cls=f"{one.tone} {'late' if one.late else ''}".strip(),
    )
