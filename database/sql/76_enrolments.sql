-- Enrolment of clients with payers, ways in which a payer's claims travel, and what is known of each partner's health.
ALTER TABLE connections
    ADD COLUMN kind text NOT NULL DEFAULT 'sftp' CHECK (kind IN ('sftp', 'rest')),
    ADD COLUMN base_url text NOT NULL DEFAULT '',
    ADD COLUMN access_token bytea,             -- sealed; of a REST mailbox
    ADD COLUMN archive_folder text NOT NULL DEFAULT '',
    -- A key that is to follow the present one: told to the partner, tried, then switched to.
    ADD COLUMN next_private_key bytea,         -- sealed
    ADD COLUMN next_public_key text NOT NULL DEFAULT '',
    ADD COLUMN next_key_tested_at timestamptz,
    -- Steps of a connection that is still being set up; empty for one that is ready.
    ADD COLUMN setup_step text NOT NULL DEFAULT ''
        CHECK (setup_step IN ('', 'partner', 'key', 'host_key', 'folders', 'trial')),
    ADD COLUMN seen_host_key text NOT NULL DEFAULT '',
    ADD COLUMN host_key_note text NOT NULL DEFAULT '';  -- why the pinned key was replaced last

-- One row per connection that ever failed, shared by every process: who may speak to the partner, and when again.
CREATE TABLE connection_circuits (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    connection_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    failures integer NOT NULL DEFAULT 0,
    openings integer NOT NULL DEFAULT 0,       -- since it last worked: the delay grows with them
    code text NOT NULL DEFAULT '',
    opened_at timestamptz,
    retry_at timestamptz,                      -- null while open: only a person lets it try again
    closed_reason text NOT NULL DEFAULT '',    -- of who closed it by hand
    closed_by uuid,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, connection_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);

-- A test file's way through a partner, step by step.
CREATE TABLE connection_trials (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    connection_id uuid NOT NULL,
    client_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    member_id bytea NOT NULL,                  -- sealed: the partner's test member
    step text NOT NULL DEFAULT 'prepare' CHECK (step IN ('prepare', 'upload', 'answers', 'accepted')),
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'waiting', 'accepted', 'ended')),
    code text NOT NULL DEFAULT '',
    claim_number text NOT NULL DEFAULT '',
    interchange_number bigint NOT NULL DEFAULT 0,
    group_number bigint NOT NULL DEFAULT 0,
    file_id uuid,
    sha256 text NOT NULL DEFAULT '',
    answers jsonb NOT NULL DEFAULT '[]',       -- kind, sender, verdict, codes, file: no PHI
    started_by uuid,
    started_at timestamptz NOT NULL DEFAULT now(),
    uploaded_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES edi_files (tenant_id, id)
);
CREATE INDEX connection_trials_newest ON connection_trials (tenant_id, connection_id, id DESC);

-- Where a payer's claims go, besides its own connection. The most specific row wins.
CREATE TABLE routes (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    payer_id uuid NOT NULL,
    client_id uuid,                            -- null: for every client
    transaction text NOT NULL DEFAULT '' CHECK (transaction IN ('', '837P', '837I')),
    connection_id uuid NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, payer_id, client_id, transaction),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);

-- What a payer asks for before it speaks a transaction with a client; effective-dated, the newest that has begun counts.
CREATE TABLE enrolment_requirements (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    payer_id uuid NOT NULL,
    transaction text NOT NULL CHECK (transaction IN ('837P', '837I', '835', '277CA', '270')),
    effective_from date NOT NULL,
    required boolean NOT NULL DEFAULT true,
    measured_by text NOT NULL DEFAULT 'submission' CHECK (measured_by IN ('submission', 'service')),
    answer_days integer NOT NULL DEFAULT 30 CHECK (answer_days BETWEEN 1 AND 365),
    reminder_days integer NOT NULL DEFAULT 60 CHECK (reminder_days BETWEEN 1 AND 365),
    paperwork jsonb NOT NULL DEFAULT '[]',     -- names of the forms that the payer asks for
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payer_id, transaction, effective_from),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);

CREATE TABLE enrolments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    transaction text NOT NULL CHECK (transaction IN ('837P', '837I', '835', '277CA', '270')),
    step text NOT NULL DEFAULT 'requested' CHECK (step IN ('requested', 'preparing', 'signing', 'submitting', 'submitted',
        'acknowledged', 'approved', 'testing', 'live', 'revalidating', 'rejected', 'expired', 'ended')),
    paperwork jsonb NOT NULL DEFAULT '[]',     -- name, who signs, attachment's name, done
    signed_on date,
    signed_by text NOT NULL DEFAULT '',
    submitted_on date,
    channel text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',
    acknowledged_on date,
    effective_from date,
    expires_on date,
    reason text NOT NULL DEFAULT '',
    submissions integer NOT NULL DEFAULT 0,
    alarm_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
-- One enrolment of a client, payer and transaction is under way or stands; ended ones stay as history.
CREATE UNIQUE INDEX enrolments_one ON enrolments (tenant_id, client_id, payer_id, transaction) WHERE step <> 'ended';
CREATE INDEX enrolments_newest ON enrolments (tenant_id, id DESC);
CREATE INDEX enrolments_payer ON enrolments (tenant_id, payer_id);

-- What happened to an enrolment, as it was told: the workflow applies each fact once.
CREATE TABLE enrolment_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    event text NOT NULL,
    step text NOT NULL,                        -- where it stood when it happened
    facts jsonb NOT NULL DEFAULT '{}',
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolments (tenant_id, id)
);
CREATE INDEX enrolment_events_of ON enrolment_events (tenant_id, enrolment_id, id);
-- Facts that were applied: an event that is not here yet is told, but its step has not been taken.
CREATE TABLE enrolment_steps (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    event_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    step text NOT NULL,                        -- the step that followed; empty when it no longer fitted
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolments (tenant_id, id)
);
