"""The chain of answers to a submission: what came counts, what is missing says why, and lateness is told."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.claims.submission import STAGES, Answer, State, chain
from domain.edi import EXPECTED_WITHIN

SENT = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def states(*answers: Answer, waiting: str = "", after: timedelta = HOUR) -> dict[str, State]:
    links = chain(SENT, answers, EXPECTED_WITHIN, SENT + after, waiting=waiting)
    assert [link.stage for link in links] == list(STAGES)
    return {link.stage: link.state for link in links}


def told(stage: str, verdict: str = "accepted", after: timedelta = HOUR) -> Answer:
    return Answer(stage, verdict, SENT + after)


def test_nothing_answered_waits_for_the_first_and_names_the_rest() -> None:
    found = states(waiting="999")
    assert found["999"] is State.AWAITED and found["835"] is State.NOT_YET
    assert found["ta1"] is State.NEEDLESS
    assert states(waiting="999", after=timedelta(days=2))["999"] is State.LATE


def test_a_later_answer_makes_a_missing_earlier_one_needless() -> None:
    found = states(told("payer_277ca"), waiting="835")
    assert found["999"] is found["clearinghouse_277ca"] is State.NEEDLESS
    assert found["payer_277ca"] is State.ACCEPTED and found["835"] is State.AWAITED


def test_after_a_rejection_nothing_more_is_to_come() -> None:
    found = states(told("999"), told("clearinghouse_277ca", "rejected"))
    assert found["clearinghouse_277ca"] is State.REJECTED
    assert found["payer_277ca"] is found["835"] is State.STOPPED


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (("received",), State.RECEIVED),
        (("received", "accepted"), State.ACCEPTED),
        (("accepted", "rejected"), State.REJECTED),
        (("rejected", "accepted"), State.REJECTED),
        (("not_found",), State.REJECTED),
    ],
)
def test_of_several_answers_a_rejection_counts_then_an_acceptance(
    verdicts: tuple[str, ...], state: State
) -> None:
    answers = [told("payer_277ca", verdict, HOUR * n) for n, verdict in enumerate(verdicts, 1)]
    (link,) = [one for one in chain(SENT, answers, {}, SENT) if one.stage == "payer_277ca"]
    assert (link.state, link.answers) == (state, len(verdicts))


def test_an_answer_after_its_time_is_marked_late() -> None:
    late = told("999", after=timedelta(days=3))
    (link,) = [one for one in chain(SENT, [late], EXPECTED_WITHIN, SENT) if one.stage == "999"]
    assert link.late and link.expected_by == SENT + timedelta(days=1) and link.at == late.at


def test_what_was_never_sent_is_late_for_nothing() -> None:
    assert not any(link.late or link.expected_by for link in chain(None, [], EXPECTED_WITHIN, SENT))
