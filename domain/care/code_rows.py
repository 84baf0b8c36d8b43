"""The table of care codes as rows of a decision table: read into what the engine reckons with, written, and checked.

A row's answers are by the keys of `domain/rules/catalogue.py: CARE_CODES`; keys and programmes are stored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

from domain.care.codes import STANDARD, CodeTable, MonthlyCode, TimedCode, Track, TransitionalCode
from domain.care.entries import Programme

Answers = Mapping[str, Any]
TRANSITIONAL = "tcm"
PROGRAMMES = (*Programme, TRANSITIONAL)
_CODE = re.compile(r"[0-9A-Z]{5}")
_TIMED = ("whose", "seconds", "choice")
_ADD_ON = ("add_on", "add_on_seconds", "most_units")
_WORDS = {
    "whose": "whose time it counts",
    "seconds": "the seconds of its base",
    "choice": "its place in the order of choice",
    "level": "its level",
    "add_on": "the add-on",
    "add_on_seconds": "the seconds of each unit of the add-on",
}


class RowFault(NamedTuple):
    """What is wrong with a row, counted from 0, and in which column."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Need:
    """What patients are in: a programme, with decisions of higher complexity, or on a level of APCM."""

    programme: Programme
    complex: bool = False
    level: int | None = None


def table_of(rows: Iterable[Answers], name: str = "") -> CodeTable:
    """The rows for the engine; they have passed `faults`."""
    timed: list[TimedCode] = []
    monthly: list[MonthlyCode] = []
    transitional: list[TransitionalCode] = []
    for row in rows:
        code, (since, until) = row["code"], _days(row)
        if row["programme"] == TRANSITIONAL:
            transitional.append(TransitionalCode(code, since, until))
        elif row["programme"] == Programme.APCM:
            monthly.append(MonthlyCode(code, row["level"], since, until))
        else:
            timed.append(_timed(row, since, until))
    return CodeTable(tuple(timed), tuple(monthly), tuple(transitional), name)


def rows_of(table: CodeTable) -> tuple[dict[str, Any], ...]:
    """The rows of a table as answers; `table_of` makes the same table of them."""
    timed = (
        {
            "code": row.code, "programme": str(row.programme), "whose": str(row.track), "seconds": row.base_seconds,
            "add_on": row.add_on, "add_on_seconds": row.add_on_seconds if row.add_on else None, "most_units": row.cap,
            "choice": row.rank, "complex": row.complex or None, **_dated(row.since, row.until),
        }
        for row in table.timed
    )  # fmt: skip
    monthly = (
        {
            "code": row.code,
            "programme": str(Programme.APCM),
            "level": row.level,
            **_dated(row.since, row.until),
        }
        for row in table.monthly
    )
    transitional = (
        {"code": row.code, "programme": TRANSITIONAL, **_dated(row.since, row.until)}
        for row in table.transitional
    )
    rows = (*timed, *monthly, *transitional)
    return tuple({key: value for key, value in row.items() if value not in (None, "")} for row in rows)


def faults(rows: Sequence[Answers]) -> Iterator[RowFault]:
    """What makes a table unfit to reckon with, beyond what its columns allow."""
    unfit = [fault for number, row in enumerate(rows) for fault in _row_faults(number, row)]
    yield from unfit or _faults_between(rows)


def unmet(table: CodeTable, needs: Iterable[Need], today: date) -> Iterator[tuple[Need, date]]:
    """Needs that no base code answers, each with the first day from today on that lacks it."""
    days = _turns(table, today)
    for need in needs:
        lacking = next((day for day in days if not _met(table.on(day), need)), None)
        if lacking is not None:
            yield need, lacking


def _timed(row: Answers, since: date, until: date | None) -> TimedCode:
    return TimedCode(
        row["code"],
        Programme(row["programme"]),
        Track(row["whose"]),
        row["seconds"],
        row.get("add_on") or "",
        row.get("add_on_seconds") or 0,
        row["choice"],
        row.get("most_units"),
        bool(row.get("complex")),
        since,
        until,
    )


