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
