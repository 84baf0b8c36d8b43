"""Employees as they leave, in columns that the import reads back."""

from decimal import Decimal

from domain.paging import Page
from domain.tenancy import Actor
from services.workforce import employees
from services.workforce.employees import EmployeeView
from ui.workforce.employees import employee_filters

HEADINGS = (
    "Number",
    "Name",
    "E-mail",
    "Job title",
    "Hired on",
    "Left on",
    "Team",
    "Calendar",
    "Time zone",
    "Hours a day",
    "Float pool",
    "Skills",
)


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[EmployeeView]:
    """Employees of a filter."""
    active = None if query.get("show") == "all" else True
    return await employees.list_employees(
        actor, query.get("text", ""), cursor, size, active, **employee_filters(query)
    )


def cells(one: EmployeeView) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.team_name, one.calendar_name, one.time_zone)
    skills = "; ".join(f"{skill.name}: {skill.level}" for skill in one.skills)
    person = (one.number, one.name, one.email, one.job_title)
    days = (one.hire_date, one.left_on)
    return *person, *days, *names, Decimal(f"{one.daily_seconds / 3600:g}"), one.float_pool, skills
