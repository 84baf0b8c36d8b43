"""From counted seconds to codes, units and dates of service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.care.codes import CodeTable, TimedCode, Track
from domain.care.counting import Stretch
from domain.care.entries import Programme
from domain.care.month import Month


class ServiceDate(StrEnum):
    """Which day a line carries as its date of service. Values are stored: never rename one."""

    THRESHOLD_MET = "threshold_met"
    LAST_ACTIVITY = "last_activity"
    LAST_OF_MONTH = "last_of_month"


@dataclass(frozen=True, slots=True)
class Line:
    """A code that may be billed: `seconds` is what its units needed, `served_on` its date of service."""

    code: str
    units: int
    served_on: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The base code chosen for a programme and its lines, base first."""

    row: TimedCode
    lines: tuple[Line, ...]


def chosen(
    stretches: Sequence[Stretch],
    programme: Programme,
    table: CodeTable,
    month: Month,
    *,
    complex_decisions: bool,
    practitioner_as_staff: bool,
    service_date: ServiceDate,
    fees: Mapping[str, int],
) -> Choice | None:
    """The codes that a programme's seconds allow, or None when no base is reached.

    Of codes that exclude each other the one worth most is taken when `fees` (cents per unit by code) knows all of
    them, else the one of the lowest rank.
    """
    reached = []
    for row in table.timed:
        if row.programme != programme or (row.complex and not complex_decisions):
            continue
        counted = in_track(stretches, row.track, practitioner_as_staff=practitioner_as_staff)
        if sum(one.seconds for one in counted) >= row.base_seconds:
            reached.append(Choice(row, _lines(row, counted, month, service_date)))
    if not reached:
        return None
    known = all(line.code in fees for choice in reached for line in choice.lines)
    return min(reached, key=lambda choice: (-_worth(choice, fees) if known else 0, choice.row.rank))


def in_track(stretches: Sequence[Stretch], track: Track, *, practitioner_as_staff: bool) -> list[Stretch]:
    """The stretches that a code of this track counts."""
    if track == Track.PRACTITIONER:
        return [one for one in stretches if one.practitioner]
    return [one for one in stretches if one.staff or practitioner_as_staff]


def _lines(
    row: TimedCode, counted: Sequence[Stretch], month: Month, setting: ServiceDate
) -> tuple[Line, ...]:
    total = sum(one.seconds for one in counted)
    units = row.units(total)
    needed = [(row.code, 1, row.base_seconds)]
    if units:
        needed.append((row.add_on, units, row.base_seconds + units * row.add_on_seconds))
    return tuple(
        Line(code, times, _served_on(counted, seconds, month, setting), seconds)
        for code, times, seconds in needed
    )


def _served_on(counted: Sequence[Stretch], seconds: int, month: Month, setting: ServiceDate) -> date:
    """The date of service. The second that completes a threshold lies before the moment it is met, so midnight of the
    last day never dates a service on the first of the next month."""
    if setting == ServiceDate.LAST_OF_MONTH:
        return month.last
    if setting == ServiceDate.LAST_ACTIVITY:
        return month.day_of(counted[-1].ends - 1)
    left = seconds
    for stretch in counted:
        if stretch.seconds >= left:
            return month.day_of(stretch.starts + left - 1)
        left -= stretch.seconds
    raise ValueError("The counted seconds do not reach what the line needs.")


def _worth(choice: Choice, fees: Mapping[str, int]) -> int:
    return sum(fees[line.code] * line.units for line in choice.lines)
