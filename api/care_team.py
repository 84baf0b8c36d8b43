"""The manager's view of care: figures of a month, the entries behind them, targets, and what is past its time."""

from datetime import date
from uuid import UUID

from litestar import Controller, get, post

from domain.paging import Page
from domain.tenancy import Actor
from services.care import team, team_entries, team_targets
from services.care.team_targets import TargetFacts
from services.care.team_views import Escalation, TargetLine, TeamEntry, TeamMonth


class CareTeam(Controller):
    """Minutes by team, coordinator, patient and day, with how each figure was reckoned."""

    path = "/care/team"
    tags = ("Care",)

    @get("/")
    async def team_month(self, actor: Actor, month: str = "") -> TeamMonth:
        """A month such as `2026-11`; the running one without."""
        return await team.team_month(actor, month)

    @get("/entries")
    async def team_entries(
        self,
        actor: Actor,
        month: str = "",
        day: date | None = None,
        staff_id: UUID | None = None,
        team_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[TeamEntry]:
        """The time behind a figure, the latest first."""
        return await team_entries.team_entries(actor, month, day, staff_id, team_id, cursor, limit)

    @get("/escalations")
    async def escalations(self, actor: Actor) -> list[Escalation]:
        """Items of care that are past their time, and who was told."""
        return await team_entries.escalations(actor)

    @get("/targets")
    async def list_targets(self, actor: Actor) -> list[TargetLine]:
        """Every target with the day from which it holds."""
        return await team_targets.list_targets(actor)

    @post("/targets")
    async def set_target(self, actor: Actor, data: TargetFacts) -> TargetLine:
        """Add a target from a day on; what held before stays for the months before."""
        return await team_targets.set_target(actor, data)
