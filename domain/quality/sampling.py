"""Samples that anybody can draw again: the same population, size, method and seed give the same claims."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from random import Random
from uuid import UUID


class Method(StrEnum):
    """How a sample is drawn. Values are stored: never rename one."""

    RANDOM = "random"
    PAYER = "payer"
    OUTCOME = "outcome"


METHOD_WORDS = {
    Method.RANDOM: "Random",
    Method.PAYER: "Stratified by payer",
    Method.OUTCOME: "Stratified by outcome",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the population. `stratum` is its payer or outcome; empty where the sample is not stratified."""

    id: UUID
    stratum: str = ""


def size_of(population: int, size: int | None, rate_percent: int | None) -> int:
    """How many to draw: so many, or this share rounded up; never more than there are."""
    wanted = size if size is not None else ceil(population * (rate_percent or 0) / 100)
    return max(0, min(population, wanted))


def draw(population: Sequence[Candidate], size: int, seed: int, method: Method) -> list[Candidate]:
    """The sample in the order of ids. Strata get shares in proportion, and one each as far as the size goes.

    The order in which the population is given, and members given twice, make no difference.
    """
    known = {one.id: one for one in population}
    ordered = [known[key] for key in sorted(known)]
    if method is Method.RANDOM:
        chosen = Random(seed).sample(ordered, min(size, len(ordered)))
        return sorted(chosen, key=lambda one: one.id)
    strata: dict[str, list[Candidate]] = defaultdict(list)
    for one in ordered:
        strata[one.stratum].append(one)
    shares = allocation({name: len(members) for name, members in strata.items()}, size)
    chosen = []
    for name, count in shares.items():
        chosen += Random(f"{seed}:{name}").sample(strata[name], count)
    return sorted(chosen, key=lambda one: one.id)


def allocation(sizes: dict[str, int], size: int) -> dict[str, int]:
    """How many to draw of each stratum: in proportion by largest remainder, at least one each where the size allows."""
    whole = sum(sizes.values())
    wanted = min(size, whole)
    names = sorted(name for name, members in sizes.items() if members)
    if wanted < len(names):
        largest = sorted(names, key=lambda name: (-sizes[name], name))[:wanted]
        return dict.fromkeys(sorted(largest), 1)
    given = {name: max(1, wanted * sizes[name] // whole) for name in names}
    while (missing := wanted - sum(given.values())) != 0:
        step = 1 if missing > 0 else -1
        able = [n for n in names if (given[n] < sizes[n] if step > 0 else given[n] > 1)]
        # The stratum that is furthest from its exact share moves first; names decide between equals.
        able.sort(key=lambda n: (step * (given[n] - wanted * sizes[n] / whole), n))
        given[able[0]] += step
    return given


def draw_second(chosen: Sequence[UUID], percent: int, seed: int) -> frozenset[UUID]:
    """Those of a sample that a second person reviews blind: this share rounded up."""
    ordered = sorted(chosen)
    return frozenset(Random(f"{seed}:second").sample(ordered, ceil(len(ordered) * percent / 100)))
