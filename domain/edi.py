"""The exchange with clearinghouses: which answer is expected next, by when, and how control numbers are spelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.claims.states import Ack, Facts


@dataclass(frozen=True, slots=True)
class Expectation:
    """The answer that a sent claim waits for, and the moment after which its absence is an alarm."""

    answer: str  # 999, clearinghouse_277ca, payer_277ca, 835
    by: datetime


# Days from sending. A table to begin with; a tenant may override it in its settings (`expected_answer_seconds`).
EXPECTED_WITHIN: Mapping[str, timedelta] = {
    "999": timedelta(days=1),
    "clearinghouse_277ca": timedelta(days=2),
    "payer_277ca": timedelta(days=5),
    "835": timedelta(days=30),
}
WORDS: Mapping[str, str] = {
    "999": "999",
    "clearinghouse_277ca": "clearinghouse's 277CA",
    "payer_277ca": "payer's 277CA",
    "835": "remittance (835)",
}


def expectation(facts: Facts, within: Mapping[str, timedelta] = EXPECTED_WITHIN) -> Expectation | None:
    """What a claim waits for outside; None when nothing was sent or the answer is there.

    An answer of a later stage proves the earlier ones: a payer's acceptance needs no 999 any more.
    """
    if facts.sent_at is None or facts.outcome is not None or facts.closed:
        return None
    acknowledged = (facts.ack_payer, facts.ack_clearinghouse, facts.ack_999)
    if Ack.REJECTED in acknowledged:
        return None
    if facts.ack_payer:
        answer = "835"
    elif facts.ack_clearinghouse:
        answer = "payer_277ca"
    elif facts.ack_999:
        answer = "clearinghouse_277ca"
    else:
        answer = "999"
    return Expectation(answer, facts.sent_at + within[answer])


def batch_reference(interchange_number: int) -> str:
    """BHT03 of a batch: unique per connection because the interchange number is."""
    return f"B{interchange_number:09d}"


def file_name(receiver_id: str, interchange_number: int, kind: str = "837P") -> str:
    """The deterministic name of a batch's file: sending it again overwrites nothing but itself."""
    return f"{kind}_{receiver_id.lower()}_{interchange_number:09d}.x12"
