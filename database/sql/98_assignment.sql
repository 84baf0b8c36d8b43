-- Who should care for whom: what is known of patients and coordinators for it, rosters reckoned anew, and patients moved.
-- What somebody speaks and is versed in are the employee's skills; their zone, hours and absences are the employee's too.
CREATE TABLE care_profiles (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    patient_id uuid NOT NULL,
    language text NOT NULL DEFAULT '',         -- of domain.care.profiles.LANGUAGES; empty: English, which everybody here speaks
    zone text NOT NULL DEFAULT '',             -- IANA; empty: the practice's
    state text NOT NULL DEFAULT '' CHECK (state ~ '^([A-Z]{2})?$'), -- where they stay; empty: as their address says
    risk smallint NOT NULL DEFAULT 3 CHECK (risk BETWEEN 1 AND 5),
    engagement smallint NOT NULL DEFAULT 3 CHECK (engagement BETWEEN 1 AND 5), -- 1: hard to reach
    specialisation text NOT NULL DEFAULT '',   -- a skill of the tenant by its name; empty: none is needed
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, patient_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE TABLE care_coordinators (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    user_id uuid NOT NULL REFERENCES users (id),
    fewest_patients integer NOT NULL DEFAULT 0 CHECK (fewest_patients >= 0),
    most_patients integer NOT NULL DEFAULT 100 CHECK (most_patients BETWEEN 0 AND 2000),
    states text[] NOT NULL DEFAULT '{}',       -- licensed in
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, user_id),
    CHECK (fewest_patients <= most_patients)
);
ALTER TABLE care_enrolments ADD COLUMN coordinator_since timestamptz; -- null: since the enrolment began
-- The rosters of a tenant reckoned anew. Nothing has changed hands yet: what is wanted of it becomes a move.
CREATE TABLE care_optimisations (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    wishes jsonb NOT NULL,                     -- limits, no ids
    status text NOT NULL DEFAULT 'running'
        CHECK (status IN ('running', 'done', 'impossible', 'failed')),
    phase text NOT NULL DEFAULT '' CHECK (phase IN ('', 'reading', 'weighing', 'solving', 'telling')),
    patients integer NOT NULL DEFAULT 0,
    coordinators integer NOT NULL DEFAULT 0,
    moves integer NOT NULL DEFAULT 0,
    milliseconds integer,
    found bytea,                               -- sealed: who should have whom and why, or what is in the way
    asked_by uuid REFERENCES users (id),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
-- Patients who change their coordinator, for good or until a day; nothing moves before somebody else approved it.
CREATE SEQUENCE care_move_reference START 1001;
CREATE TABLE care_moves (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,
    key text NOT NULL,                         -- proposing the same twice is once
    mode text NOT NULL CHECK (mode IN ('temporary', 'permanent')),
    until date CHECK ((until IS NULL) = (mode <> 'temporary')), -- the day on which they return
    reason bytea NOT NULL,                     -- sealed
    end_reason bytea,                          -- sealed: why it was cancelled, undone or ended early
    requested_by uuid NOT NULL REFERENCES users (id),
    approval_id uuid,
    state text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'waiting', 'moving', 'moved', 'lent', 'returning', 'undoing', 'closed')),
    visited text[] NOT NULL DEFAULT '{}',
    outcome text NOT NULL DEFAULT '',
    ring_at timestamptz,
    total integer NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    back integer NOT NULL DEFAULT 0,           -- patients who came back, by the end of the time or by undoing
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    moved_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    UNIQUE (tenant_id, key),
    FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals (tenant_id, id)
);
CREATE TABLE care_move_rows (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    move_id uuid NOT NULL,
    place integer NOT NULL,
    enrolment_id uuid NOT NULL,
    from_user_id uuid REFERENCES users (id),   -- null: was nobody's
    to_user_id uuid NOT NULL REFERENCES users (id),
    why bytea NOT NULL,                        -- sealed
    code text,                                 -- null: not yet; empty: moved; else why not
    message text NOT NULL DEFAULT '',
    back_code text,                            -- null: not yet; empty: came back; else why not
    back_message text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, move_id, place),
    UNIQUE (tenant_id, move_id, enrolment_id),
    FOREIGN KEY (tenant_id, move_id) REFERENCES care_moves (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id)
);
CREATE INDEX care_move_rows_enrolment ON care_move_rows (tenant_id, enrolment_id);
CREATE TABLE care_move_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    move_id uuid NOT NULL,
    key text NOT NULL,                         -- once per key
    kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    summary text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, move_id, key),
    FOREIGN KEY (tenant_id, move_id) REFERENCES care_moves (tenant_id, id)
);
