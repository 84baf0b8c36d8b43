-- Task forms by kind of work and decision, their versions by date, the answers; custom fields of records, their values.
CREATE TABLE task_forms (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL,                    -- of work
    decision text NOT NULL DEFAULT '',     -- empty: every decision that has no form of its own
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, decision)
);
CREATE TABLE task_form_versions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    form_id uuid NOT NULL,
    number integer NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published')),
    schema jsonb NOT NULL,                 -- the declared subset of JSON Schema, in one spelling; without properties it asks nothing
    effective_from date,
    reason text NOT NULL DEFAULT '',       -- why it was published
    saved_by_name text NOT NULL DEFAULT '',
    saved_at timestamptz NOT NULL DEFAULT now(),
    published_by_name text NOT NULL DEFAULT '',
    published_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, form_id, number),
    CHECK ((status = 'published') = (effective_from IS NOT NULL AND published_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, form_id) REFERENCES task_forms (tenant_id, id)
);
CREATE UNIQUE INDEX task_form_versions_draft ON task_form_versions (tenant_id, form_id) WHERE status = 'draft';
CREATE INDEX task_form_versions_force ON task_form_versions (tenant_id, form_id, effective_from DESC, number DESC)
    WHERE status = 'published';
-- Answers belong to the decision that ended an item and are never changed.
CREATE TABLE task_answers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    work_item_id uuid NOT NULL,
    form_version_id uuid NOT NULL,
    answers bytea NOT NULL,                -- sealed JSON by the codes of the fields
    answered_by uuid,
    answered_by_name text NOT NULL DEFAULT '',
    answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, work_item_id) REFERENCES work_items (tenant_id, id),
    FOREIGN KEY (tenant_id, form_version_id) REFERENCES task_form_versions (tenant_id, id)
);
CREATE INDEX task_answers_item ON task_answers (tenant_id, work_item_id, id DESC);
CREATE INDEX task_answers_version ON task_answers (tenant_id, form_version_id, id DESC);
CREATE TABLE custom_fields (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    subject_type text NOT NULL CHECK (subject_type IN ('claim', 'patient', 'client', 'payer', 'employee')),
    code text NOT NULL,
    name text NOT NULL,
    hint text NOT NULL DEFAULT '',
    type text NOT NULL CHECK (type IN ('text', 'number', 'integer', 'boolean', 'date', 'choice', 'cents')),
    choices text[] NOT NULL DEFAULT '{}',
    required boolean NOT NULL DEFAULT false,
    phi boolean NOT NULL DEFAULT false,    -- sealed, and shown only to those who may see patients
    place smallint NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject_type, code),
    CHECK ((type = 'choice') = (cardinality(choices) > 0))
);
CREATE TABLE custom_values (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    field_id uuid NOT NULL,
    plain jsonb,                           -- the value of a field without PHI
    sealed bytea,                          -- the value of one with PHI
    set_by_name text NOT NULL DEFAULT '',
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject_type, subject_id, field_id),
    CHECK ((plain IS NULL) <> (sealed IS NULL)),
    FOREIGN KEY (tenant_id, field_id) REFERENCES custom_fields (tenant_id, id)
);
-- Lists filtered by a value: everything that the filter looks at is in the key.
CREATE INDEX custom_values_found ON custom_values (tenant_id, field_id, plain, subject_id) WHERE plain IS NOT NULL;
