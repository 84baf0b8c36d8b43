-- One row per 835 transaction set. `posting_key` makes a payment post once, in whatever file it comes again.
CREATE TABLE remittances (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    file_id uuid NOT NULL,
    ordinal integer NOT NULL,
    posting_key text,
    payer_name text NOT NULL DEFAULT '',
    payer_identifier text NOT NULL DEFAULT '',   -- TRN03
    trace text NOT NULL DEFAULT '',              -- TRN02
    payee_npi text NOT NULL DEFAULT '',
    payment_date date,
    payment_cents bigint NOT NULL,
    method text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('posted', 'quarantined', 'duplicate')),
    claims_paid_cents bigint NOT NULL DEFAULT 0,
    provider_adjustment_cents bigint NOT NULL DEFAULT 0,
    claim_count integer NOT NULL DEFAULT 0,
    proof jsonb NOT NULL DEFAULT '{}',      -- the equations with their sums, and those single ones that do not hold
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_id, ordinal),
    FOREIGN KEY (tenant_id, file_id) REFERENCES edi_files (tenant_id, id)
);
CREATE UNIQUE INDEX remittances_posted_once ON remittances (tenant_id, posting_key) WHERE status = 'posted';
CREATE INDEX remittances_newest ON remittances (tenant_id, id DESC);
CREATE TABLE remittance_claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    remittance_id uuid NOT NULL,
    ordinal integer NOT NULL,
    claim_id uuid,
    claim_version integer,
    matched_by text NOT NULL DEFAULT '',   -- claim_number, claim_number_key, payer_claim_control_number, or empty
    claim_number text NOT NULL,            -- CLP01 as received
    status_code text NOT NULL,             -- CLP02
    charge_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    patient_cents bigint NOT NULL DEFAULT 0,
    payer_claim_control_number text NOT NULL DEFAULT '',
    outcome text NOT NULL,
    remarks text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, remittance_id, ordinal),
    FOREIGN KEY (tenant_id, remittance_id) REFERENCES remittances (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX remittance_claims_claim ON remittance_claims (tenant_id, claim_id, id);
CREATE INDEX remittance_claims_unmatched ON remittance_claims (tenant_id, id) WHERE claim_id IS NULL;
CREATE TABLE remittance_lines (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    remittance_claim_id uuid NOT NULL,
    ordinal integer NOT NULL,
    procedure text NOT NULL,
    modifiers text[] NOT NULL DEFAULT '{}',
    charge_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    control_number text NOT NULL DEFAULT '',
    claim_line integer,                    -- our line number when matched by REF*6R
    remarks text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, remittance_claim_id, ordinal),
    FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES remittance_claims (tenant_id, id)
);
CREATE TABLE adjustments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    remittance_claim_id uuid NOT NULL,
    ordinal integer NOT NULL,
    line_ordinal integer,                  -- null: claim level
    group_code text NOT NULL,
    reason_code text NOT NULL,             -- CARC
    amount_cents bigint NOT NULL,
    quantity numeric(12, 3),
    PRIMARY KEY (tenant_id, remittance_claim_id, ordinal),
    FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES remittance_claims (tenant_id, id)
);
CREATE TABLE provider_adjustments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    remittance_id uuid NOT NULL,
    ordinal integer NOT NULL,
    reason_code text NOT NULL,             -- PLB03-1: WO, FB, L6 ...
    reference text NOT NULL DEFAULT '',
    amount_cents bigint NOT NULL,          -- as in the file: positive takes money from the payment
    PRIMARY KEY (tenant_id, remittance_id, ordinal),
    FOREIGN KEY (tenant_id, remittance_id) REFERENCES remittances (tenant_id, id)
);
-- Double entry: the amounts of one posting sum to zero, checked at commit by a deferred trigger.
CREATE TABLE ledger_entries (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    posting_id uuid NOT NULL,              -- the CLP, the remittance for its PLB, the claim for its charge, or a work item
    account text NOT NULL
        CHECK (account IN ('receivable', 'revenue', 'cash', 'contractual', 'written_off', 'patient', 'provider_level', 'unmatched')),
    claim_id uuid,
    amount_cents bigint NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX ledger_entries_claim ON ledger_entries (tenant_id, claim_id);
CREATE INDEX ledger_entries_posting ON ledger_entries (tenant_id, posting_id);
