"""Employees: who works here, in which team, with which skills, and as whom they sign in."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.refusals import FieldError
from domain.rules.custom_fields import Subject
from policies.permissions import Permission as P
from services.workforce import calendars, employees, skills, teams
from services.workforce.employees import EmployeeFacts, SkillLevel
from services.workforce.skills import SkillView
from ui.page import Event, optional_identifier, page, reject
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dates import date_of
from ui.parts.exporting import export_menu
from ui.parts.forms import check, choice, field, group
from ui.parts.markup import Child, Markup, a, div, join, span
from ui.parts.table import Column, address
from ui.workforce.lists import TeamForm, TeamList

SHOWN_SKILLS = 3
_LEVELS = (("1", "1 learning"), ("2", "2"), ("3", "3 independent"), ("4", "4"), ("5", "5 teaches others"))


def employee_filters(query: dict[str, str]) -> dict[str, Any]:
    """The filters of the list in an address."""
    return {
        "team_id": optional_identifier(query.get("team", "")),
        "skill_id": optional_identifier(query.get("skill", "")),
    }


@page("/team/employees")
class Employees(TeamList):
    """The employees."""

    title = "Employees"
    list_service = employees.list_employees
    one = "employee"
    searched = "Name, e-mail or number"
    explanation = "Everybody who works here, also those who never sign in. Bring them in from a spreadsheet."
    watches = frozenset({"employees"})

    teams: list[tuple[str, str]] = []

    async def load(self) -> None:
        await super().load()
        known = await teams.list_teams(self.actor, limit=200, active=True)
        self.teams = [(str(one.id), one.name) for one in known.items]

    def filters(self) -> dict[str, Any]:
        return employee_filters(self.query)

    def body(self) -> Markup:
        out = export_menu("employees", self.query)
        bring = link("Import", "/team/employees/imports", key="i") if self.may(P.WORKFORCE_MANAGE) else None
        return div(head(self.heading(), out, bring, self._new()), self._tabs(), self._filters(), self._list())

    def more_filters(self) -> Child:
        now = self.query.get("team", "")
        chips = [
            filter_chip(name, address(self.path, self.query, team="" if key == now else key), on=key == now)
            for key, name in self.teams[:8]
        ]
        return join(*chips)

    def columns(self) -> list[Column[Any]]:
        nothing = span("–", cls="faint")
        return [
            Column(
                "Employee",
                lambda one: span(a(one.name, href=self.href(one)), span(one.job_title, cls="sub")),
                "clip wide",
            ),
            Column("Number", lambda one: one.number, "tight"),
            Column("Team", lambda one: one.team_name or nothing, "clip"),
            Column("Skills", _skills_of, "clip"),
            Column("Float", lambda one: one.float_pool and chip("Float pool", "info"), "tight"),
            Column("Signs in", lambda one: one.user_name or nothing, "clip optional-column"),
        ]


def _skills_of(one: Any) -> Markup:
    """The skills in one line; all of them on hover."""
    every = [f"{skill.name} {skill.level}" for skill in one.skills]
    more = f", +{len(every) - SHOWN_SKILLS}" if len(every) > SHOWN_SKILLS else ""
    return span(", ".join(every[:SHOWN_SKILLS]) + more, title=", ".join(every))


class EmployeeForm(TeamForm):
    """The form of an employee."""

    get_service = employees.get_employee
    add_service = employees.add_employee
    change_service = employees.change_employee
    deactivate_service = employees.deactivate_employee
    reactivate_service = employees.reactivate_employee
    one = "employee"
    custom_subject = Subject.EMPLOYEE
    place = "/team/employees"
    id_name = "employee_id"
    deactivation = "They stand in for nobody and decide nothing any more; what they did stays."

    teams: list[tuple[str, str]] = []
    calendars: list[tuple[str, str]] = []
    members: list[tuple[str, str]] = []
    skills: list[SkillView] = []

    async def load_more(self) -> None:
        known_teams = await teams.list_teams(self.actor, limit=200, active=True)
        self.teams = self._options(known_teams.items, "team")
        known = await calendars.list_calendars(self.actor, limit=200, active=True)
        self.calendars = self._options(known.items, "calendar")
        mine = {one.skill_id for one in self.record.skills} if self.record else set()
        every = await skills.list_skills(self.actor, limit=200)
        self.skills = [one for one in every.items if one.active or one.id in mine]
        free = await employees.free_members(self.actor) if self.editable else []
        self.members = self._options(free, "user")

    def _options(self, items: list[Any], what: str) -> list[tuple[str, str]]:
        """The choices, and what was chosen before even when it can no longer be."""
        found = {str(one.id): one.name for one in items}
        now = getattr(self.record, f"{what}_id", None) if self.record else None
        if now:
            found.setdefault(str(now), getattr(self.record, f"{what}_name"))
        return list(found.items())

    def fields(self) -> Child:
        return div(self._person(), self._work(), self._skills())

    def _person(self) -> Markup:
        return group(
            "Person",
            self.typed_field("name", "Name", required=True),
            self.typed_field("number", "Employee number", required=True),
            self.typed_field("email", "E-mail"),
            self.typed_field("job_title", "Job title"),
            self.typed_field("hire_date", "Hired on", kind="date"),
            self.typed_field("left_on", "Left on", kind="date", hint="the last day"),
            self.choice_field(
                "user_id", "Signs in as", self.members, prompt="does not sign in", disabled=not self.editable
            ),
        )

    def _work(self) -> Markup:
        seconds = self.value("daily_seconds")
        hours = seconds if self.errors else f"{int(seconds or 28_800) / 3600:g}"
        return group(
            "Work",
            self.choice_field("team_id", "Team", self.teams, prompt="no team"),
            self.choice_field("calendar_id", "Calendar", self.calendars, prompt="the standard one"),
            self.typed_field("time_zone", "Time zone", self.actor.time_zone, required=True),
            field("daily_seconds", "Hours a day", hours, errors=self.errors, inputmode="decimal"),
            check(
                "float_pool", "In the float pool: may be assigned to other teams for a time", self._float()
            ),
        )

    def _float(self) -> bool:
        now = self.value("float_pool")
        return now is True or now == "true"

    def _skills(self) -> Child:
        if not self.skills:
            return None
        mine = {one.skill_id: str(one.level) for one in self.record.skills} if self.record else {}
        return group("Skills", *(self._level(one, mine.get(one.id, "")) for one in self.skills))

    def _level(self, one: SkillView, now: str) -> Markup:
        name = f"level.{one.id}"
        level = self.typed.get(name, "") if self.errors else now
        return choice(name, one.name, _LEVELS, level, prompt="none")

    def facts(self, event: Event) -> EmployeeFacts:
        days = {name: date_of(event.text(name)) for name in ("hire_date", "left_on")}
        wrong = [name for name in days if event.text(name) and days[name] is None]
        reject(*(FieldError(name, "date.invalid", "Enter a date.") for name in wrong))
        levels = {one.id: event.text(f"level.{one.id}") for one in self.skills}
        return EmployeeFacts(
            number=event.text("number"),
            name=event.text("name"),
            email=event.text("email"),
            job_title=event.text("job_title"),
            hire_date=days["hire_date"],
            left_on=days["left_on"],
            time_zone=event.text("time_zone"),
            calendar_id=optional_identifier(event.text("calendar_id")),
            team_id=optional_identifier(event.text("team_id")),
            user_id=optional_identifier(event.text("user_id")),
            daily_seconds=_seconds(event.text("daily_seconds")),
            float_pool=event.ticked("float_pool"),
            custom=self.custom_values(event),
            skills=[SkillLevel(key, int(text)) for key, text in levels.items() if text in dict(_LEVELS)],
        )

    def after_add(self, made: UUID) -> str:
        return "/team/employees"


def _seconds(hours: str) -> int:
    """Hours of a day as whole seconds; refused when they are none."""
    try:
        seconds = Decimal(hours or "8") * 3600
        if seconds.is_finite() and 0 <= seconds <= 86_400:
            return int(seconds)
    except ArithmeticError:
        pass  # told below, with what is out of range
    reject(FieldError("daily_seconds", "daily_seconds.range", "Enter hours from 0 to 24, such as 7.5."))
    return 0


@page("/team/employees/new")
class NewEmployee(EmployeeForm):
    """A new employee."""

    permission = P.WORKFORCE_MANAGE


@page("/team/employees/{employee_id}")
class Employee(EmployeeForm):
    """One employee."""

    permission = P.WORKFORCE_VIEW
