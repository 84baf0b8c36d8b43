"""Deposits, bank files, matches and closed days. The schema itself is `sql/73_deposits.sql`; a test holds the two together."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class BankAccountRow(Table, tablename="bank_accounts", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    name = Text()
    last4 = Text(default="")
    number_index = Bytea(null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class DepositImportRow(Table, tablename="deposit_imports", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    account_id = UUID(default=None)
    name = Text()
    format = Text()
    sha256 = Bytea()
    body = Bytea()
    mapping = JSONB()
    status = Text(default="draft")
    added = Integer(default=0)
    known = Integer(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    taken_at = Timestamptz(null=True, default=None)


class DepositRow(Table, tablename="deposits", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    account_id = UUID(default=None)
    import_id = UUID(null=True, default=None)
    row_key = Text()
    deposited_on = Date()
    amount_cents = BigInt()
    method = Text()
    trace = Text(default="")
    trace_key = Text(default="")
    payer_identifier = Text(default="")
    bank_reference = Text(default="")
    words = Bytea()
    status = Text(default="unmatched")
    matched_cents = BigInt(default=0)
    reason = Bytea(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class DepositMatchRow(Table, tablename="deposit_matches", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    deposit_id = UUID(default=None)
    remittance_id = UUID(null=True, default=None)
    transaction_id = UUID(null=True, default=None)
    amount_cents = BigInt()
    matched_by = Text()
    by_id = UUID(null=True, default=None)
    at = Timestamptz()
    undone_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)
    undone_reason = Bytea(null=True, default=None)


class DepositDayRow(Table, tablename="deposit_days", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    account_id = UUID(default=None)
    day = Date()
    status = Text(default="open")
    closed_at = Timestamptz(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    version = Integer(default=1)


class DepositDayEventRow(Table, tablename="deposit_day_events", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    day_id = UUID(default=None)
    at = Timestamptz()
    kind = Text()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    reason = Bytea(null=True, default=None)
    cash_cents = BigInt()
    remitted_cents = BigInt()
    ledger_cents = BigInt()
