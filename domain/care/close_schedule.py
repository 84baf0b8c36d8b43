"""Closing months by schedule: a day of the month and an hour where the company is, and whose turn it is when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.process_model import Process, Step

LAST_DAY = 28
"""Every month has this day."""


@dataclass(frozen=True, slots=True)
class CloseSchedule:
    """Each month is closed on `day` (1 to 28) of the month after it, from `hour` (0 to 23) on in `zone` (IANA)."""

    day: int
    hour: int
    zone: str

    def turn_of(self, month: date) -> datetime:
        """When a month, named by its first day, is to be closed."""
        after = (month + timedelta(days=31)).replace(day=self.day)
        return datetime.combine(after, time(self.hour), ZoneInfo(self.zone))

    def last(self, now: datetime) -> date:
        """The month whose turn came last, however late it is looked for."""
        month = _before(now.astimezone(ZoneInfo(self.zone)).date())
        return month if self.turn_of(month) <= now else _before(month)

    def next(self, now: datetime) -> date:
        """The month whose turn comes next."""
        return (self.last(now) + timedelta(days=31)).replace(day=1)


def _before(day: date) -> date:
    """The first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


PROCESS = Process(
    "care_close",
    "Month closed by schedule",
    "tenant",
    (
        Step("waiting", "The month to end everywhere", "clock", ("begin_scheduled_close",)),
        Step("done", "Begun", "machine"),
    ),
    (("waiting", "done"),),
    ends=frozenset({"done"}),
)
