"""The process of an audit as a table: its states, the past facts that end each, and the clocks that run meanwhile.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain import process_model
from domain.process_model import Process, Stage, Step, WaitsFor, draw


class State(StrEnum):
    """Where an audit stands. Values are stored and appear in histories: never rename one."""

    PLANNED = "planned"
    SAMPLED = "sampled"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    DECIDED = "decided"
    CLOSED = "closed"


class Event(StrEnum):
    """What has happened to an audit, as a past fact. Values are stored: never rename one."""

    DRAWN = "drawn"
    NOTHING_FOUND = "nothing_found"
    REVIEW_BEGUN = "review_begun"
    REVIEWED = "reviewed"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    SILENT = "silent"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    FINISHED = "finished"
    CANCELLED = "cancelled"


_CANCELLED = {Event.CANCELLED: State.CLOSED}
STAGES: Mapping[State, Stage[State, Event]] = {
    State.PLANNED: Stage(
        "Planned",
        "info",
        "the sample to be drawn",
        {Event.DRAWN: State.SAMPLED, Event.NOTHING_FOUND: State.CLOSED, **_CANCELLED},
    ),
    State.SAMPLED: Stage(
        "Sampled", "info", "the auditor to begin", {Event.REVIEW_BEGUN: State.IN_REVIEW, **_CANCELLED}
    ),
    State.IN_REVIEW: Stage(
        "In review",
        "warn",
        "the auditor to review every claim",
        {Event.REVIEW_BEGUN: State.IN_REVIEW, Event.REVIEWED: State.COMPLETED, **_CANCELLED},
    ),
    State.COMPLETED: Stage("Completed", "info", "the result to be told", {Event.TOLD: State.NOTIFIED}),
    State.NOTIFIED: Stage(
        "Notified",
        "warn",
        "the audited person to acknowledge or dispute",
        {
            Event.ACKNOWLEDGED: State.ACKNOWLEDGED,
            Event.DISPUTED: State.DISPUTED,
            Event.SILENT: State.CLOSED,
        },
    ),
    State.ACKNOWLEDGED: Stage("Acknowledged", "ok", "nobody", {Event.FINISHED: State.CLOSED}),
    State.DISPUTED: Stage(
        "Disputed",
        "bad",
        "a third person to decide",
        {Event.UPHELD: State.DECIDED, Event.OVERTURNED: State.DECIDED},
    ),
    State.DECIDED: Stage("Decided", "ok", "nobody", {Event.FINISHED: State.CLOSED}),
    State.CLOSED: Stage("Closed", "neutral", "nobody", {}),
}
OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    Event.NOTHING_FOUND.value: ("Nothing to audit", "neutral"),
    Event.ACKNOWLEDGED.value: ("Acknowledged", "ok"),
    Event.SILENT.value: ("Unanswered: stands", "warn"),
    Event.UPHELD.value: ("Findings stand", "warn"),
    Event.OVERTURNED.value: ("Findings withdrawn", "ok"),
    Event.CANCELLED.value: ("Cancelled", "neutral"),
}
COUNTED = (State.COMPLETED, State.NOTIFIED, State.ACKNOWLEDGED, State.DISPUTED, State.DECIDED, State.CLOSED)
"""States from which on what was reviewed counts in the trends, unless it was cancelled."""


def advance(state: State, event: Event) -> State:
    """The state after `event`. Raises Conflict `quality.event_out_of_place` with what is possible."""
    return process_model.advance(STAGES, state, event, noun="audit", code="quality.event_out_of_place")


class Clock(StrEnum):
    """What a clock of an audit rings for."""

    REVIEW_LATE = "review_late"
    ANSWER_REMINDER = "answer_reminder"
    ANSWER_SILENT = "answer_silent"
    DECISION_LATE = "decision_late"


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks of the state count from; aware UTC. `last_at` ends the wait for an answer for good."""

    state: State
    due_at: datetime | None
    last_at: datetime | None = None
    reminded: bool = False


def next_ring(times: Times) -> tuple[Clock, datetime] | None:
    """The next clock to ring and when; None while nothing is to be expected."""
    if times.state is State.NOTIFIED and times.reminded:
        return (Clock.ANSWER_SILENT, times.last_at) if times.last_at else None
    if times.reminded or times.due_at is None:
        return None
    clocks = {
        State.SAMPLED: Clock.REVIEW_LATE,
        State.IN_REVIEW: Clock.REVIEW_LATE,
        State.NOTIFIED: Clock.ANSWER_REMINDER,
        State.DISPUTED: Clock.DECISION_LATE,
    }
    return (clocks[times.state], times.due_at) if times.state in clocks else None


_EDGES = (
    (State.PLANNED, "", State.SAMPLED),
    (State.PLANNED, "nothing found", State.CLOSED),
    (State.SAMPLED, "", State.IN_REVIEW),
    (State.IN_REVIEW, "all reviewed", State.COMPLETED),
    (State.COMPLETED, "", State.NOTIFIED),
    (State.NOTIFIED, "", State.ACKNOWLEDGED),
    (State.NOTIFIED, "disputed", State.DISPUTED),
    (State.NOTIFIED, "silence", State.CLOSED),
    (State.DISPUTED, "third person", State.DECIDED),
    (State.ACKNOWLEDGED, "", State.CLOSED),
    (State.DECIDED, "", State.CLOSED),
)
_WAITS: Mapping[State, WaitsFor] = dict.fromkeys(
    (State.SAMPLED, State.IN_REVIEW, State.NOTIFIED, State.DISPUTED), "person"
)
PROCESS = Process(
    "audit",
    "Quality audit",
    "audit",
    tuple(Step(one.value, STAGES[one].label, _WAITS.get(one, "machine")) for one in State),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    failures=frozenset({State.DISPUTED.value}),
    ends=frozenset({State.CLOSED.value}),
    # Drawn only once an audit has been there: a usual one shows a straight line.
    side=frozenset({State.DISPUTED.value, State.DECIDED.value}),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="qa_audits.state",
)


def edges() -> frozenset[tuple[State, State]]:
    """The ways that the diagram knows."""
    return frozenset((start, end) for start, _, end in _EDGES)


def diagram(state: State | str, history: Iterable[State | str] = ()) -> str:
    """Mermaid text of the process: every state is done, current, failed or ahead."""
    return draw(PROCESS, State(state).value, [State(past).value for past in history])
