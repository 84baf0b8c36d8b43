"""The process of a float assignment as a table: its states, the past facts that end each, and the clocks that run meanwhile.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain import process_model
from domain.process_model import Process, Stage, Step, WaitsFor, draw


class State(StrEnum):
    """Where an assignment stands. Values are stored and appear in histories: never rename one."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    EXTENDED = "extended"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What has happened to an assignment, as a past fact. Values are stored: never rename one."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    BEGUN = "begun"
    EXTENDED = "extended"
    EXPIRED = "expired"
    ENDED_EARLY = "ended_early"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


_WITHDRAWN = {Event.WITHDRAWN: State.WITHDRAWN}
_RUNNING = {
    Event.EXTENDED: State.EXTENDED,
    Event.EXPIRED: State.ENDED,
    Event.ENDED_EARLY: State.ENDED_EARLY,
}
STAGES: Mapping[State, Stage[State, Event]] = {
    State.PROPOSED: Stage(
        "Proposed", "info", "the offer to be made", {Event.OFFERED: State.OFFERED, **_WITHDRAWN}
    ),
    State.OFFERED: Stage(
        "Offered",
        "warn",
        "the person to accept or decline",
        {
            Event.ACCEPTED: State.ACCEPTED,
            Event.DECLINED: State.DECLINED,
            Event.UNANSWERED: State.LAPSED,
            **_WITHDRAWN,
        },
    ),
    State.ACCEPTED: Stage(
        "Accepted",
        "info",
        "its first moment",
        {Event.BEGUN: State.ACTIVE, Event.DECLINED: State.DECLINED, **_WITHDRAWN},
    ),
    State.ACTIVE: Stage("Active", "ok", "its end", _RUNNING),
    State.EXTENDED: Stage("Extended", "ok", "its new end", _RUNNING),
    State.ENDED: Stage("Ended", "neutral", "nobody", {}),
    State.ENDED_EARLY: Stage("Ended early", "neutral", "nobody", {}),
    State.DECLINED: Stage("Declined", "bad", "nobody", {}),
    State.LAPSED: Stage("Unanswered", "bad", "nobody", {}),
    State.WITHDRAWN: Stage("Withdrawn", "neutral", "nobody", {}),
}
RUNNING = (State.ACTIVE, State.EXTENDED)
"""While it is one of these, its work is in the person's inbox."""
PLANNED = (State.PROPOSED, State.OFFERED, State.ACCEPTED)
OVER = tuple(state for state, stage in STAGES.items() if not stage.events)
LIVE = (*PLANNED, *RUNNING)
"""Those that take the person's time: nobody floats to two places at once."""


def advance(state: State, event: Event) -> State:
    """The state after `event`. Raises Conflict `float.event_out_of_place` with what is possible."""
    return process_model.advance(STAGES, state, event, noun="assignment", code="float.event_out_of_place")


class Clock(StrEnum):
    """What a clock of an assignment rings for."""

    ANSWER_LATE = "answer_late"
    UNANSWERED = "unanswered"
    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks of the state count from; aware UTC."""

    state: State
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime | None = None
    reminded: bool = False


def next_ring(times: Times) -> tuple[Clock, datetime] | None:
    """The next clock to ring and when; None while nothing is to be expected."""
    if times.state is State.OFFERED:
        late = times.answer_by
        if late is not None and not times.reminded and late < times.ends_at:
            return Clock.ANSWER_LATE, late
        return Clock.UNANSWERED, times.ends_at
    if times.state is State.ACCEPTED:
        return Clock.BEGIN, times.starts_at
    return (Clock.END, times.ends_at) if times.state in RUNNING else None


SHORTEST_ANSWER, LONGEST_ANSWER = timedelta(hours=1), timedelta(days=1)


def answer_by(offered_at: datetime, starts_at: datetime) -> datetime:
    """By when an answer is expected: within a day and before it begins; an offer that begins soon leaves an hour."""
    return max(min(starts_at, offered_at + LONGEST_ANSWER), offered_at + SHORTEST_ANSWER)


_EDGES = (
    (State.PROPOSED, "", State.OFFERED),
    (State.PROPOSED, "withdrawn", State.WITHDRAWN),
    (State.OFFERED, "", State.ACCEPTED),
    (State.OFFERED, "declined", State.DECLINED),
    (State.OFFERED, "silence", State.LAPSED),
    (State.OFFERED, "withdrawn", State.WITHDRAWN),
    (State.ACCEPTED, "", State.ACTIVE),
    (State.ACCEPTED, "declined", State.DECLINED),
    (State.ACCEPTED, "withdrawn", State.WITHDRAWN),
    (State.ACTIVE, "extended", State.EXTENDED),
    (State.ACTIVE, "", State.ENDED),
    (State.ACTIVE, "early", State.ENDED_EARLY),
    (State.EXTENDED, "", State.ENDED),
    (State.EXTENDED, "early", State.ENDED_EARLY),
)
_WAITS: Mapping[State, WaitsFor] = {
    State.OFFERED: "person",
    State.ACCEPTED: "clock",
    State.ACTIVE: "clock",
    State.EXTENDED: "clock",
}
PROCESS = Process(
    "float_assignment",
    "Float assignment",
    "float_assignment",
    tuple(Step(one.value, STAGES[one].label, _WAITS.get(one, "machine")) for one in State),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    failures=frozenset({State.DECLINED.value, State.LAPSED.value}),
    ends=frozenset(one.value for one in OVER),
    # Drawn only once an assignment has been there: a usual one shows a straight line.
    side=frozenset(
        one.value
        for one in (State.EXTENDED, State.ENDED_EARLY, State.DECLINED, State.LAPSED, State.WITHDRAWN)
    ),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="float_assignments.state",
)


def edges() -> frozenset[tuple[State, State]]:
    """The ways that the diagram knows."""
    return frozenset((start, end) for start, _, end in _EDGES)


def diagram(state: State | str, history: Iterable[State | str] = ()) -> str:
    """Mermaid text of the process: every state is done, current, failed or ahead."""
    return draw(PROCESS, State(state).value, [State(past).value for past in history])
