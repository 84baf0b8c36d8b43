-- The float pool: who lends a hand where, from when until when, and which queues at risk were proposed to a manager.
CREATE SEQUENCE float_reference START 101;
-- Once a queue and day; a queue is a kind of work, or a kind of one client.
CREATE TABLE float_proposals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    day date NOT NULL,                     -- the tenant's own
    kind text NOT NULL,
    client_id uuid,                        -- null: any
    open_items integer NOT NULL,
    at_risk integer NOT NULL,              -- of them: past due, or due before the day is over
    first_due_at timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,        -- the period proposed
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    candidates jsonb NOT NULL,             -- the best first, with the reasons of each, as they were on that day
    weights_from text NOT NULL DEFAULT '', -- table, version and row of the weights; empty: the usual ones
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'assigned', 'dismissed')),
    assignment_id uuid,
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    reason bytea,                          -- sealed: why it was dismissed
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, day, kind, client_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);
CREATE TABLE float_assignments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,               -- what people say: FA-101
    user_id uuid NOT NULL REFERENCES users (id),
    client_id uuid,                        -- null: any client
    kinds text[] NOT NULL DEFAULT '{}',    -- empty: any kind
    item_ids uuid[] NOT NULL DEFAULT '{}', -- single items; then neither client nor kinds
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,          -- moves when it is extended
    first_ends_at timestamptz NOT NULL,    -- as it was offered
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'offered', 'accepted', 'active', 'extended',
        'ended', 'ended_early', 'declined', 'lapsed', 'withdrawn')),
    visited text[] NOT NULL DEFAULT '{}',
    answer_by timestamptz,
    reminded_at timestamptz,
    note bytea,                            -- sealed: what the person is told with the offer
    reason bytea,                          -- sealed: why it was declined, withdrawn or ended early
    chosen jsonb NOT NULL DEFAULT '{}',    -- the recommendation with its reasons, as it was when the person was chosen
    proposal_id uuid,
    accepted_at timestamptz,
    begun_at timestamptz,
    over_at timestamptz,
    handed_back integer NOT NULL DEFAULT 0,
    drafts_kept integer NOT NULL DEFAULT 0,
    created_by uuid REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    CHECK (ends_at > starts_at),
    CHECK (client_id IS NOT NULL OR cardinality(kinds) > 0 OR cardinality(item_ids) > 0),
    CHECK (cardinality(item_ids) = 0 OR (client_id IS NULL AND cardinality(kinds) = 0)),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES float_proposals (tenant_id, id)
);
CREATE INDEX float_assignments_newest ON float_assignments (tenant_id, id DESC);
CREATE INDEX float_assignments_live ON float_assignments (tenant_id, user_id, starts_at)
    WHERE state IN ('proposed', 'offered', 'accepted', 'active', 'extended');
CREATE TABLE float_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    assignment_id uuid NOT NULL,
    key text NOT NULL,                     -- told twice is noted once
    kind text NOT NULL,
    summary text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, assignment_id, key),
    FOREIGN KEY (tenant_id, assignment_id) REFERENCES float_assignments (tenant_id, id)
);
ALTER TABLE work_items
    ADD COLUMN float_id uuid,              -- the assignment that brought it to its owner, or under which it was finished
    ADD COLUMN float_from uuid REFERENCES users (id); -- whose it was before; null: it was free
CREATE INDEX work_items_float ON work_items (tenant_id, float_id) WHERE float_id IS NOT NULL;
