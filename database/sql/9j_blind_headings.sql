-- Where a sheet has no headings its first row stands for them, and that names people: headings are found, never read.
DROP TABLE sheet_headings;
CREATE TABLE sheet_headings (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    kind text NOT NULL,
    heading bytea NOT NULL,                        -- blind index of the text in lower case, blanks folded
    field text NOT NULL,
    PRIMARY KEY (tenant_id, kind, heading)
);
