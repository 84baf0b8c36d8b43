-- Incidents: what keeps a process from going on by itself. One open row for each place of a process that fails.
CREATE TABLE incidents (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    workflow_id text NOT NULL,             -- of the process; of scheduled runs that fail one after the other, without their times
    run_id text NOT NULL DEFAULT '',       -- the run that failed, where that matters
    kind text NOT NULL,                    -- domain.processes.PROCESSES
    process_id uuid NOT NULL,
    -- activity: the server tries it again; local: the worker does; waiting: the process waits for a person's word;
    -- stuck: its own code fails; failed: it has ended with a failure.
    what text NOT NULL CHECK (what IN ('activity', 'local', 'waiting', 'stuck', 'failed')),
    activity text NOT NULL DEFAULT '',
    activity_id text NOT NULL DEFAULT '',
    code text NOT NULL,                    -- domain.incidents: never the text of an exception, which may quote data
    mends_type text NOT NULL DEFAULT '',   -- the record where the fault can be mended
    mends_id uuid,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'cancelled')),
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'done', 'gave_up', 'ended', 'cancelled')),
    attempts integer NOT NULL DEFAULT 1,
    first_failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at timestamptz,
    retries integer NOT NULL DEFAULT 0,    -- by people
    retried_at timestamptz,
    retried_by uuid REFERENCES users (id),
    closed_at timestamptz,
    closed_by uuid REFERENCES users (id),
    reason bytea,                          -- sealed: why the process was cancelled
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX incidents_open ON incidents (tenant_id, workflow_id, what, activity) WHERE state = 'open';
CREATE INDEX incidents_state ON incidents (tenant_id, state, id DESC);
CREATE INDEX incidents_process ON incidents (tenant_id, kind, process_id, id DESC);
CREATE TABLE incident_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    incident_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('opened', 'failed_again', 'retried', 'resolved', 'cancelled')),
    code text NOT NULL DEFAULT '',
    actor_id uuid REFERENCES users (id),
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, incident_id) REFERENCES incidents (tenant_id, id)
);
CREATE INDEX incident_events_of ON incident_events (tenant_id, incident_id, id);
-- Trying again and cancelling are told like everything else: after the commit, once, also when the server was away.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check,
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('start', 'signal', 'update', 'signal_with_start', 'retry', 'cancel'));
-- The steps that processes may stand at; domain.processes has the same, which a test holds.
ALTER TABLE claims ADD CONSTRAINT claims_step_check CHECK (step IN ('coding', 'scrubbing', 'held', 'ready', 'batched', 'sent',
    'acknowledged_999', 'accepted_clearinghouse', 'accepted_payer', 'rejected', 'adjudicated', 'denial', 'appealed',
    'patient_balance', 'forwarded', 'reopened', 'settled', 'closed'));
ALTER TABLE appeals ADD CONSTRAINT appeals_stage_check CHECK (stage IN ('drafted', 'awaiting_approval', 'approved', 'sent',
    'acknowledged', 'lost_level', 'closed'));
-- Where time goes, over a window of days: what was finished in it.
CREATE INDEX work_items_finished ON work_items (tenant_id, finished_at) INCLUDE (id, kind, created_at, subject_type, subject_id)
    WHERE finished_at IS NOT NULL;
CREATE INDEX edi_batches_sent ON edi_batches (tenant_id, sent_at) WHERE sent_at IS NOT NULL;
