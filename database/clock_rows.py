"""Rules of clocks, stages reached, runs and the scanner's shards. The schema itself is `sql/82_clocks.sql`."""

from piccolo.columns import UUID, Boolean, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class ClockRuleRow(Table, tablename="clock_rules", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    kind = Text(default="")
    client_id = UUID(null=True, default=None)
    priority = SmallInt(default=0)
    start_seconds = Integer(null=True, default=None)
    due_seconds = Integer()
    warn_percent = SmallInt(default=75)
    escalate_seconds = Integer(default=28_800)
    calendar_id = UUID(null=True, default=None)
    ends = Boolean(default=False)
    effective_from = Date()
    reason = Text(default="")
    created_by = UUID(null=True, default=None)
    created_by_name = Text(default="")
    created_at = Timestamptz()


class WorkEscalationRow(Table, tablename="work_escalations", db=ENGINE):
    tenant_id = UUID(default=None)
    work_item_id = UUID(primary_key=True)
    stage = Text()
    clock_at = Timestamptz()
    at = Timestamptz()


class WorkEscalationToldRow(Table, tablename="work_escalations_told", db=ENGINE):
    tenant_id = UUID(default=None)
    work_item_id = UUID(primary_key=True, default=None)
    stage = Text()
    clock_at = Timestamptz()
    user_id = UUID(default=None)
    at = Timestamptz()


class ClockRunRow(Table, tablename="clock_runs", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    reason = Text()
    status = Text(default="running")
    after_id = UUID(null=True, default=None)
    looked_at = Integer(default=0)
    changed = Integer(default=0)
    started_by = UUID(null=True, default=None)
    started_by_name = Text(default="")
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class ClockShardRow(Table, tablename="clock_shards", db=ENGINE):
    shard = SmallInt(primary_key=True)
    after_tenant = UUID(null=True, default=None)
    holder = UUID(null=True, default=None)
    held_until = Timestamptz()
    round_began_at = Timestamptz(null=True, default=None)
    round_ended_at = Timestamptz(null=True, default=None)
