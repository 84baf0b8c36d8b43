-- What a payer's behaviour is judged by: the contracted schedule, and what was learned from the tenant's own decisions.
ALTER TABLE fee_schedules ADD COLUMN kind text NOT NULL DEFAULT 'charge' CHECK (kind IN ('charge', 'contract'));
ALTER TABLE fee_schedules ADD CHECK (kind = 'charge' OR payer_id IS NOT NULL);
CREATE INDEX remittances_paid_on ON remittances (tenant_id, payment_date) WHERE status = 'posted';
-- Counts by payer, procedure, diagnosis category and client: nothing of a patient. The newest row is in force.
CREATE TABLE denial_models (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    learned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    first_month text NOT NULL,
    last_month text NOT NULL,
    model jsonb NOT NULL,
    measure jsonb,                         -- null: too few months to hold any out
    PRIMARY KEY (tenant_id, id)
);
