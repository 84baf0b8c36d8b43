"""Teams, skills, calendars and absences."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.workforce import absences, calendars, capacity, skills, teams
from services.workforce.absences import AbsenceFacts, AbsenceView, OwnTime
from services.workforce.calendars import CalendarFacts, CalendarView, ClosedDay
from services.workforce.capacity import WeekCapacity
from services.workforce.skills import SkillFacts, SkillView
from services.workforce.teams import TeamFacts, TeamView


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which an office is closed."""

    days: list[ClosedDay]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day that is open again."""

    day: date


class Teams(Controller):
    """Teams."""

    path = "/teams"
    tags = ("Workforce",)

    @get("/")
    async def list_teams(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[TeamView]:
        """Teams by name."""
        return await teams.list_teams(actor, text, cursor, limit, active)

    @post("/")
    async def add_team(self, actor: Actor, data: TeamFacts) -> TeamView:
        """Add a team."""
        return await teams.add_team(actor, data)

    @get("/{team_id:uuid}")
    async def get_team(self, actor: Actor, team_id: UUID) -> TeamView:
        """One of them; its ETag is its version."""
        return await teams.get_team(actor, team_id)

    @put("/{team_id:uuid}")
    async def change_team(
        self, actor: Actor, team_id: UUID, data: TeamFacts, expected_version: int | None
    ) -> TeamView:
        """Replace a team's facts."""
        return await teams.change_team(actor, team_id, data, expected_version)

    @post("/{team_id:uuid}/deactivate", status_code=200)
    async def deactivate_team(
        self, actor: Actor, team_id: UUID, data: Reason, expected_version: int | None
    ) -> TeamView:
        """Take a team out of use."""
        return await teams.deactivate_team(actor, team_id, data.reason, expected_version)

    @post("/{team_id:uuid}/reactivate", status_code=200)
    async def reactivate_team(self, actor: Actor, team_id: UUID, expected_version: int | None) -> TeamView:
        """Take it back into use."""
        return await teams.reactivate_team(actor, team_id, expected_version)

    @get("/capacity")
    async def week_capacity(self, actor: Actor, day: date) -> WeekCapacity:
        """The working time of a week per team, without absences."""
        return await capacity.week_capacity(actor, day)


class Skills(Controller):
    """Skills."""

    path = "/skills"
    tags = ("Workforce",)

    @get("/")
    async def list_skills(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[SkillView]:
        """Skills by name."""
        return await skills.list_skills(actor, text, cursor, limit, active)

    @post("/")
    async def add_skill(self, actor: Actor, data: SkillFacts) -> SkillView:
        """Add a skill."""
        return await skills.add_skill(actor, data)

    @get("/{skill_id:uuid}")
    async def get_skill(self, actor: Actor, skill_id: UUID) -> SkillView:
        """One of them; its ETag is its version."""
        return await skills.get_skill(actor, skill_id)

    @put("/{skill_id:uuid}")
    async def change_skill(
        self, actor: Actor, skill_id: UUID, data: SkillFacts, expected_version: int | None
    ) -> SkillView:
        """Replace a skill's facts."""
        return await skills.change_skill(actor, skill_id, data, expected_version)

    @post("/{skill_id:uuid}/deactivate", status_code=200)
    async def deactivate_skill(
        self, actor: Actor, skill_id: UUID, data: Reason, expected_version: int | None
    ) -> SkillView:
        """Take a skill out of use."""
        return await skills.deactivate_skill(actor, skill_id, data.reason, expected_version)

    @post("/{skill_id:uuid}/reactivate", status_code=200)
    async def reactivate_skill(self, actor: Actor, skill_id: UUID, expected_version: int | None) -> SkillView:
        """Take it back into use."""
        return await skills.reactivate_skill(actor, skill_id, expected_version)


class Calendars(Controller):
    """Calendars."""

    path = "/calendars"
    tags = ("Workforce",)

    @get("/")
    async def list_calendars(
        self,
        actor: Actor,
        text: str = "",
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CalendarView]:
        """Calendars by name."""
        return await calendars.list_calendars(actor, text, cursor, limit, active)

    @post("/")
    async def add_calendar(self, actor: Actor, data: CalendarFacts) -> CalendarView:
        """Add a calendar."""
        return await calendars.add_calendar(actor, data)

    @get("/{calendar_id:uuid}")
    async def get_calendar(self, actor: Actor, calendar_id: UUID) -> CalendarView:
        """One of them; its ETag is its version."""
        return await calendars.get_calendar(actor, calendar_id)

    @put("/{calendar_id:uuid}")
    async def change_calendar(
        self, actor: Actor, calendar_id: UUID, data: CalendarFacts, expected_version: int | None
    ) -> CalendarView:
        """Replace a calendar's facts."""
        return await calendars.change_calendar(actor, calendar_id, data, expected_version)

    @post("/{calendar_id:uuid}/deactivate", status_code=200)
    async def deactivate_calendar(
        self, actor: Actor, calendar_id: UUID, data: Reason, expected_version: int | None
    ) -> CalendarView:
        """Take a calendar out of use."""
        return await calendars.deactivate_calendar(actor, calendar_id, data.reason, expected_version)

    @post("/{calendar_id:uuid}/reactivate", status_code=200)
    async def reactivate_calendar(
        self, actor: Actor, calendar_id: UUID, expected_version: int | None
    ) -> CalendarView:
        """Take it back into use."""
        return await calendars.reactivate_calendar(actor, calendar_id, expected_version)

    @get("/federal-holidays")
    async def suggested_holidays(self, actor: Actor, year: int) -> list[ClosedDay]:
        """The federal holidays of a year, to choose closed days from."""
        return await calendars.suggested_holidays(actor, year)

    @post("/{calendar_id:uuid}/closed-days", status_code=200)
    async def close_days(self, actor: Actor, calendar_id: UUID, data: ClosedDays) -> CalendarView:
        """Close the office on these days."""
        return await calendars.close_days(actor, calendar_id, data.days)

    @post("/{calendar_id:uuid}/open-day", status_code=200)
    async def open_day(self, actor: Actor, calendar_id: UUID, data: OpenDay) -> CalendarView:
        """Take a closed day back."""
        return await calendars.open_day(actor, calendar_id, data.day)


class Absences(Controller):
    """Who is away, and who stands in."""

    path = "/absences"
    tags = ("Workforce",)

    @get("/")
    async def list_absences(
        self,
        actor: Actor,
        since: date | None = None,
        until: date | None = None,
        employee_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[AbsenceView]:
        """Absences that touch these days, by their first day."""
        return await absences.list_absences(actor, since, until, employee_id, cursor, limit)

    @get("/mine")
    async def my_time(self, actor: Actor) -> OwnTime:
        """One's own absences, and who could stand in."""
        return await absences.my_time(actor)

    @post("/")
    async def enter_absence(self, actor: Actor, data: AbsenceFacts) -> AbsenceView:
        """Enter one's own absence; anybody else's needs `workforce.manage`."""
        return await absences.enter_absence(actor, data)

    @put("/{absence_id:uuid}")
    async def change_absence(
        self, actor: Actor, absence_id: UUID, data: AbsenceFacts, expected_version: int | None
    ) -> AbsenceView:
        """Change an absence."""
        return await absences.change_absence(actor, absence_id, data, expected_version)

    @post("/{absence_id:uuid}/cancel", status_code=200)
    async def cancel_absence(
        self, actor: Actor, absence_id: UUID, expected_version: int | None
    ) -> AbsenceView:
        """Take an absence back."""
        return await absences.cancel_absence(actor, absence_id, expected_version)
