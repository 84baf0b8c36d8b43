"""Enrolments, routes and circuits: what the tables and the arithmetic say."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain import circuits, routing
from domain.circuits import Circuit
from domain.enrolments import (
    TRANSITIONS,
    Event,
    Requirement,
    Said,
    Step,
    Term,
    clock_event,
    days_until_alarm,
    diagram,
    faults_of,
    following,
    is_enrolled,
    possible_events,
)
from domain.refusals import Conflict
from domain.routing import Route

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def test_the_usual_way_leads_from_the_request_to_the_live_file() -> None:
    step = Step.REQUESTED
    for event in (Event.BEGUN, Event.PREPARED, Event.SIGNED, Event.SUBMITTED, Event.ACKNOWLEDGED, Event.APPROVED,
                  Event.TEST_BEGUN, Event.WENT_LIVE):  # fmt: skip
        step = following(step, event)
    assert step is Step.LIVE


def test_every_step_leads_to_an_end_and_its_diagram_shows_it() -> None:
    for step in Step:
        reached, border = {step}, [step]
        while border:
            border = [
                one for here in border for one in TRANSITIONS[here].events.values() if one not in reached
            ]
            reached.update(border)
        assert Step.ENDED in reached
        assert f'{step.value}["{TRANSITIONS[step].label}"]' in diagram(step)


def test_what_does_not_fit_is_refused_with_what_would() -> None:
    with pytest.raises(Conflict) as refusal:
        following(Step.SIGNING, Event.APPROVED)
    assert refusal.value.what_to_do == "Possible now: forms are signed, end this enrolment."
    assert Event.EXPIRED not in possible_events(Step.LIVE)


def test_each_fact_says_what_is_missing() -> None:
    assert [one.field for one in faults_of(Event.SUBMITTED, Said(), TODAY)] == ["on", "channel"]
    assert faults_of(Event.APPROVED, Said(effective_from=TODAY), TODAY) == ()
    late = Said(on=TODAY + timedelta(days=1), channel="fax")
    assert [one.code for one in faults_of(Event.SUBMITTED, late, TODAY)] == ["date.impossible"]
    turned = Said(effective_from=TODAY, expires_on=TODAY)
    assert [one.field for one in faults_of(Event.APPROVED, turned, TODAY)] == ["expires_on"]


@pytest.mark.parametrize(
    ("requirement", "term", "served", "enrolled"),
    [
        (None, None, TODAY, None),
        (Requirement(False), None, TODAY, None),
        (Requirement(True), None, TODAY, False),
        (Requirement(True), Term(TODAY), date(2020, 1, 1), True),
        (Requirement(True), Term(TODAY + timedelta(days=1)), TODAY, False),
        (Requirement(True), Term(date(2026, 1, 1), TODAY - timedelta(days=1)), TODAY, False),
        (Requirement(True, "service"), Term(TODAY), TODAY - timedelta(days=1), False),
        (Requirement(True, "service"), Term(date(2026, 1, 1), date(2026, 6, 30)), date(2026, 6, 30), True),
    ],
)
def test_a_claim_is_taken_on_the_days_of_the_term(
    requirement: Requirement | None, term: Term | None, served: date, enrolled: bool | None
) -> None:
    assert is_enrolled(requirement, term, TODAY, served) is enrolled


def test_the_calendar_reminds_before_the_end_and_then_ends_the_term() -> None:
    wants = Requirement(True, reminder_days=60)
    end = TODAY + timedelta(days=100)
    assert days_until_alarm(Step.LIVE, wants, TODAY, end) == 40
    assert days_until_alarm(Step.LIVE, wants, TODAY, None) is None
    assert days_until_alarm(Step.SUBMITTED, wants, TODAY, None) == 30
    assert days_until_alarm(Step.REVALIDATING, wants, TODAY, end) == 101
    assert clock_event(Step.LIVE, end - timedelta(days=60), end) is Event.EXPIRY_NEAR
    assert clock_event(Step.REVALIDATING, end, end) is None
    assert clock_event(Step.REVALIDATING, end + timedelta(days=1), end) is Event.EXPIRED


def test_the_most_specific_route_wins_and_says_why() -> None:
    payer, client = UUID(int=8), UUID(int=9)
    everywhere, institutional, own = Route(A), Route(B, None, "837I"), Route(C, client)
    ask = lambda routes, transaction="837P": routing.choose(routes, payer, A, client, transaction)  # noqa: E731
    assert ask([everywhere, institutional]).why == "payer"
    assert ask([everywhere, institutional], "837I") == routing.Chosen(B, "transaction")
    assert ask([everywhere, institutional, own], "837I") == routing.Chosen(C, "client")
    assert ask([Route(C, UUID(int=7))]) == routing.Chosen(payer, "payer_connection")
    assert routing.choose([], None, A, client, "837P") == routing.Chosen(A, "default")
    assert routing.choose([], None, None, client, "837P").why == "none"
    assert all(
        routing.choose(r, None, None, client, "837P").why in routing.WHY for r in ([], [own], [everywhere])
    )


def test_a_partner_that_fails_again_and_again_is_left_alone_for_a_growing_while() -> None:
    circuit = Circuit()
    for _ in range(circuits.FAILURES_TO_OPEN - 1):
        circuit = circuits.failed(circuit, "timed_out", NOW)
        assert circuits.may_call(circuit, NOW)
    opened = circuits.failed(circuit, "timed_out", NOW)
    assert not circuits.may_call(opened, NOW)
    assert opened.retry_at == NOW + timedelta(minutes=1)
    probe = circuits.probing(opened, opened.retry_at)
    assert not circuits.may_call(probe, opened.retry_at)
    again = circuits.failed(probe, "unreachable", opened.retry_at)
    assert again.retry_at == opened.retry_at + timedelta(minutes=2)
    assert circuits.delay(40) == circuits.LONGEST_DELAY
    assert circuits.worked() == Circuit()


def test_a_refusal_stops_at_once_until_a_person_says_otherwise() -> None:
    refused = circuits.failed(Circuit(), "credentials_refused", NOW)
    assert (refused.state, refused.retry_at) == (circuits.OPEN, None)
    assert not circuits.may_call(refused, NOW + timedelta(days=400))
    assert circuits.failed(Circuit(), "name_taken", NOW) == Circuit(), (
        "one file says nothing about the partner"
    )
