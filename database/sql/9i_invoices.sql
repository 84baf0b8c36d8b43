-- A practice that leaves is no longer invoiced: terms of nothing, from a month on.
ALTER TABLE care_terms DROP CONSTRAINT care_terms_basis_check,
    ADD CONSTRAINT care_terms_basis_check CHECK (basis IN ('programme', 'code', 'charges', 'payments', 'none')),
    ADD CONSTRAINT care_terms_none_check CHECK (basis <> 'none' OR minimum_cents = 0);
-- What was paid of an invoice that is credited moves to the practice's credit by rows of its own, and back when the
-- payment is reversed: an invoice never has more open than was not credited.
ALTER TABLE care_receivables DROP CONSTRAINT care_receivables_source_check,
    ADD CONSTRAINT care_receivables_source_check
        CHECK (source IN ('invoice', 'credit_note', 'payment', 'reversal', 'credit_used', 'to_credit'));
CREATE INDEX care_invoices_month ON care_invoices (tenant_id, month, number DESC);
-- How far what somebody had tried again together has come.
CREATE INDEX incidents_retried ON incidents (tenant_id, retried_by, retried_at) WHERE retried_by IS NOT NULL;
