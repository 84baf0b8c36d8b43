"""One status, one action and one allowed correction follow from the facts of a claim."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.claims.states import (
    Ack,
    Facts,
    FollowUp,
    Frequency,
    Outcome,
    Status,
    correction_for,
    next_action,
    status,
    waiting_for,
)
from domain.refusals import Conflict

YES, NO = Ack.ACCEPTED, Ack.REJECTED
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
RELEASED = Facts(captured=True, coded=True, released=True)
SENT = replace(RELEASED, batched_at=AT, sent_at=AT)
ACCEPTED = replace(SENT, ack_999=YES, ack_clearinghouse=YES, ack_payer=YES, payer_claim_control_number="PCN1")
DENIED = replace(ACCEPTED, adjudications=1, outcome=Outcome.DENIED)

STATUSES = [
    (Facts(), Status.DRAFT),
    (Facts(captured=True), Status.CODING),
    (Facts(captured=True, coded=True, held_reason="findings"), Status.HELD),
    (RELEASED, Status.READY),
    (replace(RELEASED, held_reason="missing note"), Status.HELD),
    (replace(RELEASED, batched_at=AT), Status.BATCHED),
    (SENT, Status.SENT),
    (replace(SENT, ack_999=YES), Status.ACCEPTED_999),
    (replace(SENT, ack_999=NO), Status.REJECTED_999),
    (replace(SENT, ack_999=YES, ack_clearinghouse=YES), Status.ACCEPTED_CLEARINGHOUSE),
    (replace(SENT, ack_999=YES, ack_clearinghouse=NO), Status.REJECTED_CLEARINGHOUSE),
    (ACCEPTED, Status.ACCEPTED_PAYER),
    (replace(ACCEPTED, ack_payer=NO), Status.REJECTED_PAYER),
    (replace(ACCEPTED, ack_clearinghouse=NO), Status.REJECTED_CLEARINGHOUSE),
    (replace(SENT, ack_payer=YES), Status.ACCEPTED_PAYER),
    *((replace(ACCEPTED, outcome=outcome), Status(outcome.value)) for outcome in Outcome),
    *((replace(DENIED, follow_up=follow_up), Status(follow_up.value)) for follow_up in FollowUp),
    (replace(ACCEPTED, ack_payer=NO, outcome=Outcome.PAID), Status.PAID),
    (replace(ACCEPTED, frequency="8", outcome=Outcome.REVERSED), Status.VOIDED),
    (replace(DENIED, closed=True), Status.CLOSED),
]


@pytest.mark.parametrize(("facts", "expected"), STATUSES)
def test_the_status_is_the_furthest_true_thing(facts: Facts, expected: Status) -> None:
    assert status(facts) is expected


def test_every_status_can_come_about_and_has_words_and_a_tone() -> None:
    assert {expected for _, expected in STATUSES} == set(Status)
    assert all(known.label and known.tone in ("ok", "warn", "bad", "info", "neutral") for known in Status)


@pytest.mark.parametrize(("facts", "expected"), STATUSES)
def test_a_claim_has_an_action_or_waits_for_something_until_it_is_closed(
    facts: Facts, expected: Status
) -> None:
    action, waiting = next_action(facts), waiting_for(facts)
    assert bool(action) != bool(waiting) or expected is Status.CLOSED


def test_a_denial_with_the_payers_number_is_replaced_and_without_it_appealed() -> None:
    replaced, appealed = next_action(DENIED), next_action(replace(DENIED, payer_claim_control_number=""))
    assert replaced is not None and replaced.code == "replace"
    assert appealed is not None and appealed.code == "appeal"


@pytest.mark.parametrize(
    "rejected", [replace(SENT, ack_999=NO), replace(SENT, ack_clearinghouse=NO), replace(SENT, ack_payer=NO)]
)
def test_a_rejected_claim_is_resent_as_an_original(rejected: Facts) -> None:
    assert correction_for(rejected) == "1"


def test_an_adjudicated_claim_is_replaced_or_voided() -> None:
    assert correction_for(DENIED) == "7"
    assert correction_for(replace(DENIED, outcome=Outcome.PAID), void=True) == "8"


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_rejected_replacement_or_void_is_resent_as_what_it_was(frequency: Frequency) -> None:
    rejected = replace(DENIED, outcome=None, ack_payer=NO, frequency=frequency)
    assert correction_for(rejected) == frequency


@pytest.mark.parametrize(
    ("facts", "void", "code"),
    [
        (RELEASED, False, "claim.not_sent"),
        (replace(RELEASED, batched_at=AT), False, "claim.answer_outstanding"),
        (ACCEPTED, False, "claim.answer_outstanding"),
        (
            replace(DENIED, payer_claim_control_number=""),
            False,
            "claim.payer_claim_control_number_missing",
        ),
        (replace(SENT, ack_payer=NO), True, "claim.nothing_to_void"),
        (replace(DENIED, closed=True), False, "claim.closed"),
    ],
)
def test_a_correction_out_of_place_is_refused_with_its_reason(facts: Facts, void: bool, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        correction_for(facts, void=void)
    assert refusal.value.code == code and refusal.value.what_to_do
