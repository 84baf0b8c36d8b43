-- Care management: how a practice wants its months reckoned, who is enrolled with what consent, and the time spent.
CREATE TABLE care_practices (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    client_id uuid NOT NULL,
    zone text NOT NULL,                        -- IANA: its months begin at its own midnight
    service_date text NOT NULL DEFAULT 'threshold_met'
        CHECK (service_date IN ('threshold_met', 'last_activity', 'last_of_month')),
    practitioner_as_staff boolean NOT NULL DEFAULT true,
    idle_seconds integer NOT NULL DEFAULT 900 CHECK (idle_seconds BETWEEN 60 AND 14400),
    back_dated_after_seconds integer NOT NULL DEFAULT 172800 CHECK (back_dated_after_seconds >= 0),
    plan_due_days integer NOT NULL DEFAULT 30 CHECK (plan_due_days BETWEEN 1 AND 365),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, client_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);
-- What somebody is, from a day on: the newest row that has begun counts for time spent that day.
CREATE TABLE care_credentials (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    user_id uuid NOT NULL REFERENCES users (id),
    since date NOT NULL,
    credential text NOT NULL CHECK (credential IN ('practitioner', 'clinical', 'other')),
    set_by uuid,
    set_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id, since)
);
CREATE TABLE care_enrolments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    programme text NOT NULL CHECK (programme IN ('ccm', 'pcm', 'apcm')),
    practitioner_id uuid NOT NULL,             -- of record
    coordinator_id uuid REFERENCES users (id), -- whose roster it is on; null: nobody's yet
    conditions smallint NOT NULL DEFAULT 0 CHECK (conditions BETWEEN 0 AND 40), -- chronic, as found at eligibility
    complex_decisions boolean NOT NULL DEFAULT false,
    qmb boolean NOT NULL DEFAULT false,        -- Qualified Medicare Beneficiary
    step text NOT NULL DEFAULT 'referred'
        CHECK (step IN ('referred', 'visit', 'consent', 'planning', 'active', 'ending', 'ended')),
    consented_on date,
    plan_due_on date,
    ends_on date,                              -- the last day on which time counts
    alarm_at timestamptz,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES providers (tenant_id, id)
);
CREATE UNIQUE INDEX care_enrolments_one ON care_enrolments (tenant_id, patient_id, programme) WHERE step <> 'ended';
CREATE INDEX care_enrolments_coordinator ON care_enrolments (tenant_id, coordinator_id, id);
CREATE INDEX care_enrolments_client ON care_enrolments (tenant_id, client_id, id);
-- What happened to an enrolment, consents among it. Append-only; `said` is sealed, since people are named in it.
CREATE TABLE care_enrolment_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    event text NOT NULL,
    step text NOT NULL,                        -- where it stood when this was told
    said bytea,                                -- sealed JSON
    actor_id uuid,
    actor_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id)
);
CREATE INDEX care_enrolment_events_of ON care_enrolment_events (tenant_id, enrolment_id, id);
-- Which facts have been applied, and the step each led to; empty: it came too late.
CREATE TABLE care_enrolment_steps (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    event_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    step text NOT NULL,
    PRIMARY KEY (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES care_enrolment_events (tenant_id, id)
);
-- Seconds spent on a patient. Rows are never changed: a correction or a void is a new row that supersedes.
CREATE TABLE care_time_entries (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    staff_id uuid NOT NULL REFERENCES users (id),
    staff_name text NOT NULL,
    credential text NOT NULL CHECK (credential IN ('practitioner', 'clinical', 'other')), -- at that time
    activity text NOT NULL,
    starts_at timestamptz NOT NULL CHECK (starts_at = date_trunc('second', starts_at)),
    ends_at timestamptz NOT NULL CHECK (ends_at = date_trunc('second', ends_at)),
    source text NOT NULL CHECK (source IN ('live', 'manual', 'back_dated')),
    note bytea,                                -- sealed
    reason bytea,                              -- sealed: why by hand, late, corrected or void
    supersedes uuid,
    void boolean NOT NULL DEFAULT false,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, supersedes),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, supersedes) REFERENCES care_time_entries (tenant_id, id),
    CHECK (ends_at >= starts_at),
    CHECK (NOT void OR supersedes IS NOT NULL),
    CHECK (source = 'live' OR reason IS NOT NULL),
    CHECK (supersedes IS NULL OR reason IS NOT NULL)
);
CREATE INDEX care_time_entries_patient ON care_time_entries (tenant_id, patient_id, starts_at);
CREATE INDEX care_time_entries_staff ON care_time_entries (tenant_id, staff_id, starts_at);
-- Back-dated time counts once a manager has approved it.
CREATE TABLE care_time_decisions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    entry_id uuid NOT NULL,
    approved boolean NOT NULL,
    comment bytea,                             -- sealed
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, entry_id),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES care_time_entries (tenant_id, id)
);
-- The one running clock of a person. Stopped, it becomes a time entry with the same id, so that stopping twice is one.
CREATE TABLE care_timers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    user_id uuid NOT NULL REFERENCES users (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    enrolment_id uuid NOT NULL,
    activity text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,              -- when the person last did something
    note bytea,                                -- sealed, as typed so far
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id)
);
-- Back-dated time that was approved counts from then on.
ALTER TABLE approvals DROP CONSTRAINT approvals_effect_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_effect_check
    CHECK (effect IN ('', 'complete_item', 'release_remittance', 'write_off_share', 'count_care_time'));
