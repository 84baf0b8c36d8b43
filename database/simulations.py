"""Simulations of decision tables and their examples. The schema itself is `sql/89_simulation.sql`."""

from piccolo.columns import JSONB, UUID, Array, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class RuleSimulationRow(Table, tablename="rule_simulations", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    table_code = Text()
    content = JSONB()
    draft_version = Integer()
    days = SmallInt()
    since = Timestamptz()
    until = Timestamptz()
    status = Text(default="running")
    total = Integer(default=0)
    done = Integer(default=0)
    changed = Integer(default=0)
    unanswered = Integer(default=0)
    outcomes = JSONB()
    position = UUID(null=True, default=None)
    source = Text(default="decisions")
    started_by = UUID(null=True, default=None)
    started_by_name = Text(default="")
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class RuleSimulationExampleRow(Table, tablename="rule_simulation_examples", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    simulation_id = UUID(default=None)
    decided_at = Timestamptz()
    subject_type = Text()
    subject_id = UUID(null=True, default=None)
    before = Text()
    after = Text()
    rows_before = Array(base_column=Integer())
    rows_after = Array(base_column=Integer())
