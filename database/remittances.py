"""Remittances (835), what they say of each claim, and the ledger.

The schema itself is `sql/50_remittances.sql` and `sql/72_posting.sql`; a test holds the two together.
"""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Bytea,
    Date,
    Integer,
    Numeric,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from database.engine import ENGINE


class RemittanceRow(Table, tablename="remittances", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    file_id = UUID(default=None)
    ordinal = Integer()
    posting_key = Text(null=True, default=None)
    payer_name = Text(default="")
    payer_identifier = Text(default="")
    trace = Text(default="")
    payee_npi = Text(default="")
    payment_date = Date(null=True, default=None)
    payment_cents = BigInt()
    method = Text(default="")
    status = Text()
    claims_paid_cents = BigInt(default=0)
    provider_adjustment_cents = BigInt(default=0)
    claim_count = Integer(default=0)
    proof = JSONB()
    created_at = Timestamptz()
    superseded_by = UUID(null=True, default=None)
    released_by = UUID(null=True, default=None)
    released_at = Timestamptz(null=True, default=None)
    release_reason = Bytea(null=True, default=None)
    difference_cents = BigInt(default=0)


class RemittanceClaimRow(Table, tablename="remittance_claims", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    remittance_id = UUID(default=None)
    ordinal = Integer()
    claim_id = UUID(null=True, default=None)
    claim_version = Integer(null=True, default=None)
    matched_by = Text(default="")
    claim_number = Text()
    status_code = Text()
    charge_cents = BigInt()
    paid_cents = BigInt()
    patient_cents = BigInt(default=0)
    payer_claim_control_number = Text(default="")
    outcome = Text()
    remarks = Array(base_column=Text())
    match_confidence = SmallInt(default=0)
    interest_cents = BigInt(default=0)
    service_from = Date(null=True, default=None)
    person = Bytea(null=True, default=None)
    disposition = Text(default="")


class RemittanceLineRow(Table, tablename="remittance_lines", db=ENGINE):
    tenant_id = UUID(default=None)
    remittance_claim_id = UUID(default=None)
    ordinal = Integer()
    procedure = Text()
    modifiers = Array(base_column=Text())
    charge_cents = BigInt()
    paid_cents = BigInt()
    control_number = Text(primary_key=True, default="")
    claim_line = Integer(null=True, default=None)
    remarks = Array(base_column=Text())
    revenue_code = Text(default="")
    original_procedure = Text(default="")
    service_from = Date(null=True, default=None)
    matched_by = Text(default="")
    match_confidence = SmallInt(default=0)
    units = Text(default="")


class AdjustmentRow(Table, tablename="adjustments", db=ENGINE):
    tenant_id = UUID(default=None)
    remittance_claim_id = UUID(default=None)
    ordinal = Integer()
    line_ordinal = Integer(null=True, default=None)
    group_code = Text()
    reason_code = Text(primary_key=True)
    amount_cents = BigInt()
    quantity = Numeric(digits=(12, 3), null=True, default=None)


class ProviderAdjustmentRow(Table, tablename="provider_adjustments", db=ENGINE):
    tenant_id = UUID(default=None)
    remittance_id = UUID(default=None)
    ordinal = Integer()
    reason_code = Text()
    reference = Text(primary_key=True, default="")
    amount_cents = BigInt()
    provider_id = Text(default="")
    fiscal_period = Text(default="")
    account = Text(default="provider_level")
    balance_id = UUID(null=True, default=None)


class ProviderBalanceRow(Table, tablename="provider_balances", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    payee = Text()
    payer = Text()
    payer_name = Text(default="")
    nature = Text()
    reference = Text()
    claim_id = UUID(null=True, default=None)
    tied_by = Text(default="")
    created_at = Timestamptz()


class LedgerEntryRow(Table, tablename="ledger_entries", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    posting_id = UUID(default=None)
    account = Text()
    claim_id = UUID(null=True, default=None)
    amount_cents = BigInt()
    posted_at = Timestamptz()
    balance_id = UUID(null=True, default=None)
