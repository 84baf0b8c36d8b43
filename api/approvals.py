"""Approvals, their limits, and the moving of a person's work."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.approvals import deciding, limits, reading
from services.approvals.limits import LimitFacts
from services.approvals.views import ApprovalLine, ApprovalView, LimitView
from services.reassignment import asking, planning
from services.reassignment import reading as moves
from services.reassignment.views import (
    MovablePerson,
    MovedItem,
    MoveFacts,
    MovePlan,
    WorkMoveLine,
    WorkMoveView,
)


@dataclass(frozen=True, slots=True)
class ApprovalDecision:
    """`approve` or `refuse`; refusing asks for a comment, which is kept encrypted."""

    decision: str
    comment: str = ""


class Approvals(Controller):
    """What asks for somebody else's word before it is done."""

    path = "/approvals"
    tags = ("Approvals",)

    @get("/")
    async def list_approvals(
        self, actor: Actor, scope: str = "waiting", kind: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[ApprovalLine]:
        """Approvals, the newest first: `waiting` for the asker, `asked` by them, all `open`, or `decided`."""
        return await reading.list_approvals(actor, scope=scope, kind=kind, cursor=cursor, limit=limit)

    @get("/limits")
    async def list_limits(self, actor: Actor) -> list[LimitView]:
        """Up to where nobody needs to be asked, today and from later days."""
        return await limits.list_limits(actor)

    @post("/limits", status_code=200)
    async def set_limit(self, actor: Actor, data: LimitFacts) -> list[LimitView]:
        """Set a limit from a day on."""
        return await limits.set_limit(actor, data)

    @get("/{approval_id:uuid}")
    async def get_approval(self, actor: Actor, approval_id: UUID) -> ApprovalView:
        """An approval with its reason and decisions. Reading it is audited."""
        return await reading.get_approval(actor, approval_id)

    @post("/{approval_id:uuid}/decide", status_code=200)
    async def decide_approval(self, actor: Actor, approval_id: UUID, data: ApprovalDecision) -> ApprovalView:
        """Approve or refuse. Of two who decide at once the second is told who was first."""
        return await deciding.decide_approval(actor, approval_id, data.decision, data.comment)

    @post("/{approval_id:uuid}/withdraw", status_code=200)
    async def withdraw_approval(self, actor: Actor, approval_id: UUID, data: Reason) -> ApprovalView:
        """Take back what one asked for."""
        return await deciding.withdraw_approval(actor, approval_id, data.reason)


class Reassignments(Controller):
    """Moving a person's work: for a time, for good, or because they leave."""

    path = "/reassignments"
    tags = ("Approvals",)

    @get("/")
    async def list_moves(
        self, actor: Actor, from_user_id: UUID | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[WorkMoveLine]:
        """Moves of work, the newest first."""
        return await moves.list_moves(actor, from_user_id=from_user_id, cursor=cursor, limit=limit)

    @get("/people")
    async def movable_people(self, actor: Actor) -> list[MovablePerson]:
        """Whose work can be moved, and how much they hold."""
        return await planning.movable_people(actor)

    @post("/preview", status_code=200)
    async def preview_move(self, actor: Actor, data: MoveFacts) -> MovePlan:
        """Who would get what and why. Nothing is done."""
        return await planning.preview_move(actor, data)

    @post("/")
    async def ask_move(self, actor: Actor, data: MoveFacts) -> WorkMoveView:
        """Ask for a move. Above the tenant's limit another person approves it first."""
        return await asking.ask_move(actor, data)

    @get("/{reassignment_id:uuid}")
    async def get_move(self, actor: Actor, reassignment_id: UUID) -> WorkMoveView:
        """A move with how far it is."""
        return await moves.get_move(actor, reassignment_id)

    @get("/{reassignment_id:uuid}/rows")
    async def moved_rows(
        self,
        actor: Actor,
        reassignment_id: UUID,
        refused: bool = False,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[MovedItem]:
        """The items of a move with the outcome of each."""
        return await moves.moved_rows(actor, reassignment_id, refused=refused, cursor=cursor, limit=limit)

    @post("/{reassignment_id:uuid}/cancel", status_code=200)
    async def cancel_move(self, actor: Actor, reassignment_id: UUID, data: Reason) -> WorkMoveView:
        """Give up a move that waits for its approval."""
        return await asking.cancel_move(actor, reassignment_id, data.reason)

    @post("/{reassignment_id:uuid}/return", status_code=200)
    async def return_now(self, actor: Actor, reassignment_id: UUID, data: Reason) -> WorkMoveView:
        """Have work that moved until a day return at once."""
        return await asking.return_now(actor, reassignment_id, data.reason)

    @post("/{reassignment_id:uuid}/undo", status_code=200)
    async def undo_move(self, actor: Actor, reassignment_id: UUID, data: Reason) -> WorkMoveView:
        """Move back what nobody has touched since."""
        return await asking.undo_move(actor, reassignment_id, data.reason)
