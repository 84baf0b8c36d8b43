-- Evidence packets of months of care. The PDF itself is in `documents`; a later one of the same patient and month
-- supersedes, and nothing is ever changed.
CREATE TABLE care_packets (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    document_id uuid NOT NULL,
    client_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    content_sha256 bytea NOT NULL CHECK (length(content_sha256) = 32),     -- of packet.json inside the PDF
    -- The same without who made it, when, and what it supersedes: closing again with nothing new makes no second packet.
    substance_sha256 bytea NOT NULL CHECK (length(substance_sha256) = 32),
    supersedes uuid,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, document_id),
    UNIQUE (tenant_id, supersedes),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, supersedes) REFERENCES care_packets (tenant_id, document_id),
    CHECK (supersedes <> document_id)
);
-- One chain a patient and month: only its first packet supersedes nothing.
CREATE UNIQUE INDEX care_packets_first ON care_packets (tenant_id, patient_id, month) WHERE supersedes IS NULL;
CREATE INDEX care_packets_of ON care_packets (tenant_id, patient_id, month, kept_at DESC);
-- Whoever has a file asks whether it is one of ours.
CREATE INDEX care_packets_content ON care_packets (tenant_id, content_sha256);
CREATE INDEX documents_sha256 ON documents (tenant_id, sha256);
