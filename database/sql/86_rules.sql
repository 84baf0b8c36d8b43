-- Decision tables: drafts, versions in force from a date, what each decided, and faults met while deciding.
CREATE TABLE rule_drafts (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    table_code text NOT NULL,
    content jsonb NOT NULL,                -- columns and rows as typed
    tests jsonb NOT NULL DEFAULT '[]',     -- facts and the expected answer
    based_on integer,                      -- the version that it was begun from
    updated_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, table_code)
);
-- Never changed. The newest date that has begun is in force, of one date the highest version.
CREATE TABLE rule_versions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    table_code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    kind text NOT NULL CHECK (kind IN ('published', 'restored', 'withdrawn')),
    content jsonb NOT NULL DEFAULT '{}',   -- empty when withdrawn: the platform's table or the default holds again
    tests jsonb NOT NULL DEFAULT '[]',
    effective_from date NOT NULL,
    reason text NOT NULL,
    restores integer,                      -- the earlier version that was published again
    published_by uuid REFERENCES users (id),
    published_by_name text NOT NULL DEFAULT '',
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, table_code, version)
);
CREATE INDEX rule_versions_begun ON rule_versions (tenant_id, table_code, effective_from DESC, version DESC);
-- The platform's own tables, for every tenant without a table of its own. Written by platform staff alone.
CREATE TABLE global_rule_versions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    table_code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    kind text NOT NULL CHECK (kind IN ('published', 'restored', 'withdrawn')),
    content jsonb NOT NULL DEFAULT '{}',
    tests jsonb NOT NULL DEFAULT '[]',
    effective_from date NOT NULL,
    reason text NOT NULL,
    published_by_name text NOT NULL DEFAULT '',
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (table_code, version)
);
CREATE INDEX global_rule_versions_begun ON global_rule_versions (table_code, effective_from DESC, version DESC);
ALTER TABLE global_rule_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE global_rule_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON global_rule_versions FOR SELECT USING (true);
-- The purpose is set by a session of the platform alone; inside a tenant it is empty.
CREATE POLICY the_platform_writes ON global_rule_versions FOR INSERT
    WITH CHECK (current_setting('app.purpose', true) = 'global rules');
-- What was decided: the facts as they were asked with, so that another version can be asked the same again.
CREATE TABLE rule_decisions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    table_code text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('own', 'global', 'default')),
    version integer,                       -- null: no table decided
    met integer[] NOT NULL DEFAULT '{}',   -- rows that were met, counted from 1; empty: the default held
    facts jsonb NOT NULL,                  -- codes, cents, days and references; nothing that names a patient
    value jsonb NOT NULL,                  -- what the asker was answered
    subject_type text NOT NULL DEFAULT '',
    subject_id uuid,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX rule_decisions_table ON rule_decisions (tenant_id, table_code, at DESC);
CREATE INDEX rule_decisions_subject ON rule_decisions (tenant_id, subject_id) WHERE subject_id IS NOT NULL;
-- A version that could not decide. The last good one did instead; those who keep the rules are told once.
CREATE TABLE rule_faults (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    table_code text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('own', 'global')),
    version_id uuid NOT NULL,
    version integer NOT NULL,
    code text NOT NULL,
    place text NOT NULL DEFAULT '',        -- row and column, never a value
    message text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, version_id, code, place)
);
CREATE INDEX rule_faults_table ON rule_faults (tenant_id, table_code, at DESC);
