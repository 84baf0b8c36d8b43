"""Open hours of a week as people type them: `09:00-12:00, 13:00-17:00`, an empty day is closed."""

import re
from collections.abc import Sequence
from datetime import time

from domain.refusals import FieldError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_INTERVALS = 6
StoredWeek = list[list[list[str]]]
_INTERVAL = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})", re.ASCII)


def stored_week(typed: Sequence[str]) -> tuple[StoredWeek, list[FieldError]]:
    """The week as it is stored, and what is wrong with it, at `week.0` (Monday) to `week.6`."""
    if len(typed) != len(DAYS):
        return [], [
            FieldError("week", "week.days", "Give seven days, Monday to Sunday; a closed day is empty.")
        ]
    week: StoredWeek = []
    faults: list[FieldError] = []
    for number, text in enumerate(typed):
        hours = _hours(text)
        if hours is None:
            words = "Enter hours such as 09:00-12:00, 13:00-17:00, in order; leave a closed day empty."
            faults.append(FieldError(f"week.{number}", "week.hours", words))
        week.append(hours or [])
    if not faults and not any(week):
        faults.append(FieldError("week.0", "week.never_open", "Give at least one day open hours."))
    return week, faults


def shown_week(stored: StoredWeek) -> list[str]:
    """The stored week as people type it."""
    return [", ".join(f"{begins}-{ends}" for begins, ends in day) for day in stored]


def _hours(text: str) -> list[list[str]] | None:
    """The intervals of a day in order; None when they cannot be read, overlap or end before they begin."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_INTERVALS:
        return None
    found: list[list[str]] = []
    before = -1
    for part in parts:
        match = _INTERVAL.fullmatch(part)
        begins, ends = (_minutes(match[1]), _minutes(match[2])) if match else (None, None)
        if begins is None or ends is None:
            return None
        # Midnight as an end is that of the next day.
        until = ends or 24 * 60
        if begins < before or until <= begins:
            return None
        before = until
        found.append([_clock(begins), _clock(ends)])
    return found


def _minutes(text: str) -> int | None:
    try:
        at = time.fromisoformat(text.zfill(5))
    except ValueError:
        return 0 if text == "24:00" else None
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
