-- What asks for somebody else's word before it is done, and the moving of a person's work to others.
CREATE SEQUENCE approval_reference START 1001;
CREATE TABLE approvals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,
    key text NOT NULL,                     -- from the asker's input: asked twice is asked once
    kind text NOT NULL CHECK (kind IN ('reassignment', 'write_off', 'quarantine', 'float_assignment', 'backdated_time')),
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    summary text NOT NULL,                 -- references, counts and amounts only
    amount_cents bigint,
    requester_id uuid NOT NULL REFERENCES users (id),
    excluded uuid[] NOT NULL DEFAULT '{}', -- who must not decide besides the requester; grows with every level
    levels smallint NOT NULL DEFAULT 1 CHECK (levels BETWEEN 1 AND 3),
    level smallint NOT NULL DEFAULT 1,
    reason bytea,                          -- sealed: why it is asked
    work_item_id uuid,                     -- the item whose decision waits for the word: once it is finished, none is needed
    effect text NOT NULL DEFAULT '' CHECK (effect IN ('', 'complete_item', 'release_remittance', 'write_off_share')),
    tell_workflow text NOT NULL DEFAULT '', -- who is told of the decision
    tell_update text NOT NULL DEFAULT '',
    tell_payload jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'waiting', 'approved', 'done', 'refused', 'withdrawn', 'overtaken')),
    visited text[] NOT NULL DEFAULT '{}',
    approver_id uuid REFERENCES users (id), -- whose desk it lies on; null: anybody's who may decide
    escalations smallint NOT NULL DEFAULT 0,
    due_at timestamptz,
    at_the_top boolean NOT NULL DEFAULT false,
    end_code text NOT NULL DEFAULT '',     -- why it was overtaken
    end_reason text NOT NULL DEFAULT '',
    withdrawn_reason bytea,                -- sealed
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE INDEX approvals_state ON approvals (tenant_id, state, id DESC);
CREATE INDEX approvals_requester ON approvals (tenant_id, requester_id, id DESC);
CREATE INDEX approvals_subject ON approvals (tenant_id, subject_id);
CREATE INDEX approvals_item ON approvals (tenant_id, work_item_id) WHERE work_item_id IS NOT NULL AND state IN ('asked', 'waiting');
-- One word per level, each by another person.
CREATE TABLE approval_decisions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    approval_id uuid NOT NULL,
    level smallint NOT NULL,
    work_item_id uuid NOT NULL,
    approved boolean NOT NULL,
    decided_by uuid NOT NULL REFERENCES users (id),
    comment bytea,                         -- sealed
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, approval_id, level),
    UNIQUE (tenant_id, approval_id, decided_by),
    FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals (tenant_id, id)
);
CREATE INDEX approval_decisions_by ON approval_decisions (tenant_id, decided_by, approval_id);
CREATE TABLE approval_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    approval_id uuid NOT NULL,
    key text NOT NULL,                     -- told twice is noted once
    kind text NOT NULL,
    summary text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, approval_id, key),
    FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals (tenant_id, id)
);
-- Up to which amount nobody needs to be asked, from a day on. Rows are added and never changed.
CREATE TABLE approval_limits (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind IN ('denial_write_off', 'patient_write_off', 'reassignment')),
    effective_from date NOT NULL,
    free_up_to bigint NOT NULL CHECK (free_up_to >= 0),   -- cents, or items of a reassignment
    second_from bigint CHECK (second_from > free_up_to),  -- from here two people decide; null: never
    created_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX approval_limits_kind ON approval_limits (tenant_id, kind, effective_from DESC, id DESC);

-- Moving a person's work: for a time, for good, or because they leave.
CREATE SEQUENCE reassignment_reference START 1001;
CREATE TABLE reassignments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('temporary', 'permanent', 'leaver')),
    from_user_id uuid NOT NULL REFERENCES users (id),
    until date CHECK ((until IS NULL) = (mode <> 'temporary')), -- the day on which it returns
    reason bytea NOT NULL,                 -- sealed
    end_reason bytea,                      -- sealed: why it was cancelled, undone or ended early
    requested_by uuid NOT NULL REFERENCES users (id),
    approval_id uuid,                      -- null: within the limit, nobody was asked
    state text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'waiting', 'moving', 'moved', 'lent', 'returning', 'undoing', 'closed')),
    visited text[] NOT NULL DEFAULT '{}',
    outcome text NOT NULL DEFAULT '',
    ring_at timestamptz,
    total integer NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    back integer NOT NULL DEFAULT 0,       -- rows that came back, by the end of the time or by undoing
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    moved_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals (tenant_id, id)
);
CREATE INDEX reassignments_from ON reassignments (tenant_id, from_user_id, id DESC);
CREATE TABLE reassignment_rows (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    reassignment_id uuid NOT NULL,
    place integer NOT NULL,
    work_item_id uuid NOT NULL,
    part text NOT NULL CHECK (part IN ('owner', 'return_to')), -- held, or delegated and to be handed back
    to_user_id uuid REFERENCES users (id), -- null: back to the queue
    why text NOT NULL DEFAULT '',
    code text,                             -- null: not yet; empty: moved; else why not
    message text NOT NULL DEFAULT '',
    moved_version integer,                 -- the item's, as it was left: another one means that somebody touched it
    back_code text,                        -- null: not yet; empty: came back; else why not
    back_message text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, reassignment_id, place),
    UNIQUE (tenant_id, reassignment_id, work_item_id, part),
    FOREIGN KEY (tenant_id, reassignment_id) REFERENCES reassignments (tenant_id, id),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE TABLE reassignment_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reassignment_id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    summary text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reassignment_id, key),
    FOREIGN KEY (tenant_id, reassignment_id) REFERENCES reassignments (tenant_id, id)
);
-- What a person has delegated and gets back: moved with the rest when they leave.
CREATE INDEX work_items_return ON work_items (tenant_id, return_to) WHERE status = 'open' AND return_to IS NOT NULL;
