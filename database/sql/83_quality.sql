-- Quality audits: checklists by date, plans with the population and the seed they drew from, reviews, findings.
CREATE SEQUENCE audit_reference START 101;
-- The newest row that has begun is in force; rows are never changed.
CREATE TABLE audit_checklists (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    effective_from date NOT NULL,
    questions jsonb NOT NULL,              -- key, text, category, weight
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE qa_audits (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    reference text NOT NULL,               -- what people say: QA-101
    employee_id uuid NOT NULL REFERENCES users (id),
    auditor_id uuid NOT NULL REFERENCES users (id),
    second_reviewer_id uuid REFERENCES users (id),
    second_percent integer NOT NULL DEFAULT 0 CHECK (second_percent BETWEEN 0 AND 100),
    period_from date NOT NULL,
    period_to date NOT NULL,
    method text NOT NULL CHECK (method IN ('random', 'payer', 'outcome')),
    size integer CHECK (size > 0),
    rate_percent integer CHECK (rate_percent BETWEEN 1 AND 100),
    seed bigint NOT NULL,
    -- What the sample was drawn from, so that it can be drawn again whatever was worked since.
    population_ids uuid[] NOT NULL DEFAULT '{}',
    population_strata text[] NOT NULL DEFAULT '{}',
    own_work integer NOT NULL DEFAULT 0,   -- claims left out because a reviewer had worked on them
    checklist_name text NOT NULL,
    questions jsonb NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sampled', 'in_review', 'completed', 'notified',
        'acknowledged', 'disputed', 'decided', 'closed')),
    visited text[] NOT NULL DEFAULT '{}',
    outcome text NOT NULL DEFAULT '',
    review_days integer NOT NULL DEFAULT 10 CHECK (review_days BETWEEN 1 AND 120),
    answer_days integer NOT NULL DEFAULT 5 CHECK (answer_days BETWEEN 1 AND 60),
    due_at timestamptz,
    last_at timestamptz,
    reminded_at timestamptz,
    feedback bytea,                        -- sealed
    dispute bytea,                         -- sealed
    decision_comment bytea,                -- sealed
    cancelled_reason bytea,                -- sealed
    decided_by uuid REFERENCES users (id),
    completed_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference),
    CHECK ((size IS NULL) <> (rate_percent IS NULL)),
    CHECK (auditor_id <> employee_id),
    CHECK (second_reviewer_id IS NULL OR second_reviewer_id NOT IN (auditor_id, employee_id))
);
CREATE INDEX qa_audits_newest ON qa_audits (tenant_id, id DESC);
CREATE INDEX qa_audits_employee ON qa_audits (tenant_id, employee_id, id DESC);
CREATE TABLE qa_audit_claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    audit_id uuid NOT NULL,
    ordinal integer NOT NULL,
    claim_id uuid NOT NULL,
    claim_version integer NOT NULL,
    stratum text NOT NULL DEFAULT '',
    second boolean NOT NULL DEFAULT false,
    -- Counted when the auditor's review is kept; withdrawn findings are taken out again.
    codes integer NOT NULL DEFAULT 0,
    codes_wrong integer NOT NULL DEFAULT 0,
    claim_wrong boolean NOT NULL DEFAULT false,
    cents bigint NOT NULL DEFAULT 0,
    cents_wrong bigint NOT NULL DEFAULT 0,
    reviewed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, audit_id, claim_id),
    FOREIGN KEY (tenant_id, audit_id) REFERENCES qa_audits (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE TABLE qa_reviews (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    audit_claim_id uuid NOT NULL,
    reader text NOT NULL CHECK (reader IN ('first', 'second')),
    reviewer_id uuid NOT NULL REFERENCES users (id),
    answers jsonb NOT NULL,                -- question: met, not_met, not_applicable
    done_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, audit_claim_id, reader),
    FOREIGN KEY (tenant_id, audit_claim_id) REFERENCES qa_audit_claims (tenant_id, id)
);
CREATE TABLE qa_findings (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    audit_claim_id uuid NOT NULL,
    reader text NOT NULL CHECK (reader IN ('first', 'second')),
    question text NOT NULL DEFAULT '',
    category text NOT NULL CHECK (category IN ('coding', 'claim', 'financial')),
    severity text NOT NULL CHECK (severity IN ('critical', 'major', 'minor', 'observation')),
    field text NOT NULL DEFAULT '',
    description bytea NOT NULL,            -- sealed
    corrective_action bytea,               -- sealed
    cents bigint NOT NULL DEFAULT 0,
    withdrawn_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, audit_claim_id) REFERENCES qa_audit_claims (tenant_id, id)
);
CREATE INDEX qa_findings_claim ON qa_findings (tenant_id, audit_claim_id);
CREATE TABLE qa_audit_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    audit_id uuid NOT NULL,
    key text NOT NULL,                     -- told twice is noted once
    kind text NOT NULL,
    summary text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, audit_id, key),
    FOREIGN KEY (tenant_id, audit_id) REFERENCES qa_audits (tenant_id, id)
);
-- What a person did in a period: the population of an audit.
CREATE INDEX claim_activities_actor ON claim_activities (tenant_id, actor_id, at) WHERE actor_id IS NOT NULL;
