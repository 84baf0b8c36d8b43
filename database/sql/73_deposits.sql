-- Money as the bank has it, what it was matched to, and the days that were closed.
CREATE TABLE bank_accounts (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    last4 text NOT NULL DEFAULT '',
    number_index bytea,                    -- keyed hash of the whole number, which itself is not kept
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
-- A bank file between its upload and the moment somebody takes it in: whole or not at all.
CREATE TABLE deposit_imports (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    account_id uuid NOT NULL,
    name text NOT NULL,
    format text NOT NULL CHECK (format IN ('csv', 'bai2')),
    sha256 bytea NOT NULL,
    body bytea NOT NULL,                   -- sealed: descriptions may name patients
    mapping jsonb NOT NULL DEFAULT '{}',   -- of a CSV file: what each column holds
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'taken', 'discarded')),
    added integer NOT NULL DEFAULT 0,
    known integer NOT NULL DEFAULT 0,      -- rows that were there already
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES bank_accounts (tenant_id, id)
);
CREATE UNIQUE INDEX deposit_imports_taken_once ON deposit_imports (tenant_id, account_id, sha256) WHERE status = 'taken';
CREATE INDEX deposit_imports_newest ON deposit_imports (tenant_id, id DESC);
CREATE TABLE deposits (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    account_id uuid NOT NULL,
    import_id uuid,                        -- the bank file that told of it, also when it was entered by hand before
    row_key text NOT NULL,                 -- account, day, amount, trace and the how-manieth like it: one row a deposit
    deposited_on date NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    method text NOT NULL CHECK (method IN ('eft', 'check', 'card', 'cash', 'other')),
    trace text NOT NULL DEFAULT '',        -- TRN02 of an EFT, or the number of a check
    trace_key text NOT NULL DEFAULT '',    -- upper case, letters and digits only, no leading zeros
    payer_identifier text NOT NULL DEFAULT '',
    bank_reference text NOT NULL DEFAULT '',
    words bytea NOT NULL,                  -- sealed JSON: who paid and what the bank wrote; may name a patient
    status text NOT NULL DEFAULT 'unmatched'
        CHECK (status IN ('unmatched', 'partial', 'matched', 'set_aside', 'voided')),
    matched_cents bigint NOT NULL DEFAULT 0,
    reason bytea,                          -- sealed: why it was set aside or voided
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, row_key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES bank_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, import_id) REFERENCES deposit_imports (tenant_id, id)
);
CREATE INDEX deposits_newest ON deposits (tenant_id, deposited_on DESC, id DESC);
CREATE INDEX deposits_day ON deposits (tenant_id, account_id, deposited_on);
CREATE INDEX deposits_waiting ON deposits (tenant_id, trace_key, amount_cents) WHERE status IN ('unmatched', 'partial');
-- What a deposit pays: a remittance, or a patient's payment. Undone matches stay, with the reason.
CREATE TABLE deposit_matches (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    deposit_id uuid NOT NULL,
    remittance_id uuid,
    transaction_id uuid,
    amount_cents bigint NOT NULL,
    matched_by text NOT NULL CHECK (matched_by IN ('trace', 'person')),
    by_id uuid,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_at timestamptz,
    undone_by uuid,
    undone_reason bytea,
    PRIMARY KEY (tenant_id, id),
    CHECK (num_nonnulls(remittance_id, transaction_id) = 1),
    FOREIGN KEY (tenant_id, deposit_id) REFERENCES deposits (tenant_id, id),
    FOREIGN KEY (tenant_id, remittance_id) REFERENCES remittances (tenant_id, id)
);
CREATE UNIQUE INDEX deposit_matches_remittance ON deposit_matches (tenant_id, remittance_id)
    WHERE undone_at IS NULL AND remittance_id IS NOT NULL;
CREATE UNIQUE INDEX deposit_matches_transaction ON deposit_matches (tenant_id, transaction_id)
    WHERE undone_at IS NULL AND transaction_id IS NOT NULL;
CREATE INDEX deposit_matches_deposit ON deposit_matches (tenant_id, deposit_id);
CREATE TABLE deposit_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    account_id uuid NOT NULL,
    day date NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    closed_at timestamptz,
    closed_by uuid,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, day),
    FOREIGN KEY (tenant_id, account_id) REFERENCES bank_accounts (tenant_id, id)
);
-- Every closing and reopening with the three sums of that moment. Append-only.
CREATE TABLE deposit_day_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    day_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CHECK (kind IN ('closed', 'reopened')),
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    reason bytea,                          -- sealed
    cash_cents bigint NOT NULL,
    remitted_cents bigint NOT NULL,
    ledger_cents bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, day_id) REFERENCES deposit_days (tenant_id, id)
);
CREATE INDEX deposit_day_events_day ON deposit_day_events (tenant_id, day_id, id);
CREATE INDEX remittances_trace ON remittances (tenant_id, payment_date, id) WHERE status <> 'duplicate';

-- A closed day stands: nothing of it is added, changed or taken away until somebody reopens it with a reason.
CREATE FUNCTION deposit_day_is_closed(tenant uuid, account uuid, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM deposit_days d WHERE d.tenant_id = tenant AND d.account_id = account
        AND d.day = on_day AND d.status = 'closed')
$$;
CREATE FUNCTION refuse_in_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND deposit_day_is_closed(OLD.tenant_id, OLD.account_id, OLD.deposited_on))
       OR (TG_OP <> 'DELETE' AND deposit_day_is_closed(NEW.tenant_id, NEW.account_id, NEW.deposited_on)) THEN
        RAISE EXCEPTION 'the deposit day is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_day_closed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER closed_day BEFORE INSERT OR UPDATE OR DELETE ON deposits
    FOR EACH ROW EXECUTE FUNCTION refuse_in_closed_day();
CREATE FUNCTION refuse_match_in_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.deposit_id ELSE NEW.deposit_id END;
    tenant uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM deposits d WHERE d.tenant_id = tenant AND d.id = touched
               AND deposit_day_is_closed(d.tenant_id, d.account_id, d.deposited_on)) THEN
        RAISE EXCEPTION 'the deposit day is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_day_closed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER closed_day BEFORE INSERT OR UPDATE OR DELETE ON deposit_matches
    FOR EACH ROW EXECUTE FUNCTION refuse_match_in_closed_day();
