"""Element values to Python and back: money in integer cents, dates, quantities, composites."""

import re
from datetime import date
from decimal import Decimal

from domain.x12.errors import Unreadable

_AMOUNT = re.compile(r"(-?)(\d{0,15})(?:\.(\d{0,2})0*)?\Z", re.ASCII)
_QUANTITY = re.compile(r"-?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})\Z", re.ASCII)
_CACHE_LIMIT = 8_192


class _Cents(dict[str, int]):
    """A bounded memory of amounts already read: remittances repeat few texts very often."""

    def __missing__(self, text: str) -> int:
        whole, _, fraction = text.partition(".")
        digits = whole + fraction
        # The usual form of an amount; everything else goes the careful way.
        usual = len(fraction) == 2 and len(digits) <= 17 and digits.isascii() and digits.isdigit()
        value = int(digits) if usual else _parse_cents(text)
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[text] = value
        return value


class _Days(dict[str, "date | None"]):
    def __missing__(self, text: str) -> date | None:
        value = _parse_day(text)
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[text] = value
        return value


def _parse_cents(text: str) -> int:
    found = _AMOUNT.match(text)
    if found is None or not (found[2] or found[3]):
        raise Unreadable("x12_amount_not_numeric", "An amount is not a number with at most two decimals.")
    cents = int(found[2] or "0") * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if found[1] else cents


def _parse_day(text: str) -> date | None:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


CENTS = _Cents()
DAYS = _Days()


def cents(text: str) -> int:
    """An amount element as integer cents. Anything that is not a number raises Unreadable; it is never taken as 0."""
    return CENTS[text]


def optional_cents(text: str) -> int:
    """As `cents`, and 0 for an element that is not there."""
    return CENTS[text] if text else 0


def day(text: str) -> date | None:
    """A CCYYMMDD element; None when it is empty or no day of the calendar."""
    return DAYS[text] if text else None


def day_range(qualifier: str, text: str) -> tuple[date | None, date | None]:
    """DTP02 and DTP03 as first and last day; D8 gives the same day twice."""
    if qualifier == "RD8":
        first, _, last = text.partition("-")
        return day(first), day(last)
    return day(text), day(text)


def quantity(text: str) -> Decimal:
    """A quantity element; Unreadable when it is not a number."""
    if not _QUANTITY.match(text):
        raise Unreadable("x12_quantity_not_numeric", "A quantity is not a number.")
    return Decimal(text)


def money(value: int) -> str:
    """Integer cents as an R element without needless zeros: 10000 is `100`, 1050 `10.5`, 5 `.05`."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(value, 100)
    fraction = f".{rest:02d}".rstrip("0").rstrip(".")
    return f"{sign}{whole if whole or not fraction else ''}{fraction}"


def plain(value: Decimal) -> str:
    """A quantity as an R element, without exponent or needless zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def ccyymmdd(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"
