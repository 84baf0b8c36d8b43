"""What a process is made of, for people: its steps, the ways between them, and how both are drawn.

An area declares its own `PROCESS` with these; `domain.processes` holds them all.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from domain.refusals import Conflict

# What a schedule adds to the ids of the workflows that it starts.
_TIME = re.compile(r"-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
WaitsFor = Literal["machine", "person", "partner", "clock"]
# The page has a third of its width for the diagram: what is not compact needs scrolling.
_COMPACT = '%%{init: {"flowchart": {"nodeSpacing": 24, "rankSpacing": 24, "padding": 8}}}%%'


State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Stage(Generic[State, Event]):
    """A state for people: its label, its tone, what it waits for, and where each event leads. `person`: one of us acts."""

    label: str
    tone: str
    waits_for: str
    events: Mapping[Event, State]
    person: bool = False


def advance(
    stages: Mapping[State, Stage[State, Event]], state: State, event: Event, *, noun: str, code: str
) -> State:
    """The state after `event`. Raises Conflict `code` with what is possible; `noun` names what stands there."""
    stage = stages[state]
    following = stage.events.get(event)
    if following is None:
        possible = ", ".join(sorted(one.value.replace("_", " ") for one in stage.events))
        raise Conflict(
            code,
            f"The {noun} is {stage.label.lower()}: it cannot be {event.value.replace('_', ' ')} now.",
            f"Possible now: {possible or 'nothing'}.",
        )
    return following


def told(
    stages: Mapping[State, Stage[State, Event]],
    state: State,
    event: Event,
    words: Mapping[Event, str],
    unsaid: Collection[Event],
    *,
    noun: str,
    code: str,
) -> State:
    """The state after what somebody tells. Raises Conflict `code` with what can be told now, in `words`."""
    stage = stages[state]
    following = stage.events.get(event)
    if following is None:
        possible = ", ".join(words[one].lower() for one in tellable(stages, state, unsaid))
        waits = f"It waits for {stage.waits_for}." if stage.events else "It has ended; begin a new one."
        to_do = f"Possible now: {possible}." if possible else waits
        raise Conflict(code, f"This {noun} stands at “{stage.label}”.", to_do)
    return following


def tellable(
    stages: Mapping[State, Stage[State, Event]], state: State, unsaid: Collection[Event]
) -> tuple[Event, ...]:
    """What a person may tell of a state, the usual next step first: all but what is `unsaid`, which only a clock tells."""
    return tuple(event for event in stages[state].events if event not in unsaid)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `activities` names what runs in it, where the process keeps no state of its own."""

    code: str
    label: str
    waits_for: WaitsFor
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """A kind of process, keyed by `kind`, the second part of its workflow ids (`tenant/kind/uuid`).

    Its steps are tied to the code in one of two ways, which tests/architecture/test_processes.py holds: `states` names the
    column (`table.column`) whose CHECK lists exactly the codes of the steps, or else each step that a machine works on
    names its activities. `side` steps are drawn only once a process has been there; `words` stand on an arrow.
    """

    kind: str
    name: str
    subject_type: str
    steps: tuple[Step, ...]
    arrows: tuple[tuple[str, str], ...]
    failures: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    side: frozenset[str] = frozenset()
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    states: str = ""

    def step(self, code: str) -> Step | None:
        """The step of that code; None when the process has none."""
        return next((one for one in self.steps if one.code == code), None)

    def step_of(self, activity: str) -> Step | None:
        """The step in which an activity runs; None when activities are not tied to steps."""
        return next((one for one in self.steps if activity in one.activities), None)


def without_time(workflow_id: str) -> str:
    """A workflow's id, of a scheduled run without the time that its schedule has added."""
    return _TIME.sub("", workflow_id)


def draw(process: Process, here: str, history: Iterable[str] = ()) -> str:
    """Mermaid text of the process: every step is done, current, failed or ahead.

    `history` holds the steps already left, in order; a process standing at a failure shows it failed.
    """
    past = [one for one in history if one]
    seen = {*past, here}
    shown = [one for one in process.steps if one.code not in process.side or one.code in seen]
    nodes = [f'  {one.code}["{one.label}"]:::{_look(process, one.code, here, seen)}' for one in shown]
    known = {one.code for one in shown}
    arrows = [(start, end) for start, end in process.arrows if start in known and end in known]
    lines = [_arrow(process, *one) for one in (*arrows, *_way_out(process, here, past, arrows))]
    return "\n".join([_COMPACT, "flowchart TD", *nodes, *lines])


def _way_out(
    process: Process, here: str, past: Sequence[str], arrows: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """To an end that any step may lead to, the arrow that was taken."""
    before = [one for one in past if one != here]
    reached = any(end == here for _, end in arrows)
    return [(before[-1], here)] if here in process.ends and before and not reached else []


def _arrow(process: Process, start: str, end: str) -> str:
    words = process.words.get((start, end), "")
    return f"  {start} -->{f'|{words}|' if words else ''} {end}"


def _look(process: Process, step: str, here: str, seen: set[str]) -> str:
    if step == here:
        return "failed" if step in process.failures else "current"
    return "done" if step in seen else "ahead"
