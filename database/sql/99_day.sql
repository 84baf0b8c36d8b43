-- A coordinator's day: attempts to reach patients, tasks, and the hours worked as sheets that somebody else accepts.

-- What titles, notifications and approvals call an enrolment: account numbers belong to patients and stay out of them.
CREATE SEQUENCE care_reference START 1001;
ALTER TABLE care_enrolments ADD COLUMN reference text NOT NULL DEFAULT 'CE-' || nextval('care_reference');
CREATE UNIQUE INDEX care_enrolments_reference ON care_enrolments (tenant_id, reference);
-- The clock that an entry comes from: one that was left alone, or ran into the next month, becomes more than one entry.
ALTER TABLE care_time_entries ADD COLUMN clock_id uuid;
CREATE INDEX care_time_entries_clock ON care_time_entries (tenant_id, clock_id) WHERE clock_id IS NOT NULL;

-- Attempts to reach a patient. Append-only; one recorded by mistake is taken back by a row with the reason.
CREATE TABLE care_outreach (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    by_user uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    channel text NOT NULL CHECK (channel IN ('phone', 'text', 'portal', 'mail', 'video', 'in_person')),
    outcome text NOT NULL CHECK (outcome IN ('reached', 'left_message', 'no_answer', 'refused', 'wrong_number')),
    note bytea,                                -- sealed
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE INDEX care_outreach_patient ON care_outreach (tenant_id, patient_id, at);
CREATE INDEX care_outreach_enrolment ON care_outreach (tenant_id, enrolment_id, at);
CREATE TABLE care_outreach_removals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    outreach_id uuid NOT NULL,
    reason bytea NOT NULL,                     -- sealed
    by_user uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, outreach_id),
    FOREIGN KEY (tenant_id, outreach_id) REFERENCES care_outreach (tenant_id, id)
);

-- What a programme's patients need, from their consent on. `what` stands in titles: a company's own words, of no patient.
CREATE TABLE care_task_templates (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    programme text NOT NULL CHECK (programme IN ('ccm', 'pcm', 'apcm')),
    what text NOT NULL,
    due_days smallint NOT NULL DEFAULT 7 CHECK (due_days BETWEEN 0 AND 365),
    monthly boolean NOT NULL DEFAULT false,
    priority smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 5),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX care_task_templates_one ON care_task_templates (tenant_id, programme, lower(what));
-- One task of a patient. Whether it is done, and whose it is, is told by its work item.
CREATE TABLE care_tasks (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    what text NOT NULL,
    details bytea,                             -- sealed
    due_on date NOT NULL,
    monthly_day smallint CHECK (monthly_day BETWEEN 1 AND 31), -- null: once
    template_id uuid,
    former_id uuid,                            -- the one whose end brought it about
    work_item_id uuid NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, former_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id),
    FOREIGN KEY (tenant_id, template_id) REFERENCES care_task_templates (tenant_id, id),
    FOREIGN KEY (tenant_id, former_id) REFERENCES care_tasks (tenant_id, id),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id)
);
CREATE INDEX care_tasks_enrolment ON care_tasks (tenant_id, enrolment_id, id);
CREATE UNIQUE INDEX care_tasks_item ON care_tasks (tenant_id, work_item_id);

-- Working time that is no patient's. Append-only like time entries.
CREATE TABLE care_other_time (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL CHECK (kind IN ('meeting', 'training', 'administration', 'travel', 'support', 'other')),
    starts_at timestamptz NOT NULL CHECK (starts_at = date_trunc('second', starts_at)),
    ends_at timestamptz NOT NULL CHECK (ends_at = date_trunc('second', ends_at)),
    note bytea,                                -- sealed; of a void the reason
    supersedes uuid,
    void boolean NOT NULL DEFAULT false,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, supersedes),
    FOREIGN KEY (tenant_id, supersedes) REFERENCES care_other_time (tenant_id, id),
    CHECK (ends_at > starts_at),
    CHECK (NOT void OR supersedes IS NOT NULL AND note IS NOT NULL)
);
CREATE INDEX care_other_time_of ON care_other_time (tenant_id, user_id, starts_at);
-- A person's week or month as they submitted it. `digest` is that of its entries: accepted is what was submitted.
CREATE TABLE care_time_sheets (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    zone text NOT NULL,                        -- IANA: its days begin at this midnight
    state text NOT NULL DEFAULT 'submitted' CHECK (state IN ('submitted', 'accepted')),
    approval_id uuid,
    digest text NOT NULL,
    seconds integer NOT NULL,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    accepted_by uuid,
    changed_at timestamptz,                    -- an entry of the period was changed after acceptance
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, starts_on, ends_on),
    FOREIGN KEY (tenant_id, approval_id) REFERENCES approvals (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE TABLE care_time_sheet_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    sheet_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('submitted', 'accepted', 'changed')),
    entry_id uuid,                             -- what was changed
    reason bytea,                              -- sealed
    actor_id uuid,
    actor_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, sheet_id) REFERENCES care_time_sheets (tenant_id, id)
);
CREATE INDEX care_time_sheet_events_of ON care_time_sheet_events (tenant_id, sheet_id, id);
