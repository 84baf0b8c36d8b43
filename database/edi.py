"""Files, batches, control numbers and acknowledgements.

The schema itself is `sql/40_edi.sql`; a test holds the two together.
"""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE


class ControlNumberRow(Table, tablename="control_numbers", db=ENGINE):
    tenant_id = UUID(default=None)
    connection_id = UUID(primary_key=True, default=None)
    kind = Text()
    last_value = BigInt(default=0)


class EdiFileRow(Table, tablename="edi_files", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    connection_id = UUID(null=True, default=None)
    direction = Text()
    kind = Text()
    remote_name = Text(default="")
    sha256 = Bytea()
    size = Integer()
    body = Bytea()
    status = Text()
    reason = Text(default="")
    created_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class BatchRequestRow(Table, tablename="batch_requests", db=ENGINE):
    tenant_id = UUID(default=None)
    connection_id = UUID(primary_key=True, default=None)
    requested_at = Timestamptz()


class EdiDeliveryRow(Table, tablename="edi_deliveries", db=ENGINE):
    tenant_id = UUID(default=None)
    connection_id = UUID(default=None)
    remote_name = Text(primary_key=True)
    size = Integer()
    modified_at = Timestamptz()
    file_id = UUID(default=None)
    duplicate = Boolean(default=False)
    seen_at = Timestamptz()


class EdiBatchRow(Table, tablename="edi_batches", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    connection_id = UUID(default=None)
    file_id = UUID(null=True, default=None)
    status = Text()
    interchange_number = BigInt()
    group_number = BigInt()
    reference = Text()
    claim_count = Integer(default=0)
    charge_cents = BigInt(default=0)
    remote_name = Text(default="")
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    acknowledged_at = Timestamptz(null=True, default=None)


class EdiBatchClaimRow(Table, tablename="edi_batch_claims", db=ENGINE):
    tenant_id = UUID(default=None)
    batch_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    claim_number = Text(primary_key=True)
    set_number = Text(default="")
    first_segment = Integer(default=0)
    last_segment = Integer(default=0)


class AcknowledgementRow(Table, tablename="acknowledgements", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    file_id = UUID(default=None)
    batch_id = UUID(null=True, default=None)
    claim_id = UUID(null=True, default=None)
    claim_version = Integer(null=True, default=None)
    kind = Text()
    sender = Text()
    verdict = Text()
    category = Text(default="")
    status_code = Text(default="")
    payer_claim_control_number = Text(default="")
    detail = JSONB()
    ordinal = Integer()
    at = Timestamptz()
