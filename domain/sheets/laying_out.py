"""Gives minutes without a start their place in the day: nobody's time may lie upon other time of the same person.

The rule, so that an auditor can do it again: the rows of a person and a day in the order of the sheet, each as one piece,
from 09:00 at the practice on, in the first gap that is long enough between what the person has that day; where nothing
is left until midnight, from midnight to 09:00.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

BEGINS = time(9)
Taken = tuple[int, int]
"""Epoch seconds, from and until."""


def day_of(on: date, zone: str) -> Taken:
    """The seconds of a day in a zone: 23 to 25 hours."""
    here = ZoneInfo(zone)
    first, after = (datetime.combine(one, time(), here) for one in (on, on + timedelta(days=1)))
    return int(first.timestamp()), int(after.timestamp())


def second_at(on: date, clock: time, zone: str) -> int | None:
    """The second of a clock time on a day; None where the clocks were put forward over it. Told twice, it is the first."""
    there = datetime.combine(on, clock, ZoneInfo(zone))
    again = there.astimezone(UTC).astimezone(ZoneInfo(zone))
    return int(there.timestamp()) if again.replace(tzinfo=None) == there.replace(tzinfo=None) else None


def laid_out(lengths: Sequence[int], taken: Iterable[Taken], on: date, zone: str) -> list[int | None]:
    """The first second of each length; None where the day has no room left."""
    first, after = day_of(on, zone)
    opens = second_at(on, BEGINS, zone) or first
    held = [(start, end) for start, end in taken if end > first and start < after]
    found: list[int | None] = []
    for length in lengths:
        start = _gap(length, held, opens, after)
        start = _gap(length, held, first, opens) if start is None else start
        found.append(start)
        if start is not None:
            held.append((start, start + length))
    return found


class Spent:
    """What people have spent on whom, by person and day: of thousands of rows each looks only at its own days."""

    def __init__(self) -> None:
        self._days: dict[tuple[UUID, int], list[tuple[Taken, UUID]]] = defaultdict(list)

    def add(self, staff_id: UUID, taken: Taken, patient_id: UUID) -> None:
        """This person has this time with this patient."""
        for day in _days(taken):
            self._days[staff_id, day].append((taken, patient_id))

    def around(self, staff_id: UUID, window: Taken) -> list[tuple[Taken, UUID]]:
        """What this person has on the days of a window; what goes over midnight may be told twice."""
        return [one for day in _days(window) for one in self._days.get((staff_id, day), ())]


def _days(one: Taken) -> range:
    return range(one[0] // 86_400, (one[1] - 1) // 86_400 + 1)


def overlapping(one: Taken, others: Iterable[Taken]) -> bool:
    """Whether time lies upon any of others."""
    return any(one[0] < end and start < one[1] for start, end in others)


def _gap(length: int, held: Iterable[Taken], start: int, until: int) -> int | None:
    for begins, ends in sorted(held):
        if begins - start >= length:
            break
        start = max(start, ends)
    return start if start + length <= until else None
