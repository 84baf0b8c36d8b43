"""All rosters at once: rules that hold whatever is asked, and words for the rule that is in the way."""

from collections import Counter
from dataclasses import replace
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from domain.care.assignment import WEIGHTS, Coordinator, Patient, hindrance
from domain.care.rostering import (
    Problem,
    compare,
    moves_of,
    obstacles,
    overload_cost,
    problem_of,
    total_cost,
)
from integrations.highs import solve


def person(number: int, states: str = "TX", **more: object) -> Coordinator:
    return Coordinator(UUID(int=number), f"P{number}", states=frozenset(states.split()), **more)  # type: ignore[arg-type]


def patient(number: int, **more: object) -> Patient:
    return Patient(UUID(int=100 + number), **{"state": "TX", **more})  # type: ignore[arg-type]


def solved(
    patients: list[Patient],
    people: list[Coordinator],
    most_moves: int | None = None,
    only_unassigned: bool = False,
) -> tuple[Problem, tuple[int | None, ...], list[str]]:
    problem = problem_of(patients, people, WEIGHTS, most_moves=most_moves, only_unassigned=only_unassigned)
    found = solve(problem)
    return problem, found.chosen, [one.words for one in obstacles(patients, people, problem, found)]


STATES = some.sampled_from(["TX", "OK", "TX OK"])
PEOPLE = some.lists(
    some.tuples(STATES, some.integers(0, 2), some.integers(2, 6), some.booleans()), min_size=1, max_size=4
)
PATIENTS = some.lists(
    some.tuples(
        some.sampled_from(["TX", "OK", ""]), some.integers(1, 5), some.booleans(), some.integers(0, 4)
    ),
    max_size=14,
)


@settings(max_examples=50, deadline=None)
@given(PEOPLE, PATIENTS, some.one_of(some.none(), some.integers(0, 5)))
def test_nobody_is_above_their_most_and_no_licence_is_broken_whatever_is_asked(
    people_given: list[tuple[str, int, int, bool]],
    patients_given: list[tuple[str, int, bool, int]],
    cap: int | None,
) -> None:
    people = [
        person(number, states, fewest=fewest, most=most, skills={"spanish": 4} if speaks else {})
        for number, (states, fewest, most, speaks) in enumerate(people_given, 1)
    ]
    patients = [
        patient(
            number, state=state, risk=risk, language="Spanish" if needs else "",
            coordinator_id=UUID(int=now) if 0 < now <= len(people) else None,
        )
        for number, (state, risk, needs, now) in enumerate(patients_given)
    ]  # fmt: skip
    problem, chosen, words = solved(patients, people, cap)
    counts = Counter(to for to in chosen if to is not None)
    for number, one in enumerate(people):
        assert counts[number] <= one.most
        assert counts[number] >= one.fewest or any(one.name in told for told in words)
    for one, to in zip(patients, chosen, strict=True):
        assert to is None or not hindrance(one, people[to])
        assert to is not None or words
    assert cap is None or moves_of(problem, chosen) <= cap or any("change hands" in told for told in words)


def test_small_rosters_cost_as_little_as_the_best_of_all_possible_ones() -> None:
    people = [
        person(1, most=4, skills={"spanish": 5}),
        person(2, most=3, fewest=1),
        person(3, "TX OK", most=4),
    ]
    patients = [
        patient(
            n,
            risk=1 + n % 5,
            language="Spanish" if n % 2 else "",
            coordinator_id=UUID(int=2) if n < 4 else None,
        )
        for n in range(6)
    ]
    problem, chosen, words = solved(patients, people)
    every = [
        choice
        for choice in product(range(3), repeat=6)
        if all(
            Counter(choice)[n] <= one.most and Counter(choice)[n] >= one.fewest
            for n, one in enumerate(people)
        )
    ]
    best = min(total_cost(problem, choice) for choice in every)
    assert words == [] and total_cost(problem, chosen) <= best * 1.01


def test_the_rule_in_the_way_is_told_in_words() -> None:
    tx = [patient(n) for n in range(3)]
    _, chosen, words = solved([*tx, patient(9, state="OK")], [person(1), person(2)])
    assert words == ["No one licensed in OK: 1 patient left over."] and chosen[3] is None
    _, _, words = solved(tx, [person(1, most=1), person(2, most=1)])
    assert words == ["Those who may have them are full: 1 patient left over (1 in TX)."]
    _, _, words = solved(tx, [person(1, fewest=2), person(2, fewest=2)])
    assert words in (
        ["P1 cannot get 2 patients: 1 short."],
        ["P2 cannot get 2 patients: 1 short."],
    )
    away = [replace(one, coordinator_id=UUID(int=1)) for one in tx]
    _, _, words = solved(away, [person(1, most=1), person(2)], most_moves=1)
    assert words == ["At most 1 may change hands: 1 more would have to."]
    _, _, words = solved(tx, [person(1, blocked="does not work here any more")])
    assert words == ["Nobody can be given patients: 3 patients left over."]


def test_who_has_a_coordinator_stays_unless_it_is_worth_the_lost_continuity() -> None:
    people = [person(1), person(2, skills={"spanish": 5})]
    content = [patient(n, coordinator_id=UUID(int=1 + n % 2)) for n in range(8)]
    problem, chosen, _ = solved(content, people)
    assert moves_of(problem, chosen) == 0
    speaking = [*content, patient(8, coordinator_id=UUID(int=1), language="Spanish")]
    problem, chosen, _ = solved(speaking, people)
    assert moves_of(problem, chosen) == 1 and chosen[8] == 1
    told = compare(speaking, people, problem, chosen)
    assert (told.languages_needed, told.languages_before, told.languages_after) == (1, 0, 1)
    assert [(one.before, one.after) for one in told.rosters] == [(5, 4), (4, 5)]
    assert told.cost_after < told.cost_before
    problem, chosen, _ = solved([*speaking, patient(9, language="Spanish")], people, only_unassigned=True)
    assert moves_of(problem, chosen) == 0 and chosen[9] == 1


def test_far_too_full_rosters_are_relieved_and_a_little_unevenness_is_left() -> None:
    people = [person(1), person(2)]
    crowded = [patient(n, coordinator_id=UUID(int=1)) for n in range(12)]
    problem, chosen, _ = solved(crowded, people)
    assert 3 <= moves_of(problem, chosen) <= 6
    assert [overload_cost(load, 100.0, 2.0) for load in (90, 100, 105, 110, 120, 130)] == [
        0.0, 0.0, 10.0, 20.0, 100.0, 340.0,
    ]  # fmt: skip
