"""The company's people: accounts and roles at once, then employees, teams, skills and who is away."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from cli.demonstration.cast import PASSWORD, Person
from cli.demonstration.juniper.company import BILLING, EACH, JUNIPER, MANAGERS, PLACES, TEAMS, coordinator
from cli.demonstration.juniper.rhythm import absences_of
from cli.demonstration.masters import House
from database.session import Session, tenant_session
from domain.tenancy import Actor
from integrations import passwords
from services.care import practices
from services.care.practices import CredentialFacts
from services.workforce import absences, calendars, employees, skills, teams
from services.workforce.absences import AbsenceFacts
from services.workforce.calendars import CalendarFacts
from services.workforce.employees import EmployeeFacts, SkillLevel
from services.workforce.skills import SkillFacts
from services.workforce.teams import TeamFacts

_WEEK = ["08:30-12:00, 13:00-17:00"] * 5 + ["", ""]
SKILLS = (
    ("Spanish", "Speaks with patients in Spanish"),
    ("Vietnamese", "Speaks with patients in Vietnamese"),
    ("Tagalog", "Speaks with patients in Tagalog"),
    ("Diabetes", "Coaches patients with diabetes"),
    ("Heart failure", "Looks after patients with heart failure"),
    ("Kidney disease", "Looks after patients with chronic kidney disease"),
    ("Behavioral health", "Looks after patients with depression or anxiety"),
)
HIRED = date(2024, 3, 4)
_HOURS = (
    2,
    2,
    1,
    2,
    3,
)  # of a day that belong to care coordination; the nurses work at the practices otherwise
_MEMBERS = """
INSERT INTO memberships (tenant_id, user_id, job_title)
SELECT $1, u.id, t.title FROM unnest($2::text[], $3::text[]) AS t (email, title) JOIN users u ON u.email = t.email
ON CONFLICT DO NOTHING
"""
_ROLES = """
INSERT INTO membership_roles (tenant_id, membership_id, role_id)
SELECT m.tenant_id, m.id, r.id FROM unnest($2::text[], $3::text[]) AS t (email, role)
JOIN users u ON u.email = t.email JOIN memberships m ON m.tenant_id = $1 AND m.user_id = u.id
JOIN roles r ON r.tenant_id = $1 AND r.name = t.role ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Staff:
    """Ids of the people at work, in the order of the cast."""

    coordinators: list[UUID] = field(default_factory=list)
    managers: list[UUID] = field(default_factory=list)
    employees: dict[UUID, UUID] = field(default_factory=dict)  # by user


def skills_of(number: int) -> dict[str, int]:
    """What a coordinator knows, with the level; the languages follow where they work."""
    place = number // EACH
    known: dict[str, int] = {}
    if place in (1, 2, 3) and number % EACH in (0, 2):
        known["Spanish"] = 4
    if place in (1, 4) and number % EACH == 4:
        known["Vietnamese"] = 4
    if place == 5 and number % EACH in (1, 3):
        known["Tagalog"] = 5
    names = ("Diabetes", "Heart failure", "Kidney disease", "Behavioral health")
    known[names[number % 4]] = 3 + number % 3
    if number % 3 == 0:
        known.setdefault(names[(number + 1) % 4], 2 + number % 2)
    return known


async def hire(house: House, today: date) -> Staff:
    """Everybody with an account and a role; the coordinators as employees in teams that managers lead."""
    admin = await house.admin()
    async with tenant_session(admin) as session:
        made = await _join(session, JUNIPER.people[1:], await passwords.hashed(PASSWORD))
        if made:
            await session.audit("demonstration.people", "tenants", admin.tenant_id, detail={"people": made})
        staff = await _known(session)
    if not staff.employees:
        await _employ(admin, staff, today)
    return staff


