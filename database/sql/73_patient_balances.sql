-- What patients paid, were given back or forgiven. The balance itself is the ledger's account `patient`.
CREATE TABLE patient_transactions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),     -- the posting of its ledger entries
    patient_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('payment', 'reversal', 'refund', 'credit', 'write_off')),
    method text NOT NULL DEFAULT '' CHECK (method IN ('', 'cash', 'check', 'card')),
    reference text NOT NULL DEFAULT '',    -- number of a check, or the terminal's reference; never a card's number
    amount_cents bigint NOT NULL,          -- received positive, given back negative; a credit applied moves no money
    received_on date NOT NULL,
    settled boolean NOT NULL DEFAULT false, -- with it the patient owed nothing: statements are counted anew
    reverses_id uuid,
    reason bytea,                          -- sealed
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reverses_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, reverses_id) REFERENCES patient_transactions (tenant_id, id)
);
CREATE INDEX patient_transactions_patient ON patient_transactions (tenant_id, patient_id, id);
CREATE INDEX patient_transactions_day ON patient_transactions (tenant_id, received_on) WHERE kind IN ('payment', 'reversal', 'refund');
-- How a transaction is spread: over claims, and what is left as the patient's credit (no claim).
CREATE TABLE patient_allocations (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    transaction_id uuid NOT NULL,
    ordinal integer NOT NULL,
    claim_id uuid,
    amount_cents bigint NOT NULL,          -- lowers what the patient owes when positive
    PRIMARY KEY (tenant_id, transaction_id, ordinal),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES patient_transactions (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX patient_allocations_claim ON patient_allocations (tenant_id, claim_id);
ALTER TABLE deposit_matches ADD FOREIGN KEY (tenant_id, transaction_id) REFERENCES patient_transactions (tenant_id, id);
CREATE TABLE statement_runs (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done')),
    statement_on date NOT NULL,
    rules jsonb NOT NULL DEFAULT '{}',     -- the tenant's settings as they were
    total integer NOT NULL DEFAULT 0,
    made integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,    -- whose balance changed between choosing and printing
    started_by uuid,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX statement_runs_one_at_a_time ON statement_runs (tenant_id) WHERE status = 'running';
CREATE TABLE statements (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    run_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number integer NOT NULL,               -- the how-manieth since nothing was owed last
    statement_on date NOT NULL,
    due_on date NOT NULL,
    balance_cents bigint NOT NULL,
    ageing_cents bigint[] NOT NULL,        -- 0-30, 31-60, 61-90, over 90 days
    document_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, run_id, patient_id),
    UNIQUE (tenant_id, patient_id, statement_on),
    FOREIGN KEY (tenant_id, run_id) REFERENCES statement_runs (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE TABLE statement_claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    statement_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    balance_cents bigint NOT NULL,
    PRIMARY KEY (tenant_id, statement_id, claim_id),
    FOREIGN KEY (tenant_id, statement_id) REFERENCES statements (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX ledger_entries_patient ON ledger_entries (tenant_id, claim_id, amount_cents) WHERE account = 'patient';
CREATE INDEX claims_owing ON claims (tenant_id, patient_id, id) WHERE patient_cents <> 0;
