"""Quality audits with their checklists, samples, reviews and findings. The schema itself is `sql/83_quality.sql`."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.process_columns import ProcessEvents


class AuditChecklistRow(Table, tablename="audit_checklists", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    effective_from = Date()
    questions = JSONB()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class QaAuditRow(Table, tablename="qa_audits", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    reference = Text()
    employee_id = UUID(default=None)
    auditor_id = UUID(default=None)
    second_reviewer_id = UUID(null=True, default=None)
    second_percent = Integer(default=0)
    period_from = Date()
    period_to = Date()
    method = Text()
    size = Integer(null=True, default=None)
    rate_percent = Integer(null=True, default=None)
    seed = BigInt()
    population_ids = Array(base_column=UUID())
    population_strata = Array(base_column=Text())
    own_work = Integer(default=0)
    checklist_name = Text()
    questions = JSONB()
    state = Text(default="planned")
    visited = Array(base_column=Text())
    outcome = Text(default="")
    review_days = Integer(default=10)
    answer_days = Integer(default=5)
    due_at = Timestamptz(null=True, default=None)
    last_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    feedback = Bytea(null=True, default=None)
    dispute = Bytea(null=True, default=None)
    decision_comment = Bytea(null=True, default=None)
    cancelled_reason = Bytea(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class QaAuditClaimRow(Table, tablename="qa_audit_claims", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    audit_id = UUID(default=None)
    ordinal = Integer()
    claim_id = UUID(default=None)
    claim_version = Integer()
    stratum = Text(default="")
    second = Boolean(default=False)
    codes = Integer(default=0)
    codes_wrong = Integer(default=0)
    claim_wrong = Boolean(default=False)
    cents = BigInt(default=0)
    cents_wrong = BigInt(default=0)
    reviewed_at = Timestamptz(null=True, default=None)


class QaReviewRow(Table, tablename="qa_reviews", db=ENGINE):
    tenant_id = UUID(default=None)
    audit_claim_id = UUID(primary_key=True, default=None)
    reader = Text()
    reviewer_id = UUID(default=None)
    answers = JSONB()
    done_at = Timestamptz()


class QaFindingRow(Table, tablename="qa_findings", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    audit_claim_id = UUID(default=None)
    reader = Text()
    question = Text(default="")
    category = Text()
    severity = Text()
    field = Text(default="")
    description = Bytea()
    corrective_action = Bytea(null=True, default=None)
    cents = BigInt(default=0)
    withdrawn_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class QaAuditEventRow(ProcessEvents, Table, tablename="qa_audit_events", db=ENGINE):
    audit_id = UUID(default=None)


class QaTrainingRow(Table, tablename="qa_training", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    employee_id = UUID(default=None)
    category = Text()
    due_on = Date()
    note = Bytea(null=True, default=None)
    planned_by = UUID(default=None)
    planned_at = Timestamptz()
    done_by = UUID(null=True, default=None)
    done_on = Date(null=True, default=None)
