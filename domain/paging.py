"""Pages by key: a page of rows and the cursor after the last one. There is no page number and no total."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.refusals import Invalid

T = TypeVar("T")
PAGE = 50
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the opaque cursor of the following page, None on the last."""

    items: list[T]
    next: str | None = None


def encode_cursor(*key: Any) -> str:
    """The sort key of the last row shown, as opaque text."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The sort key in a cursor; refuses what was not made by `encode_cursor` with the same length."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != length or any("\0" in str(part) for part in key):
        raise unreadable()
    return key


def unreadable() -> Invalid:
    """The refusal of a cursor that was not made here."""
    return Invalid(
        "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
    )


def page_size(limit: int, largest: int = LARGEST_PAGE) -> int:
    """A page size within bounds."""
    if not 1 <= limit <= largest:
        raise Invalid("limit.out_of_range", f"A page holds 1 to {largest} rows.", "Ask for fewer rows.")
    return limit


def uuid_in(cursor: str) -> UUID:
    """The id in a cursor made of one id."""
    try:
        return UUID(str(decode_cursor(cursor, 1)[0]))
    except ValueError:
        raise unreadable() from None


def moment_in(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    """The aware moment and the id in a cursor made of both; nothing without a cursor."""
    if not cursor:
        return None, None
    at, identifier = decode_cursor(cursor, 2)
    try:
        moment = datetime.fromisoformat(str(at))
        if moment.tzinfo is None:
            raise ValueError("without a time zone")
        return moment, UUID(str(identifier))
    except ValueError:
        raise unreadable() from None


def number_in(cursor: str) -> int:
    """The place in a cursor made of one count from 0, as an `integer` column holds it."""
    place = decode_cursor(cursor, 1)[0]
    if not isinstance(place, int) or not 0 <= place < 2**31:
        raise unreadable()
    return place
