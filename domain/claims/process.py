"""The process of a claim as a table: the steps, the past facts that end each one, and the step that follows.

The workflow advances by this table and the claim page draws its diagram from it (`domain.claims.process_diagram`), so
the two cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import Conflict


class Step(StrEnum):
    """Where a claim stands in its process. Values are stored and appear in histories: never rename one."""

    CODING = "coding"
    SCRUBBING = "scrubbing"
    HELD = "held"
    READY = "ready"
    BATCHED = "batched"
    SENT = "sent"
    ACKNOWLEDGED_999 = "acknowledged_999"
    ACCEPTED_CLEARINGHOUSE = "accepted_clearinghouse"
    ACCEPTED_PAYER = "accepted_payer"
    REJECTED = "rejected"
    ADJUDICATED = "adjudicated"
    DENIAL = "denial"
    APPEALED = "appealed"
    PATIENT_BALANCE = "patient_balance"
    FORWARDED = "forwarded"
    REOPENED = "reopened"
    SETTLED = "settled"
    CLOSED = "closed"


FAILURES = frozenset({Step.HELD, Step.REJECTED, Step.DENIAL})


class Event(StrEnum):
    """What has happened to a claim, as a past fact. Values are stored: never rename one."""

    CODED = "coded"
    SCRUB_PASSED = "scrub_passed"
    SCRUB_FAILED = "scrub_failed"
    PUT_ON_HOLD = "put_on_hold"
    CORRECTED = "corrected"
    BATCHED = "batched"
    BATCH_FAILED = "batch_failed"
    SENT = "sent"
    ACCEPTED_999 = "accepted_999"
    REJECTED_999 = "rejected_999"
    CLEARINGHOUSE_ACCEPTED = "clearinghouse_accepted"
    CLEARINGHOUSE_REJECTED = "clearinghouse_rejected"
    PAYER_ACCEPTED = "payer_accepted"
    PAYER_REJECTED = "payer_rejected"
    ADJUDICATED = "adjudicated"
    PAID = "paid"
    SHORT_PAID = "short_paid"
    DENIED = "denied"
    PATIENT_OWES = "patient_owes"
    APPEALED = "appealed"
    VOID_REQUESTED = "void_requested"
    NEXT_PAYER_BILLED = "next_payer_billed"
    FORWARDED = "forwarded"
    REOPENED = "reopened"
    PATIENT_SETTLED = "patient_settled"
    WRITTEN_OFF = "written_off"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the table. `waits_for` says what ends the step; `person` is true when someone must act."""

    label: str
    waits_for: str
    person: bool
    events: Mapping[Event, Step]


# Answers may overtake one another (several senders, files out of order); every step from `sent` on knows all.
# A rejection stands against any acceptance, whichever came first; only an adjudication outweighs it.
_REJECTIONS = {
    Event.REJECTED_999: Step.REJECTED,
    Event.CLEARINGHOUSE_REJECTED: Step.REJECTED,
    Event.PAYER_REJECTED: Step.REJECTED,
}
_ACCEPTANCES = (
    (Event.ACCEPTED_999, Step.ACKNOWLEDGED_999),
    (Event.CLEARINGHOUSE_ACCEPTED, Step.ACCEPTED_CLEARINGHOUSE),
    (Event.PAYER_ACCEPTED, Step.ACCEPTED_PAYER),
)
_LATE = (*(event for event, _ in _ACCEPTANCES), *_REJECTIONS)


def _answers(here: Step, reached: int) -> dict[Event, Step]:
    """The answers a sent claim may get when it has `reached` that many acceptances: none moves it back."""
    forward = {event: step if rank >= reached else here for rank, (event, step) in enumerate(_ACCEPTANCES)}
    return {**forward, **_REJECTIONS, Event.ADJUDICATED: Step.ADJUDICATED}


def _adjudicated(here: Step, events: Mapping[Event, Step]) -> dict[Event, Step]:
    """After adjudication late acknowledgements change nothing and another remittance is judged afresh."""
    return {**dict.fromkeys(_LATE, here), Event.ADJUDICATED: Step.ADJUDICATED, **events}


_RESENT = {Event.CORRECTED: Step.SCRUBBING, Event.VOID_REQUESTED: Step.SCRUBBING}
_WITHDRAWN = {Event.WITHDRAWN: Step.CLOSED}
# The next payer's turn: we bill it, or the payer before has passed the claim on by itself.
_NEXT_PAYER = {Event.NEXT_PAYER_BILLED: Step.SCRUBBING, Event.FORWARDED: Step.FORWARDED}
_SHORTFALL = {
    **_RESENT,
    **_NEXT_PAYER,
    Event.APPEALED: Step.APPEALED,
    Event.PATIENT_OWES: Step.PATIENT_BALANCE,
    Event.WRITTEN_OFF: Step.SETTLED,
}

