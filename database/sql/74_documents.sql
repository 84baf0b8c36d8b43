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

-- How soon a partner answers: learned from its own history, and what the tenant says instead. Answers of a clearinghouse
-- (TA1, 999, its 277CA) belong to the connection, those of a payer (its 277CA, the 835) to the payer.
CREATE TABLE expected_answers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    subject_type text NOT NULL CHECK (subject_type IN ('payer', 'connection')),
    subject_id uuid NOT NULL,
    answer text NOT NULL CHECK (answer IN ('999', 'clearinghouse_277ca', 'payer_277ca', '835')),
    samples integer NOT NULL DEFAULT 0,    -- files that answered a batch within the window
    percentile_seconds bigint,             -- of those samples; null when there are none
    learned_seconds bigint,                -- null while there are too few samples
    learned_at timestamptz,
    own_seconds bigint CHECK (own_seconds > 0),
    own_reason text NOT NULL DEFAULT '',
    own_by uuid,
    own_at timestamptz,
    PRIMARY KEY (tenant_id, subject_type, subject_id, answer)
);
-- Which answer a sent claim waits for. The same rule as domain.edi.awaiting; a test holds the two together.
ALTER TABLE claims ADD COLUMN awaiting text GENERATED ALWAYS AS (
    CASE WHEN sent_at IS NULL OR outcome <> '' OR closed_at IS NOT NULL
              OR coalesce(ack_999, '') = 'rejected' OR coalesce(ack_clearinghouse, '') = 'rejected'
              OR coalesce(ack_payer, '') = 'rejected' THEN NULL
         WHEN ack_payer IS NOT NULL THEN '835'
         WHEN ack_clearinghouse IS NOT NULL THEN 'payer_277ca'
         WHEN ack_999 IS NOT NULL THEN 'clearinghouse_277ca'
         ELSE '999' END) STORED;
-- What is overdue first is, within one payer, connection and answer, what was sent first.
CREATE INDEX claims_awaiting ON claims (tenant_id, payer_id, connection_id, awaiting, sent_at, id)
    WHERE awaiting IS NOT NULL;
