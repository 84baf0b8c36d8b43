"""Whole rosters at once: seconds from patients and coordinators to who has whom, beside giving each patient in turn."""

import random
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import Any
from uuid import UUID

from domain.care.assignment import COMPLEX_SKILL, WEIGHTS, Contact, Coordinator, Patient, cost_of, why_not
from domain.care.rostering import Problem, Solution, moves_of, obstacles, problem_of, total_cost
from integrations.highs import solve

SECONDS = 5.0
SIZES = ((1_000, 50), (5_000, 150))
_STATES = ("TX", "OK", "LA", "NM")
_LANGUAGES = ("", "", "", "", "", "", "Spanish", "Spanish", "Vietnamese", "French")
_SKILLS = ("Diabetes", "Dementia", "Heart failure")


def run(sizes: tuple[tuple[int, int], ...] = SIZES) -> dict[str, Any]:
    """Each size once; the first is the one that must hold."""
    found = [_size(patients, people) for patients, people in sizes]
    first = found[0]
    figures = dict(first)
    for (patients, people), one in zip(sizes[1:], found[1:], strict=True):
        figures |= {f"{patients}x{people}_{code}": value for code, value in one.items()}
    return {
        "bench": "rosters",
        "figures": figures,
        "holds": {
            f"{sizes[0][0]:,} patients x {sizes[0][1]} coordinators in under {SECONDS:g} s": first["seconds"]
            < SECONDS,
            "everybody has a coordinator within every rule": first["in_the_way"] == 0,
            "cheaper than giving each patient in turn": first["cost_beside_one_by_one"] < 1,
        },
    }


def _size(count: int, people: int) -> dict[str, float]:
    draw = random.Random(20261122)
    coordinators = _coordinators(draw, people, count)
    patients = _patients(draw, count, coordinators)
    begun = perf_counter()
    problem = problem_of(patients, coordinators, WEIGHTS)
    weighed = perf_counter()
    found = solve(problem)
    ended = perf_counter()
    return _told(patients, coordinators, problem, found, (begun, weighed, ended))


def _told(
    patients: list[Patient],
    coordinators: list[Coordinator],
    problem: Problem,
    found: Solution,
    times: tuple[float, float, float],
) -> dict[str, float]:
    in_turn = _one_by_one(patients, coordinators)
    numbers = {one.id: number for number, one in enumerate(coordinators)}
    greedy = [numbers[in_turn[one.id]] if one.id in in_turn else None for one in patients]
    return {
        "seconds": times[2] - times[0],
        "seconds_weighing": times[1] - times[0],
        "cost_beside_one_by_one": found.cost / total_cost(problem, greedy),
        "cost_above_the_bound": found.cost / found.bound - 1,
        "moves": float(moves_of(problem, found.chosen)),
        "left_over_one_by_one": float(greedy.count(None)),
        "in_the_way": float(len(obstacles(patients, coordinators, problem, found))),
    }


def _one_by_one(patients: list[Patient], coordinators: list[Coordinator]) -> dict[UUID, UUID]:
    """Whoever is cheapest for each patient in turn, those of most risk first, with rosters that grow from nobody."""
    now = {one.id: replace(one, count=0, load=0) for one in coordinators}
    chosen: dict[UUID, UUID] = {}
    for patient in sorted(patients, key=lambda one: (-one.risk, str(one.id))):
        able = (one for one in now.values() if not why_not(patient, one))
        best = min(able, key=lambda one: (cost_of(patient, one, WEIGHTS), one.name), default=None)
        if best is not None:
            chosen[patient.id] = best.id
            now[best.id] = replace(best, count=best.count + 1, load=best.load + patient.load)
    return chosen


def _coordinators(draw: random.Random, people: int, patients: int) -> list[Coordinator]:
    even = patients // people
    return [
        Coordinator(
            UUID(int=number + 1),
            f"Coordinator {number + 1}",
            fewest=even // 2,
            most=even + draw.randrange(4, even),
            skills=_skills(draw, number),
            states=frozenset({_STATES[number % 4], *draw.sample(_STATES, 2)}),
            offset=draw.choice((-6.0, -6.0, -7.0, -5.0)),
            away_days=draw.choice((0, 0, 0, 5, 14)),
        )
        for number in range(people)
    ]


def _skills(draw: random.Random, number: int) -> dict[str, int]:
    spoken = {"spanish": 5} if number % 4 == 0 else {"vietnamese": 4} if number % 10 == 1 else {}
    return {
        **spoken,
        draw.choice(_SKILLS).casefold(): draw.randrange(2, 6),
        COMPLEX_SKILL: draw.randrange(0, 6),
    }


def _patients(draw: random.Random, count: int, coordinators: list[Coordinator]) -> list[Patient]:
    found = []
    for number in range(count):
        state = draw.choice(_STATES)
        able = [one for one in coordinators if state in (one.states or ())]
        # The first third has more patients than the others, as rosters grow.
        now = draw.choice(able[: max(1, len(able) // 3)] if draw.random() < 0.5 else able)
        seconds = draw.randrange(600, 9_000)
        found.append(
            Patient(
                UUID(int=10_000 + number),
                risk=draw.choice((1, 2, 2, 3, 3, 3, 4, 5)),
                engagement=draw.randrange(1, 6),
                conditions=draw.randrange(2, 8),
                complex_decisions=draw.random() < 0.2,
                specialisation=draw.choice(("", "", "", *_SKILLS)),
                language=draw.choice(_LANGUAGES),
                state=state,
                offset=draw.choice((-6.0, -6.0, -7.0)),
                coordinator_id=now.id,
                since=date(2026, 3, 1),
                known_by={now.id: Contact(date(2026, 3, 1), seconds)},
            )
        )
    return found
