"""The codes of care management as rows with dates: whose time, how much of it, and which codes exclude each other.

The standard's figures: CMS's rules for CCM, PCM, APCM and TCM; caps that no source confirms are None. A tenant may publish
rows of its own (`code_rows`). A code is a number here; the licensed descriptions are not carried.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from domain.care.entries import Programme


class Track(StrEnum):
    """Whose time a code counts."""

    STAFF = "staff"  # clinical staff; a practitioner's own time may stand in
    PRACTITIONER = "practitioner"  # the practitioner personally


@dataclass(frozen=True, slots=True)
class TimedCode:
    """A base code with its add-on, empty without one. `rank` orders codes that exclude each other, the first choice first.

    `cap` is the most units of the add-on in a month, None without one. In force from `since` up to and with `until`.
    """

    code: str
    programme: Programme
    track: Track
    base_seconds: int
    add_on: str
    add_on_seconds: int
    rank: int
    cap: int | None = None
    complex: bool = False  # asks for moderate or high complexity of decision making
    since: date = date(2022, 1, 1)
    until: date | None = None

    def units(self, seconds: int) -> int:
        """Units of the add-on beside the base: full increments only, never rounded up."""
        if not self.add_on:
            return 0
        whole = max(0, seconds - self.base_seconds) // self.add_on_seconds
        return whole if self.cap is None else min(whole, self.cap)


@dataclass(frozen=True, slots=True)
class MonthlyCode:
    """A code of APCM: once a calendar month, whatever the minutes."""

    code: str
    level: int
    since: date = date(2025, 1, 1)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TransitionalCode:
    """A code of transitional care management, which APCM excludes in its month."""

    code: str
    since: date = date(2013, 1, 1)
    until: date | None = None


TIMED = (
    TimedCode("99487", Programme.CCM, Track.STAFF, 3600, "99489", 1800, 1, complex=True),
    TimedCode("99491", Programme.CCM, Track.PRACTITIONER, 1800, "99437", 1800, 2),
    TimedCode("99490", Programme.CCM, Track.STAFF, 1200, "99439", 1200, 3, cap=2),
    TimedCode("99424", Programme.PCM, Track.PRACTITIONER, 1800, "99425", 1800, 1),
    TimedCode("99426", Programme.PCM, Track.STAFF, 1800, "99427", 1800, 2),
)
MONTHLY = (MonthlyCode("G0556", 1), MonthlyCode("G0557", 2), MonthlyCode("G0558", 3))
TRANSITIONAL = (TransitionalCode("99495"), TransitionalCode("99496"))

Row = TypeVar("Row", TimedCode, MonthlyCode, TransitionalCode)


@dataclass(frozen=True)
class CodeTable:
    """The rows that a month is reckoned with. `name` says whose version they are; empty for the standard's."""

    timed: tuple[TimedCode, ...] = TIMED
    monthly: tuple[MonthlyCode, ...] = MONTHLY
    transitional: tuple[TransitionalCode, ...] = TRANSITIONAL
    name: str = ""

    def on(self, day: date) -> "CodeTable":
        """The rows in force on a day."""
        found = self._days.get(day)
        if found is None:
            found = CodeTable(
                tuple(_in_force(self.timed, day)),
                tuple(_in_force(self.monthly, day)),
                tuple(_in_force(self.transitional, day)),
                self.name,
            )
            self._days[day] = found
        return found

    @cached_property
    def _days(self) -> "dict[date, CodeTable]":
        """A close asks for the same day for each of its patients."""
        return {}

    @cached_property
    def version(self) -> str:
        """Names exactly these rows: twelve hexadecimal digits of their hash, after whose they are."""
        # Packets name the standard's rows so since before those of TCM had dates.
        rows = (self.timed, self.monthly, *([self.transitional] if self.transitional != TRANSITIONAL else ()))
        digits = sha256(repr(rows).encode()).hexdigest()[:12]
        return f"{self.name} ({digits})" if self.name else digits

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that an edit of care management looks at."""
        return frozenset((*self.billable, *(row.code for row in self.transitional)))

    @cached_property
    def billable(self) -> tuple[str, ...]:
        """The codes that a month of care can come to, each base before its add-on."""
        timed = (code for row in self.timed for code in (row.code, row.add_on) if code)
        return (*timed, *(row.code for row in self.monthly))

    def base_of(self, add_on: str) -> frozenset[str]:
        """The base codes beside which an add-on may stand; empty when the code is no add-on."""
        return frozenset(row.code for row in self.timed if row.add_on == add_on)

    def most_units(self, code: str) -> int | None:
        """The most units of an add-on in a month; None without a cap, and for a code that is no add-on."""
        caps = [row.cap for row in self.timed if row.add_on == code]
        known = [cap for cap in caps if cap is not None]
        return max(known) if caps and len(known) == len(caps) else None

    def family(self, code: str) -> Programme | None:
        """The programme of a base, an add-on or a monthly code."""
        if any(row.code == code for row in self.monthly):
            return Programme.APCM
        return next((row.programme for row in self.timed if code in (row.code, row.add_on)), None)


def apcm_level(conditions: int, *, qmb: bool) -> int:
    """The level of APCM: 1 up to one chronic condition, 2 from two, 3 for a Qualified Medicare Beneficiary with two."""
    if conditions < 2:
        return 1
    return 3 if qmb else 2


def _in_force(rows: Iterable[Row], day: date) -> Iterable[Row]:
    return (row for row in rows if row.since <= day and (row.until is None or day <= row.until))


STANDARD = CodeTable()
"""The rows as Medicare publishes them: those of whoever publishes none of their own."""
