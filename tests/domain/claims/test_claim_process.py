"""The process table leads every claim to its end, whatever order the answers come in, and draws itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claims.process import TRANSITIONS, Event, Step, advance, allowed
from domain.claims.process_diagram import diagram
from domain.refusals import Conflict

ACKNOWLEDGEMENTS = (Event.ACCEPTED_999, Event.CLEARINGHOUSE_ACCEPTED, Event.PAYER_ACCEPTED)
REJECTIONS = (Event.REJECTED_999, Event.CLEARINGHOUSE_REJECTED, Event.PAYER_REJECTED)


def walk(step: Step, *events: Event) -> Step:
    for event in events:
        step = advance(step, event)
    return step


def test_a_clean_claim_walks_from_coding_to_closed() -> None:
    road = (Event.CODED, Event.SCRUB_PASSED, Event.BATCHED, Event.SENT, *ACKNOWLEDGEMENTS)
    assert walk(Step.CODING, *road, Event.ADJUDICATED, Event.PAID, Event.CLOSED) is Step.CLOSED


def test_a_held_claim_is_scrubbed_again_after_correction() -> None:
    assert walk(Step.SCRUBBING, Event.SCRUB_FAILED, Event.CORRECTED, Event.SCRUB_PASSED) is Step.READY


@pytest.mark.parametrize("rejection", REJECTIONS)
def test_a_rejection_leads_to_correction_and_resending(rejection: Event) -> None:
    assert walk(Step.SENT, rejection) is Step.REJECTED
    assert walk(Step.SENT, rejection, Event.CORRECTED) is Step.SCRUBBING


def test_a_denial_is_replaced_appealed_passed_on_or_written_off() -> None:
    at_denial = walk(Step.ACCEPTED_PAYER, Event.ADJUDICATED, Event.DENIED)
    assert at_denial is Step.DENIAL
    assert walk(at_denial, Event.CORRECTED) is Step.SCRUBBING
    assert walk(at_denial, Event.APPEALED, Event.ADJUDICATED, Event.PAID) is Step.SETTLED
    assert walk(at_denial, Event.NEXT_PAYER_BILLED) is Step.SCRUBBING
    assert walk(at_denial, Event.PATIENT_OWES, Event.PATIENT_SETTLED) is Step.SETTLED
    assert walk(at_denial, Event.WRITTEN_OFF, Event.CLOSED) is Step.CLOSED


@given(st.permutations(ACKNOWLEDGEMENTS))
def test_acceptances_in_any_order_end_at_the_payers(order: list[Event]) -> None:
    assert walk(Step.SENT, *order) is Step.ACCEPTED_PAYER


@given(st.permutations((*ACKNOWLEDGEMENTS, Event.PAYER_REJECTED)))
def test_a_rejection_stands_whatever_acceptances_come_before_or_after(order: list[Event]) -> None:
    assert walk(Step.SENT, *order) is Step.REJECTED


@given(st.permutations((*ACKNOWLEDGEMENTS, *REJECTIONS, Event.ADJUDICATED, Event.SENT)))
def test_an_adjudication_is_never_undone_by_a_late_acknowledgement(order: list[Event]) -> None:
    step = Step.BATCHED
    for event in order:
        if event in allowed(step):
            step = advance(step, event)
    assert step is Step.ADJUDICATED


def test_a_takeback_after_closing_opens_the_claim_again() -> None:
    assert advance(Step.CLOSED, Event.ADJUDICATED) is Step.ADJUDICATED


def test_an_event_out_of_place_is_refused_and_says_what_is_possible() -> None:
    with pytest.raises(Conflict) as refusal:
        advance(Step.CODING, Event.PAID)
    assert refusal.value.code == "claim.event_out_of_place"
    assert "coded" in refusal.value.what_to_do


def test_every_step_stands_in_the_table_and_can_reach_closed() -> None:
    assert set(TRANSITIONS) == set(Step)
    reaching = {Step.CLOSED}
    for _ in Step:
        reaching |= {step for step, stage in TRANSITIONS.items() if reaching & set(stage.events.values())}
    assert reaching == set(Step)


def test_every_event_is_known_to_some_step() -> None:
    assert {event for stage in TRANSITIONS.values() for event in stage.events} == set(Event)


def test_the_diagram_shows_what_is_done_where_the_claim_stands_and_what_is_ahead() -> None:
    text = diagram(Step.SENT, [Step.CODING, Step.SCRUBBING, Step.READY, Step.BATCHED])
    assert 'batched["Batched"]:::done' in text
    assert 'sent["Sent"]:::current' in text
    assert 'adjudicated["Adjudicated"]:::ahead' in text
    assert "held" not in text and "denial" not in text


def test_the_diagram_shows_a_failure_where_the_claim_stands_at_one() -> None:
    assert ":::failed" in diagram("rejected", ["coding", "sent"])
    assert 'held["Held"]:::done' in diagram("ready", ["coding", "scrubbing", "held"])


@given(st.sampled_from(Step), st.lists(st.sampled_from(Step)))
def test_the_diagram_draws_each_node_once_and_only_edges_between_them(
    step: Step, history: list[Step]
) -> None:
    lines = diagram(step, history).splitlines()
    nodes = [found[1] for line in lines if (found := re.match(r"  (\w+)\[", line))]
    ends = {
        end for line in lines if "-->" in line for end in re.findall(r"\w+", re.sub(r"\|.*\|", " ", line))
    }
    assert "flowchart TD" in lines[:2]
    assert len(nodes) == len(set(nodes)) and ends <= set(nodes) and step.value in nodes
