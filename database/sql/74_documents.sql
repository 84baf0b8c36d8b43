-- Documents that leave the house (letters, statements, proofs): bodies sealed, never changed.
CREATE TABLE documents (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL,
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    name text NOT NULL,
    sha256 bytea NOT NULL,                 -- of the document itself
    size integer NOT NULL,
    body bytea NOT NULL,                   -- sealed
    pages integer NOT NULL DEFAULT 0,
    facts jsonb NOT NULL DEFAULT '{}',     -- codes, ids, cents, dates; never PHI
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    -- The same content for the same subject is kept once.
    UNIQUE (tenant_id, subject_type, subject_id, kind, sha256)
);
CREATE INDEX documents_subject ON documents (tenant_id, subject_type, subject_id, id DESC);
