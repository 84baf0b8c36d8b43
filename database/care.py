"""Care management: practices, credentials, enrolments, time entries, timers. The schema itself is `sql/91_care.sql`."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class CarePracticeRow(Table, tablename="care_practices", db=ENGINE):
    tenant_id = UUID(default=None)
    client_id = UUID(primary_key=True, default=None)
    zone = Text()
    service_date = Text(default="threshold_met")
    practitioner_as_staff = Boolean(default=True)
    idle_seconds = Integer(default=900)
    back_dated_after_seconds = Integer(default=172800)
    plan_due_days = Integer(default=30)
    contact_line = Text(default="")
    version = Integer(default=1)


class CareCredentialRow(Table, tablename="care_credentials", db=ENGINE):
    tenant_id = UUID(default=None)
    user_id = UUID(primary_key=True, default=None)
    since = Date()
    credential = Text()
    set_by = UUID(null=True, default=None)
    set_at = Timestamptz()


class CareEnrolmentRow(Table, tablename="care_enrolments", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    patient_id = UUID(default=None)
    programme = Text()
    practitioner_id = UUID(default=None)
    coordinator_id = UUID(null=True, default=None)
    coordinator_since = Timestamptz(null=True, default=None)
    conditions = SmallInt(default=0)
    complex_decisions = Boolean(default=False)
    qmb = Boolean(default=False)
    step = Text(default="referred")
    consented_on = Date(null=True, default=None)
    plan_due_on = Date(null=True, default=None)
    review_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    alarm_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)
    reference = Text()


class CareEnrolmentEventRow(Table, tablename="care_enrolment_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    event = Text()
    step = Text()
    said = Bytea(null=True, default=None)
    actor_id = UUID(null=True, default=None)
    actor_name = Text()
    at = Timestamptz()


class CareEnrolmentStepRow(Table, tablename="care_enrolment_steps", db=ENGINE):
    tenant_id = UUID(default=None)
    event_id = UUID(primary_key=True, default=None)
    enrolment_id = UUID(default=None)
    step = Text()


class CareTimeEntryRow(Table, tablename="care_time_entries", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    patient_id = UUID(default=None)
    staff_id = UUID(default=None)
    staff_name = Text()
    credential = Text()
    activity = Text()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    source = Text()
    note = Bytea(null=True, default=None)
    reason = Bytea(null=True, default=None)
    supersedes = UUID(null=True, default=None)
    void = Boolean(default=False)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz()
    clock_id = UUID(null=True, default=None)


class CareTimeDecisionRow(Table, tablename="care_time_decisions", db=ENGINE):
    tenant_id = UUID(default=None)
    entry_id = UUID(primary_key=True, default=None)
    approved = Boolean()
    comment = Bytea(null=True, default=None)
    decided_by = UUID(default=None)
    decided_at = Timestamptz()


class CareTimerRow(Table, tablename="care_timers", db=ENGINE):
    tenant_id = UUID(default=None)
    user_id = UUID(primary_key=True, default=None)
    id = UUID(default=time_ordered_id)
    enrolment_id = UUID(default=None)
    activity = Text()
    started_at = Timestamptz()
    seen_at = Timestamptz()
    note = Bytea(null=True, default=None)
