"""Dates and moments as people read them, in the practice's time zone, with the exact moment on hover."""

from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ui.parts.markup import Markup, span, time

_UNITS = (("d", 86400), ("h", 3600), ("min", 60))


def day(value: date | None) -> Markup:
    """`Nov 3, 2026`, or a dash."""
    if value is None:
        return span("–", cls="faint")
    return time(day_words(value), datetime=value.isoformat(), cls="figure")


def day_words(value: date) -> str:
    """`Nov 3, 2026`."""
    return f"{value:%b} {value.day}, {value.year}"


def exact(value: datetime, zone: str) -> str:
    """`Nov 3, 2026, 14:05 EST`."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day_words(local)}, {local:%H:%M %Z}"


def ago(value: datetime | None, zone: str) -> Markup:
    """How long ago, kept current by the page, with the exact moment on hover."""
    return _relative(value, zone, "past", "")


def due(value: datetime | None, zone: str) -> Markup:
    """How long until it is due, or how long over; never by colour alone."""
    if value is None:
        return span("–", cls="faint")
    left = (value - datetime.now(UTC)).total_seconds()
    return _relative(value, zone, "due", "over" if left < 0 else "soon" if left < 14400 else "")


def moment(value: datetime | None, zone: str) -> Markup:
    """The exact moment, for timelines and headers."""
    if value is None:
        return span("–", cls="faint")
    return time(exact(value, zone), datetime=value.isoformat(), cls="figure")


def _relative(value: datetime | None, zone: str, kind: Literal["past", "due"], tone: str) -> Markup:
    if value is None:
        return span("–", cls="faint")
    return time(
        _words((value - datetime.now(UTC)).total_seconds(), kind),
        datetime=value.isoformat(),
        title=exact(value, zone),
        data_relative=kind,
        cls=f"figure age {tone}".strip(),
    )


def _words(seconds: float, kind: Literal["past", "due"]) -> str:
    unit = next(((name, size) for name, size in _UNITS if abs(seconds) >= size), None)
    words = f"{int(abs(seconds) // unit[1])} {unit[0]}" if unit else "moments"
    if kind == "due":
        return f"{words} over" if seconds < 0 else f"in {words}"
    if seconds > 0:
        return f"in {words}"
    return f"{words} ago" if unit else "just now"
