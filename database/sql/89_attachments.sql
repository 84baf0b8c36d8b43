-- Files that people attach to work and to what it is about. Name and body are sealed; nothing is changed: a removal is a
-- row of its own, with its reason. Candidates of an item may be a team, looked at when the item is taken.
CREATE TABLE attachments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    name bytea NOT NULL,                   -- sealed: people name files after patients
    media_type text NOT NULL,              -- by its content, never by its name
    sha256 bytea NOT NULL,                 -- of the file itself
    size integer NOT NULL,
    body bytea NOT NULL,                   -- sealed
    added_by uuid NOT NULL,
    added_by_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX attachments_subject ON attachments (tenant_id, subject_type, subject_id, id);
CREATE TABLE attachment_removals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    attachment_id uuid NOT NULL,
    reason bytea NOT NULL,                 -- sealed: free text
    removed_by uuid NOT NULL,
    removed_by_name text NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, attachment_id),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
ALTER TABLE work_items
    ADD COLUMN team_id uuid,               -- candidates: who is in this team or below it when they take it; null: anybody able
    ADD FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id);
CREATE INDEX work_run_rows_left ON work_run_rows (tenant_id, run_id, place) WHERE code IS NULL;
-- A run that its starter ends leaves the rows that were not reached as they are.
ALTER TABLE work_runs DROP CONSTRAINT work_runs_status_check,
    ADD CONSTRAINT work_runs_status_check CHECK (status IN ('running', 'done', 'stopped', 'cancelled'));
