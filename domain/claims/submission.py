"""The chain of answers to one submission: TA1, 999, clearinghouse 277CA, payer 277CA, control number, 835."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

STAGES: Mapping[str, tuple[str, str]] = {
    "ta1": ("TA1", "Clearinghouse"),
    "999": ("999", "Clearinghouse"),
    "clearinghouse_277ca": ("277CA", "Clearinghouse"),
    "payer_277ca": ("277CA", "Payer"),
    "control_number": ("Claim control number", "Payer"),
    "835": ("835", "Payer"),
}
_REFUSING = frozenset({"rejected", "not_found"})


class State(StrEnum):
    """Where one link of the chain stands. Values are permanent: programs read them."""

    ACCEPTED = "accepted"
    RECEIVED = "received"
    REJECTED = "rejected"
    AWAITED = "awaited"
    LATE = "late"
    NEEDLESS = "needless"
    NOT_YET = "not_yet"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The state in words for people."""
        return _LOOKS[self][0]

    @property
    def tone(self) -> str:
        """The semantic colour; the word always stands beside it."""
        return _LOOKS[self][1]


_LOOKS: dict[State, tuple[str, str]] = {
    State.ACCEPTED: ("Accepted", "ok"),
    State.RECEIVED: ("Received", "info"),
    State.REJECTED: ("Rejected", "bad"),
    State.AWAITED: ("Awaited", "info"),
    State.LATE: ("Overdue", "bad"),
    State.NEEDLESS: ("Not needed", "neutral"),
    State.NOT_YET: ("Not yet", "neutral"),
    State.STOPPED: ("Not to come", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One partner's word on one submission. `verdict` is accepted, received, split, rejected or not_found."""

    stage: str
    verdict: str
    at: datetime
    codes: str = ""
    control_number: str = ""
    file_id: UUID | None = None
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One stage of the chain. `expected_by` is None where no answer is due; `late` also tells of one that came too late.

    `answers` is how many there were; the one shown is what counts: a rejection before an acceptance, that before receipt.
    """

    stage: str
    label: str
    sender: str
    state: State
    at: datetime | None
    expected_by: datetime | None
    late: bool
    answer: Answer | None
    answers: int


def chain(
    sent_at: datetime | None,
    answers: Iterable[Answer],
    within: Mapping[str, timedelta],
    now: datetime,
    *,
    waiting: str = "",
) -> list[Link]:
    """Every stage in order. `waiting` is the answer awaited now (`domain.edi.awaiting`), "" when none is.

    A later answer makes a missing earlier one needless; after a rejection nothing more is to come.
    """
    by_stage: dict[str, list[Answer]] = {stage: [] for stage in STAGES}
    for answer in answers:
        by_stage[answer.stage].append(answer)
    names = list(STAGES)
    furthest = max((names.index(stage) for stage, told in by_stage.items() if told), default=-1)
    refused = any(answer.verdict in _REFUSING for told in by_stage.values() for answer in told)
    links = []
    for number, stage in enumerate(names):
        due = sent_at + within[stage] if sent_at is not None and stage in within else None
        shown = _deciding(by_stage[stage])
        state = _answered(shown) if shown else _missing(stage, number < furthest, refused, waiting, due, now)
        at = shown.at if shown else None
        late = state is State.LATE or (at is not None and due is not None and at > due)
        links.append(Link(stage, *STAGES[stage], state, at, due, late, shown, len(by_stage[stage])))
    return links


def _deciding(answers: list[Answer]) -> Answer | None:
    """What counts among several: the latest rejection, else the first acceptance, else the latest word."""
    for answer in reversed(answers):
        if answer.verdict in _REFUSING:
            return answer
    accepted = next((answer for answer in answers if answer.verdict == "accepted"), None)
    return accepted or (answers[-1] if answers else None)


def _answered(answer: Answer) -> State:
    if answer.verdict in _REFUSING:
        return State.REJECTED
    return State.ACCEPTED if answer.verdict == "accepted" else State.RECEIVED


def _missing(
    stage: str, overtaken: bool, refused: bool, waiting: str, due: datetime | None, now: datetime
) -> State:
    if stage == waiting:
        return State.LATE if due is not None and now > due else State.AWAITED
    # A TA1 is sent only where something is wrong with the envelope, unless it was asked for.
    if overtaken or stage == "ta1":
        return State.NEEDLESS
    return State.STOPPED if refused else State.NOT_YET
