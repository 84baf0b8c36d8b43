-- Spreadsheets of employees: kept as a draft with their columns, then taken in whole.
CREATE TABLE employee_imports (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    sha256 bytea NOT NULL,
    body bytea NOT NULL,                   -- sealed: the cells as JSON, a list of rows
    mapping jsonb NOT NULL DEFAULT '{}',   -- what each column holds
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'taken', 'discarded')),
    added integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    same integer NOT NULL DEFAULT 0,       -- rows that said what was known
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX employee_imports_draft ON employee_imports (tenant_id, sha256) WHERE status = 'draft';
-- Who is away: lists go by the first day.
CREATE INDEX absences_days ON absences (tenant_id, starts_on, id) WHERE cancelled_at IS NULL;
