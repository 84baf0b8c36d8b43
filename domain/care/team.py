"""A month of care as those who lead see it: whose minutes, which patients take more than their share, who has too much.

Everything here is reckoned from counted seconds and says how, so that a figure can be argued with.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from statistics import median
from uuid import UUID

from domain.care.counting import Piece, Why
from domain.care.entries import Programme
from domain.care.month import Month

# A patient takes more than their share from this many times the first code's time, and the median of the peers.
TIMES_THRESHOLD = 2.5
TIMES_PEERS = 2.5
FEWEST_PEERS = 5
# Of working hours, so much spent on patients is a full load: the rest goes to notes, meetings and ways.
FULL_LOAD = 0.85
LIGHT_LOAD = 0.45
ABOVE_PEERS = 1.5
BELOW_PEERS = 0.6
FEWEST_COLLEAGUES = 3
_COUNTED = (Why.COUNTED, Why.OTHER_TRACK)


@dataclass(frozen=True, slots=True)
class Spent:
    """Counted seconds that one person spent on one patient on one day of the practice."""

    patient_id: UUID
    staff_id: UUID
    day: date
    seconds: int


def spent_on(
    patient_id: UUID, pieces: Iterable[Piece], staff_of: Mapping[UUID, UUID], month: Month
) -> list[Spent]:
    """A patient's counted pieces by person and day, cut at the practice's midnight."""
    days, midnights = _midnights(month)
    found: dict[tuple[UUID, date], int] = {}
    for piece in pieces:
        if piece.why not in _COUNTED:
            continue
        starts, day = piece.starts, bisect_right(midnights, piece.starts)
        while starts < piece.ends:
            ends = min(piece.ends, midnights[day])
            key = (staff_of[piece.entry_id], days[day - 1])
            found[key] = found.get(key, 0) + ends - starts
            starts, day = ends, day + 1
    return [Spent(patient_id, staff, day, seconds) for (staff, day), seconds in found.items()]


@cache
def _midnights(month: Month) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """The days of a month and of the next one's first, and the epoch second at which each begins: the zone is asked once,
    not per piece."""
    days = (*month.days, month.last + timedelta(days=1))
    return days, tuple(month.midnight(day) for day in days)


@dataclass(frozen=True, slots=True)
class PatientShare:
    """A patient's counted seconds in a programme; `threshold` is the first code's time, 0 where none goes by minutes."""

    patient_id: UUID
    programme: Programme
    seconds: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Disproportion:
    """A patient who takes more than their share: so many times the first code's time (0: no such code) and the median
    of `peers` patients of the programme on whom time was spent (0: too few to compare)."""

    share: PatientShare
    times_threshold: float
    peers_median: int
    times_peers: float
    peers: int


def disproportionate(shares: Sequence[PatientShare]) -> list[Disproportion]:
    """Those far beyond both measures that apply to them, most seconds first.

    Beyond the threshold alone is no fault: some months need it. Beyond it and far beyond the peers is worth a look.
    """
    peers: dict[Programme, list[int]] = {}
    for one in shares:
        if one.seconds:
            peers.setdefault(one.programme, []).append(one.seconds)
    medians = {programme: int(median(found)) for programme, found in peers.items()}
    found = [_measured(one, medians, peers) for one in shares if one.seconds]
    return sorted(filter(_far_beyond, found), key=lambda one: (-one.share.seconds, str(one.share.patient_id)))


def _measured(
    one: PatientShare, medians: Mapping[Programme, int], peers: Mapping[Programme, list[int]]
) -> Disproportion:
    count = len(peers[one.programme])
    comparable = count >= FEWEST_PEERS
    middle = medians[one.programme] if comparable else 0
    return Disproportion(
        one,
        one.seconds / one.threshold if one.threshold else 0.0,
        middle,
        one.seconds / middle if middle else 0.0,
        count if comparable else 0,
    )


def _far_beyond(one: Disproportion) -> bool:
    measures = [
        *([one.times_threshold >= TIMES_THRESHOLD] if one.share.threshold else []),
        *([one.times_peers >= TIMES_PEERS] if one.peers else []),
    ]
    return bool(measures) and all(measures)


class Load(StrEnum):
    """How much a coordinator carries."""

    OVER = "over"
    FITTING = "fitting"
    UNDER = "under"
    UNKNOWN = "unknown"


LOADS: Mapping[Load, tuple[str, str]] = {
    Load.OVER: ("over-extended", "bad"),
    Load.FITTING: ("fitting", "ok"),
    Load.UNDER: ("under-extended", "warn"),
    Load.UNKNOWN: ("hours unknown", "neutral"),
}
"""The word and the tone of each."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a coordinator has done and has before them, in seconds: counted this month by the person, still missing for
    the first codes of the roster, working time of the whole month and what is left of it, absences taken off."""

    counted: int
    missing: int
    available: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Extension:
    """The verdict, and the share (1.0 is all working time) that it comes from; None without known hours."""

    load: Load
    share: float | None


def shares_of(carried: Iterable[Carried]) -> list[float]:
    """What each spends and still owes, as a share of working time; those without known hours are left out."""
    return [(one.counted + one.missing) / one.available for one in carried if one.available]


def extended(one: Carried, peers: Sequence[float] = ()) -> Extension:
    """Over-extended: what is missing does not fit into what is left, the month is more than a full load, or it is far
    above the peers' median. Under-extended: far below that median; with too few peers, less than a light load.

    `peers` are the shares of everybody, this one included.
    """
    if one.available is None or one.left is None:
        return Extension(Load.UNKNOWN, None)
    if one.available == 0:
        return Extension(Load.OVER if one.missing else Load.UNKNOWN, None)
    share = (one.counted + one.missing) / one.available
    usual = median(peers) if len(peers) >= FEWEST_COLLEAGUES else None
    too_much = share > FULL_LOAD or one.missing > FULL_LOAD * one.left
    if too_much or (usual is not None and share > LIGHT_LOAD and share > ABOVE_PEERS * usual):
        return Extension(Load.OVER, share)
    low = share < LIGHT_LOAD if usual is None else share < BELOW_PEERS * usual
    return Extension(Load.UNDER if low else Load.FITTING, share)


@dataclass(frozen=True, slots=True)
class Target:
    """What should be reached in a month, from a day on: counted minutes of a coordinator, and per cent of the patients
    with a code by minutes. For a person, a team, or with neither for everybody."""

    since: date
    minutes: int
    reached_percent: int
    user_id: UUID | None = None
    team_id: UUID | None = None


def target_for(
    targets: Iterable[Target], user_id: UUID | None, team_id: UUID | None, day: date
) -> Target | None:
    """The target in force on a day: the person's own, else the team's, else everybody's; of several the latest.

    `targets` come in the order in which they were set: of two from the same day the one set later counts.
    """
    begun = [one for one in targets if one.since <= day]
    nearest = [*([(user_id, None)] if user_id else []), *([(None, team_id)] if team_id else []), (None, None)]
    for wanted in nearest:
        fitting = [one for one in begun if (one.user_id, one.team_id) == wanted]
        if fitting:
            return max(enumerate(fitting), key=lambda pair: (pair[1].since, pair[0]))[1]
    return None
