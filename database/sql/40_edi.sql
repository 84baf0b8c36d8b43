-- Files as they travelled (bodies sealed), batches, control numbers and acknowledgements.
CREATE TABLE control_numbers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    connection_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('interchange', 'group')),
    last_value bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, connection_id, kind),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);
CREATE TABLE edi_files (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    connection_id uuid,
    direction text NOT NULL CHECK (direction IN ('out', 'in')),
    kind text NOT NULL,                    -- 837P, 999, 277CA, 835, TA1, unknown
    remote_name text NOT NULL DEFAULT '',
    sha256 bytea NOT NULL,
    size integer NOT NULL,
    body bytea NOT NULL,                   -- sealed
    status text NOT NULL
        CHECK (status IN ('stored', 'sent', 'applied', 'duplicate', 'quarantined', 'unreadable', 'rejected')),
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, direction, sha256),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);
CREATE INDEX edi_files_newest ON edi_files (tenant_id, id DESC);
-- A row here means that the connection's batch was asked to gather; gathering deletes it. One ask serves all claims.
CREATE TABLE batch_requests (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    connection_id uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, connection_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);
-- Remote names already looked at, so that a renamed copy is recognised by content and never fetched again.
CREATE TABLE edi_deliveries (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    connection_id uuid NOT NULL,
    remote_name text NOT NULL,
    size integer NOT NULL,
    -- Partners use one name again for another file, and acknowledgements are often of one size.
    modified_at timestamptz NOT NULL DEFAULT now(),
    file_id uuid NOT NULL,
    duplicate boolean NOT NULL DEFAULT false,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, connection_id, remote_name, size, modified_at),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES edi_files (tenant_id, id)
);
CREATE INDEX edi_deliveries_file ON edi_deliveries (tenant_id, file_id);
CREATE TABLE edi_batches (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    connection_id uuid NOT NULL,
    file_id uuid,
    status text NOT NULL
        CHECK (status IN ('gathered', 'encoded', 'sent', 'accepted', 'partially_accepted', 'rejected', 'failed')),
    interchange_number bigint NOT NULL,
    group_number bigint NOT NULL,
    reference text NOT NULL,               -- BHT03, returns in the 277CA
    claim_count integer NOT NULL DEFAULT 0,
    charge_cents bigint NOT NULL DEFAULT 0,
    remote_name text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    acknowledged_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, connection_id, interchange_number),
    UNIQUE (tenant_id, connection_id, group_number),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id),
    FOREIGN KEY (tenant_id, file_id) REFERENCES edi_files (tenant_id, id)
);
CREATE INDEX edi_batches_file ON edi_batches (tenant_id, file_id);
CREATE INDEX edi_batches_newest ON edi_batches (tenant_id, id DESC);
CREATE TABLE edi_batch_claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    batch_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    claim_number text NOT NULL,
    set_number text NOT NULL DEFAULT '',   -- ST02
    first_segment integer NOT NULL DEFAULT 0,
    last_segment integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, batch_id, claim_id),
    -- A version of a claim travels once, whatever crashes.
    UNIQUE (tenant_id, claim_id, version),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES edi_batches (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id, version) REFERENCES claim_versions (tenant_id, claim_id, version)
);
CREATE TABLE acknowledgements (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    file_id uuid NOT NULL,
    batch_id uuid,
    claim_id uuid,
    claim_version integer,
    kind text NOT NULL CHECK (kind IN ('TA1', '999', '277CA')),
    sender text NOT NULL CHECK (sender IN ('clearinghouse', 'payer', 'translator')),
    verdict text NOT NULL,                 -- accepted, received, rejected, not_found, split
    category text NOT NULL DEFAULT '',
    status_code text NOT NULL DEFAULT '',
    payer_claim_control_number text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    ordinal integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_id, ordinal),
    FOREIGN KEY (tenant_id, file_id) REFERENCES edi_files (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX acknowledgements_claim ON acknowledgements (tenant_id, claim_id, id);
CREATE INDEX acknowledgements_batch ON acknowledgements (tenant_id, batch_id, id);
CREATE INDEX acknowledgements_rejected ON acknowledgements (tenant_id, batch_id, claim_id)
    WHERE verdict IN ('rejected', 'not_found');
