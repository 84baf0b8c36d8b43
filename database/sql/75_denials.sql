-- Denials: what a payer refused and why, by tables with effective dates; and appeals with their levels and clocks.
CREATE TABLE denial_codes (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reason_code text NOT NULL,             -- CARC
    group_code text NOT NULL DEFAULT '',   -- empty: any
    remark_code text NOT NULL DEFAULT '',  -- RARC; empty: any
    class_code text NOT NULL DEFAULT '',        -- empty: the default counts again from this date
    preventable boolean,                   -- null: as the class
    effective_from date NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE denial_playbooks (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    class_code text NOT NULL,
    route text NOT NULL,
    steps text[] NOT NULL,
    letter text NOT NULL,                  -- a template; no facts of a patient
    due_days integer NOT NULL CHECK (due_days BETWEEN 0 AND 365),
    high_cents bigint NOT NULL CHECK (high_cents >= 0),
    first_cents bigint NOT NULL CHECK (first_cents >= high_cents),
    approval_cents bigint CHECK (approval_cents >= 0),
    effective_from date NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX denial_playbooks_class ON denial_playbooks (tenant_id, class_code, effective_from);
CREATE TABLE appeal_levels (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL,                    -- medicare, other, or a payer's id
    number integer NOT NULL CHECK (number BETWEEN 1 AND 9),
    label text NOT NULL,
    days integer CHECK (days BETWEEN 1 AND 3650),  -- null: the payer's own appeal window
    answer_days integer NOT NULL CHECK (answer_days BETWEEN 1 AND 3650),
    active boolean NOT NULL DEFAULT true,  -- false: there is no such level from this date
    effective_from date NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE denials (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    claim_id uuid NOT NULL,
    claim_version integer,
    remittance_claim_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    class_code text NOT NULL,
    preventable boolean NOT NULL,
    codes text[] NOT NULL DEFAULT '{}',
    warnings text[] NOT NULL DEFAULT '{}',
    amount_cents bigint NOT NULL,          -- at stake
    decided_on date NOT NULL,
    appeal_by date NOT NULL,
    file_by date NOT NULL,                 -- last day for a correction
    deadline date NOT NULL,                -- that of the recommended way
    route text NOT NULL,
    playbook text NOT NULL,                -- the playbook's row in force
    steps text[] NOT NULL DEFAULT '{}',    -- its checklist as it was then
    priority smallint NOT NULL DEFAULT 3,
    status text NOT NULL DEFAULT 'open',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, remittance_claim_id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id),
    FOREIGN KEY (tenant_id, remittance_claim_id) REFERENCES remittance_claims (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
CREATE INDEX denials_deadline ON denials (tenant_id, deadline, id);
CREATE INDEX denials_status ON denials (tenant_id, status, deadline, id);
CREATE INDEX denials_claim ON denials (tenant_id, claim_id, id);
CREATE TABLE denial_lines (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    denial_id uuid NOT NULL,
    ordinal integer NOT NULL,
    line_ordinal integer,                  -- null: claim level
    group_code text NOT NULL,
    reason_code text NOT NULL,
    remarks text[] NOT NULL DEFAULT '{}',
    amount_cents bigint NOT NULL,
    class_code text NOT NULL,
    preventable boolean NOT NULL,
    code_row text NOT NULL DEFAULT '',     -- the row of the table that decided; empty: no row knew the code
    PRIMARY KEY (tenant_id, denial_id, ordinal),
    FOREIGN KEY (tenant_id, denial_id) REFERENCES denials (tenant_id, id)
);
CREATE TABLE denial_ticks (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    denial_id uuid NOT NULL,
    step integer NOT NULL,                 -- place in the denial's checklist, from 0
    done_by uuid,
    done_by_name text NOT NULL DEFAULT '',
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, denial_id, step),
    FOREIGN KEY (tenant_id, denial_id) REFERENCES denials (tenant_id, id)
);
CREATE TABLE appeals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    claim_id uuid NOT NULL,
    denial_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    class_code text NOT NULL,
    stage text NOT NULL DEFAULT 'drafted',
    visited text[] NOT NULL DEFAULT '{}',
    level integer NOT NULL DEFAULT 1,
    level_label text NOT NULL,
    level_row text NOT NULL,               -- the row of the table of levels in force
    amount_cents bigint NOT NULL,          -- in dispute
    paid_before_cents bigint NOT NULL,     -- on the claim when the appeal was opened
    decided_on date NOT NULL,              -- the decision that is appealed against
    window_day date NOT NULL,              -- last day to appeal at this level, or at the next one once this is lost
    window_ends timestamptz NOT NULL,      -- the first moment too late
    answer_days integer NOT NULL,
    answer_by timestamptz,
    warned_at timestamptz,
    silent_since timestamptz,
    approval_needed boolean NOT NULL DEFAULT false,
    approved_by uuid,
    approved_at timestamptz,
    sent_on date,
    channel text NOT NULL DEFAULT '',
    tracking text NOT NULL DEFAULT '',
    acknowledged_on date,
    argument bytea,                        -- sealed
    attachments bytea,                     -- sealed JSON: the evidence that goes along
    outcome text NOT NULL DEFAULT '',
    recovered_cents bigint NOT NULL DEFAULT 0,
    opened_by uuid,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id),
    FOREIGN KEY (tenant_id, denial_id) REFERENCES denials (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
-- One appeal of a claim at a time.
CREATE UNIQUE INDEX appeals_open ON appeals (tenant_id, claim_id) WHERE closed_at IS NULL;
CREATE INDEX appeals_claim ON appeals (tenant_id, claim_id, id);
CREATE INDEX appeals_newest ON appeals (tenant_id, id DESC);
CREATE TABLE appeal_letters (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    appeal_id uuid NOT NULL,
    version integer NOT NULL,
    level integer NOT NULL,
    playbook text NOT NULL,                -- the row whose template it was made from
    document_id uuid NOT NULL,
    made_by uuid,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, appeal_id, version),
    FOREIGN KEY (tenant_id, appeal_id) REFERENCES appeals (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id)
);
CREATE TABLE appeal_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    appeal_id uuid NOT NULL,
    key text NOT NULL,                     -- from the message, so that a second run adds nothing
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    level integer NOT NULL,
    kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    summary text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, appeal_id, key),
    FOREIGN KEY (tenant_id, appeal_id) REFERENCES appeals (tenant_id, id)
);
-- What each level of each appeal came to: what rates of success are made of.
CREATE TABLE appeal_outcomes (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    appeal_id uuid NOT NULL,
    level integer NOT NULL,
    level_label text NOT NULL,
    claim_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    class_code text NOT NULL,
    outcome text NOT NULL,
    amount_cents bigint NOT NULL,
    recovered_cents bigint NOT NULL,
    sent_on date,
    decided_on date NOT NULL,
    PRIMARY KEY (tenant_id, appeal_id, level),
    FOREIGN KEY (tenant_id, appeal_id) REFERENCES appeals (tenant_id, id)
);
CREATE INDEX appeal_outcomes_class ON appeal_outcomes (tenant_id, class_code, payer_id);
