"""A calendar month as the practice lives it: from local midnight to local midnight, clock changes included."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Month:
    """The month of a practice in its own zone (an IANA name)."""

    year: int
    number: int
    zone: str

    @cached_property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @cached_property
    def last(self) -> date:
        """Its last day."""
        return last_of_month(self.first)

    @cached_property
    def window(self) -> tuple[int, int]:
        """Epoch seconds of its beginning and of the next month's."""
        return self.midnight(self.first), self.midnight(self.last + timedelta(days=1))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Its days in order."""
        return tuple(self.first + timedelta(days=number) for number in range(self.last.day))

    def midnight(self, day: date) -> int:
        """The epoch second at which a day begins here."""
        return int(datetime.combine(day, time(0), ZoneInfo(self.zone)).timestamp())

    def day_of(self, second: int) -> date:
        """The day in which a second lies here."""
        return datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(self.zone)).date()


def last_of_month(day: date) -> date:
    """The last day of the month in which a day lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])
