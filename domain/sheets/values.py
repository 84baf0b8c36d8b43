"""How cells are read: dates, clock times, lengths of time and choices in the forms that spreadsheets hold."""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from domain.clientele import is_npi
from domain.codes.postal import STATES
from domain.sheets.columns import Unreadable

_DATES = ("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y")
# The forms that nearly every cell has: year first, or month first with a year of two or four digits.
_YEAR_FIRST = re.compile(r"(\d{4})([-/]?)(\d\d?)\2(\d\d?)")
_MONTH_FIRST = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)")
_CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I %p", "%I%p")
_DATED = re.compile(r"(\S+(?: \d+, \d+)?)[ T](\d.*)")
# Excel counts days from here; five digits are such a count where a date is expected.
_EXCEL = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-7]\d{4}(\.0+)?")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_LENGTH = re.compile(r"(\d{0,3}):([0-5]\d)(?::([0-5]\d))?")
_SPOKEN = re.compile(
    r"(?=.*\d)(?:(?P<h>\d{1,3}(?:\.\d{1,6})?) ?(?:hours?|hrs?|h)\.?)? ?"
    r"(?:(?P<m>\d{1,4}(?:\.\d{1,6})?) ?(?:minutes?|mins?|m)\.?)?"
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
OLDEST = 115
"""Years that a patient can be old."""
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
    found = _day(text) or (_day(dated[1]) if dated and _clock(dated[2]) is not None else None)
    if found is None:
        raise Unreadable("Enter a date such as 2026-11-03 or 11/03/2026.")
    return found


def _day(text: str) -> date | None:
    try:
        if year_first := _YEAR_FIRST.fullmatch(text):
            bare = not year_first[2]  # then every digit counts: 20261103
            return date(*map(int, year_first.group(1, 3, 4))) if not bare or len(text) == 8 else None
        if month_first := _MONTH_FIRST.fullmatch(text):
            month, on, year = (int(part) for part in month_first.group(1, 3, 4))
            return date(year + _century(year), month, on)
    except ValueError:
        return None  # 02/30: no such day
    for form in _DATES:
        with suppress(ValueError):  # then in another form, or in none
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
    return None


def _century(year: int) -> int:
    """What is missing of a year with two digits, as everybody reads it: 68 is 2068, 69 is 1969."""
    return 0 if year > 99 else 2000 if year < 69 else 1900


def born(text: str, today: date) -> date:
    """A birth date. A year with two digits is that which somebody alive can have been born in; where two can be, neither
    is guessed: a wrong century would make somebody another person."""
    found = day(text)
    if re.search(r"\d{4}", text):
        return found
    possible = [
        one
        for century in (1900, 2000)
        if (one := _in_year(found, century + found.year % 100)) is not None
        and one <= today
        and today.year - one.year <= OLDEST
    ]
    if len(possible) != 1:
        raise Unreadable("Enter the year of birth with four digits.")
    return possible[0]


def _in_year(found: date, year: int) -> date | None:
    try:
        return found.replace(year=year)
    except ValueError:
        return None  # February 29 of a year that has none


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
    """A length of time in minutes (`20`, `12.5`, `25 min`), or as hours and minutes (`1:05`, `0:20:30`, `1 h 5 min`), in
    whole seconds: what is left of one is dropped, never added."""
    length = Decimal(0)
    if found := _LENGTH.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        length = Decimal(hours * 3600 + minutes * 60 + rest)
    elif found := _SPOKEN.fullmatch(text.casefold()):
        length = Decimal(found["h"] or 0) * 3600 + Decimal(found["m"] or 0) * 60
    elif (typed := _decimal(text)) is not None:
        if 0 < typed < 1:
            raise Unreadable("Enter minutes, not hours or a part of a day: 20, 12.5 or 0:20.")
        length = typed * 60
    if not 1 <= length <= 86_400:
        raise Unreadable("Enter minutes such as 20 or 12.5, or hours and minutes such as 1:05.")
    return int(length)


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


def person(text: str) -> str:
    """Somebody who works here, by e-mail or by name."""
    return email(text) if "@" in text else words()(text)


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


def name_parts(text: str) -> tuple[str, str, str]:
    """Last, first and middle name of `Lopez, Maria A` or `Maria A Lopez`; `Jr` and the like stay with the last name. More
    words without a comma could be parted in several ways, and are not guessed."""
    last, comma, rest = (part.strip() for part in text.partition(","))
    if comma and rest.casefold().strip(".") in _SUFFIXES:  # Maria Lopez, Jr
        text, comma = f"{last} {rest}", ""
    if not comma:
        words = text.split()
        suffix = words.pop() if len(words) > 2 and words[-1].casefold().strip(".") in _SUFFIXES else ""
        if len(words) > 3:
            raise Unreadable("Write this name as Last, First Middle.")
        last, rest = f"{words[-1]} {suffix}".strip() if words else "", " ".join(words[:-1])
    first, _, middle = rest.partition(" ")
    return last, first, middle.strip()


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
