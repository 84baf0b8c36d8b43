"""Incidents of processes and what happened to each.

The schema itself is `sql/88_processes.sql`; a test holds the two together.
"""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class IncidentRow(Table, tablename="incidents", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    workflow_id = Text()
    run_id = Text(default="")
    kind = Text()
    process_id = UUID(default=None)
    what = Text()
    activity = Text(default="")
    activity_id = Text(default="")
    code = Text()
    mends_type = Text(default="")
    mends_id = UUID(null=True, default=None)
    state = Text(default="open")
    outcome = Text(default="")
    attempts = Integer(default=1)
    first_failed_at = Timestamptz()
    last_failed_at = Timestamptz()
    next_attempt_at = Timestamptz(null=True, default=None)
    retries = Integer(default=0)
    retried_at = Timestamptz(null=True, default=None)
    retried_by = UUID(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    reason = Bytea(null=True, default=None)


class IncidentEventRow(Table, tablename="incident_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    incident_id = UUID(default=None)
    kind = Text()
    code = Text(default="")
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    at = Timestamptz()
