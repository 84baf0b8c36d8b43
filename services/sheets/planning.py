"""What a kind of sheet brings: who may, what a row comes to, and how it is written when its turn comes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from database.session import Session
from domain.sheets.columns import SheetRow
from domain.sheets.kinds import Kind
from policies.permissions import Permission


@dataclass(frozen=True, slots=True)
class About:
    """In whose light rows are read: the sheet, its name, and the moment."""

    import_id: UUID
    name: str
    now: datetime


@dataclass(slots=True)
class Planned:
    """What a row without faults comes to: new, changed or same, in words, and what its kind needs to write it.

    `kept` are texts that stay with the row until its turn, as if cells had said them.
    """

    row: SheetRow
    outcome: str
    words: str = ""
    subject_id: UUID | None = None
    act: Any = None
    kept: dict[str, str] = field(default_factory=dict)


T = TypeVar("T")
_AT_ONCE = 50
Plan = Callable[[Session, Sequence[SheetRow], About], Awaitable[list[Planned]]]
Take = Callable[[Session, Planned, About], Awaitable[UUID | None]]


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of sheet. `plan` finds what rows come to, many at once, and adds faults to those that cannot be;
    `take` writes one of them inside the transaction it is given, or refuses. `more` is needed for some columns."""

    kind: Kind
    permission: Permission
    plan: Plan
    take: Take
    more: tuple[tuple[frozenset[str], Permission], ...] = ()

    def needs(self, mapped: Sequence[str]) -> list[Permission]:
        """Every permission that a sheet with these columns needs."""
        return [self.permission, *(one for columns, one in self.more if columns.intersection(mapped))]


async def in_turns(rows: Iterable[T]) -> AsyncIterator[T]:
    """The rows one after the other; others have their turn between them, as thousands of rows take a moment."""
    for number, row in enumerate(rows, 1):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        yield row


@dataclass(slots=True)
class Comes:
    """Parts of what a row comes to, gathered as they are found."""

    words: list[str] = field(default_factory=list)
    changes: bool = False

    def to(self, words: str) -> None:
        """Something will be written."""
        self.changes = True
        self.words.append(words)
