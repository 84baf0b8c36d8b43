"""A running clock made into entries: nobody's idle time unnoticed, cut where months end, none longer than allowed."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.care.activities import LONGEST_SECONDS, Source

LONGEST = timedelta(seconds=LONGEST_SECONDS)


@dataclass(frozen=True, slots=True)
class Run:
    """A clock as it stands: since when it runs, when its owner was there last, and now. Aware, whole seconds."""

    started: datetime
    seen: datetime
    now: datetime
    idle_after: timedelta

    @property
    def away(self) -> timedelta:
        """How long nothing was done."""
        return max(self.now - max(self.seen, self.started), timedelta(0))

    @property
    def idle(self) -> bool:
        """Whether that is so long that its owner must say what it was."""
        return self.away >= self.idle_after


@dataclass(frozen=True, slots=True)
class Part:
    """Seconds of a clock that become one entry: live while its owner was there, else by hand on their word."""

    starts: datetime
    ends: datetime
    source: Source


def parts_of(run: Run, zone: str, *, idle_counts: bool) -> list[Part]:
    """What a clock that ends now leaves, in order; none where no whole second lies in it.

    A stretch in which nobody was there is left out, or kept as an entry of its own that does not look live.
    """
    present = max(run.seen, run.started) if run.idle else run.now
    found = [Part(*one, Source.LIVE) for one in _pieces(run.started, present, zone)]
    if idle_counts:
        found += [Part(*one, Source.MANUAL) for one in _pieces(present, run.now, zone)]
    return found


def _pieces(starts: datetime, ends: datetime, zone: str) -> list[tuple[datetime, datetime]]:
    found = []
    while starts < ends:
        until = min(ends, starts + LONGEST, _month_after(starts, zone))
        found.append((starts, until))
        starts = until
    return found


def _month_after(moment: datetime, zone: str) -> datetime:
    """The midnight at which the practice's next month begins."""
    local = moment.astimezone(ZoneInfo(zone)).date()
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(0), ZoneInfo(zone)).astimezone(UTC)


def first_whole_second(moment: datetime) -> datetime:
    """The first whole second that has wholly begun: a clock started within one does not count what was before."""
    floor = moment.replace(microsecond=0)
    return floor if floor == moment else floor + timedelta(seconds=1)
