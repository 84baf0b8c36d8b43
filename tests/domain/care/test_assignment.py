"""Who should care for whom: the cost of each reason, the words for it, and what is never weighed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.care.assignment import (
    WEIGHTS,
    Contact,
    Coordinator,
    Patient,
    checked_weights,
    cost_of,
    fit_cost,
    hindrance,
)
from domain.care.assignment_words import parts_of
from domain.care.recommending import recommend

ANN, BOB = UUID(int=1), UUID(int=2)
NURSE = Coordinator(ANN, "Ann", most=20, count=8, load=80, states=frozenset({"TX"}))
PATIENT = Patient(UUID(int=10), state="TX")
SINCE = date(2026, 3, 4)


def part(patient: Patient, one: Coordinator, code: str) -> tuple[int, str] | None:
    found = next((found for found in parts_of(patient, one, WEIGHTS) if found.code == code), None)
    return (found.hundredths, found.words) if found else None


@pytest.mark.parametrize(
    ("code", "patient", "one", "expected"),
    [
        ("caseload", PATIENT, NURSE, (45, "11 below capacity")),
        ("caseload", PATIENT, replace(NURSE, count=19), (100, "at capacity")),
        ("caseload", PATIENT, replace(NURSE, count=22), (100, "3 above capacity")),
        ("caseload", PATIENT, replace(NURSE, most=0), (100, "9 above capacity")),
        ("risk_load", PATIENT, NURSE, (45, "carries 8 of 20 by risk")),
        ("risk_load", replace(PATIENT, risk=5), NURSE, (50, "carries 8 of 20 by risk")),
        ("language", PATIENT, NURSE, None),
        ("language", replace(PATIENT, language="Spanish"), NURSE, (100, "does not speak Spanish")),
        ("language", replace(PATIENT, language="Spanish"), replace(NURSE, skills={"spanish": 5}), (0, "speaks Spanish")),
        ("language", replace(PATIENT, language="Spanish"), replace(NURSE, skills={"spanish": 2}),
         (30, "speaks some Spanish")),
        ("specialisation", replace(PATIENT, specialisation="Dementia"), NURSE, (100, "not versed in Dementia")),
        ("specialisation", replace(PATIENT, specialisation="Dementia"), replace(NURSE, skills={"dementia": 4}),
         (10, "Dementia 4 of 5")),
        ("complexity", replace(PATIENT, conditions=3), NURSE, None),
        ("complexity", replace(PATIENT, conditions=6, complex_decisions=True), NURSE,
         (80, "complex patient, not versed in that")),
        ("complexity", replace(PATIENT, conditions=6, engagement=1), replace(NURSE, skills={"complex care": 2}),
         (20, "versed in complex care (2 of 5)")),
        ("zone", PATIENT, NURSE, (0, "in the same time zone")),
        ("zone", replace(PATIENT, offset=-6.0), replace(NURSE, offset=-8.0), (40, "2 h apart")),
        ("zone", replace(PATIENT, offset=-11.0), replace(NURSE, offset=12.0), (20, "1 h apart")),
        ("continuity", PATIENT, NURSE, None),
        ("continuity", replace(PATIENT, coordinator_id=BOB), NURSE, (100, "new to the patient")),
        ("continuity", replace(PATIENT, coordinator_id=ANN, since=SINCE), NURSE,
         (0, "has known the patient since March 2026")),
        ("continuity", replace(PATIENT, coordinator_id=BOB, known_by={ANN: Contact(SINCE, 3600)}), NURSE,
         (60, "has known the patient since March 2026")),
        ("absence", PATIENT, NURSE, None),
        ("absence", PATIENT, replace(NURSE, away_days=15, away_from=date(2026, 12, 1), away_to=date(2026, 12, 15)),
         (50, "away Dec 1 to Dec 15")),
    ],
)  # fmt: skip
def test_each_reason_has_a_cost_and_says_it_in_words(
    code: str, patient: Patient, one: Coordinator, expected: tuple[int, str] | None
) -> None:
    assert part(patient, one, code) == expected


@pytest.mark.parametrize(
    ("patient", "one", "why"),
    [
        (PATIENT, NURSE, ""),
        (replace(PATIENT, state="OK"), NURSE, "not licensed in OK"),
        (PATIENT, replace(NURSE, states=None), "no licence entered"),
        (replace(PATIENT, state=""), replace(NURSE, states=None), ""),
        (PATIENT, replace(NURSE, blocked="leaves on May 3"), "leaves on May 3"),
    ],
)
def test_a_licence_and_being_able_at_all_are_never_weighed(
    patient: Patient, one: Coordinator, why: str
) -> None:
    assert hindrance(patient, one) == why


def test_the_best_come_first_with_what_speaks_for_and_against_and_the_full_are_left_out() -> None:
    patient = replace(PATIENT, language="Spanish", coordinator_id=BOB, since=SINCE)
    people = [
        NURSE,
        Coordinator(BOB, "Bob", most=20, count=20, load=200, states=frozenset({"TX"})),
        Coordinator(UUID(int=3), "Cleo", most=20, skills={"spanish": 5}, states=frozenset({"TX"})),
        Coordinator(UUID(int=4), "Dora", most=20, count=20, skills={"spanish": 5}, states=frozenset({"TX"})),
        Coordinator(UUID(int=5), "Eve", most=20, skills={"spanish": 5}, states=frozenset({"OK"})),
    ]
    best = recommend(patient, people, checked_weights({}))
    assert [one.name for one in best] == ["Cleo", "Bob", "Ann"]
    assert best[0].for_words[:2] == ["speaks Spanish", "19 below capacity"]
    assert "licensed in TX" in best[0].for_words and best[0].against_words == ["new to the patient"]
    assert best[1].against_words == ["does not speak Spanish", "at capacity", "carries 20 of 20 by risk"]
    assert all(one.cost == sum(part.cost for part in one.parts) for one in best)


def test_a_table_can_set_weights_and_nonsense_keeps_the_usual_ones() -> None:
    assert checked_weights({"language": 50, "zone": -1, "absence": "x", "caseload": True})["language"] == 50.0
    assert checked_weights({"zone": -1})["zone"] == WEIGHTS["zone"]
    assert checked_weights(dict.fromkeys(WEIGHTS, 0)) == dict(WEIGHTS)


SKILLS = some.dictionaries(some.sampled_from(["spanish", "dementia", "complex care"]), some.integers(1, 5))
PATIENTS = some.builds(
    Patient, some.uuids(), some.integers(1, 5), some.integers(1, 5), some.integers(0, 9), some.booleans(),
    some.sampled_from(["", "Dementia"]), some.sampled_from(["", "Spanish"]), some.sampled_from(["", "TX", "OK"]),
    some.sampled_from([-8.0, -6.0, 5.5]), some.sampled_from([None, ANN, BOB]),
)  # fmt: skip
PEOPLE = some.builds(
    Coordinator, some.just(ANN), some.just("Ann"), some.integers(0, 3), some.integers(3, 50), some.integers(0, 60),
    some.integers(0, 900), SKILLS, some.sampled_from([None, frozenset({"TX"}), frozenset({"OK", "TX"})]),
    some.sampled_from([-6.0, -5.0]), some.integers(0, 30),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PATIENTS, PEOPLE, some.integers(1, 5))
def test_learning_a_patients_language_never_raises_the_cost(
    patient: Patient, one: Coordinator, level: int
) -> None:
    known = {**one.skills, "spanish": max(level, one.skills.get("spanish", 0))}
    learned = replace(one, skills=known)
    assert cost_of(patient, learned, WEIGHTS) <= cost_of(patient, one, WEIGHTS)
    assert fit_cost(patient, one, WEIGHTS) <= cost_of(patient, one, WEIGHTS)
    assert cost_of(patient, one, WEIGHTS) == sum(found.cost for found in parts_of(patient, one, WEIGHTS))
