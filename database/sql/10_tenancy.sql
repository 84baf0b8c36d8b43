-- Control plane (no tenant_id: read before a tenant is known) and what a tenant owns of people, roles and keys.
CREATE TABLE tenants (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL,
    subdomain text NOT NULL UNIQUE CHECK (subdomain ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
    plan text NOT NULL DEFAULT 'starter' CHECK (plan IN ('starter', 'pro', 'enterprise')),
    status text NOT NULL DEFAULT 'provisioning'
        CHECK (status IN ('provisioning', 'active', 'suspended', 'closing', 'closed')),
    time_zone text NOT NULL DEFAULT 'America/New_York',
    settings jsonb NOT NULL DEFAULT '{}',
    policy_version integer NOT NULL DEFAULT 1,
    billing_customer text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL,
    password_hash text NOT NULL,
    failed_attempts integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    platform_staff boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE sign_ins (
    token_hash bytea PRIMARY KEY,
    -- Who is signed in keeps this identity when the token is exchanged for a new one.
    id uuid NOT NULL UNIQUE DEFAULT uuidv7(),
    -- Sign-ins at several subdomains that began with one password belong together: signing out ends all of them.
    family uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    -- Rights changed: the token is to be exchanged for a new one, and is worth nothing after this moment.
    renew_before timestamptz,
    ended_at timestamptz
);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_family ON sign_ins (family);
CREATE TABLE registrations (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    request_key text NOT NULL UNIQUE,
    company text NOT NULL,
    subdomain text NOT NULL,
    plan text NOT NULL DEFAULT 'starter',
    kind text NOT NULL DEFAULT 'billing' CHECK (kind IN ('billing', 'care', 'clinic')),
    admin_email text NOT NULL,
    admin_name text NOT NULL,
    password_hash text NOT NULL,
    status text NOT NULL DEFAULT 'requested'
        CHECK (status IN ('requested', 'provisioning', 'ready', 'refused', 'failed')),
    step text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    tenant_id_made uuid,
    requested_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE TABLE tenant_keys (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    key_id integer NOT NULL DEFAULT 1,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key_id)
);
CREATE TABLE memberships (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid NOT NULL REFERENCES users (id),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'ended')),
    -- sha256 of the code that an invited person with an account shows once: an e-mail alone proves nobody.
    invitation_hash bytea,
    job_title text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
CREATE TABLE roles (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    permissions text[] NOT NULL DEFAULT '{}',
    built_in boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE role_parents (
    tenant_id uuid NOT NULL,
    role_id uuid NOT NULL,
    parent_id uuid NOT NULL CHECK (parent_id <> role_id),
    PRIMARY KEY (tenant_id, role_id, parent_id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, parent_id) REFERENCES roles (tenant_id, id)
);
CREATE TABLE membership_roles (
    tenant_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    role_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, membership_id, role_id),
    FOREIGN KEY (tenant_id, membership_id) REFERENCES memberships (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE TABLE api_tokens (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    permissions text[] NOT NULL,
    created_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    key text NOT NULL,
    actor_id uuid NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    -- The first answer, encrypted: it may carry PHI.
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key, actor_id)
);

-- One row per command and per read of PHI. `txid` orders the chain: a row that commits late has a higher txid than
-- every sealed one, so sealing never has to make commands wait.
CREATE TABLE audit_log (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid,
    actor_kind text NOT NULL,
    action text NOT NULL,
    subject_type text NOT NULL DEFAULT '',
    subject_id text NOT NULL DEFAULT '',
    outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused')),
    phi boolean NOT NULL DEFAULT false,
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_log_chain ON audit_log (tenant_id, txid, seq);
CREATE INDEX audit_log_subject ON audit_log (tenant_id, subject_type, subject_id, seq);
CREATE TABLE audit_seals (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    number bigint NOT NULL,
    from_txid xid8 NOT NULL,
    before_txid xid8 NOT NULL,
    row_count integer NOT NULL,
    -- 32 bytes a row, in chain order, so that a verifier can name the row that was altered.
    row_hashes bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, number)
);

-- What a committed command still has to tell Temporal. Delivered at once when the server answers, later by the dispatcher.
CREATE TABLE outbox (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind IN ('start', 'signal', 'update', 'signal_with_start')),
    workflow text NOT NULL DEFAULT '',
    workflow_id text NOT NULL,
    task_queue text NOT NULL DEFAULT 'core',
    name text NOT NULL DEFAULT '',
    payload jsonb NOT NULL DEFAULT '{}',
    signal_payload jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    refused text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND refused IS NULL;
CREATE INDEX outbox_workflow ON outbox (tenant_id, workflow_id, id) WHERE delivered_at IS NULL AND refused IS NULL;
