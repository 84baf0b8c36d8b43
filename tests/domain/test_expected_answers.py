"""When an answer is missed: learned from history, bounded, and never later than the filing limit allows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import FilingTerms, filing_alarm, filing_limit
from domain.claims.states import Ack, Facts, Outcome
from domain.edi import (
    ENOUGH,
    EXPECTED_WITHIN,
    SOONEST,
    awaiting,
    expectation,
    learned,
    percentile,
    silence_priority,
)

SENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = 3600


def test_the_percentile_is_the_nearest_rank_that_was_seen() -> None:
    assert percentile([(n, 1) for n in range(1, 101)]) == 95
    assert percentile([(n, 1) for n in range(1, 21)]) == 19
    assert percentile([(10, 19), (99, 1)]) == 10
    assert percentile([(10, 18), (99, 2)]) == 99
    assert percentile([(7, 1)]) == 7
    assert percentile([]) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 5)), min_size=1, max_size=40))
def test_the_percentile_agrees_with_the_written_out_list(samples: list[tuple[int, int]]) -> None:
    every = sorted(value for value, times in samples for _ in range(times))
    rank = -(-95 * len(every) // 100)
    assert percentile(samples) == every[rank - 1]


def test_too_little_history_teaches_nothing_but_is_told() -> None:
    few = learned("999", [(2 * HOUR, ENOUGH - 1)])
    assert (few.samples, few.percentile, few.within) == (ENOUGH - 1, timedelta(hours=2), None)
    assert learned("999", []).percentile is None


def test_history_teaches_the_percentile_and_half_as_much_again() -> None:
    assert learned("999", [(2 * HOUR, ENOUGH)]).within == timedelta(hours=3)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(EXPECTED_WITHIN)),
    st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 30)), min_size=1, max_size=20),
)
def test_what_is_learned_is_never_absurd(answer: str, samples: list[tuple[int, int]]) -> None:
    within = learned(answer, samples).within
    assert within is None or SOONEST <= within <= 3 * EXPECTED_WITHIN[answer]


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        (Facts(), ""),
        (Facts(sent_at=SENT), "999"),
        (Facts(sent_at=SENT, ack_999=Ack.ACCEPTED), "clearinghouse_277ca"),
        (Facts(sent_at=SENT, ack_clearinghouse=Ack.ACCEPTED), "payer_277ca"),
        (Facts(sent_at=SENT, ack_payer=Ack.ACCEPTED), "835"),
        (Facts(sent_at=SENT, ack_payer=Ack.ACCEPTED, ack_999=Ack.REJECTED), ""),
        (Facts(sent_at=SENT, outcome=Outcome.PAID), ""),
        (Facts(sent_at=SENT, closed=True), ""),
    ],
)
def test_a_claim_waits_for_the_next_answer_that_is_not_proven_by_a_later_one(
    facts: Facts, answer: str
) -> None:
    assert awaiting(facts) == answer


def test_an_answer_is_missed_at_its_own_time_while_the_filing_limit_is_far() -> None:
    found = expectation(Facts(sent_at=SENT), act_by=date(2027, 6, 1))
    assert found is not None and found.by == SENT + EXPECTED_WITHIN["999"]


def test_an_alarm_comes_on_the_day_to_act_when_that_is_sooner() -> None:
    facts = Facts(sent_at=SENT, ack_999=Ack.ACCEPTED, ack_clearinghouse=Ack.ACCEPTED)
    found = expectation(facts, act_by=date(2026, 11, 3))
    assert found is not None and found.by == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_claim_sent_after_the_day_to_act_waits_its_usual_time() -> None:
    found = expectation(Facts(sent_at=SENT), act_by=date(2026, 10, 20))
    assert found is not None and found.by == SENT + EXPECTED_WITHIN["999"]


def test_what_the_payer_accepted_was_filed_and_waits_for_its_remittance_only() -> None:
    found = expectation(Facts(sent_at=SENT, ack_payer=Ack.ACCEPTED), act_by=date(2026, 11, 3))
    assert found is not None and found.by == SENT + EXPECTED_WITHIN["835"]


def test_a_silence_is_most_urgent_once_somebody_must_act_for_the_filing_limit() -> None:
    act_by = date(2026, 11, 10)
    assert silence_priority(act_by, date(2026, 11, 9), "999", 2) == 2
    assert silence_priority(act_by, act_by, "999", 2) == 1
    assert silence_priority(act_by, date(2027, 1, 1), "835", 2) == 2


@pytest.mark.parametrize(
    ("served", "terms", "limit"),
    [
        (date(2024, 2, 29), FilingTerms(True, 90), date(2025, 2, 28)),
        (date(2025, 3, 1), FilingTerms(True, 90), date(2026, 3, 1)),
        (date(2026, 1, 1), FilingTerms(False, 90), date(2026, 4, 1)),
    ],
)
def test_the_day_to_act_is_fifteen_days_before_the_limit(
    served: date, terms: FilingTerms, limit: date
) -> None:
    assert filing_limit(served, terms) == limit
    assert filing_alarm(served, terms) == limit - timedelta(days=15)
