"""All rosters at once: what a solver is given in plain numbers, and what its answer means for people.

Licences and who may have patients at all are left out of the choices; fewest, most and the cap on moves hold unless that
is impossible, and then the answer says which of them is in the way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.care.assignment import Coordinator, Patient, fit_cost, hindrance

BANDS = ((0.10, 1.0), (0.25, 4.0), (None, 20.0))
"""Load above an even share: up to a tenth of it, up to a quarter, and more, each tenth of a patient at so many times the
weights of caseload and load by risk."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`costs[p]` holds the cost of each possible coordinator's index for a patient; `now[p]` the present one, else None.
    `shares` are even loads, by capacity."""

    costs: tuple[Mapping[int, float], ...]
    loads: tuple[int, ...]
    now: tuple[int | None, ...]
    fewest: tuple[int, ...]
    most: tuple[int, ...]
    shares: tuple[float, ...]
    weight: float
    most_moves: int | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """`chosen[p]`: the coordinator's index, None where a patient cannot be placed. What could not be held is counted:
    `below` by coordinator, `moves_above` the cap. `bound`: nothing cheaper than this can exist."""

    chosen: tuple[int | None, ...]
    below: Mapping[int, int]
    moves_above: int
    cost: float
    bound: float


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that is in the way: its code (licence, most, fewest, moves, nobody), and the sentence for people."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class RosterChange:
    """A coordinator's roster before and after: patients, and their load in tenths of a patient of middle risk."""

    coordinator_id: UUID
    name: str
    most: int
    before: int
    after: int
    load_before: int
    load_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rosters before and after. Languages are patients who are spoken to in their own, of those who need it."""

    rosters: tuple[RosterChange, ...]
    languages_needed: int
    languages_before: int
    languages_after: int
    cost_before: float
    cost_after: float


def problem_of(
    patients: Sequence[Patient],
    coordinators: Sequence[Coordinator],
    weights: Mapping[str, float],
    *,
    most_moves: int | None = None,
    only_unassigned: bool = False,
) -> Problem:
    """The numbers. With `only_unassigned` whoever has a coordinator who may have them stays there."""
    at = {one.id: number for number, one in enumerate(coordinators)}
    now = tuple(at.get(one.coordinator_id) if one.coordinator_id else None for one in patients)
    costs = []
    for patient, present in zip(patients, now, strict=True):
        possible = {
            number: fit_cost(patient, one, weights)
            for number, one in enumerate(coordinators)
            if not hindrance(patient, one)
        }
        if only_unassigned and present in possible and present is not None:
            possible = {present: possible[present]}
        costs.append(possible)
    loads = tuple(one.load for one in patients)
    able = [0 if one.blocked else one.capacity for one in coordinators]
    whole = sum(able) or 1
    return Problem(
        tuple(costs),
        loads,
        now,
        tuple(0 if one.blocked else one.fewest for one in coordinators),
        tuple(one.most for one in coordinators),
        tuple(sum(loads) * one / whole for one in able),
        weights["caseload"] + weights["risk_load"],
        most_moves,
    )


def overload_cost(load: float, share: float, weight: float) -> float:
    """What a load above an even share costs."""
    over, begins, cost = load - share, 0.0, 0.0
    for ends, times in BANDS:
        width = over - begins if ends is None else min(over, ends * share) - begins
        if width <= 0:
            break
        cost += width * times * weight
        begins = over if ends is None else ends * share
    return cost


def total_cost(problem: Problem, chosen: Sequence[int | None], patients_cost: float = 0.0) -> float:
    """What a choice costs altogether, by the measure that the solver makes least; the unplaced cost nothing here."""
    loads: Counter[int] = Counter()
    for costs, load, to in zip(problem.costs, problem.loads, chosen, strict=True):
        if to is not None:
            loads[to] += load
            patients_cost += costs.get(to, 0.0)
    over = sum(
        overload_cost(loads[number], share, problem.weight) for number, share in enumerate(problem.shares)
    )
    return patients_cost + over


def moves_of(problem: Problem, chosen: Sequence[int | None]) -> int:
    """How many change hands; whoever was nobody's does not count."""
    return sum(
        1 for old, new in zip(problem.now, chosen, strict=True) if old is not None and new not in (old, None)
    )


def obstacles(
    patients: Sequence[Patient], coordinators: Sequence[Coordinator], problem: Problem, found: Solution
) -> list[Obstacle]:
    """Which rules are in the way of a roster for everybody; none where it was found."""
    unplaced = [patient for patient, to in zip(patients, found.chosen, strict=True) if to is None]
    nowhere = {one.id for one, costs in zip(patients, problem.costs, strict=True) if not costs}
    lacking = Counter(one.state for one in unplaced if one.id in nowhere)
    told = [_unlicensed(state, count, coordinators) for state, count in sorted(lacking.items())]
    full = Counter(one.state for one in unplaced if one.id not in nowhere)
    if full:
        states = ", ".join(f"{count} in {state or 'no known state'}" for state, count in sorted(full.items()))
        words = f"Those who may have them are full: {_patients(sum(full.values()))} left over ({states})."
        told.append(Obstacle("most", words))
    for number, count in sorted(found.below.items()):
        one = coordinators[number]
        told.append(Obstacle("fewest", f"{one.name} cannot get {_patients(one.fewest)}: {count} short."))
    if found.moves_above:
        words = f"At most {problem.most_moves} may change hands: {found.moves_above} more would have to."
        told.append(Obstacle("moves", words))
    return told


def _unlicensed(state: str, count: int, coordinators: Sequence[Coordinator]) -> Obstacle:
    if not any(not one.blocked for one in coordinators):
        return Obstacle("nobody", f"Nobody can be given patients: {_patients(count)} left over.")
    words = f"No one licensed in {state}: {_patients(count)} left over."
    if unknown := sum(not one.blocked and not one.states for one in coordinators):
        words += f" No licence was entered for {unknown} of the coordinators."
    return Obstacle("licence", words)


def _patients(count: int) -> str:
    return "1 patient" if count == 1 else f"{count} patients"


def compare(
    patients: Sequence[Patient],
    coordinators: Sequence[Coordinator],
    problem: Problem,
    chosen: Sequence[int | None],
) -> Comparison:
    """The rosters before and after, coordinator by coordinator in their order."""
    before, after = _rosters(problem, problem.now), _rosters(problem, chosen)
    rosters = tuple(
        RosterChange(one.id, one.name, one.most, before[n][0], after[n][0], before[n][1], after[n][1])
        for n, one in enumerate(coordinators)
    )
    return Comparison(
        rosters,
        sum(1 for one in patients if one.language),
        _languages(patients, coordinators, problem.now),
        _languages(patients, coordinators, chosen),
        total_cost(problem, problem.now),
        total_cost(problem, chosen),
    )


def _rosters(problem: Problem, chosen: Sequence[int | None]) -> list[tuple[int, int]]:
    counts: Counter[int] = Counter(to for to in chosen if to is not None)
    loads: Counter[int] = Counter()
    for load, to in zip(problem.loads, chosen, strict=True):
        if to is not None:
            loads[to] += load
    return [(counts[number], loads[number]) for number in range(len(problem.most))]


def _languages(
    patients: Sequence[Patient], coordinators: Sequence[Coordinator], chosen: Sequence[int | None]
) -> int:
    return sum(
        1
        for patient, to in zip(patients, chosen, strict=True)
        if patient.language and to is not None and coordinators[to].skills.get(patient.language.casefold())
    )
