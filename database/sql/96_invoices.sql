-- Invoices to the practices served: terms from a day on, invoices and credit notes that never change, payments, and what
-- is open, as a ledger of rows.
CREATE TABLE care_terms (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    since date NOT NULL CHECK (extract(day FROM since) = 1), -- the first month they hold for; of two the later set
    basis text NOT NULL CHECK (basis IN ('programme', 'code', 'charges', 'payments')),
    rates jsonb NOT NULL DEFAULT '{}',         -- cents by programme or by code
    basis_points integer NOT NULL DEFAULT 0 CHECK (basis_points BETWEEN 0 AND 10000), -- of charges or payments
    minimum_cents bigint NOT NULL DEFAULT 0 CHECK (minimum_cents >= 0), -- a month
    due_days smallint NOT NULL DEFAULT 30 CHECK (due_days BETWEEN 0 AND 365),
    set_by uuid,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    CHECK ((basis IN ('charges', 'payments')) = (basis_points > 0)),
    CHECK ((basis IN ('programme', 'code')) = (rates <> '{}'))
);
CREATE INDEX care_terms_client ON care_terms (tenant_id, client_id, since DESC, id DESC);
-- The last number given; taken in the transaction that issues, so that there are no gaps.
CREATE TABLE care_invoice_numbers (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id),
    last integer NOT NULL DEFAULT 0
);
CREATE TABLE care_invoices (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    number integer NOT NULL CHECK (number > 0),
    client_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    revision integer,                          -- of the practice's invoices for this month, from 1; null: a credit note
    corrects uuid,                             -- the invoice that a credit note takes from
    terms_id uuid NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    total_cents bigint NOT NULL CHECK (total_cents >= 0), -- of a credit note: what is taken off
    reason bytea,                              -- sealed: why it was credited
    issued_by uuid,
    issued_by_name text NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, client_id, month, revision),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, terms_id) REFERENCES care_terms (tenant_id, id),
    FOREIGN KEY (tenant_id, corrects) REFERENCES care_invoices (tenant_id, id),
    CHECK ((kind = 'invoice') = (revision IS NOT NULL)),
    CHECK ((kind = 'credit_note') = (corrects IS NOT NULL)),
    CHECK ((kind = 'credit_note') = (reason IS NOT NULL))
);
CREATE INDEX care_invoices_client ON care_invoices (tenant_id, client_id, number DESC);
CREATE INDEX care_invoices_corrects ON care_invoices (tenant_id, corrects) WHERE corrects IS NOT NULL;
-- What an invoice is made of. A patient is named by the account number alone.
CREATE TABLE care_invoice_lines (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    invoice_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    basis text NOT NULL CHECK (basis IN ('programme', 'code', 'charges', 'payments', 'minimum')),
    item text NOT NULL DEFAULT '',             -- the programme or the code
    account_number text NOT NULL DEFAULT '',
    patient_month_id uuid,                     -- what it rests on
    units integer NOT NULL DEFAULT 1 CHECK (units > 0),
    rate_cents bigint NOT NULL DEFAULT 0,      -- per unit; of a share, the amount that the share is taken of
    amount_cents bigint NOT NULL CHECK (amount_cents >= 0 OR basis = 'payments'), -- a payer took back more than it paid
    of_invoice_id uuid,                        -- the line that a credit note takes off
    of_number integer,
    PRIMARY KEY (tenant_id, invoice_id, number),
    UNIQUE (tenant_id, of_invoice_id, of_number),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES care_invoices (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_month_id) REFERENCES care_patient_months (tenant_id, id),
    FOREIGN KEY (tenant_id, of_invoice_id, of_number) REFERENCES care_invoice_lines (tenant_id, invoice_id, number)
);
CREATE INDEX care_invoice_lines_month ON care_invoice_lines (tenant_id, patient_month_id) WHERE patient_month_id IS NOT NULL;
CREATE TABLE care_payments (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    received_on date NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    reference text NOT NULL,                   -- of the check or transfer
    reverses uuid,
    reason bytea,                              -- sealed: why it was reversed
    recorded_by uuid,
    recorded_by_name text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reverses),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, reverses) REFERENCES care_payments (tenant_id, id),
    CHECK ((reverses IS NOT NULL) = (reason IS NOT NULL))
);
CREATE INDEX care_payments_client ON care_payments (tenant_id, client_id, id DESC);
-- What is open: the sum of an invoice's rows is its balance; the sum of a practice's rows without an invoice is, with its
-- sign turned, the practice's credit.
CREATE TABLE care_receivables (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    client_id uuid NOT NULL,
    invoice_id uuid,
    source text NOT NULL CHECK (source IN ('invoice', 'credit_note', 'payment', 'reversal', 'credit_used')),
    source_id uuid NOT NULL,                   -- of the invoice, the credit note or the payment
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES care_invoices (tenant_id, id)
);
CREATE INDEX care_receivables_invoice ON care_receivables (tenant_id, invoice_id);
CREATE INDEX care_receivables_client ON care_receivables (tenant_id, client_id, id);
CREATE INDEX care_receivables_source ON care_receivables (tenant_id, source_id);
-- No invoice is paid below nothing, and nobody has used more credit than there was: what is too much is a credit row.
CREATE FUNCTION care_receivables_not_negative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM care_receivables r WHERE (r.tenant_id, r.invoice_id) IN
            (SELECT tenant_id, invoice_id FROM entered WHERE invoice_id IS NOT NULL)
            GROUP BY r.tenant_id, r.invoice_id HAVING sum(r.amount_cents) < 0) OR
       EXISTS (SELECT 1 FROM care_receivables r WHERE r.invoice_id IS NULL AND (r.tenant_id, r.client_id) IN
            (SELECT tenant_id, client_id FROM entered WHERE invoice_id IS NULL)
            GROUP BY r.tenant_id, r.client_id HAVING sum(r.amount_cents) > 0) THEN
        RAISE EXCEPTION 'an invoice below nothing, or credit used that is not there' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_negative AFTER INSERT ON care_receivables REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION care_receivables_not_negative();
