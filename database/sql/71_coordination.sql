-- Coordination of benefits on one claim: every version says which payer it asks and in which order, and what the payers
-- before it had decided when it was made. Forced row security is lifted for the backfill; the gates put it back.
ALTER TABLE claims NO FORCE ROW LEVEL SECURITY;
ALTER TABLE claim_versions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE coverages NO FORCE ROW LEVEL SECURITY;
ALTER TABLE coverages ADD COLUMN insurance_type text NOT NULL DEFAULT '';  -- SBR05: why Medicare is not the first payer
ALTER TABLE claims ADD COLUMN next_payer_barred boolean NOT NULL DEFAULT false;  -- a person said: do not bill the next one
ALTER TABLE claim_versions
    ADD COLUMN coverage_id uuid,
    ADD COLUMN payer_id uuid,
    ADD COLUMN rank text NOT NULL DEFAULT 'P' CHECK (rank IN ('P', 'S', 'T')),
    -- Charge less what was open when this payer was asked: what its remittance tells again (OA-23) and must not post twice.
    ADD COLUMN prior_cents bigint NOT NULL DEFAULT 0,
    -- The version under which the decisions of the payers before are kept; null for the first payer.
    ADD COLUMN decided_version integer,
    -- Passed on by the payer before (CLP02 19-21, 23): a stage that we wait for and never send.
    ADD COLUMN forwarded boolean NOT NULL DEFAULT false,
    ADD COLUMN withdrawn_at timestamptz;   -- stored, but the process had ended: never to be sent
ALTER TABLE remittance_lines ADD COLUMN units text NOT NULL DEFAULT '';  -- SVC05 as sent: SVD05 of the next payer's claim
UPDATE claim_versions v SET coverage_id = c.coverage_id, payer_id = c.payer_id, rank = k.rank
FROM claims c JOIN coverages k ON k.tenant_id = c.tenant_id AND k.id = c.coverage_id
WHERE c.tenant_id = v.tenant_id AND c.id = v.claim_id;
ALTER TABLE claim_versions
    ALTER COLUMN coverage_id SET NOT NULL,
    ALTER COLUMN payer_id SET NOT NULL,
    ADD FOREIGN KEY (tenant_id, coverage_id) REFERENCES coverages (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, payer_id) REFERENCES payers (tenant_id, id);

-- A version asks the payer that its claim asks now, unless it names another: a correction goes to whom it corrects.
CREATE FUNCTION version_asks_payer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    IF NEW.coverage_id IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT c.coverage_id, c.payer_id, coalesce(v.rank, k.rank) AS rank, coalesce(v.prior_cents, 0) AS prior_cents,
        v.decided_version INTO asked
    FROM claims c JOIN coverages k ON k.tenant_id = c.tenant_id AND k.id = c.coverage_id
    LEFT JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
    WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.claim_id;
    NEW.coverage_id := asked.coverage_id;
    NEW.payer_id := asked.payer_id;
    NEW.rank := asked.rank;
    NEW.prior_cents := asked.prior_cents;
    NEW.decided_version := asked.decided_version;
    RETURN NEW;
END $$;
CREATE TRIGGER asks_payer BEFORE INSERT ON claim_versions FOR EACH ROW EXECUTE FUNCTION version_asks_payer();

-- What a payer had decided on the claim when the next one was asked: loops 2320 and 2430, as they are sent. Append-only.
CREATE TABLE claim_decisions (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    claim_id uuid NOT NULL,
    version integer NOT NULL,
    ordinal integer NOT NULL,              -- 1 the first payer
    coverage_id uuid NOT NULL,
    rank text NOT NULL CHECK (rank IN ('P', 'S', 'T')),
    paid_cents bigint NOT NULL,            -- AMT*D
    remaining_cents bigint,                -- AMT*EAF of the claim; null when the lines tell it
    adjudicated_on date NOT NULL,          -- DTP*573
    payer_claim_control_number text NOT NULL DEFAULT '',
    remarks text[] NOT NULL DEFAULT '{}',
    adjustments jsonb NOT NULL DEFAULT '[]',  -- group, reason, cents, quantity
    lines jsonb NOT NULL DEFAULT '[]',        -- number, paid, procedure, modifiers, revenue code, units, adjustments, remaining
    PRIMARY KEY (tenant_id, claim_id, version, ordinal),
    FOREIGN KEY (tenant_id, claim_id, version)
        REFERENCES claim_versions (tenant_id, claim_id, version) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, coverage_id) REFERENCES coverages (tenant_id, id)
);
-- The patient's share that a payer named, carried on to the next payer's receivable: each source once. Append-only.
CREATE TABLE claim_transfers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    source_id uuid NOT NULL,               -- the CLP or the work item whose posting made the patient owe
    posting_id uuid NOT NULL,              -- ledger_entries.posting_id: patient down, receivable up
    claim_id uuid NOT NULL,
    amount_cents bigint NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, source_id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX claim_transfers_claim ON claim_transfers (tenant_id, claim_id);
