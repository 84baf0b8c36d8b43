"""A patient's counted seconds by the days of a month, as the minute engine counts them, without the reasons of each."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.care.billing import in_track
from domain.care.codes import CodeTable, Track
from domain.care.counting import Enrolled, Stretch, count
from domain.care.entries import Entry, Programme
from domain.care.month import Month


@dataclass(frozen=True, slots=True)
class CountedDays:
    """Seconds towards the codes for staff time on each calendar day, and whether any base code is reached."""

    days: tuple[int, ...]
    reached: bool

    @property
    def seconds(self) -> int:
        """Of the whole month."""
        return sum(self.days)

    @property
    def sessions(self) -> int:
        """Days on which there was any."""
        return sum(one > 0 for one in self.days)


@dataclass(frozen=True)
class Counter:
    """Counts the patients of one practice's month. Midnights are looked up once."""

    month: Month
    midnights: tuple[int, ...]
    table: CodeTable
    practitioner_as_staff: bool = True

    def counted(
        self, entries: Iterable[Entry], enrolled: Sequence[Enrolled], programme: Programme
    ) -> CountedDays:
        """One patient in one programme; `enrolled` are all programmes of the patient, which share the seconds."""
        stretches = count(entries, self.month, enrolled).of(programme)
        days = [0] * len(self.midnights)
        for one in in_track(stretches, Track.STAFF, practitioner_as_staff=self.practitioner_as_staff):
            self._put(days, one)
        return CountedDays(tuple(days), self._reached(stretches, programme))

    def _reached(self, stretches: Sequence[Stretch], programme: Programme) -> bool:
        for row in self.table.on(self.month.last).timed:
            if row.programme == programme and not row.complex:
                counted = in_track(stretches, row.track, practitioner_as_staff=self.practitioner_as_staff)
                if sum(one.seconds for one in counted) >= row.base_seconds:
                    return True
        return False

    def _put(self, days: list[int], one: Stretch) -> None:
        """Its seconds to the days on which they were spent; midnight parts them."""
        at = one.starts
        while at < one.ends:
            place = max(bisect_right(self.midnights, at) - 1, 0)
            until = self.midnights[place + 1] if place + 1 < len(self.midnights) else one.ends
            days[place] += min(until, one.ends) - at
            at = min(until, one.ends)


def counter_of(month: Month, table: CodeTable, *, practitioner_as_staff: bool = True) -> Counter:
    """The counter of a practice's month."""
    midnights = tuple(
        month.midnight(month.first + timedelta(days=number)) for number in range(month.last.day)
    )
    return Counter(month, midnights, table, practitioner_as_staff)
