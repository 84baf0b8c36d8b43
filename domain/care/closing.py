"""Closing a month of care: its steps, and what a patient's month may come to.

The workflow advances by the table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid5

from domain import process_model
from domain.process_model import Process, Stage
from domain.process_model import Step as Shown

Tone = Literal["ok", "warn", "bad", "info", "neutral"]
# Ids of patient-months and of their claims are made, not drawn: what runs twice finds what it made the first time.
_MADE = UUID("6f0a3c1e-94d2-5c3b-8c47-6d1f0e5b7a94")


class Step(StrEnum):
    """Where a month stands. Values are stored and appear in histories: never rename one."""

    FREEZING = "freezing"
    COMPUTING = "computing"
    EXCEPTIONS = "exceptions"
    CLOSED = "closed"
    REOPENED = "reopened"


class Event(StrEnum):
    """What happened to a month, as a past fact. Values are stored: never rename one."""

    STARTED = "started"
    FROZEN = "frozen"
    EXCEPTIONS_FOUND = "exceptions_found"
    SETTLED = "settled"
    REOPENED = "reopened"


TRANSITIONS: Mapping[Step, Stage[Step, Event]] = {
    Step.FREEZING: Stage("Freezing", "info", "the month's time to be locked", {Event.FROZEN: Step.COMPUTING}),
    Step.COMPUTING: Stage(
        "Computing",
        "info",
        "its patients to be computed and billed",
        {Event.EXCEPTIONS_FOUND: Step.EXCEPTIONS, Event.SETTLED: Step.CLOSED},
    ),
    Step.EXCEPTIONS: Stage(
        "Exceptions",
        "warn",
        "somebody to decide on its exceptions",
        {Event.SETTLED: Step.CLOSED, Event.REOPENED: Step.REOPENED},
    ),
    Step.CLOSED: Stage("Closed", "ok", "nobody", {Event.REOPENED: Step.REOPENED}),
    Step.REOPENED: Stage("Reopened", "warn", "somebody to close it again", {Event.STARTED: Step.FREEZING}),
}


def following(step: Step, event: Event) -> Step:
    """The step after an event, or the refusal that says where the month stands."""
    return process_model.advance(TRANSITIONS, step, event, noun="month", code="care_month.not_now")


def visited(step: Step, events: Collection[str]) -> list[str]:
    """The steps that this close has left, by where it stands and what happened in it."""
    left = [Step.FREEZING, Step.COMPUTING] if step not in (Step.FREEZING, Step.COMPUTING) else [Step.FREEZING]
    if Event.EXCEPTIONS_FOUND in events:
        left.append(Step.EXCEPTIONS)
    if step is Step.REOPENED and Event.SETTLED in events:
        left.append(Step.CLOSED)
    return [one.value for one in left if one is not step]


class Outcome(StrEnum):
    """What a patient's month came to. Values are stored: never rename one."""

    WAITING = "waiting"
    NOTHING = "nothing"
    EXCEPTION = "exception"
    BILLABLE = "billable"
    BILLED = "billed"
    EXCLUDED = "excluded"


OUTCOMES: Mapping[Outcome, tuple[str, Tone]] = {
    Outcome.WAITING: ("Not yet computed", "neutral"),
    Outcome.NOTHING: ("Nothing to bill", "neutral"),
    Outcome.EXCEPTION: ("Exception", "warn"),
    Outcome.BILLABLE: ("Being billed", "info"),
    Outcome.BILLED: ("Billed", "ok"),
    Outcome.EXCLUDED: ("Excluded", "neutral"),
}


def patient_month_id(tenant_id: UUID, patient_id: UUID, month: date, revision: int) -> UUID:
    """The id of one patient's month in one revision."""
    return uuid5(_MADE, f"{tenant_id}/{patient_id}/{month:%Y-%m}/{revision}")


def claim_id(frozen_at: datetime, patient_month_id: UUID, number: int = 0) -> UUID:
    """The id of a claim that a revision makes where none is there to correct; `number` of its claims were there before.

    Made of the moment at which the month was frozen and of the patient-month, in the layout of version 7: lists of
    claims go by their ids, the newest first.
    """
    moment = int(frozen_at.timestamp() * 1000)
    made = uuid5(patient_month_id, f"claim/{number}" if number else "claim").int
    high, low = (made >> 64) & 0xFFF, made & ((1 << 62) - 1)
    return UUID(int=moment << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


PROCESS = Process(
    "care_month",
    "Month-end",
    "care_month",
    tuple(
        Shown(
            one.value,
            TRANSITIONS[one].label,
            "person" if one in (Step.EXCEPTIONS, Step.REOPENED) else "machine",
        )
        for one in Step
    ),
    tuple(
        (start.value, end.value)
        for start in Step
        for end in dict.fromkeys(TRANSITIONS[start].events.values())
    ),
    ends=frozenset({Step.CLOSED.value}),
    side=frozenset({Step.EXCEPTIONS.value, Step.REOPENED.value}),
    states="care_months.step",
)
# A close of thousands has as many of these: they are seen in the month, and not one by one among the processes.
PATIENT_PROCESS = Process(
    "care_patient_month",
    "Patient's month",
    "care_patient_month",
    (
        Shown("computing", "Computing", "machine", ("compute_patient",)),
        Shown("packet", "Evidence packet", "machine", ("make_packet",)),
        Shown("billing", "Claim", "machine", ("bill_patient",)),
        Shown("done", "Done", "machine"),
        Shown("failed", "Not computed", "person", ("report_patient",)),
    ),
    (
        ("computing", "packet"),
        ("packet", "billing"),
        ("billing", "done"),
        ("computing", "done"),
        ("computing", "failed"),
        ("packet", "failed"),
        ("billing", "failed"),
    ),
    failures=frozenset({"failed"}),
    ends=frozenset({"done", "failed"}),
    side=frozenset({"failed"}),
)
