"""Teams: who leads whom."""

from typing import Any

from policies.permissions import Permission as P
from services.workforce import employees, teams
from services.workforce.employees import EmployeeView
from services.workforce.teams import TeamFacts
from ui.page import Event, optional_identifier, page
from ui.parts import table
from ui.parts.cards import card
from ui.parts.forms import choice, group
from ui.parts.markup import Child, a, span
from ui.parts.table import Column
from ui.workforce.lists import TeamForm, TeamList


@page("/team/teams")
class Teams(TeamList):
    """The teams."""

    title = "Teams"
    list_service = teams.list_teams
    one = "team"
    explanation = (
        "A team has a lead, and may stand under another team; breaches and approvals climb that way."
    )

    def columns(self) -> list[Column[Any]]:
        nothing = span("–", cls="faint")
        return [
            Column("Team", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("Under", lambda one: one.parent_name or nothing, "clip"),
            Column("Lead", lambda one: one.lead_name or nothing, "clip"),
            Column("People", lambda one: str(one.people), "right"),
        ]


class TeamOfPeople(TeamForm):
    """The form of a team."""

    get_service = teams.get_team
    add_service = teams.add_team
    change_service = teams.change_team
    deactivate_service = teams.deactivate_team
    reactivate_service = teams.reactivate_team
    one = "team"
    place = "/team/teams"
    id_name = "team_id"
    deactivation = "Its people move to another team first."

    above: list[tuple[str, str]] = []
    people: list[tuple[str, str]] = []
    members: list[EmployeeView] = []

    async def load_more(self) -> None:
        known = await teams.list_teams(self.actor, limit=200, active=True)
        self.above = [
            (str(one.id), one.name) for one in known.items if not self.record or one.id != self.record.id
        ]
        found = await employees.list_employees(self.actor, limit=200, active=True)
        self.people = [(str(one.id), one.name) for one in found.items]
        if self.record and self.record.lead_id and str(self.record.lead_id) not in dict(self.people):
            self.people.insert(0, (str(self.record.lead_id), self.record.lead_name))
        if self.record:
            mine = await employees.list_employees(self.actor, limit=200, active=True, team_id=self.record.id)
            self.members = mine.items

    def fields(self) -> Child:
        value, errors = self.value, self.errors
        return group(
            "Team",
            self.typed_field("name", "Name", required=True),
            choice("parent_id", "Under", self.above, value("parent_id"), errors=errors, prompt="no team"),
            choice("lead_id", "Lead", self.people, value("lead_id"), errors=errors, prompt="nobody"),
        )

    def beside(self) -> Child:
        if not self.members:
            return None
        columns = [
            Column[EmployeeView](
                "Employee", lambda one: a(one.name, href=f"/team/employees/{one.id}"), "clip wide"
            ),
            Column[EmployeeView]("Number", lambda one: one.number, "tight"),
            Column[EmployeeView]("Job", lambda one: one.job_title, "clip"),
        ]
        return card("People", table.rows(columns, self.members, label="People of the team"), look="flush")

    def facts(self, event: Event) -> TeamFacts:
        parent, lead = (optional_identifier(event.text(name)) for name in ("parent_id", "lead_id"))
        return TeamFacts(event.text("name"), parent, lead)


@page("/team/teams/new")
class NewTeam(TeamOfPeople):
    """A new team."""

    permission = P.WORKFORCE_MANAGE


@page("/team/teams/{team_id}")
class Team(TeamOfPeople):
    """One team."""

    permission = P.WORKFORCE_VIEW
