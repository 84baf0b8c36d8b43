"""The process of an approval as a table: its states, the past facts that end each, and who may say what.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.process_model import Process, Stage, Step, draw


class State(StrEnum):
    """Where an approval stands. Values are stored and appear in histories: never rename one."""

    ASKED = "asked"
    WAITING = "waiting"
    APPROVED = "approved"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


class Event(StrEnum):
    """What has happened to an approval, as a past fact. Values are stored: never rename one."""

    LAID_BEFORE = "laid_before"
    ESCALATED = "escalated"
    NEXT_LEVEL = "next_level"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


STAGES: Mapping[State, Stage[State, Event]] = {
    State.ASKED: Stage(
        "Asked",
        "info",
        "its way to whoever decides",
        {Event.LAID_BEFORE: State.WAITING, Event.OVERTAKEN: State.OVERTAKEN},
    ),
    State.WAITING: Stage(
        "Waiting",
        "warn",
        "a decision",
        {
            Event.ESCALATED: State.WAITING,
            Event.NEXT_LEVEL: State.WAITING,
            Event.APPROVED: State.APPROVED,
            Event.REFUSED: State.REFUSED,
            Event.WITHDRAWN: State.WITHDRAWN,
            Event.OVERTAKEN: State.OVERTAKEN,
        },
    ),
    State.APPROVED: Stage(
        "Approved",
        "ok",
        "what was approved to be done",
        {Event.CARRIED_OUT: State.DONE, Event.OVERTAKEN: State.OVERTAKEN},
    ),
    State.DONE: Stage("Approved and done", "ok", "nobody", {}),
    State.REFUSED: Stage("Refused", "bad", "nobody", {}),
    State.WITHDRAWN: Stage("Withdrawn", "neutral", "nobody", {}),
    State.OVERTAKEN: Stage("Overtaken", "neutral", "nobody", {}),
}
ENDS = frozenset(state for state, stage in STAGES.items() if not stage.events)
OPEN = (State.ASKED, State.WAITING)
KIND_WORDS: Mapping[str, str] = {
    "reassignment": "Moving work",
    "write_off": "Write-off",
    "quarantine": "Quarantined payment",
    "float_assignment": "Float assignment",
    "backdated_time": "Back-dated time",
    "month_reopening": "Reopening a month",
    "roster_move": "Moving patients",
    "time_sheet": "Time sheet",
}

_EDGES = (
    (State.ASKED, "", State.WAITING),
    (State.WAITING, "", State.WAITING),
    (State.WAITING, "", State.APPROVED),
    (State.APPROVED, "", State.DONE),
    (State.WAITING, "refused", State.REFUSED),
    (State.WAITING, "taken back", State.WITHDRAWN),
    (State.ASKED, "overtaken", State.OVERTAKEN),
    (State.WAITING, "overtaken", State.OVERTAKEN),
    (State.APPROVED, "not possible any more", State.OVERTAKEN),
)
PROCESS = Process(
    "approval",
    "Approval",
    "approval",
    tuple(
        Step(one.value, STAGES[one].label, "person" if one is State.WAITING else "machine") for one in State
    ),
    tuple((start.value, end.value) for start, _, end in _EDGES),
    failures=frozenset({State.REFUSED.value}),
    ends=frozenset(one.value for one in ENDS),
    # Drawn only once an approval has been there: a usual one shows a straight line.
    side=frozenset({State.REFUSED.value, State.WITHDRAWN.value, State.OVERTAKEN.value}),
    words={(start.value, end.value): words for start, words, end in _EDGES if words},
    states="approvals.state",
)


def edges() -> frozenset[tuple[State, State]]:
    """The ways that the diagram knows."""
    return frozenset((start, end) for start, _, end in _EDGES)


def diagram(state: State | str, history: Iterable[State | str] = ()) -> str:
    """Mermaid text of the process: every state is done, current, failed or ahead."""
    return draw(PROCESS, State(state).value, [State(past).value for past in history])
