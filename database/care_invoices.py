"""Invoices to the practices served, what was paid, and what is open. The schema itself is `sql/96_invoices.sql`."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id

REASON = "care_invoices.reason"
PAYMENT_REASON = "care_payments.reason"


class CareTermsRow(Table, tablename="care_terms", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    since = Date()
    basis = Text()
    rates = JSONB(default="{}")
    basis_points = Integer(default=0)
    minimum_cents = BigInt(default=0)
    due_days = SmallInt(default=30)
    set_by = UUID(null=True, default=None)
    set_at = Timestamptz()


class CareInvoiceNumberRow(Table, tablename="care_invoice_numbers", db=ENGINE):
    tenant_id = UUID(primary_key=True, default=None)
    last = Integer(default=0)


class CareInvoiceRow(Table, tablename="care_invoices", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    kind = Text()
    number = Integer()
    client_id = UUID(default=None)
    month = Date()
    revision = Integer(null=True, default=None)
    corrects = UUID(null=True, default=None)
    terms_id = UUID(default=None)
    issued_on = Date()
    due_on = Date()
    total_cents = BigInt()
    reason = Bytea(null=True, default=None)
    issued_by = UUID(null=True, default=None)
    issued_by_name = Text()
    issued_at = Timestamptz()


class CareInvoiceLineRow(Table, tablename="care_invoice_lines", db=ENGINE):
    tenant_id = UUID(default=None)
    invoice_id = UUID(primary_key=True, default=None)
    number = Integer()
    basis = Text()
    item = Text(default="")
    account_number = Text(default="")
    patient_month_id = UUID(null=True, default=None)
    units = Integer(default=1)
    rate_cents = BigInt(default=0)
    amount_cents = BigInt()
    of_invoice_id = UUID(null=True, default=None)
    of_number = Integer(null=True, default=None)


class CarePaymentRow(Table, tablename="care_payments", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    received_on = Date()
    amount_cents = BigInt()
    reference = Text()
    reverses = UUID(null=True, default=None)
    reason = Bytea(null=True, default=None)
    recorded_by = UUID(null=True, default=None)
    recorded_by_name = Text()
    recorded_at = Timestamptz()


class CareReceivableRow(Table, tablename="care_receivables", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    invoice_id = UUID(null=True, default=None)
    source = Text()
    source_id = UUID(default=None)
    amount_cents = BigInt()
    at = Timestamptz()
