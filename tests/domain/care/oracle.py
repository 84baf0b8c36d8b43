"""The law of care management done slowly: one second after the other, each asked what day it is there, one code after
the other, one unit after the other. Written from the rules alone; it shares nothing with the engine but the entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from domain.care.entries import Entry

# Base code: programme, whose time, its minutes; its add-on, the minutes of one unit, the most units.
LAW: Mapping[str, tuple[str, str, int, str, int, int | None]] = {
    "99487": ("ccm", "staff", 60, "99489", 30, None),
    "99491": ("ccm", "practitioner", 30, "99437", 30, None),
    "99490": ("ccm", "staff", 20, "99439", 20, 2),
    "99424": ("pcm", "practitioner", 30, "99425", 30, None),
    "99426": ("pcm", "staff", 30, "99427", 30, None),
}
MONTHLY = {1: "G0556", 2: "G0557", 3: "G0558"}
TRANSITIONAL = {"99495", "99496"}


@dataclass(frozen=True)
class Days:
    """A patient in a programme from a day up to and with another."""

    programme: str
    first: date
    last: date


@dataclass(frozen=True)
class Verdict:
    """Seconds by programme, and of each code its units and day of service."""

    counted: dict[str, int]
    lines: dict[str, tuple[int, date]]


def month_by_hand(
    entries: Iterable[Entry],
    calendar: tuple[int, int, str],
    enrolled: Sequence[Days],
    *,
    complex_decisions: bool,
    stands_in: bool,
    level: int | None,
) -> Verdict:
    """What the law says of a month (year, number, zone). `stands_in`: a practitioner's time counts as staff time."""
    year, number, zone = calendar
    owned: dict[str, dict[int, set[str]]] = {"ccm": {}, "pcm": {}, "apcm": {}}
    for second, claims in _claimed(entries, calendar, enrolled).items():
        programme = next(one for one in owned if one in {what for what, _ in claims})
        owned[programme][second] = {who for what, who in claims if what == programme}
    lines: dict[str, tuple[int, date]] = {}
    for programme in ("ccm", "pcm"):
        lines |= _billed(owned[programme], programme, zone, complex_decisions, stands_in)
    days = {
        day for one in enrolled if one.programme == "apcm" for day in _month(year, number) if _in(one, day)
    }
    if days and level and (year, number) >= (2025, 1):
        lines[MONTHLY[level]] = (1, _month(year, number)[-1])
    return Verdict({programme: len(seconds) for programme, seconds in owned.items()}, lines)


def _claimed(
    entries: Iterable[Entry], calendar: tuple[int, int, str], enrolled: Sequence[Days]
) -> dict[int, set[tuple[str, str]]]:
    """Each second for which anybody may claim anything, with programme and credential."""
    year, number, zone = calendar
    rows = list(entries)
    replaced = {one.supersedes for one in rows}
    claims: dict[int, set[tuple[str, str]]] = {}
    for one in rows:
        if one.void or one.id in replaced or not one.approved or one.credential == "other":
            continue
        for second in range(one.starts, one.ends):
            day = local_day(zone, second)
            here = (day.year, day.month) == (year, number)
            if here and any(one.programme == days.programme and _in(days, day) for days in enrolled):
                claims.setdefault(second, set()).add((str(one.programme), str(one.credential)))
    return claims


def _billed(
    seconds: Mapping[int, set[str]], programme: str, zone: str, complex_decisions: bool, stands_in: bool
) -> dict[str, tuple[int, date]]:
    """The first base of the list that is reached, and its add-on."""
    for code, (of, whose, base, add_on, more, most) in LAW.items():
        if of != programme or (code == "99487" and not complex_decisions):
            continue
        wanted = (
            {"practitioner"}
            if whose == "practitioner"
            else {"clinical"} | ({"practitioner"} if stands_in else set())
        )
        track = sorted(second for second, who in seconds.items() if who & wanted)
        if len(track) < base * 60:
            continue
        units = 0
        while len(track) >= (base + (units + 1) * more) * 60 and units != most:
            units += 1
        lines = {code: (1, local_day(zone, track[base * 60 - 1]))}
        if units:
            lines[add_on] = (units, local_day(zone, track[(base + units * more) * 60 - 1]))
        return lines
    return {}


def edits_by_hand(
    lines: Sequence[tuple[str, str]], earlier: Sequence[tuple[str, str]]
) -> tuple[set[str], set[str]]:
    """What blocks and what only warns, of codes with their practitioners, about to be billed and billed already."""
    add_ons = {row[3]: base for base, row in LAW.items()}
    family = {code: row[0] for base, row in LAW.items() for code in (base, row[3])} | dict.fromkeys(
        MONTHLY.values(), "apcm"
    )
    everything = {*lines, *earlier}
    who = {
        name: {by for code, by in everything if family.get(code) == name} for name in ("ccm", "pcm", "apcm")
    }
    blocks, warns = set(), set()
    bases = [family[code] for code, _ in lines if code in family and code not in add_ons]
    before = {family[code] for code, _ in earlier if code in family}
    if len(bases) > len(set(bases)) or any(family.get(code) in before for code, _ in lines):
        blocks.add("care.same_month_twice")
    if any(code in add_ons and add_ons[code] not in {one for one, _ in everything} for code, _ in lines):
        blocks.add("care.add_on_without_base")
    if len(who["ccm"]) > 1:
        blocks.add("care.two_practitioners")
    beside = who["ccm"] or who["pcm"] or {code for code, _ in everything} & TRANSITIONAL
    if (who["apcm"] and beside) or who["ccm"] & who["pcm"]:
        blocks.add("care.overlapping_programmes")
    if who["ccm"] and who["pcm"] and not who["ccm"] & who["pcm"]:
        warns.add("care.overlapping_programmes")
    return blocks, warns


def local_day(zone: str, second: int) -> date:
    """The day that a second lies in. No clock of any zone changes within a quarter of an hour."""
    return _day_of_quarter(zone, second // 900)


@cache
def _day_of_quarter(zone: str, quarter: int) -> date:
    return datetime.fromtimestamp(quarter * 900, ZoneInfo(zone)).date()


def _in(days: Days, day: date) -> bool:
    return days.first <= day <= days.last


@cache
def _month(year: int, number: int) -> tuple[date, ...]:
    found = []
    for day in range(1, 32):
        try:
            found.append(date(year, number, day))
        except ValueError:
            break
    return tuple(found)
