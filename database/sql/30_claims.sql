-- A claim's orthogonal facts; the display status is derived from them and kept in `status` for lists.
CREATE SEQUENCE claim_reference START 1001;
CREATE TABLE claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,               -- what people say: C-1001
    client_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    coverage_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    connection_id uuid,                    -- chosen when the claim is handed to the batch
    current_version integer NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'draft',
    step text NOT NULL DEFAULT 'coding',   -- where the process stands (domain.claims.process)
    visited text[] NOT NULL DEFAULT '{}',  -- the steps already left, for the diagram
    coded_at timestamptz,
    held_reason text NOT NULL DEFAULT '',
    released_at timestamptz,
    batched_at timestamptz,
    sent_at timestamptz,
    ack_999 text,
    ack_clearinghouse text,
    ack_payer text,
    payer_claim_control_number text NOT NULL DEFAULT '',
    adjudications integer NOT NULL DEFAULT 0,
    outcome text NOT NULL DEFAULT '',
    follow_up text NOT NULL DEFAULT '',
    closed_at timestamptz,
    closed_reason text NOT NULL DEFAULT '',
    silent_since timestamptz,
    charge_cents bigint NOT NULL DEFAULT 0,
    paid_cents bigint NOT NULL DEFAULT 0,
    adjusted_cents bigint NOT NULL DEFAULT 0,
    patient_cents bigint NOT NULL DEFAULT 0,
    service_from date NOT NULL,
    service_to date NOT NULL,
    manual_touches integer NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,    -- for ETags
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, coverage_id) REFERENCES coverages (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
CREATE INDEX claims_newest ON claims (tenant_id, id DESC);
CREATE INDEX claims_status ON claims (tenant_id, status, id DESC);
CREATE INDEX claims_patient ON claims (tenant_id, patient_id, id DESC);
CREATE INDEX claims_control ON claims (tenant_id, payer_claim_control_number) WHERE payer_claim_control_number <> '';
CREATE TABLE claim_versions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    frequency text NOT NULL DEFAULT '1' CHECK (frequency IN ('1', '7', '8')),
    claim_number text NOT NULL,            -- CLM01, new for every version
    claim_number_key text NOT NULL,        -- upper-cased, punctuation stripped: payers do both
    payer_claim_control_number text NOT NULL DEFAULT '',
    rendering_id uuid,
    rendering_npi text NOT NULL DEFAULT '',  -- as typed, so that a wrong one can be shown and corrected
    referring_npi text NOT NULL DEFAULT '',
    referring_name text NOT NULL DEFAULT '',
    place_of_service text NOT NULL DEFAULT '11',
    diagnoses text[] NOT NULL DEFAULT '{}',
    prior_authorization text NOT NULL DEFAULT '',
    accident text NOT NULL DEFAULT '',
    accident_date date,
    accident_state text NOT NULL DEFAULT '',
    onset_date date,
    accepts_assignment boolean NOT NULL DEFAULT true,
    charge_cents bigint NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    scrubbed_at timestamptz,
    verdict text NOT NULL DEFAULT '',
    submitted_at timestamptz,
    PRIMARY KEY (tenant_id, claim_id, version),
    UNIQUE (tenant_id, claim_number),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, rendering_id) REFERENCES providers (tenant_id, id)
);
CREATE INDEX claim_versions_key ON claim_versions (tenant_id, claim_number_key text_pattern_ops);
CREATE TABLE claim_lines (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    number integer NOT NULL,
    procedure text NOT NULL,
    modifiers text[] NOT NULL DEFAULT '{}',
    charge_cents bigint NOT NULL,
    units numeric(10, 3) NOT NULL DEFAULT 1,
    place_of_service text NOT NULL DEFAULT '11',
    service_from date NOT NULL,
    service_to date NOT NULL,
    pointers integer[] NOT NULL DEFAULT '{1}',
    control_number text NOT NULL,          -- REF*6R
    PRIMARY KEY (tenant_id, claim_id, version, number),
    FOREIGN KEY (tenant_id, claim_id, version)
        REFERENCES claim_versions (tenant_id, claim_id, version) ON DELETE CASCADE
);
CREATE INDEX claim_lines_duplicates ON claim_lines (tenant_id, procedure, service_from);
CREATE TABLE claim_findings (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    ordinal integer NOT NULL,
    rule_id text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('error', 'warning')),
    field text NOT NULL,
    message text NOT NULL,
    citation text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, claim_id, version, ordinal),
    FOREIGN KEY (tenant_id, claim_id, version)
        REFERENCES claim_versions (tenant_id, claim_id, version) ON DELETE CASCADE
);
-- Every touch of a claim. Append-only, by privilege and by trigger.
CREATE TABLE claim_activities (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    claim_id uuid NOT NULL,
    -- Given by activities that may run twice, so that the second run adds nothing.
    key text,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    summary text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, claim_id, key),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX claim_activities_claim ON claim_activities (tenant_id, claim_id, id);
