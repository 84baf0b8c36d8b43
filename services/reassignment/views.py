"""What the services of moving work take and answer with."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """Who gets an item: chosen by the asker instead of the plan. None: back to the queue."""

    item_id: UUID
    to_user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """Whose work moves, for how long (temporary: it returns on the day `returns_on`), and to whom: `to` empty means the team.

    `kinds` narrows a temporary or permanent move; a leaver's work moves whole. `moves` overrule the plan.
    """

    mode: str
    from_user_id: UUID
    returns_on: date | None = None
    kinds: list[str] = field(default_factory=list)
    to: list[UUID] = field(default_factory=list)
    moves: list[MoveChoice] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Who gets an item and why. `part` owner: it is in the person's hands; return_to: they get it back from `with_name`."""

    item_id: UUID
    part: str
    title: str
    kind: str
    kind_label: str
    priority: int
    due_at: datetime
    follow_up_at: datetime | None
    with_name: str
    to_user_id: UUID | None
    to_name: str
    why: str
    could: list[UUID]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who can get work: their open items before, what they get, and after."""

    user_id: UUID
    name: str
    before: int
    gets: int
    chosen: bool

    @property
    def after(self) -> int:
        """Their open items afterwards."""
        return self.before + self.gets


@dataclass(frozen=True, slots=True)
class MovePlan:
    """A plan that nothing has been done with yet. `levels` people have to approve it; 0: within the tenant's limit."""

    from_name: str
    rows: list[PlannedRow]
    receivers: list[Receiver]
    to_queue: int
    levels: int
    free_up_to: int


@dataclass(frozen=True, slots=True)
class MovablePerson:
    """Somebody with open work, or who is leaving: `left_on`, or `ended` when they cannot sign in any more."""

    user_id: UUID
    name: str
    open_items: int
    left_on: date | None
    ended: bool


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A row of a list of moves, of work or of patients."""

    id: UUID
    reference: str
    mode: str
    mode_label: str
    until: date | None
    state: str
    state_label: str
    tone: str
    outcome: str
    total: int
    done: int
    refused: int
    back: int
    requested_by: UUID
    requested_by_name: str
    approval_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WorkMoveLine(MoveLine):
    """A move of somebody's work."""

    from_user_id: UUID
    from_name: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """What became of one row of a move. `code` None: not yet; empty: done; else why not, in `message`. The same again for
    its coming back."""

    to_name: str
    why: str
    code: str | None
    message: str
    back_code: str | None
    back_message: str


@dataclass(frozen=True, slots=True)
class MovedItem(MovedRow):
    """One item of a move of work with its outcome."""

    item_id: UUID
    title: str
    part: str


@dataclass(frozen=True, slots=True)
class MoveEventView:
    """What happened to the move."""

    at: datetime
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move. `may`: cancel, return_now, undo. `until_moment`: when it returns, or until when it can be undone."""

    id: UUID
    version: int
    line: MoveLine
    reason: str
    end_reason: str
    until_moment: datetime | None
    events: list[MoveEventView]
    diagram: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class WorkMoveView(MoveView):
    """A move of work, with who got how much of it."""

    line: WorkMoveLine
    received: list[Receiver]
