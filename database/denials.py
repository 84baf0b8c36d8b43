"""Denials with their lines and checklists, and the tables that classify them. The schema itself is `sql/75_denials.sql`."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class DenialCodeRow(Table, tablename="denial_codes", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    reason_code = Text()
    group_code = Text(default="")
    remark_code = Text(default="")
    class_code = Text(default="")
    preventable = Boolean(null=True, default=None)
    effective_from = Date()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class DenialPlaybookRow(Table, tablename="denial_playbooks", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    class_code = Text()
    route = Text()
    steps = Array(base_column=Text())
    letter = Text()
    due_days = Integer()
    high_cents = BigInt()
    first_cents = BigInt()
    approval_cents = BigInt(null=True, default=None)
    effective_from = Date()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class DenialRow(Table, tablename="denials", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    claim_id = UUID(default=None)
    claim_version = Integer(null=True, default=None)
    remittance_claim_id = UUID(default=None)
    payer_id = UUID(default=None)
    class_code = Text()
    preventable = Boolean()
    codes = Array(base_column=Text())
    warnings = Array(base_column=Text())
    amount_cents = BigInt()
    decided_on = Date()
    appeal_by = Date()
    file_by = Date()
    deadline = Date()
    route = Text()
    playbook = Text()
    steps = Array(base_column=Text())
    priority = SmallInt(default=3)
    status = Text(default="open")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class DenialLineRow(Table, tablename="denial_lines", db=ENGINE):
    tenant_id = UUID(default=None)
    denial_id = UUID(primary_key=True)
    ordinal = Integer()
    line_ordinal = Integer(null=True, default=None)
    group_code = Text()
    reason_code = Text()
    remarks = Array(base_column=Text())
    amount_cents = BigInt()
    class_code = Text()
    preventable = Boolean()
    code_row = Text(default="")


class DenialTickRow(Table, tablename="denial_ticks", db=ENGINE):
    tenant_id = UUID(default=None)
    denial_id = UUID(primary_key=True)
    step = Integer()
    done_by = UUID(null=True, default=None)
    done_by_name = Text(default="")
    done_at = Timestamptz()
