"""Enrolment in care as a table: the usual way, ways out, what must be said of each fact and what cannot be."""

from datetime import date, timedelta

import pytest

from domain.care.enrolment import (
    CONSENT_POINTS,
    NOT_SAID,
    TRANSITIONS,
    WORDS,
    Event,
    Said,
    Step,
    faults_of,
    following,
    possible_events,
)
from domain.care.entries import Programme
from domain.refusals import Conflict

TODAY = date(2026, 11, 18)
DAY = timedelta(days=1)
EVERY_POINT = tuple(CONSENT_POINTS)


def test_the_usual_way_leads_from_the_referral_to_the_end_of_a_revoked_month() -> None:
    step = Step.REFERRED
    for event in (Event.ELIGIBLE, Event.VISITED, Event.CONSENTED, Event.PLANNED, Event.REVISED):
        step = following(step, event)
    assert step is Step.ACTIVE
    step = following(step, Event.REVOKED)
    # The last month is billed only with a plan, so one can still be stored.
    assert following(step, Event.PLANNED) is following(step, Event.REVISED) is Step.ENDING
    assert following(step, Event.MONTH_OVER) is Step.ENDED


def test_every_step_is_reached_and_leads_out_and_every_event_has_words() -> None:
    reached = {step for stage in TRANSITIONS.values() for step in stage.events.values()}
    assert set(Step) - reached == {Step.REFERRED}
    assert {step for step, stage in TRANSITIONS.items() if not stage.events} == {Step.ENDED}
    assert set(WORDS) == set(Event)
    assert not any(set(possible_events(step)) & NOT_SAID for step in Step)


@pytest.mark.parametrize(
    ("step", "to_do"),
    [
        (Step.VISIT, "Possible now: initiating visit took place, end this enrolment."),
        (Step.ENDING, "It waits for the end of the month."),
        (Step.ENDED, "It has ended; begin a new one."),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(step: Step, to_do: str) -> None:
    with pytest.raises(Conflict) as refused:
        following(step, Event.CONSENTED)
    assert refused.value.code == "care_enrolment.not_now"
    assert refused.value.what_to_do == to_do


@pytest.mark.parametrize(
    ("event", "said", "fields"),
    [
        (Event.VISITED, Said(on=TODAY - 365 * DAY), []),
        (Event.VISITED, Said(on=TODAY - 366 * DAY), ["on"]),
        (Event.VISITED, Said(on=TODAY + DAY), ["on"]),
        (Event.CONSENTED, Said(on=TODAY, how="verbal", given_by="Her", points=EVERY_POINT), []),
        (Event.CONSENTED, Said(on=TODAY, how="sung", given_by="Her", points=EVERY_POINT[1:]), ["points", "how"]),
        (Event.REVOKED, Said(on=TODAY - 10 * DAY, how="verbal", given_by="Her"), []),
        (Event.REVOKED, Said(on=TODAY - 11 * DAY, how="verbal", given_by="Her"), ["on"]),
        (Event.WITHDRAWN, Said(), ["reason"]),
    ],
)  # fmt: skip
def test_each_fact_says_what_is_missing_or_cannot_be(event: Event, said: Said, fields: list[str]) -> None:
    found = faults_of(event, said, Programme.CCM, TODAY, TODAY - 10 * DAY)
    assert [one.field for one in found] == fields


@pytest.mark.parametrize(
    ("programme", "conditions", "months", "risk", "fields"),
    [
        (Programme.CCM, 2, 12, True, []),
        (Programme.CCM, 1, 11, False, ["conditions", "months_expected", "significant_risk"]),
        (Programme.PCM, 1, 3, True, []),
        (Programme.PCM, 0, 2, True, ["conditions", "months_expected"]),
        (Programme.APCM, 0, 0, False, []),
    ],
)
def test_a_programme_asks_for_its_conditions(
    programme: Programme, conditions: int, months: int, risk: bool, fields: list[str]
) -> None:
    said = Said(conditions=conditions, months_expected=months, significant_risk=risk)
    assert [one.field for one in faults_of(Event.ELIGIBLE, said, programme, TODAY)] == fields
