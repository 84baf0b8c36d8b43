"""Clients, providers, payers, patients, coverages, fee schedules and connections.

The schema itself is `sql/20_clientele.sql`; a test holds the two together.
"""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id


class ConnectionRow(Table, tablename="connections", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    host = Text()
    port = Integer()
    username = Text()
    host_key = Text()
    private_key = Bytea(null=True, default=None)
    public_key = Text(default="")
    inbound_folder = Text(default="inbound")
    outbound_folder = Text(default="outbound")
    sender_id = Text()
    receiver_id = Text()
    usage_indicator = Text(default="T")
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    last_polled_at = Timestamptz(null=True, default=None)
    last_tested_at = Timestamptz(null=True, default=None)
    last_error = Text(default="")
    version = Integer(default=1)
    created_at = Timestamptz()
    kind = Text(default="sftp")
    base_url = Text(default="")
    access_token = Bytea(null=True, default=None)
    archive_folder = Text(default="")
    next_private_key = Bytea(null=True, default=None)
    next_public_key = Text(default="")
    next_key_tested_at = Timestamptz(null=True, default=None)
    setup_step = Text(default="")
    seen_host_key = Text(default="")
    host_key_note = Text(default="")


class ClientRow(Table, tablename="clients", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    npi = Text()
    tax_id = Text()
    taxonomy = Text()
    line1 = Text()
    line2 = Text(default="")
    city = Text()
    state = Text()
    postal_code = Text()
    contact_name = Text(default="")
    phone = Text(default="")
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    created_at = Timestamptz()


class ProviderRow(Table, tablename="providers", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    last_name = Text()
    first_name = Text()
    npi = Text()
    taxonomy = Text(default="")
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)


class PayerRow(Table, tablename="payers", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    payer_id = Text()
    claim_filing_code = Text(default="CI")
    edi_version = Text(default="005010X222A1")
    timely_filing_days = Integer(default=365)
    medicare = Boolean(default=False)
    appeal_days = Integer(default=180)
    connection_id = UUID(null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    institutional_version = Text(default="005010X223A2")


class PatientRow(Table, tablename="patients", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = UUID(default=None)
    account_number = Text()
    person = Bytea()
    birth_date_index = Bytea(null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class PatientNameTokenRow(Table, tablename="patient_name_tokens", db=ENGINE):
    tenant_id = UUID(default=None)
    token = Bytea(primary_key=True)
    patient_id = UUID(default=None)


class CoverageRow(Table, tablename="coverages", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    patient_id = UUID(default=None)
    payer_id = UUID(default=None)
    rank = Text(default="P")
    relationship = Text(default="18")
    subscriber = Bytea()
    member_id_index = Bytea()
    effective_from = Date(null=True, default=None)
    effective_to = Date(null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    insurance_type = Text(default="")


class FeeScheduleRow(Table, tablename="fee_schedules", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Text()
    payer_id = UUID(null=True, default=None)
    effective_from = Date()
    active = Boolean(default=True)
    inactive_reason = Text(default="")
    version = Integer(default=1)
    kind = Text(default="charge")


class FeeScheduleLineRow(Table, tablename="fee_schedule_lines", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=time_ordered_id)
    fee_schedule_id = UUID(default=None)
    procedure = Text()
    modifier = Text(default="")
    amount_cents = BigInt()
