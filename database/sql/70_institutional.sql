-- Institutional claims (837I): the form of a claim, the facts of the bill per version, its revenue lines and practitioners.
ALTER TABLE claims ADD COLUMN form text NOT NULL DEFAULT 'professional'
    CHECK (form IN ('professional', 'institutional'));
CREATE INDEX claims_institutional ON claims (tenant_id, id DESC) WHERE form = 'institutional';
ALTER TABLE payers ADD COLUMN institutional_version text NOT NULL DEFAULT '005010X223A2';  -- GS08 = ST03 of the 837I
-- An institutional original may be an interim bill or one of late charges: 2, 3, 4, 5 and others beside 1, 7 and 8.
ALTER TABLE claim_versions DROP CONSTRAINT claim_versions_frequency_check;
ALTER TABLE claim_versions ADD CONSTRAINT claim_versions_frequency_check CHECK (frequency ~ '^[0-9A-Z]$');
ALTER TABLE claim_lines
    ADD COLUMN revenue_code text NOT NULL DEFAULT '',
    ADD COLUMN unit text NOT NULL DEFAULT 'UN',
    ADD COLUMN non_covered_cents bigint NOT NULL DEFAULT 0,
    -- False for a revenue line without a date of its own: service_from and service_to are then the statement's.
    ADD COLUMN dated boolean NOT NULL DEFAULT true;

-- What lists, limits and joins ask are columns; the code lists are written and read whole, so they are one document.
CREATE TABLE institutional_facts (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    facility_code text NOT NULL,           -- CLM05-1: the first two characters of the type of bill
    statement_from date NOT NULL,
    statement_to date NOT NULL,            -- timely filing counts from this day
    patient_status text NOT NULL DEFAULT '',
    admission_date date,
    drg text NOT NULL DEFAULT '',
    codes jsonb NOT NULL DEFAULT '{}',     -- domain.claims.institutional_record
    note bytea,                            -- sealed: NTE*ADD is free text
    PRIMARY KEY (tenant_id, claim_id, version),
    FOREIGN KEY (tenant_id, claim_id, version)
        REFERENCES claim_versions (tenant_id, claim_id, version) ON DELETE CASCADE
);
CREATE TABLE claim_practitioners (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    role text NOT NULL CHECK (role IN ('attending', 'operating', 'other_operating', 'rendering', 'referring')),
    provider_id uuid,                      -- from the client's records; else as typed
    npi text NOT NULL DEFAULT '',
    last_name text NOT NULL DEFAULT '',
    first_name text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, claim_id, version, role),
    FOREIGN KEY (tenant_id, claim_id, version)
        REFERENCES claim_versions (tenant_id, claim_id, version) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, provider_id) REFERENCES providers (tenant_id, id)
);
