"""A coordinator's day: outreach, tasks, other working time, time sheets. The schema itself is `sql/99_day.sql`."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class CareOutreachRow(Table, tablename="care_outreach", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    patient_id = UUID(default=None)
    by_user = UUID(default=None)
    at = Timestamptz()
    channel = Text()
    outcome = Text()
    note = Bytea(null=True, default=None)


class CareOutreachRemovalRow(Table, tablename="care_outreach_removals", db=ENGINE):
    tenant_id = UUID(default=None)
    outreach_id = UUID(primary_key=True, default=None)
    reason = Bytea()
    by_user = UUID(default=None)
    at = Timestamptz()


class CareTaskTemplateRow(Table, tablename="care_task_templates", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    programme = Text()
    what = Text()
    due_days = SmallInt(default=7)
    monthly = Boolean(default=False)
    priority = SmallInt(default=3)
    active = Boolean(default=True)
    version = Integer(default=1)


class CareTaskRow(Table, tablename="care_tasks", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    what = Text()
    details = Bytea(null=True, default=None)
    due_on = Date()
    monthly_day = SmallInt(null=True, default=None)
    template_id = UUID(null=True, default=None)
    former_id = UUID(null=True, default=None)
    work_item_id = UUID(default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class CareOtherTimeRow(Table, tablename="care_other_time", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    user_id = UUID(default=None)
    kind = Text()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    note = Bytea(null=True, default=None)
    supersedes = UUID(null=True, default=None)
    void = Boolean(default=False)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz()


class CareTimeSheetRow(Table, tablename="care_time_sheets", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    user_id = UUID(default=None)
    starts_on = Date()
    ends_on = Date()
    zone = Text()
    state = Text(default="submitted")
    approval_id = UUID(null=True, default=None)
    digest = Text()
    seconds = Integer()
    submitted_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    accepted_by = UUID(null=True, default=None)
    changed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class CareTimeSheetEventRow(Table, tablename="care_time_sheet_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    sheet_id = UUID(default=None)
    kind = Text()
    entry_id = UUID(null=True, default=None)
    reason = Bytea(null=True, default=None)
    actor_id = UUID(null=True, default=None)
    actor_name = Text()
    at = Timestamptz()
