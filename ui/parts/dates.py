"""Dates as people and browsers type them."""

from datetime import date, datetime

_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m%d%Y")


def date_of(text: str) -> date | None:
    """The calendar date in a field, or None when there is none that can be read."""
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    return None
