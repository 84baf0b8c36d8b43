"""Appeals with their letters, events and outcomes, and the table of levels. The schema itself is `sql/75_denials.sql`."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class AppealLevelRow(Table, tablename="appeal_levels", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    kind = Text()
    number = Integer()
    label = Text()
    days = Integer(null=True, default=None)
    answer_days = Integer()
    active = Boolean(default=True)
    effective_from = Date()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class AppealRow(Table, tablename="appeals", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    claim_id = UUID(default=None)
    denial_id = UUID(default=None)
    payer_id = UUID(default=None)
    class_code = Text()
    stage = Text(default="drafted")
    visited = Array(base_column=Text())
    level = Integer(default=1)
    level_label = Text()
    level_row = Text()
    amount_cents = BigInt()
    paid_before_cents = BigInt()
    decided_on = Date()
    window_day = Date()
    window_ends = Timestamptz()
    answer_days = Integer()
    answer_by = Timestamptz(null=True, default=None)
    warned_at = Timestamptz(null=True, default=None)
    silent_since = Timestamptz(null=True, default=None)
    approval_needed = Boolean(default=False)
    approved_by = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    sent_on = Date(null=True, default=None)
    channel = Text(default="")
    tracking = Text(default="")
    acknowledged_on = Date(null=True, default=None)
    argument = Bytea(null=True, default=None)
    attachments = Bytea(null=True, default=None)
    outcome = Text(default="")
    recovered_cents = BigInt(default=0)
    opened_by = UUID(null=True, default=None)
    opened_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class AppealLetterRow(Table, tablename="appeal_letters", db=ENGINE):
    tenant_id = UUID(default=None)
    appeal_id = UUID(primary_key=True)
    version = Integer()
    level = Integer()
    playbook = Text()
    document_id = UUID(default=None)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz()


class AppealEventRow(Table, tablename="appeal_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    appeal_id = UUID(default=None)
    key = Text()
    at = Timestamptz()
    level = Integer()
    kind = Text()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    summary = Text()


class AppealOutcomeRow(Table, tablename="appeal_outcomes", db=ENGINE):
    tenant_id = UUID(default=None)
    appeal_id = UUID(primary_key=True)
    level = Integer()
    level_label = Text()
    claim_id = UUID(default=None)
    payer_id = UUID(default=None)
    class_code = Text()
    outcome = Text()
    amount_cents = BigInt()
    recovered_cents = BigInt()
    sent_on = Date(null=True, default=None)
    decided_on = Date()
