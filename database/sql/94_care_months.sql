-- Months of care: what was closed, what each patient's month came to, and the lock on its time.
CREATE TABLE care_months (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    month date NOT NULL CHECK (month = date_trunc('month', month)),
    step text NOT NULL DEFAULT 'freezing'
        CHECK (step IN ('freezing', 'computing', 'exceptions', 'closed', 'reopened')),
    frozen boolean NOT NULL DEFAULT false,     -- no time of this month is written, whatever the step says
    frozen_at timestamptz,
    revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1), -- how often it was begun to be closed
    total integer NOT NULL DEFAULT 0,          -- patients of this revision
    done integer NOT NULL DEFAULT 0,           -- of those, how many were computed
    release_claims boolean NOT NULL DEFAULT false, -- clean claims go on without being released by hand
    started_by uuid,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    computing_at timestamptz,                  -- when the first patient was begun, for the time left
    computed_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, month)
);
-- One patient's month, a row for each revision; what counts is the highest. A row that is superseded never changes.
CREATE TABLE care_patient_months (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL,                          -- made of tenant, patient, month and revision
    care_month_id uuid NOT NULL,
    month date NOT NULL,
    client_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    revision integer NOT NULL,
    outcome text NOT NULL DEFAULT 'waiting'
        CHECK (outcome IN ('waiting', 'nothing', 'exception', 'billable', 'billed', 'excluded')),
    snapshot jsonb NOT NULL DEFAULT '{}',      -- what was computed (domain/care/closing.py: Snapshot)
    accepted text[] NOT NULL DEFAULT '{}',     -- findings that a person let stand
    charge_cents bigint NOT NULL DEFAULT 0,
    seconds integer NOT NULL DEFAULT 0,        -- counted, of all programmes
    packet_id uuid,
    claim_id uuid,
    superseded boolean NOT NULL DEFAULT false,
    computed_at timestamptz,
    billed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, patient_id, month, revision),
    FOREIGN KEY (tenant_id, care_month_id) REFERENCES care_months (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, packet_id) REFERENCES documents (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE UNIQUE INDEX care_patient_months_latest ON care_patient_months (tenant_id, month, patient_id)
    WHERE NOT superseded;
CREATE INDEX care_patient_months_outcome ON care_patient_months (tenant_id, care_month_id, outcome, id)
    WHERE NOT superseded;
CREATE INDEX care_patient_months_id ON care_patient_months (tenant_id, care_month_id, id);
CREATE INDEX care_patient_months_claim ON care_patient_months (tenant_id, claim_id) WHERE claim_id IS NOT NULL;
-- What happened to a month and to the patients in it. Append-only; `said` is sealed, since people are named in it.
CREATE TABLE care_month_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    care_month_id uuid NOT NULL,
    patient_month_id uuid,
    key text NOT NULL,                         -- told twice is noted once
    event text NOT NULL,
    revision integer NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',        -- codes, counts and ids
    said bytea,
    actor_id uuid,
    actor_name text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, care_month_id, key),
    FOREIGN KEY (tenant_id, care_month_id) REFERENCES care_months (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_month_id) REFERENCES care_patient_months (tenant_id, id)
);
CREATE INDEX care_month_events_of ON care_month_events (tenant_id, care_month_id, id);
CREATE INDEX care_month_events_patient ON care_month_events (tenant_id, patient_month_id, id)
    WHERE patient_month_id IS NOT NULL;
-- The lock that writers of time share and that freezing a month takes alone, one for each tenant and month.
CREATE FUNCTION care_month_lock(tenant uuid, first date) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT hashtextextended(tenant::text || '/care_month/' || to_char(first, 'YYYY-MM'), 0) $$;
-- The months of a practice that a stretch of time touches; its end lies without it.
CREATE FUNCTION care_months_touched(tenant uuid, client uuid, starts timestamptz, ends timestamptz)
    RETURNS SETOF date LANGUAGE sql STABLE AS $$
    SELECT generate_series(date_trunc('month', starts AT TIME ZONE z.zone),
        greatest(starts, ends - interval '1 microsecond') AT TIME ZONE z.zone, interval '1 month')::date
    FROM (SELECT coalesce(p.zone, t.time_zone) AS zone FROM tenants t
        LEFT JOIN care_practices p ON p.tenant_id = t.id AND p.client_id = client WHERE t.id = tenant) z
$$;
-- The second wall, behind `must_be_open` of database/care_months.py: also what a correction replaces must be open. Once for
-- all rows of a statement, since time is also brought in by the thousand; the lock is held until the transaction ends.
CREATE FUNCTION refuse_frozen_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tenant uuid;
    touched date;
BEGIN
    FOR tenant, touched IN
        SELECT DISTINCT t.tenant_id, generate_series(date_trunc('month', t.starts_at AT TIME ZONE z.zone),
            greatest(t.starts_at, t.ends_at - interval '1 microsecond') AT TIME ZONE z.zone, interval '1 month')::date
        FROM (SELECT n.tenant_id, n.enrolment_id, n.starts_at, n.ends_at FROM added n
            UNION ALL
            SELECT o.tenant_id, n.enrolment_id, o.starts_at, o.ends_at FROM added n
            JOIN care_time_entries o ON o.tenant_id = n.tenant_id AND o.id = n.supersedes) t
        JOIN (SELECT e.tenant_id, e.id, coalesce(p.zone, c.time_zone) AS zone FROM care_enrolments e
            JOIN tenants c ON c.id = e.tenant_id
            LEFT JOIN care_practices p ON p.tenant_id = e.tenant_id AND p.client_id = e.client_id) z
            ON z.tenant_id = t.tenant_id AND z.id = t.enrolment_id
        ORDER BY 1, 2
    LOOP
        PERFORM pg_advisory_xact_lock_shared(care_month_lock(tenant, touched));
        IF EXISTS (SELECT FROM care_months WHERE tenant_id = tenant AND month = touched AND frozen) THEN
            RAISE EXCEPTION 'the month % of care is locked', to_char(touched, 'YYYY-MM')
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER frozen_month AFTER INSERT ON care_time_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen_month();
