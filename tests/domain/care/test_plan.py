"""Care plans: what each lacks, which goals can be measured and how far they have come, and what a version changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.enrolment import Step, plan_overdue
from domain.care.entries import Programme
from domain.care.plan import ELEMENTS, TEXTS, CarePlan, Goal, as_json, plan_of
from domain.care.plan_changes import compared
from domain.care.plan_checks import faults_of, gaps, tidied
from domain.care.plan_goals import Course, figures, progress
from domain.care.plan_sheet import About, patient_copy
from tests.fixtures.care_plans import whole_plan

TODAY = date(2026, 11, 3)
DAY = timedelta(days=1)
WHOLE = whole_plan(TODAY)


def lacks(plan: CarePlan, programme: Programme = Programme.CCM) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in gaps(plan, programme, TODAY)]


def test_nothing_is_missing_in_a_whole_plan_and_an_empty_one_lacks_every_element() -> None:
    assert lacks(WHOLE) == []
    assert {field for field, _ in lacks(CarePlan())} == set(ELEMENTS)


@pytest.mark.parametrize("name", TEXTS)
def test_each_element_that_is_told_in_words_is_asked_for(name: str) -> None:
    assert lacks(replace(WHOLE, **{name: ""})) == [(name, f"{name}.missing")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("programme", "chronic", "missing"),
    [
        (Programme.CCM, 2, []),
        (Programme.CCM, 1, [("problems", "problems.too_few")]),
        (Programme.PCM, 1, []),
        (Programme.PCM, 0, [("problems", "problems.too_few")]),
        (Programme.APCM, 0, []),
    ],
)
def test_the_problem_list_holds_as_many_chronic_conditions_as_the_programme_asks(
    programme: Programme, chronic: int, missing: list[tuple[str, str]]
) -> None:
    problems = tuple(replace(one, chronic=number < chronic) for number, one in enumerate(WHOLE.problems))
    assert lacks(replace(WHOLE, problems=problems), programme) == missing


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"target": "better"}, "target", "target.unmeasurable"),
        ({"target": ""}, "target", "target.unmeasurable"),
        ({"measure": ""}, "measure", "measure.missing"),
        ({"by": None}, "by", "by.missing"),
        ({"by": TODAY - DAY}, "by", "by.past"),
        ({"by": TODAY + 2000 * DAY}, "by", "by.too_far"),
        ({"latest": "high"}, "latest", "latest.unmeasurable"),
        ({"measured_on": None}, "measured_on", "measured_on.missing"),
        ({"measured_on": TODAY + DAY}, "measured_on", "measured_on.missing"),
    ],
)
def test_a_goal_that_cannot_be_measured_is_told_at_its_field(
    changed: dict[str, object], field: str, code: str
) -> None:
    goals = (replace(WHOLE.goals[0], **changed), *WHOLE.goals[1:])  # type: ignore[arg-type]
    assert lacks(replace(WHOLE, goals=goals)) == [(f"goals.1.{field}", code)]


@pytest.mark.parametrize(
    ("review", "code"),
    [
        (None, "review_on.missing"),
        (TODAY, "review_on.past"),
        (TODAY + DAY, ""),
        (TODAY + 366 * DAY, ""),
        (TODAY + 367 * DAY, "review_on.too_far"),
    ],
)
def test_the_next_review_lies_within_a_year(review: date | None, code: str) -> None:
    assert lacks(replace(WHOLE, review_on=review)) == ([("review_on", code)] if code else [])


@pytest.mark.parametrize(
    ("start", "latest", "target", "aim", "course", "share"),
    [
        ("9.1", "8.2", "7.0", "at_most", Course.CLOSER, 42),
        ("9.1", "7.0", "7.0", "at_most", Course.MET, 100),
        ("9.1", "6.4", "7.0", "at_most", Course.MET, 100),
        ("9.1", "9.9", "7.0", "at_most", Course.NOT_CLOSER, 0),
        ("2000", "5000", "8000", "at_least", Course.CLOSER, 50),
        ("2000", "8,000", "8000", "at_least", Course.MET, 100),
        ("150/95", "140/95", "130/80", "at_most", Course.NOT_CLOSER, 0),
        ("150/95", "140/87", "130/80", "at_most", Course.CLOSER, 50),
        ("150/95", "130/81", "130/80", "at_most", Course.CLOSER, 93),
        ("", "8.2", "7.0", "at_most", Course.NOT_CLOSER, None),
        ("9.1", "", "7.0", "at_most", Course.UNMEASURED, None),
        ("9.1", "130/80", "7.0", "at_most", Course.UNMEASURED, None),
    ],
)
def test_progress_is_the_part_of_the_way_and_of_two_figures_the_lesser(
    start: str, latest: str, target: str, aim: str, course: Course, share: int | None
) -> None:
    goal = Goal("Better", "A figure", "", start, aim, target, TODAY, latest, TODAY)
    found = progress(goal, TODAY)
    assert (found.course, found.share) == (course, share)


def test_a_day_that_passed_a_goal_given_up_and_one_closed_as_met_are_told_apart() -> None:
    goal = replace(WHOLE.goals[0], by=TODAY - DAY)
    assert progress(goal, TODAY).course is Course.OVERDUE
    assert progress(replace(goal, latest="6.9"), TODAY).course is Course.MET
    assert progress(replace(goal, end="given_up"), TODAY).course is Course.GIVEN_UP
    assert progress(replace(goal, end="met"), TODAY).course is Course.MET


@given(st.decimals(1, 900, places=1), st.decimals(1, 900, places=1), st.decimals(1, 900, places=1))
@settings(max_examples=60, deadline=None)
def test_progress_stays_within_the_way_and_is_whole_only_when_the_target_is_reached(
    start: object, latest: object, target: object
) -> None:
    goal = Goal("Less", "A figure", "", str(start), "at_most", str(target), TODAY, str(latest), TODAY)
    found = progress(goal, TODAY)
    reached = figures(goal.latest) <= figures(goal.target)
    assert (found.course is Course.MET) == reached
    assert found.share is None or 0 <= found.share <= (100 if reached else 99)


def test_codes_that_do_not_exist_doubles_and_endless_texts_are_refused() -> None:
    first = WHOLE.problems[0]
    wrong = replace(
        WHOLE,
        problems=(first, replace(first, words="again"), replace(first, code="ZZZ")),
        prognosis="bright",
        caregiver="x" * 4001,
        goals=(replace(WHOLE.goals[0], aim="about", end="lost"),),
    )
    assert {one.field for one in faults_of(wrong)} == {
        "prognosis", "caregiver", "problems.2.code", "problems.3.code", "goals.1.aim", "goals.1.end",
    }  # fmt: skip
    assert faults_of(WHOLE) == ()


def test_lines_in_which_nothing_was_typed_are_left_out_and_codes_are_kept_as_claims_store_them() -> None:
    typed = replace(
        WHOLE,
        problems=(replace(WHOLE.problems[0], code=" e11.9 "), *WHOLE.problems[1:]),
        goals=(*WHOLE.goals, Goal("  ")),
        outcome=f"  {WHOLE.outcome}\n",
    )
    assert tidied(typed) == WHOLE


def test_a_plan_comes_back_from_its_sealed_form_as_it_was() -> None:
    assert plan_of(as_json(WHOLE)) == WHOLE
    assert plan_of({}) == CarePlan()


def test_a_comparison_shows_every_element_and_names_those_that_changed() -> None:
    after = replace(WHOLE, goals=WHOLE.goals[:1], medication="Metformin stopped")
    assert [one.element for one in compared(WHOLE, after)] == list(ELEMENTS)
    changed = [one.label for one in compared(WHOLE, after) if one.changed]
    assert changed == ["Goals", "Medication management"]
    goals = next(one for one in compared(WHOLE, after) if one.element == "goals")
    assert goals.before[:1] == goals.after
    assert not any(one.changed for one in compared(WHOLE, WHOLE))


@pytest.mark.parametrize(
    ("step", "due", "review", "words"),
    [
        (Step.PLANNING, TODAY, None, ""),
        (Step.PLANNING, TODAY - DAY, None, "plan overdue"),
        (Step.ACTIVE, TODAY - DAY, TODAY, ""),
        (Step.ACTIVE, None, TODAY - DAY, "review overdue"),
        (Step.ENDED, TODAY - DAY, TODAY - DAY, ""),
    ],
)
def test_a_plan_is_overdue_the_day_after_its_day(
    step: Step, due: date | None, review: date | None, words: str
) -> None:
    assert plan_overdue(step, due, review, TODAY) == words


def test_the_patients_copy_tells_every_element_and_runs_nothing_that_was_typed() -> None:
    about = About(
        "North Care", "Hill & Sons", "Maria <b>Alvarez</b>", date(1961, 4, 12), "Chronic care management",
        "Hill, Ann", "Ann Hill", "312 555 0100", 2, TODAY,
    )  # fmt: skip
    page = patient_copy(replace(WHOLE, caregiver="<script>alert(1)</script>"), about)
    assert "<script>" not in page and "&lt;script&gt;" in page and "Maria &lt;b&gt;" in page
    for words in (
        "312 555 0100",
        "Hill &amp; Sons",
        "at most 130/80 mmHg",
        "E11.9",
        "version 2",
        "Those who help you",
    ):
        assert words in page, words
