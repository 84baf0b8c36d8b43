-- Care plans, version by version: what was agreed with a patient, sealed, and never changed afterwards.
CREATE TABLE care_plans (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    body bytea NOT NULL,                       -- sealed JSON: every element
    why bytea,                                 -- sealed: why this version was made; none with the first
    restores integer,                          -- the version whose content this one brings back
    complete boolean NOT NULL,
    stored_on date NOT NULL,                   -- the day that it was at the practice
    review_on date,                            -- when it is looked over again; always there when complete
    stored_by uuid,
    stored_by_name text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, enrolment_id, version),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    CHECK (review_on IS NOT NULL OR NOT complete),
    CHECK (why IS NOT NULL OR version = 1)
);
-- When the plan in force is looked over again; copied here so that lists find overdue plans.
ALTER TABLE care_enrolments ADD COLUMN review_on date;
-- How patients reach somebody at any hour; printed on their copy.
ALTER TABLE care_practices ADD COLUMN contact_line text NOT NULL DEFAULT '';
-- What a team, a coordinator or anybody without one of their own should reach in a month, from a day on.
CREATE TABLE care_targets (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid REFERENCES users (id),
    team_id uuid,
    since date NOT NULL,
    minutes integer NOT NULL CHECK (minutes BETWEEN 0 AND 20000),      -- counted, in a month, per coordinator
    reached_percent integer NOT NULL CHECK (reached_percent BETWEEN 0 AND 100), -- of the patients with a code by minutes
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id),
    CHECK (user_id IS NULL OR team_id IS NULL)
);
CREATE INDEX care_targets_since ON care_targets (tenant_id, since);
-- A month of the whole company in one look.
CREATE INDEX care_time_entries_month ON care_time_entries (tenant_id, starts_at);
