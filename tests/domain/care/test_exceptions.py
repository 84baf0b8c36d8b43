"""What stands against billing a patient's month, case by case, and what a month comes to."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.closing import TRANSITIONS, Event, Outcome, Step, following
from domain.care.codes import STANDARD
from domain.care.counting import Enrolled
from domain.care.edits import Billed
from domain.care.entries import Credential, Entry, Programme
from domain.care.exceptions import (
    FINDINGS,
    WARNINGS,
    BilledEnrolment,
    MonthFacts,
    PlanStanding,
    found,
    may_stand,
    outcome_of,
    warnings_of,
    words_of,
)
from domain.care.minutes import PatientMonth, Reckoning, reckon
from domain.care.month import Month
from domain.care.month_claims import BilledLine, MonthClaim, claim_kept, claims_of, followed, says_the_same
from domain.care.snapshots import Snapshot, kept, snapshot_of
from domain.refusals import Conflict

MONTH = Month(2026, 10, "America/Chicago")
ANN, BEN = UUID(int=1), UUID(int=2)
COVERAGE = UUID(int=3)
PLAN = PlanStanding(2, True, date(2027, 1, 1), ("E119", "I10"))
FEES = {"99490": 6500, "99439": 5000, "99426": 7000}
ENROLMENT = BilledEnrolment("ccm", ANN, PLAN)
FACTS = MonthFacts(MONTH.last, True, False, (ENROLMENT,), COVERAGE, FEES)


def planned(*plans: PlanStanding | None) -> dict[str, object]:
    """The enrolments with these plans, all of one practitioner."""
    return {"billed": tuple(BilledEnrolment("ccm", ANN, plan) for plan in plans)}


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
        (planned(None), ("care.no_plan",)),
        (planned(replace(PLAN, complete=False)), ("care.plan_incomplete",)),
        (planned(replace(PLAN, review_on=date(2026, 10, 31))), ()),
        (planned(replace(PLAN, review_on=date(2026, 10, 30))), ("care.plan_review_overdue",)),
        (planned(replace(PLAN, diagnoses=())), ("care.no_diagnoses",)),
        (planned(replace(PLAN, diagnoses=()), PLAN), ()),
        (
            {"billed": (ENROLMENT, BilledEnrolment("pcm", BEN, replace(PLAN, diagnoses=())))},
            ("care.no_diagnoses",),
        ),
        ({"billed": (ENROLMENT, replace(ENROLMENT, practitioner_id=BEN))}, ("care.two_practitioners",)),
        ({"coverage_id": None}, ("care.no_coverage",)),
        ({"fees": {"99490": 6500}}, ("care.no_fee",)),
        ({"fees": None}, ("care.no_fee",)),
        (planned(replace(PLAN, review_on=None)), ()),
        ({"recorded": True}, ()),
        ({"conflicts": 1}, ("care.two_patients_at_once",)),
        ({"approvals": 1}, ("care.approval_waits",)),
        ({"clocks": 1}, ("care.clock_ran_on",)),
        ({"consented": False, "recorded": True}, ("care.no_consent",)),
        ({"consented": False, "recorded": False}, ()),
        ({**planned(None), "coverage_id": None}, ("care.no_plan", "care.no_coverage")),
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
        (planned(None), Outcome.NOTHING),
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
    assert may_stand(soft) and may_stand(["care.named_so_no_more"]) and not may_stand(everything)
    for code in set(everything) - set(soft):
        assert outcome_of(reckoning, [code], [code]) is Outcome.EXCEPTION
    told = (*FINDINGS.values(), *WARNINGS.values())
    assert all(one.label and one.what_to_do.endswith(".") for one in told)


def test_a_month_takes_only_the_steps_of_its_table() -> None:
    for step, stage in TRANSITIONS.items():
        for event in Event:
            if event in stage.events:
                assert following(step, event) is stage.events[event]
            else:
                with pytest.raises(Conflict, match=stage.label.lower()):
                    following(step, event)
    assert following(Step.CLOSED, Event.REOPENED) is Step.REOPENED


def both(practitioner: UUID, other: UUID) -> tuple[Reckoning, MonthFacts]:
    """A month with twenty minutes of CCM and thirty of PCM, each with its practitioner and its plan."""
    begins = MONTH.window[0] + 9 * 3600
    times = ((Programme.CCM, begins, begins + 1200), (Programme.PCM, begins + 1200, begins + 3000))
    rows = [
        Entry(UUID(int=20 + number), BEN, programme, Credential.CLINICAL, starts, ends)
        for number, (programme, starts, ends) in enumerate(times)
    ]
    enrolled = (
        Enrolled(Programme.CCM, *MONTH.window, practitioner),
        Enrolled(Programme.PCM, *MONTH.window, other),
    )
    pcm = BilledEnrolment("pcm", other, replace(PLAN, diagnoses=("J449",)))
    facts = replace(FACTS, billed=(replace(ENROLMENT, practitioner_id=practitioner), pcm))
    return reckon(rows, PatientMonth(MONTH, enrolled), STANDARD), facts


def test_ccm_and_pcm_of_two_practitioners_are_two_claims_each_with_its_own_diagnoses_and_a_warning() -> None:
    reckoning, facts = both(ANN, BEN)
    assert found(reckoning, facts) == ()
    assert outcome_of(reckoning, (), ()) is Outcome.BILLABLE
    assert (warnings_of(reckoning), words_of(reckoning)) == (("care.ccm_with_pcm",), {})
    ccm, pcm = claims_of(reckoning, facts)
    assert (ccm.programme, ccm.practitioner_id, ccm.diagnoses) == ("ccm", ANN, ("E119", "I10"))
    assert (pcm.programme, pcm.practitioner_id, pcm.diagnoses) == ("pcm", BEN, ("J449",))
    assert [(one.code, one.charge_cents) for one in (*ccm.lines, *pcm.lines)] == [
        ("99490", 6500),
        ("99426", 7000),
    ]
    assert (ccm.charge_cents, pcm.charge_cents, pcm.coverage_id) == (6500, 7000, COVERAGE)


def test_one_practitioner_does_not_bill_ccm_and_pcm_and_two_do_not_bill_ccm() -> None:
    reckoning, facts = both(ANN, ANN)
    assert found(reckoning, facts) == ("care.overlapping_programmes",)
    assert warnings_of(reckoning) == ()
    reckoning, facts = both(ANN, BEN)
    twice = replace(facts, billed=(*facts.billed, BilledEnrolment("ccm", BEN, PLAN)))
    assert found(reckoning, twice) == ("care.two_practitioners",)


CCM = MonthClaim("ccm", (BilledLine("99490", 1, date(2026, 10, 7), 6500),), ANN, COVERAGE, ("E119", "I10"))
PCM = MonthClaim("pcm", (BilledLine("99426", 1, date(2026, 10, 9), 7000),), BEN, COVERAGE, ("J449",))
FIRST, SECOND = UUID(int=31), UUID(int=32)


@pytest.mark.parametrize(
    ("now", "before", "pairs"),
    [
        ((), {}, []),
        ((CCM, PCM), {}, [(CCM, None), (PCM, None)]),
        ((CCM, PCM), {FIRST: PCM, SECOND: CCM}, [(CCM, SECOND), (PCM, FIRST)]),
        ((replace(CCM, practitioner_id=BEN),), {FIRST: CCM}, [(replace(CCM, practitioner_id=BEN), FIRST)]),
        ((PCM,), {FIRST: CCM, SECOND: PCM}, [(PCM, SECOND), (None, FIRST)]),
        ((PCM,), {FIRST: CCM}, [(PCM, FIRST)]),  # the claim says another programme now
        ((CCM, PCM), {FIRST: PCM}, [(CCM, None), (PCM, FIRST)]),
        ((), {FIRST: CCM, SECOND: PCM}, [(None, FIRST), (None, SECOND)]),
    ],
)
def test_a_claim_keeps_its_programme_and_none_is_left_or_made_that_another_can_be(
    now: tuple[MonthClaim, ...],
    before: dict[UUID, MonthClaim],
    pairs: list[tuple[MonthClaim | None, UUID | None]],
) -> None:
    assert followed(now, before) == pairs


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
    billed = tuple(BilledLine(code, units, date(2026, 10, 7), cents) for code, units, cents in lines)
    snapshot = Snapshot(
        counted,
        (MonthClaim("ccm", billed, ANN, COVERAGE, diagnoses), PCM),
        tuple(sorted(findings)),
        dict.fromkeys(findings, "words"),
        "abc123",
        tuple(entries),
        (1, 2),
        tuple(WARNINGS),
    )
    assert snapshot_of(kept(snapshot)) == snapshot
    assert snapshot.charge_cents == sum(cents for _, _, cents in lines) + 7000
    assert len(snapshot.lines) == len(lines) + 1


def test_a_snapshot_of_a_release_before_is_one_claim_whose_programme_is_not_known() -> None:
    said, claim = kept(Snapshot({"ccm": 1500})), claim_kept(CCM)
    del said["claims"], claim["programme"]
    old = {**said, **claim}
    assert snapshot_of(old).claims == (replace(CCM, programme=""),)
    assert snapshot_of({**old, "lines": []}).claims == snapshot_of({}).claims == ()


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"lines": (BilledLine("99490", 1, date(2026, 10, 8), 6500),)}, False),
        ({"practitioner_id": BEN}, False),
        ({"diagnoses": ("I10", "E119")}, False),
    ],
)
def test_a_claim_says_the_same_until_its_lines_practitioner_or_diagnoses_change(
    changes: dict[str, object], same: bool
) -> None:
    now = replace(CCM, **changes)  # type: ignore[arg-type]
    assert says_the_same(now, CCM) is same
    if "diagnoses" in changes:
        assert says_the_same(now, replace(CCM, diagnoses=None)), "a release before did not keep them"
