"""Clocks of work: rules with a date, open items counted anew, due dates, and the board of the day."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import Controller, get, post, put

from domain.paging import Page
from domain.tenancy import Actor
from services.work import board, clock_rules, due_dates, reclocking
from services.work.board import Board, RiskQueue
from services.work.clock_rules import ClockFacts, ClockRuleView, KindClock
from services.work.reclocking import ClockPreview, ClockRunView
from services.work.views import WorkView


@dataclass(frozen=True, slots=True)
class DueDate:
    """When the item shall be due, with its time zone, and why; the reason is kept encrypted."""

    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RunReason:
    """Why open items are counted anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class DraftRule:
    """A rule that has not been entered; none asks for the rules in force."""

    rule: ClockFacts | None = None


class Clocks(Controller):
    """By when work is begun and finished."""

    path = "/clocks"
    tags = ("Work",)

    @get("/board")
    async def due_today(self, actor: Actor) -> Board:
        """What is breached, at risk, due by midnight or not begun in time: by hour, kind, client, team and owner."""
        return await board.due_today(actor)

    @get("/queues")
    async def queues_at_risk(self, actor: Actor, limit: int = 50) -> list[RiskQueue]:
        """Kinds of work of a client whose clocks have run out or will today, the worst first."""
        return await board.queues_at_risk(actor, limit=limit)

    @get("/kinds")
    async def own_clocks(self, actor: Actor) -> list[KindClock]:
        """What counts for each kind where no rule does."""
        return await clock_rules.own_clocks(actor)

    @get("/rules")
    async def list_rules(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[ClockRuleView]:
        """Every rule, the newest first."""
        return await clock_rules.list_rules(actor, cursor=cursor, limit=limit)

    @post("/rules")
    async def add_rule(self, actor: Actor, data: ClockFacts) -> ClockRuleView:
        """Enter a rule that holds from its day on."""
        return await clock_rules.add_rule(actor, data)

    @post("/preview", status_code=200)
    async def preview_rule(self, actor: Actor, data: DraftRule) -> ClockPreview:
        """What a rule, or the rules in force, would change of what is open."""
        return await reclocking.preview(actor, data.rule)

    @get("/runs")
    async def list_clock_runs(self, actor: Actor, limit: int = 5) -> list[ClockRunView]:
        """The latest runs over the open items, with their progress."""
        return await reclocking.list_clock_runs(actor, limit=limit)

    @post("/runs")
    async def recount_open_items(self, actor: Actor, data: RunReason) -> ClockRunView:
        """Count all open items anew by the rules in force."""
        return await reclocking.apply(actor, data.reason)

    @put("/items/{item_id:uuid}")
    async def change_due(self, actor: Actor, item_id: UUID, data: DueDate) -> WorkView:
        """Set when an item is due, with a reason."""
        return await due_dates.change_due(actor, item_id, data.due_at, data.reason)
