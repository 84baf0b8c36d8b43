"""Decision tables with their versions, decisions and faults. The schema itself is `sql/86_rules.sql`."""

from piccolo.columns import JSONB, UUID, Array, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class RuleDraftRow(Table, tablename="rule_drafts", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    table_code = Text()
    content = JSONB()
    tests = JSONB()
    based_on = Integer(null=True, default=None)
    updated_by = UUID(null=True, default=None)
    updated_at = Timestamptz()
    version = Integer(default=1)


class RuleVersionRow(Table, tablename="rule_versions", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    table_code = Text()
    version = Integer()
    kind = Text()
    content = JSONB()
    tests = JSONB()
    effective_from = Date()
    reason = Text()
    restores = Integer(null=True, default=None)
    published_by = UUID(null=True, default=None)
    published_by_name = Text(default="")
    published_at = Timestamptz()


class GlobalRuleVersionRow(Table, tablename="global_rule_versions", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    table_code = Text()
    version = Integer()
    kind = Text()
    content = JSONB()
    tests = JSONB()
    effective_from = Date()
    reason = Text()
    published_by_name = Text(default="")
    published_at = Timestamptz()


class RuleDecisionRow(Table, tablename="rule_decisions", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    table_code = Text()
    origin = Text()
    version = Integer(null=True, default=None)
    met = Array(base_column=Integer())
    facts = JSONB()
    value = JSONB()
    subject_type = Text(default="")
    subject_id = UUID(null=True, default=None)
    at = Timestamptz()


class RuleFaultRow(Table, tablename="rule_faults", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    table_code = Text()
    origin = Text()
    version_id = UUID(default=None)
    version = Integer()
    code = Text()
    place = Text(default="")
    message = Text()
    at = Timestamptz()
