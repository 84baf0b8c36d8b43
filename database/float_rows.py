"""Float assignments, what happened to them, and proposals. The schema itself is `sql/87_float.sql`."""

from piccolo.columns import JSONB, UUID, Array, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.process_columns import ProcessEvents


class FloatProposalRow(Table, tablename="float_proposals", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    day = Date()
    kind = Text()
    client_id = UUID(null=True, default=None)
    open_items = Integer()
    at_risk = Integer()
    first_due_at = Timestamptz()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    candidates = JSONB()
    weights_from = Text(default="")
    state = Text(default="open")
    assignment_id = UUID(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    reason = Bytea(null=True, default=None)
    created_at = Timestamptz()


class FloatAssignmentRow(Table, tablename="float_assignments", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    reference = Text()
    user_id = UUID(default=None)
    client_id = UUID(null=True, default=None)
    kinds = Array(base_column=Text())
    item_ids = Array(base_column=UUID())
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    first_ends_at = Timestamptz()
    state = Text(default="proposed")
    visited = Array(base_column=Text())
    answer_by = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    note = Bytea(null=True, default=None)
    reason = Bytea(null=True, default=None)
    chosen = JSONB(default={})
    proposal_id = UUID(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    begun_at = Timestamptz(null=True, default=None)
    over_at = Timestamptz(null=True, default=None)
    handed_back = Integer(default=0)
    drafts_kept = Integer(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class FloatEventRow(ProcessEvents, Table, tablename="float_events", db=ENGINE):
    assignment_id = UUID(default=None)
