"""Employees, teams, skills, calendars and absences.

The schema itself is `sql/80_workforce.sql` and `sql/89_workforce_more.sql`; a test holds the two together.
"""

from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class CalendarRow(Table, tablename="calendars", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    zone = Text()
    week = JSONB()
    standard = Boolean(default=False)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class CalendarClosedDayRow(Table, tablename="calendar_closed_days", db=ENGINE):
    tenant_id = UUID(default=None)
    calendar_id = UUID(default=None)
    day = Date(primary_key=True)
    name = Text(default="")


class TeamRow(Table, tablename="teams", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    parent_id = UUID(null=True, default=None)
    lead_id = UUID(null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class EmployeeRow(Table, tablename="employees", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    user_id = UUID(null=True, default=None)
    number = Text()
    name = Text()
    email = Text(default="")
    job_title = Text(default="")
    hire_date = Date(null=True, default=None)
    left_on = Date(null=True, default=None)
    time_zone = Text(default="America/New_York")
    calendar_id = UUID(null=True, default=None)
    team_id = UUID(null=True, default=None)
    daily_seconds = Integer(default=28_800)
    float_pool = Boolean(default=False)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    created_at = Timestamptz()


class SkillRow(Table, tablename="skills", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    description = Text(default="")
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class EmployeeSkillRow(Table, tablename="employee_skills", db=ENGINE):
    tenant_id = UUID(default=None)
    employee_id = UUID(default=None)
    skill_id = UUID(primary_key=True)
    level = SmallInt()


class AbsenceRow(Table, tablename="absences", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    employee_id = UUID(default=None)
    starts_on = Date()
    ends_on = Date()
    kind = Text()
    substitute_id = UUID(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