TRANSITIONS: Mapping[Step, Stage] = {
    Step.CODING: Stage(
        "Coding",
        "a coder to finish coding",
        True,
        {Event.CODED: Step.SCRUBBING, Event.PUT_ON_HOLD: Step.HELD, **_WITHDRAWN},
    ),
    Step.SCRUBBING: Stage(
        "Scrubbing",
        "the scrubbing rules",
        False,
        {Event.SCRUB_PASSED: Step.READY, Event.SCRUB_FAILED: Step.HELD},
    ),
    Step.HELD: Stage(
        "Held",
        "somebody to correct the claim",
        True,
        {Event.CORRECTED: Step.SCRUBBING, Event.PUT_ON_HOLD: Step.HELD, **_WITHDRAWN},
    ),
    Step.READY: Stage(
        "Ready",
        "the next batch",
        False,
        {
            Event.BATCHED: Step.BATCHED,
            Event.PUT_ON_HOLD: Step.HELD,
            Event.CORRECTED: Step.SCRUBBING,
            **_WITHDRAWN,
        },
    ),
    # The poller may bring an answer before the batch has told that the file left.
    Step.BATCHED: Stage(
        "Batched",
        "the file to be sent",
        False,
        {Event.SENT: Step.SENT, Event.BATCH_FAILED: Step.READY, **_answers(Step.BATCHED, 0)},
    ),
    Step.SENT: Stage("Sent", "the 999", False, {Event.SENT: Step.SENT, **_answers(Step.SENT, 0)}),
    Step.ACKNOWLEDGED_999: Stage(
        "999 accepted",
        "the clearinghouse's 277CA",
        False,
        {Event.SENT: Step.ACKNOWLEDGED_999, **_answers(Step.ACKNOWLEDGED_999, 1)},
    ),
    Step.ACCEPTED_CLEARINGHOUSE: Stage(
        "Clearinghouse accepted",
        "the payer's 277CA",
        False,
        {Event.SENT: Step.ACCEPTED_CLEARINGHOUSE, **_answers(Step.ACCEPTED_CLEARINGHOUSE, 2)},
    ),
    Step.ACCEPTED_PAYER: Stage(
        "Payer accepted",
        "the remittance (835)",
        False,
        {Event.SENT: Step.ACCEPTED_PAYER, **_answers(Step.ACCEPTED_PAYER, 3)},
    ),
    Step.REJECTED: Stage(
        "Rejected",
        "somebody to correct and resend the claim",
        True,
        {
            **dict.fromkeys(_LATE, Step.REJECTED),
            Event.SENT: Step.REJECTED,
            Event.ADJUDICATED: Step.ADJUDICATED,
            Event.CORRECTED: Step.SCRUBBING,
            **_WITHDRAWN,
        },
    ),
    Step.ADJUDICATED: Stage(
        "Adjudicated",
        "the outcome to be derived",
        False,
        _adjudicated(
            Step.ADJUDICATED,
            {
                Event.PAID: Step.SETTLED,
                Event.SHORT_PAID: Step.DENIAL,
                Event.DENIED: Step.DENIAL,
                Event.PATIENT_OWES: Step.PATIENT_BALANCE,
                **_NEXT_PAYER,
            },
        ),
    ),
    Step.DENIAL: Stage(
        "Denial work", "a decision on the denial", True, _adjudicated(Step.DENIAL, _SHORTFALL)
    ),
    Step.APPEALED: Stage(
        "Appealed",
        "the payer's answer to the appeal",
        False,
        _adjudicated(Step.APPEALED, {Event.DENIED: Step.DENIAL, **_SHORTFALL}),
    ),
    Step.PATIENT_BALANCE: Stage(
        "Patient balance",
        "the patient's share",
        True,
        _adjudicated(
            Step.PATIENT_BALANCE,
            {
                **_RESENT,
                **_NEXT_PAYER,
                Event.PATIENT_SETTLED: Step.SETTLED,
                Event.WRITTEN_OFF: Step.SETTLED,
            },
        ),
    ),
    Step.FORWARDED: Stage(
        "Forwarded",
        "the next payer's remittance",
        False,
        _adjudicated(
            Step.FORWARDED,
            {Event.NEXT_PAYER_BILLED: Step.SCRUBBING, Event.PATIENT_OWES: Step.PATIENT_BALANCE},
        ),
    ),
    Step.REOPENED: Stage(
        "Reopened",
        "somebody to replace, void or close it",
        True,
        _adjudicated(Step.REOPENED, {**_SHORTFALL, Event.PATIENT_SETTLED: Step.SETTLED}),
    ),
    Step.SETTLED: Stage(
        "Settled",
        "the claim to be closed",
        False,
        _adjudicated(
            Step.SETTLED,
            {**_RESENT, **_NEXT_PAYER, Event.CLOSED: Step.CLOSED, Event.REOPENED: Step.REOPENED},
        ),
    ),
    # A payer may take its money back long after: the remittance reopens the claim, and so may a person with a reason.
    Step.CLOSED: Stage("Closed", "", False, _adjudicated(Step.CLOSED, {Event.REOPENED: Step.REOPENED})),
}


def advance(step: Step, event: Event) -> Step:
    """The step after `event`. Raises Conflict `claim.event_out_of_place` for an event out of place."""
    following = TRANSITIONS[step].events.get(event)
    if following is None:
        raise Conflict(
            "claim.event_out_of_place",
            f"A claim at step {step.value} cannot take the event {event.value}.",
            f"Events possible now: {', '.join(sorted(allowed(step))) or 'none'}.",
        )
    return following


def allowed(step: Step) -> frozenset[Event]:
    """The events that a claim at `step` can take."""
    return frozenset(TRANSITIONS[step].events)
