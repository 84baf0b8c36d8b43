"""Claims, their versions, lines, findings and activities.

The schema itself is `sql/30_claims.sql` and `sql/70_institutional.sql`; a test holds the two together.
"""

from decimal import Decimal

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Numeric,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from database.engine import ENGINE


class ClaimRow(Table, tablename="claims", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    reference = Text()
    client_id = UUID(default=None)
    patient_id = UUID(default=None)
    coverage_id = UUID(default=None)
    payer_id = UUID(default=None)
    connection_id = UUID(null=True, default=None)
    current_version = Integer(default=1)
    status = Text(default="draft")
    step = Text(default="coding")
    visited = Array(base_column=Text())
    coded_at = Timestamptz(null=True, default=None)
    held_reason = Text(default="")
    released_at = Timestamptz(null=True, default=None)
    batched_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    ack_999 = Text(null=True, default=None)
    ack_clearinghouse = Text(null=True, default=None)
    ack_payer = Text(null=True, default=None)
    payer_claim_control_number = Text(default="")
    adjudications = Integer(default=0)
    outcome = Text(default="")
    follow_up = Text(default="")
    closed_at = Timestamptz(null=True, default=None)
    closed_reason = Text(default="")
    silent_since = Timestamptz(null=True, default=None)
    charge_cents = BigInt(default=0)
    paid_cents = BigInt(default=0)
    adjusted_cents = BigInt(default=0)
    patient_cents = BigInt(default=0)
    service_from = Date()
    service_to = Date()
    manual_touches = Integer(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()
    version = Integer(default=1)
    form = Text(default="professional")
    next_payer_barred = Boolean(default=False)


class ClaimVersionRow(Table, tablename="claim_versions", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    frequency = Text(default="1")
    claim_number = Text(primary_key=True)
    claim_number_key = Text()
    payer_claim_control_number = Text(default="")
    rendering_id = UUID(null=True, default=None)
    rendering_npi = Text(default="")
    referring_npi = Text(default="")
    referring_name = Text(default="")
    place_of_service = Text(default="11")
    diagnoses = Array(base_column=Text())
    prior_authorization = Text(default="")
    accident = Text(default="")
    accident_date = Date(null=True, default=None)
    accident_state = Text(default="")
    onset_date = Date(null=True, default=None)
    accepts_assignment = Boolean(default=True)
    charge_cents = BigInt(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    scrubbed_at = Timestamptz(null=True, default=None)
    verdict = Text(default="")
    submitted_at = Timestamptz(null=True, default=None)
    coverage_id = UUID(default=None)
    payer_id = UUID(default=None)
    rank = Text(default="P")
    prior_cents = BigInt(default=0)
    decided_version = Integer(null=True, default=None)
    forwarded = Boolean(default=False)
    withdrawn_at = Timestamptz(null=True, default=None)


class ClaimLineRow(Table, tablename="claim_lines", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    number = Integer()
    procedure = Text()
    modifiers = Array(base_column=Text())
    charge_cents = BigInt()
    units = Numeric(digits=(10, 3), default=Decimal(1))
    place_of_service = Text(default="11")
    service_from = Date()
    service_to = Date()
    pointers = Array(base_column=Integer())
    control_number = Text(primary_key=True)
    revenue_code = Text(default="")
    unit = Text(default="UN")
    non_covered_cents = BigInt(default=0)
    dated = Boolean(default=True)


class InstitutionalFactsRow(Table, tablename="institutional_facts", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(primary_key=True)
    version = Integer()
    facility_code = Text()
    statement_from = Date()
    statement_to = Date()
    patient_status = Text(default="")
    admission_date = Date(null=True, default=None)
    drg = Text(default="")
    codes = JSONB()
    note = Bytea(null=True, default=None)


class ClaimPractitionerRow(Table, tablename="claim_practitioners", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    role = Text(primary_key=True)
    provider_id = UUID(null=True, default=None)
    npi = Text(default="")
    last_name = Text(default="")
    first_name = Text(default="")


class ClaimFindingRow(Table, tablename="claim_findings", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    ordinal = Integer()
    rule_id = Text(primary_key=True)
    severity = Text()
    field = Text()
    message = Text()
    citation = Text(default="")


class ClaimActivityRow(Table, tablename="claim_activities", db=ENGINE):
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True)
    claim_id = UUID(default=None)
    key = Text(null=True, default=None)
    at = Timestamptz()
    kind = Text()
    actor_id = UUID(null=True, default=None)
    actor_name = Text(default="")
    summary = Text()
    detail = JSONB()


class ClaimDecisionRow(Table, tablename="claim_decisions", db=ENGINE):
    tenant_id = UUID(default=None)
    claim_id = UUID(default=None)
    version = Integer()
    ordinal = Integer(primary_key=True)
    coverage_id = UUID(default=None)
    rank = Text()
    paid_cents = BigInt()
    remaining_cents = BigInt(null=True, default=None)
    adjudicated_on = Date()
    payer_claim_control_number = Text(default="")
    remarks = Array(base_column=Text())
    adjustments = JSONB()
    lines = JSONB()


class ClaimTransferRow(Table, tablename="claim_transfers", db=ENGINE):
    tenant_id = UUID(default=None)
    source_id = UUID(primary_key=True)
    posting_id = UUID(default=None)
    claim_id = UUID(default=None)
    amount_cents = BigInt()
    posted_at = Timestamptz()
