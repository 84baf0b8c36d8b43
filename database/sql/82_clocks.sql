-- Two clocks of every item, by rows that hold from a day; the stages each has reached; who looks after them.
ALTER TABLE work_items
    ADD COLUMN client_id uuid,             -- the client whose work it is, where there is one
    ADD COLUMN start_by timestamptz,       -- the clock of what nobody has begun; due_at is that of what is not finished
    ADD COLUMN start_warn_at timestamptz,
    ADD COLUMN due_warn_at timestamptz,
    ADD COLUMN escalate_at timestamptz,    -- past due for so long that the manager is told
    ADD COLUMN alarm_at timestamptz,       -- the next of these moments: the scanner's place in this item
    ADD COLUMN clock_source text NOT NULL DEFAULT ''; -- which rule or row of a decision table set them; empty: the kind's own
UPDATE work_items w SET
    client_id = CASE w.subject_type
        WHEN 'client' THEN w.subject_id
        WHEN 'claim' THEN (SELECT c.client_id FROM claims c WHERE c.tenant_id = w.tenant_id AND c.id = w.subject_id)
        WHEN 'appeal' THEN (SELECT c.client_id FROM appeals a JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
                            WHERE a.tenant_id = w.tenant_id AND a.id = w.subject_id) END,
    due_warn_at = w.created_at + (w.due_at - w.created_at) * 0.75,
    escalate_at = w.due_at + interval '1 day',
    alarm_at = least(greatest(w.created_at + (w.due_at - w.created_at) * 0.75, now()), w.due_at)
WHERE w.status = 'open';
CREATE INDEX work_items_alarm ON work_items (tenant_id, alarm_at, id) WHERE status = 'open' AND alarm_at IS NOT NULL;
-- What the board of a day counts is in the key, so that no row is opened.
DROP INDEX work_items_due;
CREATE INDEX work_items_due ON work_items (tenant_id, due_at, id)
    INCLUDE (owner_id, permission, kind, priority, follow_up_at, client_id, due_warn_at, start_by, taken_at)
    WHERE status = 'open';
-- What has run out so far, over all of a tenant's open work.
CREATE INDEX work_items_at_risk ON work_items (tenant_id, due_warn_at)
    INCLUDE (due_at, kind, client_id, owner_id, permission) WHERE status = 'open';
CREATE INDEX work_items_unstarted ON work_items (tenant_id, start_by)
    INCLUDE (kind, client_id, permission) WHERE status = 'open' AND taken_at IS NULL;
CREATE INDEX work_items_client ON work_items (tenant_id, client_id, priority, due_at, id)
    WHERE status = 'open' AND client_id IS NOT NULL;
CREATE TABLE clock_rules (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL DEFAULT '',         -- empty: any
    client_id uuid,                        -- null: any
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 5), -- 0: any
    start_seconds integer CHECK (start_seconds > 0),   -- open time until somebody must have begun; null: no such clock
    due_seconds integer NOT NULL CHECK (due_seconds > 0),
    warn_percent smallint NOT NULL DEFAULT 75 CHECK (warn_percent BETWEEN 1 AND 99),
    escalate_seconds integer NOT NULL DEFAULT 28800 CHECK (escalate_seconds >= 0),
    calendar_id uuid,                      -- null: the tenant's standard one
    ends boolean NOT NULL DEFAULT false,   -- from this day the less specific rows count again
    effective_from date NOT NULL,
    reason text NOT NULL DEFAULT '',
    created_by uuid,
    created_by_name text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendars (tenant_id, id)
);
-- Each stage of each clock is reached once; a due date that was changed has stages of its own.
CREATE TABLE work_escalations (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    work_item_id uuid NOT NULL,
    stage text NOT NULL CHECK (stage IN ('start_warning', 'start_breach', 'due_warning', 'due_breach', 'escalation')),
    clock_at timestamptz NOT NULL,         -- the moment that this clock ran towards
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, work_item_id, stage, clock_at),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE INDEX work_escalations_at ON work_escalations (tenant_id, at, stage);
-- New clocks for open items after a change of the rules: portion by portion, so that it can be left alone.
CREATE TABLE clock_runs (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reason text NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done')),
    after_id uuid,                         -- items up to this one are done
    looked_at integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    started_by uuid,
    started_by_name text NOT NULL DEFAULT '',
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX clock_runs_one ON clock_runs (tenant_id) WHERE status = 'running';
-- The scanner's place: tenants are spread over the shards by their id; one worker at a time holds a shard.
CREATE TABLE clock_shards (
    shard smallint PRIMARY KEY CHECK (shard >= 0),
    after_tenant uuid,                     -- tenants up to this one are done in this round
    holder uuid,
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    round_began_at timestamptz,
    round_ended_at timestamptz
);
