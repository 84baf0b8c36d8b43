-- What a draft of a decision table would have decided: runs over kept decisions, which write nothing but their own result.
CREATE TABLE rule_simulations (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    table_code text NOT NULL,
    content jsonb NOT NULL,                -- the grid as it was when the run began
    draft_version integer NOT NULL,
    days smallint NOT NULL CHECK (days BETWEEN 1 AND 90),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'stopped')),
    total integer NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unanswered integer NOT NULL DEFAULT 0, -- the draft could not decide: facts that were not kept then
    outcomes jsonb NOT NULL DEFAULT '[]',  -- before, after, count
    position uuid,                         -- the last decision that was asked again
    started_by uuid REFERENCES users (id),
    started_by_name text NOT NULL DEFAULT '',
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX rule_simulations_table ON rule_simulations (tenant_id, table_code, id DESC);
CREATE TABLE rule_simulation_examples (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    simulation_id uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    subject_type text NOT NULL,
    subject_id uuid,
    before text NOT NULL,
    after text NOT NULL,
    rows_before integer[] NOT NULL DEFAULT '{}',
    rows_after integer[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, simulation_id) REFERENCES rule_simulations (tenant_id, id)
);
CREATE INDEX rule_simulation_examples_run ON rule_simulation_examples (tenant_id, simulation_id, id);
