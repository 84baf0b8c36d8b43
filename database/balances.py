"""Patients' payments and statements. The schema itself is `sql/73_patient_balances.sql`; a test holds the two together."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class PatientTransactionRow(Table, tablename="patient_transactions", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    patient_id = UUID(default=None)
    kind = Text()
    method = Text(default="")
    reference = Text(default="")
    amount_cents = BigInt()
    received_on = Date()
    settled = Boolean(default=False)
    reverses_id = UUID(null=True, default=None)
    reason = Bytea(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class PatientAllocationRow(Table, tablename="patient_allocations", db=ENGINE):
    tenant_id = UUID(default=None)
    transaction_id = UUID(primary_key=True)
    ordinal = Integer()
    claim_id = UUID(null=True, default=None)
    amount_cents = BigInt()


class StatementRunRow(Table, tablename="statement_runs", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    status = Text(default="running")
    statement_on = Date()
    rules = JSONB()
    total = Integer(default=0)
    made = Integer(default=0)
    skipped = Integer(default=0)
    started_by = UUID(null=True, default=None)
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class StatementRow(Table, tablename="statements", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    run_id = UUID(default=None)
    patient_id = UUID(default=None)
    number = Integer()
    statement_on = Date()
    due_on = Date()
    balance_cents = BigInt()
    ageing_cents = Array(base_column=BigInt())
    document_id = UUID(default=None)
    created_at = Timestamptz()


class StatementClaimRow(Table, tablename="statement_claims", db=ENGINE):
    tenant_id = UUID(default=None)
    statement_id = UUID(primary_key=True)
    claim_id = UUID(default=None)
    balance_cents = BigInt()
