"""What stands against billing a patient's month, case by case, and what a month comes to."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.closing import (
    TRANSITIONS,
    BilledLine,
    Event,
    Outcome,
    Snapshot,
    Step,
    following,
    kept,
    says_the_same,
    snapshot_of,
)
from domain.care.codes import STANDARD
from domain.care.counting import Enrolled
from domain.care.edits import Billed
from domain.care.entries import Credential, Entry, Programme
from domain.care.exceptions import FINDINGS, MonthFacts, PlanStanding, found, outcome_of, words_of
from domain.care.minutes import PatientMonth, Reckoning, reckon
from domain.care.month import Month
from domain.refusals import Conflict

MONTH = Month(2026, 10, "America/Chicago")
ANN, BEN = UUID(int=1), UUID(int=2)
COVERAGE = UUID(int=3)
PLAN = PlanStanding(2, True, date(2027, 1, 1), ("E119", "I10"))
FACTS = MonthFacts(
    MONTH.last, True, False, (PLAN,), frozenset({ANN}), COVERAGE, {"99490": 6500, "99439": 5000}
)


def spent(seconds: int, earlier: tuple[Billed, ...] = ()) -> Reckoning:
    """The reckoning of so many seconds of a nurse."""
    begins = MONTH.window[0] + 9 * 3600
    rows = [Entry(UUID(int=9), BEN, Programme.CCM, Credential.CLINICAL, begins, begins + seconds)]
    about = PatientMonth(MONTH, (Enrolled(Programme.CCM, *MONTH.window, ANN),), earlier=earlier)
    return reckon(rows, about, STANDARD)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"plans": (None,)}, ("care.no_plan",)),
        ({"plans": (replace(PLAN, complete=False),)}, ("care.plan_incomplete",)),
        ({"plans": (replace(PLAN, review_on=date(2026, 10, 31)),)}, ()),
        ({"plans": (replace(PLAN, review_on=date(2026, 10, 30)),)}, ("care.plan_review_overdue",)),
        ({"plans": (replace(PLAN, diagnoses=()),)}, ("care.no_diagnoses",)),
        ({"practitioners": frozenset({ANN, BEN})}, ("care.two_practitioners",)),
        ({"coverage_id": None}, ("care.no_coverage",)),
        ({"fees": {"99490": 6500}}, ("care.no_fee",)),
        ({"fees": None}, ("care.no_fee",)),
        ({"conflicts": 1}, ("care.two_patients_at_once",)),
        ({"approvals": 1}, ("care.approval_waits",)),
        ({"clocks": 1}, ("care.clock_ran_on",)),
        ({"consented": False, "recorded": True}, ("care.no_consent",)),
        ({"consented": False, "recorded": False}, ()),
        ({"plans": (None,), "coverage_id": None}, ("care.no_plan", "care.no_coverage")),
    ],
)
def test_each_finding_is_named(changes: dict[str, object], codes: tuple[str, ...]) -> None:
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]
    reckoning = spent(2400)
    assert found(reckoning, facts) == codes
    expected = Outcome.EXCEPTION if codes else Outcome.BILLABLE
    assert outcome_of(reckoning, codes, ()) is expected


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"plans": (None,)}, Outcome.NOTHING),
        ({"coverage_id": None}, Outcome.NOTHING),
        ({"approvals": 1}, Outcome.EXCEPTION),
        ({"conflicts": 1}, Outcome.EXCEPTION),
        ({"clocks": 1}, Outcome.EXCEPTION),
    ],
)
def test_without_a_code_only_doubt_about_the_time_stands_against_a_month(
    changes: dict[str, object], outcome: Outcome
) -> None:
    reckoning = spent(1199)
    facts = replace(FACTS, **changes)  # type: ignore[arg-type]
    assert outcome_of(reckoning, found(reckoning, facts), ()) is outcome


def test_a_month_billed_by_another_claim_blocks_and_names_it() -> None:
    reckoning = spent(1200, (Billed("99490", ANN, "C-1007"),))
    assert found(reckoning, FACTS) == ("care.same_month_twice",)
    assert "C-1007" in words_of(reckoning)["care.same_month_twice"]


def test_only_what_may_stand_can_be_let_stand() -> None:
    reckoning = spent(1200)
    everything = tuple(str(code) for code in FINDINGS)
    soft = [code for code in everything if FINDINGS[code].may_stand]
    assert soft == ["care.no_consent", "care.plan_review_overdue", "care.clock_ran_on"]
    assert outcome_of(reckoning, soft, soft) is Outcome.BILLABLE
    for code in set(everything) - set(soft):
        assert outcome_of(reckoning, [code], [code]) is Outcome.EXCEPTION
    assert all(told.label and told.what_to_do.endswith(".") for told in FINDINGS.values())


def test_a_month_takes_only_the_steps_of_its_table() -> None:
    for step, stage in TRANSITIONS.items():
        for event in Event:
            if event in stage.events:
                assert following(step, event) is stage.events[event]
            else:
                with pytest.raises(Conflict, match=stage.label.lower()):
                    following(step, event)
    assert following(Step.CLOSED, Event.REOPENED) is Step.REOPENED


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["99490", "99439", "G0557"]), st.integers(1, 9), st.integers(0, 10**6))
    ),
    st.sets(st.sampled_from([str(code) for code in FINDINGS])),
    st.dictionaries(st.sampled_from(["ccm", "pcm"]), st.integers(0, 10**6)),
    st.lists(st.uuids(), max_size=5),
    st.none() | st.lists(st.sampled_from(["E119", "I10"])).map(tuple),
)
def test_a_snapshot_is_read_as_it_was_kept(
    lines: list[tuple[str, int, int]],
    findings: set[str],
    counted: dict[str, int],
    entries: list[UUID],
    diagnoses: tuple[str, ...] | None,
) -> None:
    snapshot = Snapshot(
        counted,
        tuple(BilledLine(code, units, date(2026, 10, 7), cents) for code, units, cents in lines),
        tuple(sorted(findings)),
        dict.fromkeys(findings, "words"),
        "abc123",
        tuple(entries),
        ANN,
        COVERAGE,
        (1, 2),
        diagnoses,
    )
    assert snapshot_of(kept(snapshot)) == snapshot
    assert snapshot.charge_cents == sum(cents for _, _, cents in lines)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"findings": ("care.plan_review_overdue",), "entry_ids": (ANN,), "plan_versions": (3,)}, True),
        ({"lines": (BilledLine("99490", 1, date(2026, 10, 8), 6500),)}, False),
        ({"practitioner_id": BEN}, False),
        ({"diagnoses": ("I10", "E119")}, False),
    ],
)
def test_a_claim_says_the_same_until_its_lines_practitioner_or_diagnoses_change(
    changes: dict[str, object], same: bool
) -> None:
    lines = (BilledLine("99490", 1, date(2026, 10, 7), 6500),)
    before = Snapshot({"ccm": 1200}, lines, practitioner_id=ANN, diagnoses=("E119", "I10"))
    now = replace(before, **changes)  # type: ignore[arg-type]
    assert says_the_same(now, before) is same
    if "diagnoses" in changes:
        assert says_the_same(now, replace(before, diagnoses=None)), "a release before did not keep them"
