"""The process of a claim for people: the steps of `domain.claims.process` with the ways that are worth drawing."""

from collections.abc import Iterable

from domain.claims.process import FAILURES, TRANSITIONS, Step
from domain.process_model import Process, WaitsFor, draw
from domain.process_model import Step as Shown

_EDGES = (
    (Step.CODING, "", Step.SCRUBBING),
    (Step.SCRUBBING, "errors", Step.HELD),
    (Step.HELD, "corrected", Step.SCRUBBING),
    (Step.SCRUBBING, "clean", Step.READY),
    (Step.READY, "", Step.BATCHED),
    (Step.BATCHED, "", Step.SENT),
    (Step.SENT, "999", Step.ACKNOWLEDGED_999),
    (Step.ACKNOWLEDGED_999, "277CA", Step.ACCEPTED_CLEARINGHOUSE),
    (Step.ACCEPTED_CLEARINGHOUSE, "277CA", Step.ACCEPTED_PAYER),
    (Step.SENT, "rejected", Step.REJECTED),
    (Step.REJECTED, "corrected", Step.SCRUBBING),
    (Step.ACCEPTED_PAYER, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "denied or short", Step.DENIAL),
    (Step.DENIAL, "replaced", Step.SCRUBBING),
    (Step.DENIAL, "appeal", Step.APPEALED),
    (Step.APPEALED, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "patient owes", Step.PATIENT_BALANCE),
    (Step.PATIENT_BALANCE, "", Step.SETTLED),
    (Step.ADJUDICATED, "passed on", Step.FORWARDED),
    (Step.FORWARDED, "835", Step.ADJUDICATED),
    (Step.ADJUDICATED, "paid", Step.SETTLED),
    (Step.SETTLED, "", Step.CLOSED),
    (Step.CLOSED, "reopened", Step.REOPENED),
    (Step.REOPENED, "replaced or voided", Step.SCRUBBING),
)
_AT_A_PARTNER = frozenset(
    {
        Step.SENT,
        Step.ACKNOWLEDGED_999,
        Step.ACCEPTED_CLEARINGHOUSE,
        Step.ACCEPTED_PAYER,
        Step.APPEALED,
        Step.FORWARDED,
    }
)


def _waits_for(step: Step) -> WaitsFor:
    if step in _AT_A_PARTNER:
        return "partner"
    return "person" if TRANSITIONS[step].person else "machine"


PROCESS = Process(
    "claim",
    "Claim",
    "claim",
    tuple(Shown(one.value, TRANSITIONS[one].label, _waits_for(one)) for one in Step),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    failures=frozenset(one.value for one in FAILURES),
    ends=frozenset({Step.CLOSED.value}),
    # Steps off the straight road are drawn only once a claim has been there: a clean claim shows a clean line.
    side=frozenset(
        one.value for one in FAILURES | {Step.APPEALED, Step.PATIENT_BALANCE, Step.FORWARDED, Step.REOPENED}
    ),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="claims.step",
)


def diagram(step: Step | str, history: Iterable[Step | str] = ()) -> str:
    """Mermaid text of a claim's process; `history` holds the steps already left."""
    return draw(PROCESS, Step(step).value, [Step(past).value for past in history])
