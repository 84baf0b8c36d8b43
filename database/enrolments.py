"""Enrolments, routes, circuits and trials of connections.

The schema itself is `sql/76_enrolments.sql`; a test holds the two together.
"""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class CircuitRow(Table, tablename="connection_circuits", db=ENGINE):
    tenant_id = UUID(default=None)
    connection_id = UUID(primary_key=True, default=None)
    state = Text()
    failures = Integer(default=0)
    openings = Integer(default=0)
    code = Text(default="")
    opened_at = Timestamptz(null=True, default=None)
    retry_at = Timestamptz(null=True, default=None)
    closed_reason = Text(default="")
    closed_by = UUID(null=True, default=None)
    changed_at = Timestamptz()


class TrialRow(Table, tablename="connection_trials", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    connection_id = UUID(default=None)
    client_id = UUID(default=None)
    payer_id = UUID(default=None)
    member_id = Bytea()
    step = Text(default="prepare")
    status = Text(default="running")
    code = Text(default="")
    claim_number = Text(default="")
    interchange_number = BigInt(default=0)
    group_number = BigInt(default=0)
    file_id = UUID(null=True, default=None)
    sha256 = Text(default="")
    answers = JSONB()
    started_by = UUID(null=True, default=None)
    started_at = Timestamptz()
    uploaded_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)


class RouteRow(Table, tablename="routes", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    payer_id = UUID(default=None)
    client_id = UUID(null=True, default=None)
    transaction = Text(default="")
    connection_id = UUID(default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class EnrolmentRequirementRow(Table, tablename="enrolment_requirements", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    payer_id = UUID(default=None)
    transaction = Text()
    effective_from = Date()
    required = Boolean(default=True)
    measured_by = Text(default="submission")
    answer_days = Integer(default=30)
    reminder_days = Integer(default=60)
    paperwork = JSONB()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class EnrolmentRow(Table, tablename="enrolments", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    payer_id = UUID(default=None)
    transaction = Text()
    step = Text(default="requested")
    paperwork = JSONB()
    signed_on = Date(null=True, default=None)
    signed_by = Text(default="")
    submitted_on = Date(null=True, default=None)
    channel = Text(default="")
    reference = Text(default="")
    acknowledged_on = Date(null=True, default=None)
    effective_from = Date(null=True, default=None)
    expires_on = Date(null=True, default=None)
    reason = Text(default="")
    submissions = Integer(default=0)
    alarm_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class EnrolmentEventRow(Table, tablename="enrolment_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    enrolment_id = UUID(default=None)
    event = Text()
    step = Text()
    facts = JSONB()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    at = Timestamptz()


class EnrolmentStepRow(Table, tablename="enrolment_steps", db=ENGINE):
    tenant_id = UUID(default=None)
    event_id = UUID(primary_key=True, default=None)
    enrolment_id = UUID(default=None)
    step = Text()
    at = Timestamptz()
