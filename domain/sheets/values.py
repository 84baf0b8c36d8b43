"""How cells are read: dates, clock times, lengths of time and choices in the forms that spreadsheets hold."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from domain.clientele import is_npi
from domain.codes.postal import STATES
from domain.sheets.columns import Unreadable

_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%Y/%m/%d", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y")  # fmt: skip
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I %p", "%I%p")
_DATED = re.compile(r"(\S+(?: \d+, \d+)?)[ T](\d.*)")
# Excel counts days from here; five digits are such a count where a date is expected.
_EXCEL = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-7]\d{4}(\.0+)?")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_LENGTH = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0", "-"})


def words(longest: int = 120) -> Callable[[str], str]:
    """A text of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise Unreadable(f"Use at most {longest} characters.")
        return text

    return read


def day(text: str) -> date:
    """A calendar date in the forms in use, also Excel's own count of days; a clock time behind it is left aside."""
    if _SERIAL.fullmatch(text):
        return _EXCEL + timedelta(days=int(float(text)))
    dated = _DATED.fullmatch(text)
    for one in (text, dated[1] if dated and _clock(dated[2]) else ""):
        for form in _DATES:
            try:
                return datetime.strptime(one, form).date()  # noqa: DTZ007 - a calendar date has no zone
            except ValueError:
                continue
    raise Unreadable("Enter a date such as 2026-11-03 or 11/03/2026.")


def clock(text: str) -> time | datetime:
    """A clock time such as 14:30 or 2:30 PM, Excel's part of a day, or with its date in front of it (without a zone)."""
    dated = _DATED.fullmatch(text)
    if dated and (found := _clock(dated[2])) is not None:
        return datetime.combine(day(dated[1]), found)
    found = _clock(text)
    if found is None:
        raise Unreadable("Enter a clock time such as 14:30 or 2:30 PM.")
    return found


def _clock(text: str) -> time | None:
    typed = text.upper().replace("A.M.", "AM").replace("P.M.", "PM")
    for form in _CLOCKS:
        try:
            return datetime.strptime(typed, form).time()  # noqa: DTZ007 - a clock has no zone
        except ValueError:
            continue
    part = _decimal(text)
    if part is None or not 0 < part < 1:
        return None
    seconds = round(part * 86_400)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60) if seconds < 86_400 else None


def seconds(text: str) -> int:
    """A length of time in minutes (`20`, `12.5`), or as hours and minutes (`1:05`, `0:20:30`), in whole seconds."""
    if found := _LENGTH.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        length = hours * 3600 + minutes * 60 + rest
    else:
        typed = _decimal(re.sub(r"\s*(min|mins|minutes|m)\.?$", "", text.lower()))
        exact = typed * 60 if typed is not None else Decimal("0.5")
        length = int(exact) if exact == int(exact) else 0
    if not 0 < length <= 86_400:
        raise Unreadable("Enter minutes such as 20 or 12.5, or hours and minutes such as 1:05.")
    return length


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number in a range."""

    def read(text: str) -> int:
        found = _decimal(text)
        if found is None or found != int(found) or not low <= found <= high:
            raise Unreadable(f"Enter a whole number from {low} to {high}.")
        return int(found)

    return read


def yes(text: str) -> bool:
    """Yes or no."""
    if text.lower() not in _YES | _NO:
        raise Unreadable("Enter yes or no.")
    return text.lower() in _YES


def one_of(choices: Mapping[str, Collection[str]], message: str) -> Callable[[str], str]:
    """A choice by its code or by one of its words, without case."""
    known = {code.casefold(): code for code in choices}
    known |= {word.casefold(): code for code, named in choices.items() for word in named}

    def read(text: str) -> str:
        found = known.get(" ".join(text.casefold().split()))
        if found is None:
            raise Unreadable(message)
        return found

    return read


def email(text: str) -> str:
    """An e-mail address in lower case."""
    if len(text) > 200 or not _EMAIL.fullmatch(text):
        raise Unreadable("Enter an e-mail address.")
    return text.lower()


def npi(text: str) -> str:
    """An NPI."""
    if not is_npi(text):
        raise Unreadable("Enter the ten digits of the NPI; check each digit.")
    return text


def zone(text: str) -> str:
    """A time zone by its IANA name, or by the name that people here give it."""
    found = _ZONES.get(text.casefold(), text)
    if found not in available_timezones():
        raise Unreadable("Enter a time zone such as America/Chicago.")
    return found


_ZONES = {
    **dict.fromkeys(("eastern", "est", "edt", "et", "eastern time"), "America/New_York"),
    **dict.fromkeys(("central", "cst", "cdt", "ct", "central time"), "America/Chicago"),
    **dict.fromkeys(("mountain", "mst", "mdt", "mt", "mountain time"), "America/Denver"),
    **dict.fromkeys(("pacific", "pst", "pdt", "pt", "pacific time"), "America/Los_Angeles"),
    **dict.fromkeys(("arizona",), "America/Phoenix"),
    **dict.fromkeys(("alaska", "akst", "akdt"), "America/Anchorage"),
    **dict.fromkeys(("hawaii", "hst"), "Pacific/Honolulu"),
}


def states(text: str) -> tuple[str, ...]:
    """States by their two letters, apart by commas, semicolons or blanks."""
    found = tuple(dict.fromkeys(part.upper() for part in re.split(r"[;,\s/]+", text) if part))
    if wrong := [one for one in found if one not in STATES]:
        raise Unreadable(f"Enter states by two letters, such as IL, WI; not {wrong[0][:20]}.")
    return found


def postal_code(text: str) -> str:
    """A ZIP code; the leading zero that a spreadsheet takes from a number is given back."""
    digits = re.sub(r"[\s-]", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) in (3, 4, 7, 8):
        digits = digits.zfill(5 if len(digits) < 5 else 9)
    return digits


def listed(text: str) -> tuple[str, ...]:
    """Parts that stand apart by semicolons, commas or bars."""
    return tuple(part.strip() for part in re.split(r"[;,|]", text) if part.strip())


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None
