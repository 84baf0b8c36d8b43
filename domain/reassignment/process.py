"""The process of moving a person's work as a table: its states, the past facts that end each, and what people may tell.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from domain.process_model import Process, Stage, Step, WaitsFor

UNDO_WITHIN = timedelta(days=7)
"""How long what was moved for good can be moved back."""


class Mode(StrEnum):
    """For how long the work moves. Values are stored: never rename one."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    LEAVER = "leaver"


MODE_WORDS: Mapping[Mode, str] = {
    Mode.TEMPORARY: "Until a day",
    Mode.PERMANENT: "For good",
    Mode.LEAVER: "They leave",
}


class State(StrEnum):
    """Where a move stands. Values are stored and appear in histories: never rename one."""

    PLANNED = "planned"
    WAITING = "waiting"
    MOVING = "moving"
    MOVED = "moved"
    LENT = "lent"
    RETURNING = "returning"
    UNDOING = "undoing"
    CLOSED = "closed"


class Event(StrEnum):
    """What has happened to a move, as a past fact. Values are stored: never rename one."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    MOVED = "moved"
    LENT = "lent"
    DUE = "due"
    UNDONE = "undone"
    RETURNED = "returned"
    SETTLED = "settled"


STAGES: Mapping[State, Stage[State, Event]] = {
    State.PLANNED: Stage(
        "Planned", "info", "its way", {Event.ASKED: State.WAITING, Event.APPROVED: State.MOVING}
    ),
    State.WAITING: Stage(
        "Waits for approval",
        "warn",
        "somebody else to approve",
        {Event.APPROVED: State.MOVING, Event.REFUSED: State.CLOSED, Event.CANCELLED: State.CLOSED},
    ),
    State.MOVING: Stage(
        "Moving", "info", "every item to be moved", {Event.MOVED: State.MOVED, Event.LENT: State.LENT}
    ),
    State.MOVED: Stage(
        "Moved",
        "ok",
        "a week, in which it can be undone",
        {Event.UNDONE: State.UNDOING, Event.SETTLED: State.CLOSED},
    ),
    State.LENT: Stage(
        "With others",
        "ok",
        "the day on which it returns",
        {Event.UNDONE: State.UNDOING, Event.DUE: State.RETURNING},
    ),
    State.RETURNING: Stage(
        "Returning", "info", "what is unfinished to return", {Event.RETURNED: State.CLOSED}
    ),
    State.UNDOING: Stage("Undoing", "info", "what is untouched to return", {Event.RETURNED: State.CLOSED}),
    State.CLOSED: Stage("Closed", "neutral", "nobody", {}),
}
PORTIONED = (State.MOVING, State.RETURNING, State.UNDOING)
"""States in which items change hands, portion by portion."""
OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    Event.SETTLED.value: ("Moved", "ok"),
    Event.DUE.value: ("Returned", "ok"),
    Event.UNDONE.value: ("Undone", "neutral"),
    Event.REFUSED.value: ("Refused", "bad"),
    Event.CANCELLED.value: ("Cancelled", "neutral"),
}
_EDGES = (
    (State.PLANNED, "", State.WAITING),
    (State.PLANNED, "within the limit", State.MOVING),
    (State.WAITING, "approved", State.MOVING),
    (State.WAITING, "refused or cancelled", State.CLOSED),
    (State.MOVING, "for good", State.MOVED),
    (State.MOVING, "until a day", State.LENT),
    (State.MOVED, "", State.CLOSED),
    (State.LENT, "", State.RETURNING),
    (State.RETURNING, "", State.CLOSED),
    (State.MOVED, "undone", State.UNDOING),
    (State.LENT, "undone", State.UNDOING),
    (State.UNDOING, "", State.CLOSED),
)
_WAITS: Mapping[State, WaitsFor] = {
    State.WAITING: "person",
    State.MOVED: "clock",
    State.LENT: "clock",
}
PROCESS = Process(
    "reassignment",
    "Moving work",
    "reassignment",
    tuple(Step(one.value, STAGES[one].label, _WAITS.get(one, "machine")) for one in State),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    ends=frozenset({State.CLOSED.value}),
    # Drawn only once a move has been there: which of them it takes depends on its mode.
    side=frozenset(
        one.value for one in (State.WAITING, State.MOVED, State.LENT, State.RETURNING, State.UNDOING)
    ),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="reassignments.state",
)
