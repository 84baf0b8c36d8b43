"""The exchange with clearinghouses: which answer is expected next, by when, and how control numbers are spelled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.claims.states import Ack, Facts, FollowUp


@dataclass(frozen=True, slots=True)
class Expectation:
    """The answer that a sent claim waits for, and the moment after which its absence is an alarm."""

    answer: str  # 999, clearinghouse_277ca, payer_277ca, 835
    by: datetime


# From sending, for a partner that has no history here yet. A tenant may say otherwise for everything
# (`expected_answer_seconds` in its settings), for a payer or for a connection.
EXPECTED_WITHIN: Mapping[str, timedelta] = {
    "999": timedelta(days=1),
    "clearinghouse_277ca": timedelta(days=2),
    "payer_277ca": timedelta(days=5),
    "835": timedelta(days=30),
}
# Whose history tells how long an answer takes.
ANSWERED_BY: Mapping[str, str] = {
    "999": "connection",
    "clearinghouse_277ca": "connection",
    "payer_277ca": "payer",
    "835": "payer",
}
WORDS: Mapping[str, str] = {
    "999": "999",
    "clearinghouse_277ca": "clearinghouse's 277CA",
    "payer_277ca": "payer's 277CA",
    "835": "remittance (835)",
}


# What is learned: the 95th percentile of at least 20 answering files within 90 days, and half as much again, so that one
# answer in twenty is not an alarm. Never sooner than an hour, never later than three times the usual.
PERCENTILE, ENOUGH, WINDOW = 95, 20, timedelta(days=90)
SOONEST, MOST_TIMES_USUAL = timedelta(hours=1), 3


@dataclass(frozen=True, slots=True)
class Learned:
    """What a partner's history says of one answer. `percentile` is None without history, `within` with too little."""

    samples: int
    percentile: timedelta | None
    within: timedelta | None


def percentile(samples: Iterable[tuple[int, int]], percent: int = PERCENTILE) -> int | None:
    """The nearest-rank percentile of (value, how often) pairs: a value that was really seen. None without any."""
    ordered = sorted(samples)
    total = sum(times for _, times in ordered)
    reached = 0
    for value, times in ordered:
        reached += times
        if reached * 100 >= total * percent and times:
            return value
    return None


def learned(answer: str, samples: Iterable[tuple[int, int]]) -> Learned:
    """How long to wait for an answer, from pairs of (seconds it took, how many files took so long)."""
    pairs = list(samples)
    count, seen = sum(times for _, times in pairs), percentile(pairs)
    if seen is None:
        return Learned(0, None, None)
    longest = EXPECTED_WITHIN[answer] * MOST_TIMES_USUAL
    within = min(max(timedelta(seconds=seen * 3 // 2), SOONEST), longest) if count >= ENOUGH else None
    return Learned(count, timedelta(seconds=seen), within)


def awaiting(facts: Facts) -> str:
    """Which answer a claim waits for outside; "" when nothing was sent, it was rejected, or the answer is there.

    An answer of a later stage proves the earlier ones: a payer's acceptance needs no 999 any more.
    """
    acknowledged = (facts.ack_payer, facts.ack_clearinghouse, facts.ack_999)
    if facts.sent_at is None or facts.outcome is not None or facts.closed or Ack.REJECTED in acknowledged:
        return ""
    # A claim that the payer before has passed on is answered by nothing but the next payer's remittance.
    if facts.ack_payer or facts.follow_up is FollowUp.SECONDARY:
        return "835"
    if facts.ack_clearinghouse:
        return "payer_277ca"
    return "clearinghouse_277ca" if facts.ack_999 else "999"


def expectation(
    facts: Facts, within: Mapping[str, timedelta] = EXPECTED_WITHIN, act_by: date | None = None
) -> Expectation | None:
    """The answer that a claim waits for outside, and when its absence is an alarm; None when it waits for none.

    `act_by` is the day before the filing limit on which somebody must act: a claim that its payer has not accepted is
    an alarm on that day at the latest, unless it was sent after it.
    """
    answer = awaiting(facts)
    if not answer or facts.sent_at is None:
        return None
    by = facts.sent_at + within[answer]
    if act_by is not None and answer != "835":
        last = datetime.combine(act_by, time(), UTC)
        by = min(by, last) if facts.sent_at < last else by
    return Expectation(answer, by)


def silence_priority(act_by: date, today: date, answer: str, usual: int) -> int:
    """How urgent a silence is: first of all once the filing limit is near and no payer has accepted the claim."""
    return 1 if answer != "835" and today >= act_by else usual


def batch_reference(interchange_number: int) -> str:
    """BHT03 of a batch: unique per connection because the interchange number is."""
    return f"B{interchange_number:09d}"


def file_name(receiver_id: str, interchange_number: int, kind: str = "837P") -> str:
    """The deterministic name of a batch's file: sending it again overwrites nothing but itself."""
    return f"{kind}_{receiver_id.lower()}_{interchange_number:09d}.x12"
