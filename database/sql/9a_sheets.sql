-- Spreadsheets of several kinds share one machinery: kept as a draft, mapped, previewed, taken in row by row or whole.
ALTER TABLE employee_imports RENAME TO sheet_imports;
ALTER INDEX employee_imports_pkey RENAME TO sheet_imports_pkey;
DROP INDEX employee_imports_draft;
ALTER TABLE sheet_imports DROP CONSTRAINT employee_imports_status_check;
ALTER TABLE sheet_imports
    ADD COLUMN kind text NOT NULL DEFAULT 'employees'
        CHECK (kind IN ('employees', 'patients', 'staff', 'consents', 'minutes')),
    ADD COLUMN total integer NOT NULL DEFAULT 0,   -- rows that are to be taken in
    ADD COLUMN done integer NOT NULL DEFAULT 0,    -- of those, how many have their outcome
    ADD COLUMN refused integer NOT NULL DEFAULT 0, -- of those, how many were refused when their turn came
    ADD COLUMN left_out integer NOT NULL DEFAULT 0, -- faulty rows that somebody decided to leave out
    ADD COLUMN started_by uuid REFERENCES users (id),
    ADD COLUMN taking_at timestamptz,              -- since when, for the time left
    ADD CONSTRAINT sheet_imports_status_check CHECK (status IN ('draft', 'taking', 'taken', 'stopped', 'discarded'));
ALTER TABLE sheet_imports ALTER COLUMN kind DROP DEFAULT;
CREATE INDEX sheet_imports_draft ON sheet_imports (tenant_id, kind, sha256) WHERE status = 'draft';
CREATE INDEX sheet_imports_kind ON sheet_imports (tenant_id, kind, id);
-- The rows of a sheet that is taken in portion by portion: each is done once, with its outcome.
CREATE TABLE sheet_import_rows (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    import_id uuid NOT NULL,
    place integer NOT NULL,                        -- its number in the sheet
    facts bytea NOT NULL,                          -- sealed
    outcome text CHECK (outcome IN ('new', 'changed', 'same', 'refused')), -- null: not yet
    code text NOT NULL DEFAULT '',
    message bytea,                                 -- sealed: why it was refused
    subject_id uuid,                               -- what it became
    PRIMARY KEY (tenant_id, import_id, place),
    FOREIGN KEY (tenant_id, import_id) REFERENCES sheet_imports (tenant_id, id)
);
CREATE INDEX sheet_import_rows_left ON sheet_import_rows (tenant_id, import_id, place) WHERE outcome IS NULL;
-- What a heading meant last time, by kind of sheet; an empty field: that column was left aside.
CREATE TABLE sheet_headings (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    kind text NOT NULL,
    heading text NOT NULL,                         -- in lower case, blanks folded
    field text NOT NULL,
    PRIMARY KEY (tenant_id, kind, heading)
);
-- What a paycode of the payroll says of somebody.
CREATE TABLE care_paycodes (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    code text NOT NULL,                            -- in capitals
    credential text NOT NULL CHECK (credential IN ('practitioner', 'clinical', 'other')),
    job_title text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, code)
);