def _days(row: Answers) -> tuple[date, date | None]:
    until = row.get("until")
    return date.fromisoformat(row["since"]), date.fromisoformat(until) if until else None


def _dated(since: date, until: date | None) -> dict[str, Any]:
    return {"since": since.isoformat(), "until": until.isoformat() if until else None}


def _row_faults(number: int, row: Answers) -> Iterator[RowFault]:
    for key in ("code", "add_on"):
        if row.get(key) and not _CODE.fullmatch(row[key]):
            yield RowFault(number, key, "A code has five characters: digits and capital letters.")
    since, until = _days(row)
    if until is not None and until < since:
        yield RowFault(number, "until", "It ends before it begins.")
    for key in ("seconds", "add_on_seconds", "most_units", "choice", "level"):
        if not isinstance(row.get(key, 0), int):
            yield RowFault(number, key, "Write a whole number: nothing is rounded here.")
    yield from _shape_faults(number, row)


def _shape_faults(number: int, row: Answers) -> Iterator[RowFault]:
    """What a programme's codes have, all of it and nothing else."""
    needed: tuple[str, ...] = _TIMED
    allowed: tuple[str, ...] = (*_TIMED, *_ADD_ON, "complex")
    if row["programme"] == Programme.APCM:
        needed = allowed = ("level",)
    elif row["programme"] == TRANSITIONAL:
        needed = allowed = ()
    elif row.get("add_on") or row.get("add_on_seconds") is not None or row.get("most_units") is not None:
        needed = (*_TIMED, "add_on", "add_on_seconds")
    for key in needed:
        if not row.get(key):
            yield RowFault(number, key, f"Say {_WORDS[key]}.")
    for key in (*_TIMED, *_ADD_ON, "complex", "level"):
        if key not in allowed and row.get(key) not in (None, False):
            yield RowFault(number, key, f"Leave it empty: a code of {row['programme'].upper()} has none.")


def _faults_between(rows: Sequence[Answers]) -> Iterator[RowFault]:
    """What two rows cannot both say while both are in force."""
    for (first, one), (second, other) in combinations(enumerate(rows), 2):
        if not _together(one, other):
            continue
        before = f"row {first + 1}"
        if one["code"] == other["code"]:
            yield RowFault(
                second, "code", f"{one['code']} is in force twice: end {before} before this one begins."
            )
        for number, base, beside in ((first, one, other), (second, other, one)):
            if base.get("add_on") == beside["code"]:
                yield RowFault(
                    number, "add_on", f"{base['add_on']} is a base code of its own on the same days."
                )
        if one["programme"] == other["programme"]:
            yield from _choice_faults(second, one, other, before)
        elif one.get("add_on") and one.get("add_on") == other.get("add_on"):
            yield RowFault(second, "add_on", f"{one['add_on']} belongs to another programme in {before}.")


def _choice_faults(number: int, one: Answers, other: Answers, before: str) -> Iterator[RowFault]:
    for key, words in (("choice", "place in the order of choice"), ("level", "level")):
        if one.get(key) is not None and one.get(key) == other.get(key):
            yield RowFault(number, key, f"The code of {before} has the same {words} on the same days.")


def _together(one: Answers, other: Answers) -> bool:
    """Whether some day lies in both rows."""
    (since, until), (begins, ends) = _days(one), _days(other)
    return (until is None or begins <= until) and (ends is None or since <= ends)


def _turns(table: CodeTable, today: date) -> list[date]:
    """Today, and each later day from which other rows are in force."""
    rows: tuple[TimedCode | MonthlyCode, ...] = (*table.timed, *table.monthly)
    begun = {row.since for row in rows}
    over = {row.until + timedelta(days=1) for row in rows if row.until is not None}
    return sorted({today} | {day for day in begun | over if day > today})


def _met(rows: CodeTable, need: Need) -> bool:
    if need.programme is Programme.APCM:
        return any(row.level == need.level for row in rows.monthly)
    return any(row.programme == need.programme and row.complex == need.complex for row in rows.timed)


STANDARD_ROWS = rows_of(STANDARD)
