-- The inbox: delegation, exclusion and skill on an item, who watches it, whom a note names, saved views, bulk runs.
ALTER TABLE work_items
    ADD COLUMN return_to uuid REFERENCES users (id),       -- delegated: whose it becomes again when handed back
    ADD COLUMN excluded uuid[] NOT NULL DEFAULT '{}',      -- four eyes: who must not work it
    ADD COLUMN skill text NOT NULL DEFAULT '',             -- skills.name that taking asks for; empty: none
    ADD COLUMN skill_level smallint NOT NULL DEFAULT 1 CHECK (skill_level BETWEEN 1 AND 5);
-- Saved views: by kind, and by due date. Everything a count looks at is in the key, so that no row is opened.
CREATE INDEX work_items_kind ON work_items (tenant_id, kind, priority, due_at, id)
    INCLUDE (owner_id, permission, follow_up_at) WHERE status = 'open';
CREATE INDEX work_items_due ON work_items (tenant_id, due_at, id)
    INCLUDE (owner_id, permission, kind, priority, follow_up_at) WHERE status = 'open';
CREATE TABLE work_watchers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    work_item_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, work_item_id, user_id),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE INDEX work_watchers_user ON work_watchers (tenant_id, user_id, work_item_id);
CREATE TABLE note_mentions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    note_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (tenant_id, note_id, user_id),
    FOREIGN KEY (tenant_id, note_id) REFERENCES notes (tenant_id, id)
);
CREATE INDEX note_mentions_user ON note_mentions (tenant_id, user_id, note_id);
CREATE TABLE work_views (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    team_id uuid,                          -- null: the owner's alone
    filter jsonb NOT NULL,                 -- scope, kinds, text, due, priority
    columns text[] NOT NULL,
    ordering text NOT NULL,
    grouping text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, owner_id, team_id, name),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE INDEX work_views_team ON work_views (tenant_id, team_id) WHERE team_id IS NOT NULL;
-- One act on a whole filter: the items are fixed when it starts, each has its outcome.
CREATE TABLE work_runs (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    act text NOT NULL,
    orders bytea NOT NULL,                 -- sealed JSON: a comment is free text
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'stopped')),
    total integer NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    permissions text[] NOT NULL,           -- the starter's, as of policy_version: with another version the run stops
    policy_version integer NOT NULL,
    started_by uuid NOT NULL REFERENCES users (id),
    started_by_name text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX work_runs_starter ON work_runs (tenant_id, started_by, id DESC);
CREATE TABLE work_run_rows (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    run_id uuid NOT NULL,
    place integer NOT NULL,
    work_item_id uuid NOT NULL,
    code text,                             -- null: not yet; empty: done; else why it was refused
    message text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, run_id, place),
    FOREIGN KEY (tenant_id, run_id) REFERENCES work_runs (tenant_id, id)
);
CREATE INDEX work_run_rows_refused ON work_run_rows (tenant_id, run_id, place) WHERE code <> '';
