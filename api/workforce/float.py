"""The float pool: who is free, whom to ask, assignments for a period, and queues at risk."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.workforce import float_answers, float_planning, float_pool, float_proposals
from services.workforce.float_views import (
    FloatFacts,
    FloatLine,
    FloatPreview,
    FloatView,
    PoolWeek,
    ProposalLine,
    ProposalView,
    RecommendationView,
)


@dataclass(frozen=True, slots=True)
class FloatAsked:
    """What an assignment would be for, to ask whom to choose. `everybody`: not the float pool alone."""

    starts_at: datetime
    ends_at: datetime
    client_id: UUID | None = None
    kinds: tuple[str, ...] = ()
    item_ids: tuple[UUID, ...] = ()
    skill: str = ""
    level: int = 1
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class FloatReason:
    """Why."""

    reason: str


@dataclass(frozen=True, slots=True)
class FloatExtension:
    """The new end, later than the present one."""

    until: datetime


@dataclass(frozen=True, slots=True)
class CandidateChoice:
    """The candidate to ask; none: the first who is free."""

    user_id: UUID | None = None


class FloatAssignments(Controller):
    """Lending a hand elsewhere for a period: offered, accepted, and over by itself."""

    path = "/float-assignments"
    tags = ("Float pool",)

    @get("/")
    async def list_floats(
        self,
        actor: Actor,
        show: str = "",
        user_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FloatLine]:
        """Assignments, the newest first: current, planned, ended or all; others than leads see their own."""
        return await float_planning.list_floats(actor, show=show, user_id=user_id, cursor=cursor, limit=limit)

    @post("/")
    async def assign_float(self, actor: Actor, data: FloatFacts) -> FloatView:
        """Offer an assignment to a person."""
        return await float_planning.assign_float(actor, data)

    @post("/preview", status_code=200)
    async def preview_float(self, actor: Actor, data: FloatFacts) -> FloatPreview:
        """What an assignment would bring into the person's inbox, without making it."""
        return await float_planning.preview_float(actor, data)

    @post("/recommendation", status_code=200)
    async def recommend_float(self, actor: Actor, data: FloatAsked) -> RecommendationView:
        """Whom to ask, the best first, with the reasons of each."""
        return await float_planning.recommend_float(
            actor,
            data.starts_at,
            data.ends_at,
            client_id=data.client_id,
            kinds=data.kinds,
            item_ids=data.item_ids,
            skill=data.skill,
            level=data.level,
            everybody=data.everybody,
        )

    @get("/{float_id:uuid}")
    async def get_float(self, actor: Actor, float_id: UUID) -> FloatView:
        """An assignment with its work and what happened."""
        return await float_planning.get_float(actor, float_id)

    @post("/{float_id:uuid}/accept", status_code=200)
    async def accept_float(self, actor: Actor, float_id: UUID) -> FloatView:
        """Accept what one is asked for."""
        return await float_answers.accept_float(actor, float_id)

    @post("/{float_id:uuid}/decline", status_code=200)
    async def decline_float(self, actor: Actor, float_id: UUID, data: FloatReason) -> FloatView:
        """Decline before it begins."""
        return await float_answers.decline_float(actor, float_id, data.reason)

    @post("/{float_id:uuid}/extend", status_code=200)
    async def extend_float(self, actor: Actor, float_id: UUID, data: FloatExtension) -> FloatView:
        """Move its end to a later moment."""
        return await float_answers.extend_float(actor, float_id, data.until)

    @post("/{float_id:uuid}/end", status_code=200)
    async def end_float(self, actor: Actor, float_id: UUID, data: FloatReason) -> FloatView:
        """End it early."""
        return await float_answers.end_float(actor, float_id, data.reason)

    @post("/{float_id:uuid}/withdraw", status_code=200)
    async def withdraw_float(self, actor: Actor, float_id: UUID, data: FloatReason) -> FloatView:
        """Take it back before it begins."""
        return await float_answers.withdraw_float(actor, float_id, data.reason)


class FloatPool(Controller):
    """Who is free when."""

    path = "/float-pool"
    tags = ("Float pool",)

    @get("/")
    async def pool_week(
        self,
        actor: Actor,
        day: date,
        skill: str = "",
        level: int = 1,
        free_hours: int = 0,
        everybody: bool = False,
    ) -> PoolWeek:
        """The week in which a day lies: those of that skill and level with so many free hours, the freest first."""
        return await float_pool.pool_week(
            actor, day, skill=skill, level=level, free_hours=free_hours, everybody=everybody
        )


class FloatProposals(Controller):
    """Queues at risk, with whom to ask."""

    path = "/float-proposals"
    tags = ("Float pool",)

    @get("/")
    async def list_proposals(
        self, actor: Actor, stage: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[ProposalLine]:
        """Proposals, the newest first; `stage` is open, assigned or dismissed."""
        return await float_proposals.list_proposals(actor, state=stage, cursor=cursor, limit=limit)

    @get("/{float_proposal_id:uuid}")
    async def get_proposal(self, actor: Actor, float_proposal_id: UUID) -> ProposalView:
        """A queue at risk with its candidates and the reasons of each."""
        return await float_proposals.get_proposal(actor, float_proposal_id)

    @post("/{float_proposal_id:uuid}/ask", status_code=200)
    async def ask_candidate(self, actor: Actor, float_proposal_id: UUID, data: CandidateChoice) -> FloatView:
        """Offer an assignment to a candidate; answers with the assignment."""
        return await float_proposals.ask_candidate(actor, float_proposal_id, data.user_id)

    @post("/{float_proposal_id:uuid}/dismiss", status_code=200)
    async def dismiss_proposal(
        self, actor: Actor, float_proposal_id: UUID, data: FloatReason
    ) -> ProposalView:
        """Leave the queue as it is."""
        return await float_proposals.dismiss_proposal(actor, float_proposal_id, data.reason)
