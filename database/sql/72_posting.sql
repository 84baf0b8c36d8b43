-- Posting complete: how sure each match is, the provider level with an account for each reference, releases, and what
-- keeps the ledger whole at the price of one check a statement instead of one a row.
ALTER TABLE remittances
    DROP CONSTRAINT remittances_status_check,
    ADD CONSTRAINT remittances_status_check CHECK (status IN ('posted', 'quarantined', 'duplicate', 'superseded')),
    ADD COLUMN superseded_by uuid,          -- the remittance of the corrected file
    ADD COLUMN released_by uuid REFERENCES users (id),
    ADD COLUMN released_at timestamptz,
    ADD COLUMN release_reason bytea,        -- sealed: free text of who released it
    ADD COLUMN difference_cents bigint NOT NULL DEFAULT 0;  -- what a release left on `unmatched`: payment less its parts
CREATE INDEX remittances_quarantined ON remittances (tenant_id, payer_identifier, trace) WHERE status = 'quarantined';
ALTER TABLE remittance_claims
    ADD COLUMN match_confidence smallint NOT NULL DEFAULT 0,  -- percent
    ADD COLUMN interest_cents bigint NOT NULL DEFAULT 0,      -- AMT*I: told here, paid through PLB L6
    ADD COLUMN service_from date,
    ADD COLUMN person bytea,                -- sealed: name and member id of the patient, of unmatched claims only
    ADD COLUMN disposition text NOT NULL DEFAULT '' CHECK (disposition IN ('', 'not_ours', 'reversed'));
CREATE INDEX remittance_claims_waiting ON remittance_claims (tenant_id, id DESC) WHERE claim_id IS NULL AND disposition = '';
DROP INDEX remittance_claims_unmatched;
CREATE INDEX remittance_claims_unmatched ON remittance_claims (tenant_id, claim_number) WHERE claim_id IS NULL;
CREATE INDEX remittance_claims_control ON remittance_claims (tenant_id, payer_claim_control_number)
    WHERE payer_claim_control_number <> '';
ALTER TABLE remittance_lines
    ADD COLUMN revenue_code text NOT NULL DEFAULT '',
    ADD COLUMN original_procedure text NOT NULL DEFAULT '',   -- SVC06: what was billed when another was paid
    ADD COLUMN service_from date,
    ADD COLUMN matched_by text NOT NULL DEFAULT '',
    ADD COLUMN match_confidence smallint NOT NULL DEFAULT 0;  -- percent
-- One account for each thing that a payer names at provider level. Its balance is the sum of its ledger entries.
CREATE TABLE provider_balances (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    payee text NOT NULL,                    -- PLB01, else the payee of the remittance
    payer text NOT NULL,                    -- TRN03
    payer_name text NOT NULL DEFAULT '',
    nature text NOT NULL CHECK (nature IN ('open', 'final')),  -- open: owed until it comes to nothing
    reference text NOT NULL,                -- the payer's claim control number where it is one, else PLB03-2
    claim_id uuid,
    tied_by text NOT NULL DEFAULT '' CHECK (tied_by IN ('', 'reference', 'person', 'no_claim')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payee, payer, nature, reference),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX provider_balances_newest ON provider_balances (tenant_id, id DESC);
CREATE INDEX provider_balances_claim ON provider_balances (tenant_id, claim_id) WHERE claim_id IS NOT NULL;
ALTER TABLE provider_adjustments
    ADD COLUMN provider_id text NOT NULL DEFAULT '',      -- PLB01
    ADD COLUMN fiscal_period text NOT NULL DEFAULT '',    -- PLB02
    ADD COLUMN account text NOT NULL DEFAULT 'provider_level',
    ADD COLUMN balance_id uuid,
    ADD FOREIGN KEY (tenant_id, balance_id) REFERENCES provider_balances (tenant_id, id);
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_check,
    ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('receivable', 'revenue', 'cash', 'contractual',
        'written_off', 'patient', 'provider_level', 'unmatched', 'interest', 'capitation')),
    ADD COLUMN balance_id uuid;
CREATE INDEX ledger_entries_balance ON ledger_entries (tenant_id, balance_id) WHERE balance_id IS NOT NULL;

-- A posting brings a hundred thousand rows at once. Their keys into other tables are checked for the whole statement
-- together; nothing that they refer to can be deleted (see 90_gates.sql), so the other half of a key needs no check.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_tenant_id_fkey, DROP CONSTRAINT ledger_entries_tenant_id_claim_id_fkey;
ALTER TABLE adjustments DROP CONSTRAINT adjustments_tenant_id_fkey, DROP CONSTRAINT adjustments_tenant_id_remittance_claim_id_fkey;
ALTER TABLE remittance_lines DROP CONSTRAINT remittance_lines_tenant_id_fkey,
    DROP CONSTRAINT remittance_lines_tenant_id_remittance_claim_id_fkey;
-- These keep a key of both columns, which leads to the tenant by way of the claim or the remittance.
ALTER TABLE remittance_claims DROP CONSTRAINT remittance_claims_tenant_id_fkey;
ALTER TABLE claim_activities DROP CONSTRAINT claim_activities_tenant_id_fkey;

CREATE FUNCTION ledger_refers_to_what_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, claim_id FROM entered WHERE claim_id IS NOT NULL) e
               WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.tenant_id = e.tenant_id AND c.id = e.claim_id))
       OR EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, balance_id FROM entered WHERE balance_id IS NOT NULL) e
               WHERE NOT EXISTS (SELECT 1 FROM provider_balances b WHERE b.tenant_id = e.tenant_id AND b.id = e.balance_id))
       OR EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id FROM entered) e
               WHERE NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = e.tenant_id)) THEN
        RAISE EXCEPTION 'a ledger entry refers to nothing' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refers AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refers_to_what_is_there();
CREATE FUNCTION refers_to_a_remittance_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, remittance_claim_id FROM entered) e
               WHERE NOT EXISTS (SELECT 1 FROM remittance_claims c
                                 WHERE c.tenant_id = e.tenant_id AND c.id = e.remittance_claim_id)) THEN
        RAISE EXCEPTION '% refers to nothing', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refers AFTER INSERT ON adjustments REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION refers_to_a_remittance_claim();
CREATE TRIGGER refers AFTER INSERT ON remittance_lines REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION refers_to_a_remittance_claim();
