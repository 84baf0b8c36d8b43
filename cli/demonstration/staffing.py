"""The demo companies' people as employees: two teams, four skills, one calendar with its holidays, and one absence."""

from datetime import date, timedelta
from uuid import UUID

from cli.demonstration.cast import Person
from cli.demonstration.masters import House
from domain.tenancy import Actor
from services.workforce import absences, calendars, employees, skills, teams
from services.workforce.absences import AbsenceFacts
from services.workforce.calendars import CalendarFacts
from services.workforce.employees import EmployeeFacts, SkillLevel
from services.workforce.skills import SkillFacts
from services.workforce.teams import TeamFacts

_ZONE = "America/New_York"
_WEEK = ["09:00-12:00, 13:00-18:00"] * 5 + ["", ""]
_SKILLS = (
    ("Billing", "Holds and rejections of professional claims"),
    ("Denials", "Reads denials, corrects and appeals"),
    ("Institutional claims", "Bills of hospitals"),
    ("Quality", "Audits finished work"),
)
# Levels by the beginning of a job title, in the order of the skills; 0 is none.
_LEVELS = {
    "Senior": (5, 3, 4, 0),
    "Biller": (4, 1, 2, 0),
    "Denial": (2, 5, 2, 0),
    "QA": (4, 3, 3, 5),
    "Team": (4, 4, 3, 3),
}
_HIRED = date(2023, 4, 3)


async def employ(house: House, today: date) -> bool:
    """Put the company's people on the list of employees; False when they were there before."""
    admin = await house.admin()
    if (await employees.list_employees(admin, limit=1)).items:
        return False
    facts = CalendarFacts("Office hours", _ZONE, _WEEK, standard=True)
    calendar = await calendars.add_calendar(admin, facts)
    holidays = await calendars.suggested_holidays(admin, today.year)
    holidays += await calendars.suggested_holidays(admin, today.year + 1)
    await calendars.close_days(admin, calendar.id, holidays)
    known = [(await skills.add_skill(admin, SkillFacts(*one))).id for one in _SKILLS]
    whole = await teams.add_team(admin, TeamFacts("Billing"))
    part = await teams.add_team(admin, TeamFacts("Denials", whole.id))
    users = {one.email: one.id for one in await employees.free_members(admin)}
    hired: list[tuple[Person, UUID]] = []
    for number, person in enumerate(house.company.people, 1):
        team = part.id if person.job_title.startswith("Denial") else whole.id
        made = await _hire(admin, person, number, team, users.get(person.email), known)
        hired.append((person, made))
    await _lead(admin, whole.id, part.id, hired)
    await _away(admin, hired, today)
    return True


async def _hire(
    admin: Actor, person: Person, number: int, team_id: UUID, user_id: UUID | None, known: list[UUID]
) -> UUID:
    levels = next((one for title, one in _LEVELS.items() if person.job_title.startswith(title)), (0,) * 4)
    facts = EmployeeFacts(
        number=f"E-{100 + number}",
        name=person.name,
        email=person.email,
        job_title=person.job_title,
        hire_date=_HIRED + timedelta(days=97 * number),
        time_zone=_ZONE,
        team_id=team_id,
        user_id=user_id,
        float_pool=person.job_title.startswith(("Senior", "Biller", "Denial")),
        skills=[SkillLevel(skill, level) for skill, level in zip(known, levels, strict=True) if level],
    )
    return (await employees.add_employee(admin, facts)).id


async def _lead(admin: Actor, whole: UUID, part: UUID, hired: list[tuple[Person, UUID]]) -> None:
    """The administrator leads the whole, the team lead (else the first specialist) the denials."""
    leads = [one for person, one in hired if person.job_title.startswith("Team")]
    specialists = [one for person, one in hired if person.job_title.startswith("Denial")]
    await teams.change_team(admin, whole, TeamFacts("Billing", None, hired[0][1]))
    first = (leads + specialists)[:1]
    if first:
        await teams.change_team(admin, part, TeamFacts("Denials", whole, first[0]))


async def _away(admin: Actor, hired: list[tuple[Person, UUID]], today: date) -> None:
    """One biller is on leave next week, and another stands in."""
    billers = [one for person, one in hired if "Biller" in person.job_title]
    if len(billers) > 1:
        monday = today + timedelta(days=7 - today.weekday())
        facts = AbsenceFacts(billers[-1], monday, monday + timedelta(days=4), substitute_id=billers[0])
        await absences.enter_absence(admin, facts)
