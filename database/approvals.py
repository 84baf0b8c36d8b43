"""Approvals with their decisions and limits, and reassignments. The schema itself is `sql/84_approvals.sql`."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.process_columns import MovedRows, Moves, ProcessEvents


class ApprovalRow(Table, tablename="approvals", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    reference = Text()
    key = Text()
    kind = Text()
    subject_type = Text()
    subject_id = UUID(default=None)
    summary = Text()
    amount_cents = BigInt(null=True, default=None)
    requester_id = UUID(default=None)
    excluded = Array(base_column=UUID())
    levels = SmallInt(default=1)
    level = SmallInt(default=1)
    reason = Bytea(null=True, default=None)
    work_item_id = UUID(null=True, default=None)
    effect = Text(default="")
    tell_workflow = Text(default="")
    tell_update = Text(default="")
    tell_payload = JSONB()
    state = Text(default="asked")
    visited = Array(base_column=Text())
    approver_id = UUID(null=True, default=None)
    escalations = SmallInt(default=0)
    due_at = Timestamptz(null=True, default=None)
    at_the_top = Boolean(default=False)
    end_code = Text(default="")
    end_reason = Text(default="")
    withdrawn_reason = Bytea(null=True, default=None)
    created_at = Timestamptz()
    decided_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ApprovalDecisionRow(Table, tablename="approval_decisions", db=ENGINE):
    tenant_id = UUID(default=None)
    approval_id = UUID(primary_key=True, default=None)
    level = SmallInt()
    work_item_id = UUID(default=None)
    approved = Boolean(default=False)
    decided_by = UUID(default=None)
    comment = Bytea(null=True, default=None)
    at = Timestamptz()


class ApprovalEventRow(ProcessEvents, Table, tablename="approval_events", db=ENGINE):
    approval_id = UUID(default=None)


class ApprovalLimitRow(Table, tablename="approval_limits", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    kind = Text()
    effective_from = Date()
    free_up_to = BigInt()
    second_from = BigInt(null=True, default=None)
    created_by = UUID(default=None)
    created_at = Timestamptz()


class ReassignmentRow(Moves, Table, tablename="reassignments", db=ENGINE):
    from_user_id = UUID(default=None)


class ReassignmentItemRow(MovedRows, Table, tablename="reassignment_rows", db=ENGINE):
    reassignment_id = UUID(primary_key=True, default=None)
    work_item_id = UUID(default=None)
    part = Text()
    to_user_id = UUID(null=True, default=None)
    why = Text(default="")
    moved_version = Integer(null=True, default=None)


class ReassignmentEventRow(ProcessEvents, Table, tablename="reassignment_events", db=ENGINE):
    reassignment_id = UUID(default=None)