async def _join(session: Session, people: tuple[Person, ...], password_hash: str) -> int:
    """Accounts, memberships and roles, as far as they are not there; how many joined."""
    emails = [one.email for one in people]
    await session.execute(
        "INSERT INTO users (email, name, password_hash) SELECT email, name, $3"
        " FROM unnest($1::text[], $2::text[]) AS t (email, name) ON CONFLICT DO NOTHING",
        emails,
        [one.name for one in people],
        password_hash,
    )
    made = await session.execute(_MEMBERS, session.tenant_id, emails, [one.job_title for one in people])
    await session.execute(_ROLES, session.tenant_id, emails, [one.roles[0] for one in people])
    return made


async def _known(session: Session) -> Staff:
    emails = [one.email for one in JUNIPER.people[1:]]
    rows = await session.fetch(
        "SELECT u.email, u.id, e.id AS employee_id FROM users u LEFT JOIN employees e"
        " ON e.tenant_id = current_tenant() AND e.user_id = u.id WHERE u.email = ANY($1)",
        emails,
    )
    ids = {row["email"]: row["id"] for row in rows}
    users = [ids[email] for email in emails]
    hired = {row["id"]: row["employee_id"] for row in rows if row["employee_id"]}
    return Staff(users[MANAGERS:-BILLING], users[:MANAGERS], hired)


async def _employ(admin: Actor, staff: Staff, today: date) -> None:
    """Teams, then the managers who lead them, then the coordinators with their skills and their leave."""
    facts = CalendarFacts("Office hours", PLACES[0].zone, _WEEK, standard=True)
    calendar = await calendars.add_calendar(admin, facts)
    await calendars.close_days(admin, calendar.id, await calendars.suggested_holidays(admin, today.year))
    known = {name: (await skills.add_skill(admin, SkillFacts(name, words))).id for name, words in SKILLS}
    for at, (name, places) in enumerate(TEAMS):
        team = await teams.add_team(admin, TeamFacts(name))
        manager = JUNIPER.people[1 + at]
        lead = await _employee(admin, manager, f"J-{at + 1:03d}", places[0], team.id, staff.managers[at], [])
        await teams.change_team(admin, team.id, TeamFacts(name, None, lead))
        for place in places:
            for number in range(place * EACH, (place + 1) * EACH):
                levels = [SkillLevel(known[skill], level) for skill, level in skills_of(number).items()]
                user = staff.coordinators[number]
                staff.employees[user] = await _employee(
                    admin, coordinator(number), f"J-{101 + number}", place, team.id, user, levels
                )
    await _credentials(admin, staff)
    await _leave(admin, staff, today)


async def _employee(
    admin: Actor, person: Person, number: str, place: int, team: UUID, user: UUID, levels: list[SkillLevel]
) -> UUID:
    facts = EmployeeFacts(
        number=number,
        name=person.name,
        email=person.email,
        job_title=person.job_title,
        hire_date=HIRED,
        time_zone=PLACES[place].zone,
        team_id=team,
        user_id=user,
        skills=levels,
        daily_seconds=_HOURS[int(number[-1]) % len(_HOURS)] * 3600 if levels else 8 * 3600,
    )
    return (await employees.add_employee(admin, facts)).id


async def _credentials(admin: Actor, staff: Staff) -> None:
    """Every coordinator is a nurse, so that their time counts."""
    for user in staff.coordinators:
        await practices.set_credential(admin, CredentialFacts(user, HIRED, "clinical"))


async def _leave(admin: Actor, staff: Staff, today: date) -> None:
    """The weeks off, past and to come, each with a colleague of the same practice who stands in when it is to come."""
    for number, user in enumerate(staff.coordinators):
        colleague = staff.coordinators[number // EACH * EACH + (number + 1) % EACH]
        for first, last in absences_of(number, today):
            stands_in = staff.employees[colleague] if last >= today and number % 2 == 0 else None
            facts = AbsenceFacts(staff.employees[user], first, last, substitute_id=stands_in)
            await absences.enter_absence(admin, facts)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
