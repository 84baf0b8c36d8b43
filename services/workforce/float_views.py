"""What the float pool shows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.workforce.float_recommendation import Ranked
from services.work.views import WorkLine


@dataclass(frozen=True, slots=True)
class FloatFacts:
    """Who lends a hand from when until when (with their zone), and where: a client, kinds of work, both, or single
    items. `note` is told with the offer."""

    user_id: UUID
    starts_at: datetime
    ends_at: datetime
    client_id: UUID | None = None
    kinds: tuple[str, ...] = ()
    item_ids: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class FloatLine:
    """One row of the assignments. `where` says in words what they lend a hand with."""

    id: UUID
    reference: str
    user_id: UUID
    name: str
    where: str
    client_id: UUID | None
    client_name: str
    kinds: list[str]
    items: int
    starts_at: datetime
    ends_at: datetime
    state: str
    state_label: str
    tone: str


@dataclass(frozen=True, slots=True)
class FloatEventView:
    """One entry of what happened."""

    at: datetime
    kind: str
    actor_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason of a recommendation: a score between 0 and 1, how much it counted, and the words."""

    code: str
    label: str
    score: float
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class FloatView:
    """An assignment with everything about it. `may` names what the asker can do now: accept, decline, extend, end,
    withdraw. `held` and `done` are open and finished items that came with it; `free` waits in the inbox meanwhile."""

    id: UUID
    version: int
    line: FloatLine
    waits_for: str
    answer_by: datetime | None
    first_ends_at: datetime
    note: str
    reason: str
    score: float | None
    reasons: list[ReasonView]
    proposal_id: UUID | None
    created_by_name: str
    free: int
    held: int
    done: int
    handed_back: int
    drafts_kept: int
    events: list[FloatEventView]
    diagram: str
    may: list[str]


@dataclass(frozen=True, slots=True)
class FloatPreview:
    """What an assignment would bring, counted up to `most`: free work that shows in the inbox, of it overdue; items
    that others hold, which only an assignment of single items moves; and what the person's roles do not allow."""

    free: int
    overdue: int
    held: int
    not_allowed: int
    lines: list[WorkLine]
    needed_seconds: int
    free_seconds: int
    busy_with: str
    most: int = 999


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of somebody's week: working seconds, of which free ones, and whether they are away."""

    day: date
    working: int
    free: int
    away: bool


@dataclass(frozen=True, slots=True)
class PoolLine:
    """Somebody of the pool in a week: free seconds in all, their skills as `Coding 4`, and each day."""

    employee_id: UUID
    user_id: UUID
    name: str
    job_title: str
    team_name: str
    skills: list[str]
    free_seconds: int
    engaged: list[str]
    days: list[DayCell]


@dataclass(frozen=True, slots=True)
class PoolWeek:
    """Who is free in the days from `monday`, in the order asked for."""

    monday: date
    lines: list[PoolLine]


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """Whom to ask, the best first. `weights_from` names the version and row of the weights; empty: the usual ones."""

    candidates: list[Ranked] = field(default_factory=list)
    needed_seconds: int = 0
    weights_from: str = ""
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A queue at risk on a day, and what was done about it."""

    id: UUID
    day: date
    where: str
    kind: str
    client_id: UUID | None
    open_items: int
    at_risk: int
    first_due_at: datetime
    starts_at: datetime
    ends_at: datetime
    state: str
    assignment_id: UUID | None
    assignment_reference: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A candidate as proposed on that day; `blocked` says why they cannot be asked."""

    user_id: UUID
    name: str
    score: float
    reasons: list[ReasonView]
    free_seconds: int
    blocked: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its candidates, the best first."""

    id: UUID
    line: ProposalLine
    weights_from: str
    reason: str
    candidates: list[CandidateView]
