"""The process of an appeal as a table: its stages, the past facts that end each, and the clocks that run meanwhile.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.process_model import Process, Step, WaitsFor, draw
from domain.refusals import Conflict

WARNING_DAYS = 15


class Stage(StrEnum):
    """Where an appeal stands. Values are stored and appear in histories: never rename one."""

    DRAFTED = "drafted"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    LOST_LEVEL = "lost_level"
    CLOSED = "closed"


class Event(StrEnum):
    """What has happened to an appeal, as a past fact. Values are stored: never rename one."""

    NEEDS_APPROVAL = "needs_approval"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    OVERTURNED = "overturned"
    PARTIALLY_OVERTURNED = "partially_overturned"
    UPHELD = "upheld"
    NEXT_LEVEL = "next_level"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    GIVEN_UP = "given_up"


class Outcome(StrEnum):
    """How an appeal ended, or a level of it was decided."""

    OVERTURNED = "overturned"
    PARTIALLY_OVERTURNED = "partially_overturned"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


LABELS: Mapping[Stage, str] = {
    Stage.DRAFTED: "Drafted",
    Stage.AWAITING_APPROVAL: "Waits for approval",
    Stage.APPROVED: "Approved",
    Stage.SENT: "Sent",
    Stage.ACKNOWLEDGED: "Acknowledged",
    Stage.LOST_LEVEL: "Decided against us",
    Stage.CLOSED: "Closed",
}
TONES: Mapping[Stage, str] = {
    Stage.DRAFTED: "warn",
    Stage.AWAITING_APPROVAL: "warn",
    Stage.APPROVED: "warn",
    Stage.SENT: "info",
    Stage.ACKNOWLEDGED: "info",
    Stage.LOST_LEVEL: "bad",
    Stage.CLOSED: "neutral",
}
OUTCOME_WORDS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.OVERTURNED: ("Overturned", "ok"),
    Outcome.PARTIALLY_OVERTURNED: ("Partially overturned", "warn"),
    Outcome.UPHELD: ("Upheld", "bad"),
    Outcome.WITHDRAWN: ("Withdrawn", "neutral"),
    Outcome.EXPIRED: ("Window passed", "bad"),
}

# The money may come before any letter: an 835 that pays ends the appeal wherever it stands.
_ALWAYS = {Event.WITHDRAWN: Stage.CLOSED, Event.OVERTURNED: Stage.CLOSED}
_BEFORE_SENDING = {**_ALWAYS, Event.EXPIRED: Stage.CLOSED}
_ANSWERED = {
    **_ALWAYS,
    Event.PARTIALLY_OVERTURNED: Stage.LOST_LEVEL,
    Event.UPHELD: Stage.LOST_LEVEL,
}
TRANSITIONS: Mapping[Stage, Mapping[Event, Stage]] = {
    Stage.DRAFTED: {
        **_BEFORE_SENDING,
        Event.NEEDS_APPROVAL: Stage.AWAITING_APPROVAL,
        Event.SENT: Stage.SENT,
    },
    Stage.AWAITING_APPROVAL: {
        **_BEFORE_SENDING,
        Event.APPROVED: Stage.APPROVED,
        Event.SENT_BACK: Stage.DRAFTED,
    },
    Stage.APPROVED: {**_BEFORE_SENDING, Event.SENT: Stage.SENT, Event.SENT_BACK: Stage.DRAFTED},
    Stage.SENT: {**_ANSWERED, Event.ACKNOWLEDGED: Stage.ACKNOWLEDGED},
    Stage.ACKNOWLEDGED: {**_ANSWERED, Event.ACKNOWLEDGED: Stage.ACKNOWLEDGED},
    Stage.LOST_LEVEL: {
        **_ALWAYS,
        Event.NEXT_LEVEL: Stage.DRAFTED,
        Event.EXPIRED: Stage.CLOSED,
        Event.GIVEN_UP: Stage.CLOSED,
    },
    Stage.CLOSED: {},
}


def advance(stage: Stage, event: Event) -> Stage:
    """The stage after `event`. Raises Conflict `appeal.event_out_of_place` with what is possible."""
    following = TRANSITIONS[stage].get(event)
    if following is None:
        possible = ", ".join(sorted(one.value.replace("_", " ") for one in TRANSITIONS[stage]))
        raise Conflict(
            "appeal.event_out_of_place",
            f"The appeal is {LABELS[stage].lower()}: it cannot be {event.value.replace('_', ' ')} now.",
            f"Possible now: {possible or 'nothing'}.",
        )
    return following


class Clock(StrEnum):
    """What a clock of an appeal rings for."""

    WARNING = "warning"
    EXPIRY = "expiry"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks of the current level count from; aware UTC. `window_ends` is the first moment too late."""

    stage: Stage
    window_ends: datetime | None
    answer_by: datetime | None
    warned: bool = False
    silent: bool = False


def next_ring(times: Times) -> tuple[Clock, datetime] | None:
    """The next clock to ring and when; None while nothing is to be expected."""
    if times.stage is Stage.CLOSED:
        return None
    if times.stage in (Stage.SENT, Stage.ACKNOWLEDGED):
        return None if times.silent or times.answer_by is None else (Clock.SILENCE, times.answer_by)
    if times.window_ends is None:
        return None
    if not times.warned:
        return Clock.WARNING, times.window_ends - timedelta(days=WARNING_DAYS)
    return Clock.EXPIRY, times.window_ends


_EDGES = (
    (Stage.DRAFTED, "over the limit", Stage.AWAITING_APPROVAL),
    (Stage.AWAITING_APPROVAL, "", Stage.APPROVED),
    (Stage.DRAFTED, "", Stage.SENT),
    (Stage.APPROVED, "", Stage.SENT),
    (Stage.SENT, "", Stage.ACKNOWLEDGED),
    (Stage.SENT, "decided", Stage.LOST_LEVEL),
    (Stage.ACKNOWLEDGED, "upheld", Stage.LOST_LEVEL),
    (Stage.LOST_LEVEL, "next level", Stage.DRAFTED),
    (Stage.LOST_LEVEL, "no more", Stage.CLOSED),
    (Stage.ACKNOWLEDGED, "overturned", Stage.CLOSED),
)
_WAITS: Mapping[Stage, WaitsFor] = {
    Stage.SENT: "partner",
    Stage.ACKNOWLEDGED: "partner",
    Stage.CLOSED: "machine",
}
PROCESS = Process(
    "appeal",
    "Appeal",
    "appeal",
    tuple(Step(one.value, LABELS[one], _WAITS.get(one, "person")) for one in Stage),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    failures=frozenset({Stage.LOST_LEVEL.value}),
    ends=frozenset({Stage.CLOSED.value}),
    # Drawn only once an appeal has been there: a usual one shows a straight line.
    side=frozenset({Stage.AWAITING_APPROVAL.value, Stage.APPROVED.value, Stage.LOST_LEVEL.value}),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="appeals.stage",
)


def diagram(stage: Stage | str, history: Iterable[Stage | str] = ()) -> str:
    """Mermaid text of the process: every stage is done, current, failed or ahead."""
    return draw(PROCESS, Stage(stage).value, [Stage(past).value for past in history])
