-- Whom a billing company serves, who pays, who is treated, and through which partner files travel.
-- Master data that is edited in Piccolo Admin takes its tenant from the session, so that no form ever names one.
CREATE TABLE connections (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    host text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    username text NOT NULL,
    host_key text NOT NULL,
    private_key bytea,              -- sealed
    public_key text NOT NULL DEFAULT '',
    inbound_folder text NOT NULL DEFAULT 'inbound',
    outbound_folder text NOT NULL DEFAULT 'outbound',
    sender_id text NOT NULL,
    receiver_id text NOT NULL,
    usage_indicator text NOT NULL DEFAULT 'T' CHECK (usage_indicator IN ('T', 'P')),
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    last_polled_at timestamptz,
    last_tested_at timestamptz,
    last_error text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE clients (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    npi text NOT NULL,
    tax_id text NOT NULL,
    taxonomy text NOT NULL,
    line1 text NOT NULL,
    line2 text NOT NULL DEFAULT '',
    city text NOT NULL,
    state text NOT NULL,
    postal_code text NOT NULL,
    contact_name text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE providers (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    last_name text NOT NULL,
    first_name text NOT NULL,
    npi text NOT NULL,
    taxonomy text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);
CREATE INDEX providers_name ON providers (tenant_id, last_name, first_name, id);
CREATE INDEX providers_client ON providers (tenant_id, client_id);
CREATE TABLE payers (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    payer_id text NOT NULL,
    claim_filing_code text NOT NULL DEFAULT 'CI',
    edi_version text NOT NULL DEFAULT '005010X222A1',
    timely_filing_days integer NOT NULL DEFAULT 365 CHECK (timely_filing_days > 0),
    medicare boolean NOT NULL DEFAULT false,
    appeal_days integer NOT NULL DEFAULT 180 CHECK (appeal_days > 0),
    connection_id uuid,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payer_id, name),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);
CREATE INDEX payers_name ON payers (tenant_id, name, id);
CREATE SEQUENCE patient_account START 10001;
CREATE TABLE patients (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    account_number text NOT NULL,
    person bytea NOT NULL,          -- sealed JSON of domain.claims.model.Person, and phone
    birth_date_index bytea,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_number),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id)
);
CREATE INDEX patients_client ON patients (tenant_id, client_id, id);
CREATE INDEX patients_birth ON patients (tenant_id, birth_date_index);
-- Keyed hashes of the beginnings of names, for search as you type. A table of its own and not an array with a GIN index:
-- under row-level security only leakproof operators reach an index, and "array contains" is not one.
CREATE TABLE patient_name_tokens (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    token bytea NOT NULL,
    patient_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, token, patient_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX patient_name_tokens_patient ON patient_name_tokens (tenant_id, patient_id);
CREATE TABLE coverages (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    patient_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    rank text NOT NULL DEFAULT 'P' CHECK (rank IN ('P', 'S', 'T')),
    relationship text NOT NULL DEFAULT '18',
    subscriber bytea NOT NULL,      -- sealed JSON: member_id, group_number, subscriber Person (null when self)
    member_id_index bytea NOT NULL,
    effective_from date,
    effective_to date,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
CREATE INDEX coverages_payer ON coverages (tenant_id, payer_id);
CREATE INDEX coverages_patient ON coverages (tenant_id, patient_id, rank);
CREATE INDEX coverages_member ON coverages (tenant_id, member_id_index);
CREATE TABLE fee_schedules (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    payer_id uuid,
    effective_from date NOT NULL,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name),
    FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id)
);
CREATE TABLE fee_schedule_lines (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    fee_schedule_id uuid NOT NULL,
    procedure text NOT NULL,
    modifier text NOT NULL DEFAULT '',
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, fee_schedule_id, procedure, modifier),
    FOREIGN KEY (tenant_id, fee_schedule_id) REFERENCES fee_schedules (tenant_id, id) ON DELETE CASCADE
);
