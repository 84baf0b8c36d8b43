-- Everything that waits for a person, whatever workflow it comes from. Titles carry no PHI.
CREATE TABLE work_items (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    key text NOT NULL,                     -- from the opener's input: opening twice opens once
    kind text NOT NULL,                    -- hold, rejection, denial, unmatched, quarantine, silence, file, incident
    title text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    permission text NOT NULL DEFAULT '',   -- who may take it: holders of this permission
    subject_type text NOT NULL DEFAULT '',
    subject_id uuid,
    workflow_id text NOT NULL DEFAULT '',
    priority smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 5),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')),
    owner_id uuid REFERENCES users (id),
    due_at timestamptz NOT NULL,
    follow_up_at timestamptz,
    return_comment bytea,                  -- sealed: free text of who gave it back last
    decision text NOT NULL DEFAULT '',
    comment bytea,                         -- sealed: free text of the decision
    created_at timestamptz NOT NULL DEFAULT now(),
    taken_at timestamptz,
    finished_at timestamptz,
    finished_by uuid REFERENCES users (id),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
-- Each page of the queue is one of these, read in exactly its order. Permission and kind stand last in the key: the scan
-- passes over what the asker may not take without opening the row.
CREATE INDEX work_items_available ON work_items (tenant_id, priority, due_at, id, permission, kind)
    WHERE status = 'open' AND owner_id IS NULL;
CREATE INDEX work_items_open ON work_items (tenant_id, priority, due_at, id) WHERE status = 'open';
CREATE INDEX work_items_owner ON work_items (tenant_id, owner_id, priority, due_at, id)
    INCLUDE (follow_up_at) WHERE status = 'open' AND owner_id IS NOT NULL;
CREATE INDEX work_items_asleep ON work_items (tenant_id, priority, due_at, id)
    INCLUDE (owner_id, follow_up_at) WHERE status = 'open' AND follow_up_at IS NOT NULL;
CREATE INDEX work_items_subject ON work_items (tenant_id, subject_type, subject_id);
CREATE TABLE work_item_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    work_item_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    kind text NOT NULL,                    -- opened, taken, returned, assigned, snoozed, prioritised, completed, cancelled
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE INDEX work_item_events_item ON work_item_events (tenant_id, work_item_id, id);
CREATE TABLE notes (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    body bytea NOT NULL,                   -- sealed
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notes_subject ON notes (tenant_id, subject_type, subject_id, id);
CREATE TABLE drafts (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    user_id uuid NOT NULL REFERENCES users (id),
    form text NOT NULL,                    -- which form of which object, such as claim/new
    body bytea NOT NULL,                   -- sealed JSON of the fields as typed
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, user_id, form)
);
