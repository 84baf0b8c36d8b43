"""Days and moments as they are typed."""

from datetime import datetime

from domain.refusals import FieldError
from ui.page import reject


def moment_of(name: str, text: str) -> datetime:
    """The moment typed into a field, without a zone; refused at the field when it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        reject(FieldError(name, "date.invalid", "Enter a date and a time."))
        raise


def month_asked(text: str) -> tuple[int, int] | tuple[None, None]:
    """The year and month in an address, as `2026-10`; neither when it says something else."""
    year, _, month = text.partition("-")
    plain = text.isascii() and year.isdigit() and month.isdigit() and len(year) < 5 and len(month) < 3
    return (int(year), int(month)) if plain else (None, None)
