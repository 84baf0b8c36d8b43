"""Whom to ask for a float assignment: each candidate's parts between 0 and 1, weighed, with the reason of each in words.

What cannot be rated counts as the average of those who can, and says so. Nothing here looks at who somebody is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.rates import Rate

WEIGHTS: Mapping[str, int] = {"skill_match": 30, "quality": 20, "load": 10, "continuity": 20, "overtime": 20}
"""What counts how much unless a tenant's own table says otherwise."""
PARTS: Mapping[str, str] = {
    "skill_match": "Skill",
    "quality": "Quality",
    "load": "Load",
    "continuity": "Continuity",
    "overtime": "Time",
}
HEAVIEST_LOAD = 20
"""So many open items in somebody's hands and more count alike."""
LONG_FAMILIAR = 20
"""So many touches of the client's or payers' claims and more count alike."""
HEAVIEST_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the assignment asks for. No skill: none is compared. `needed_seconds` is the working time of the period;
    `familiar` says what touches are counted of."""

    needed_seconds: int
    skill: str = ""
    level: int = 1
    familiar: str = "for this client"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a person. `level` 0: not of that skill; `touches`: how often they worked for this client or with
    its payers; `blocked` says why they cannot be asked at all."""

    user_id: UUID
    name: str
    level: int
    quality: Rate
    open_items: int
    touches: int
    free_seconds: int
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: `score` between 0 and 1, `weight` as weighed, `words` for people. `rated` False: taken as average."""

    code: str
    label: str
    score: float
    weight: float
    words: str
    rated: bool = True


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with their score between 0 and 1 and what it is made of."""

    user_id: UUID
    name: str
    score: float
    parts: tuple[Part, ...]
    free_seconds: int
    blocked: str = ""


def checked_weights(value: Mapping[str, object]) -> dict[str, float]:
    """The weights of a table; what is missing, negative or no number keeps its default, and so do all when all are 0."""
    found = {code: _weight(value.get(code), default) for code, default in WEIGHTS.items()}
    return found if any(found.values()) else {code: float(one) for code, one in WEIGHTS.items()}


def rank(
    candidates: Sequence[Candidate], wanted: Wanted, weights: Mapping[str, float] = WEIGHTS
) -> list[Ranked]:
    """Those who can be asked, the best first, then those who cannot; equals by name. Never raises."""
    lows = [one.quality.low for one in candidates if one.quality.low is not None and not one.blocked]
    average = sum(lows) / len(lows) if lows else None
    found = [_ranked(one, wanted, weights, average) for one in candidates]
    return sorted(found, key=lambda one: (bool(one.blocked), -one.score, one.name, str(one.user_id)))


def _ranked(one: Candidate, wanted: Wanted, weights: Mapping[str, float], average: float | None) -> Ranked:
    parts = [
        _skill(one, wanted, weights["skill_match"]) if wanted.skill else None,
        _accuracy(one, weights["quality"], average) if average is not None else None,
        _load(one, weights["load"]),
        _continuity(one, wanted, weights["continuity"]),
        _overtime(one, wanted, weights["overtime"]),
    ]
    counted = tuple(part for part in parts if part is not None)
    whole = sum(part.weight for part in counted)
    score = sum(part.score * part.weight for part in counted) / whole if whole else 0.0
    # Equal candidates must not be told apart by what floating point leaves over.
    return Ranked(one.user_id, one.name, round(score, 9), counted, one.free_seconds, one.blocked)


def _skill(one: Candidate, wanted: Wanted, weight: float) -> Part:
    asked = f"{wanted.skill} {wanted.level} asked"
    if one.level >= wanted.level:
        return _part("skill_match", 1.0, weight, f"{asked}, has {one.level}")
    words = f"{asked}, has {one.level}" if one.level else f"{asked}, has none"
    return _part("skill_match", 0.5 * one.level / wanted.level, weight, words)


def _accuracy(one: Candidate, weight: float, average: float) -> Part:
    low = one.quality.low
    if low is None:
        words = f"nothing to rate yet: counted as the average of the others ({_percent(average)})"
        return _part("quality", average, weight, words, rated=False)
    return _part(
        "quality", low, weight, f"{one.quality.words} of audited claims right, at least {_percent(low)}"
    )


def _load(one: Candidate, weight: float) -> Part:
    items = "1 open item" if one.open_items == 1 else f"{one.open_items} open items"
    return _part("load", 1 - min(one.open_items, HEAVIEST_LOAD) / HEAVIEST_LOAD, weight, f"{items} in hand")


def _continuity(one: Candidate, wanted: Wanted, weight: float) -> Part:
    if not one.touches:
        return _part("continuity", 0.0, weight, f"has not worked {wanted.familiar} in the last 180 days")
    times = "once" if one.touches == 1 else f"{one.touches} times"
    score = min(one.touches, LONG_FAMILIAR) / LONG_FAMILIAR
    return _part("continuity", score, weight, f"worked {wanted.familiar} {times} in the last 180 days")


def _overtime(one: Candidate, wanted: Wanted, weight: float) -> Part:
    over = max(wanted.needed_seconds - one.free_seconds, 0)
    needed, free = _hours(wanted.needed_seconds), _hours(one.free_seconds)
    score = 1 - over / wanted.needed_seconds if wanted.needed_seconds else 1.0
    words = f"{needed} h asked, {free} h free"
    return _part("overtime", score, weight, f"{words}: {_hours(over)} h over capacity" if over else words)


def _part(code: str, score: float, weight: float, words: str, *, rated: bool = True) -> Part:
    return Part(code, PARTS[code], min(max(score, 0.0), 1.0), float(weight), words, rated)


def _weight(value: object, default: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float(default)
    try:
        number = float(value)
    except ValueError:
        return float(default)
    return number if 0 <= number <= HEAVIEST_WEIGHT else float(default)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.1f}".removesuffix(".0")
