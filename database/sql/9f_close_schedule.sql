-- When a company's months of care are closed by themselves: on a day of the month after, from an hour of its zone on.
CREATE TABLE care_close_schedules (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id),
    active boolean NOT NULL,
    day smallint NOT NULL CHECK (day BETWEEN 1 AND 28),
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    release_claims boolean NOT NULL DEFAULT false, -- clean claims go on without being released by hand
    set_by uuid,                                   -- at whose word months are closed
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- what was due before is left to people
    version integer NOT NULL DEFAULT 1
);
ALTER TABLE care_months ADD COLUMN by_schedule boolean NOT NULL DEFAULT false;
