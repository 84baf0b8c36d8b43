"""Counts that stay cheap however much waits: each stops at a bound, and says so instead of being wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.work_views import WorkFilter
from services.work.asking import OPEN, Asker, conditions

MOST = 99
"""Where the counts of tabs and views stop."""
LOOKED_THROUGH = 500
"""Words are looked for among so many items: no index knows what stands in the middle of a title."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many, or with `more` at least so many."""

    number: int
    more: bool

    @property
    def words(self) -> str:
        """`7`, or `99+`."""
        return f"{self.number:,}{'+' if self.more else ''}"


def counting(asked: WorkFilter, values: Asker, most: int, extra: Iterable[str] = ()) -> str:
    """A sub-select of two numbers: how many were found, up to one more than `most`, and how many were looked at."""
    words = asked.text.strip().lower()
    where = " AND ".join([OPEN, *conditions(replace(asked, text=""), values), *extra])
    if not words:
        return (
            "(SELECT ARRAY[count(*), count(*)]"
            f" FROM (SELECT 1 FROM work_items w WHERE {where} LIMIT {most + 1}) found)"
        )
    values.append(words)
    return (
        "(SELECT ARRAY[count(*) FILTER (WHERE matches), count(*)]"
        f" FROM (SELECT position(${len(values)} IN lower(w.title)) > 0 AS matches FROM work_items w WHERE {where}"
        f" LIMIT {LOOKED_THROUGH + 1}) looked)"
    )


def counted(asked: WorkFilter, most: int, answer: Any) -> Count:
    """What came of `counting`."""
    found, looked = answer
    unfinished = bool(asked.text.strip()) and looked > LOOKED_THROUGH
    return Count(min(found, most), found > most or unfinished)
