-- Days whose forecast is whole, and who was told that an item is past its time.
-- A day is shown once everybody in care has a score of it: half a morning's scores are no list.
CREATE TABLE care_forecast_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    day date NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, day)
);
-- Days from before this table were whole. The owner looks at every tenant's; the gates confine them again.
ALTER TABLE care_scores NO FORCE ROW LEVEL SECURITY;
INSERT INTO care_forecast_days (tenant_id, day, made_at)
SELECT tenant_id, day, max(made_at) FROM care_scores GROUP BY tenant_id, day;
ALTER TABLE care_scores FORCE ROW LEVEL SECURITY;
-- Pages are told of whole days.
DROP TRIGGER IF EXISTS announce_change ON care_scores;
-- Written with the notification itself, so that "escalated to" says who was told and not who should have been.
CREATE TABLE work_escalations_told (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    work_item_id uuid NOT NULL,
    stage text NOT NULL,
    clock_at timestamptz NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, work_item_id, stage, clock_at, user_id),
    FOREIGN KEY (tenant_id, work_item_id, stage, clock_at)
        REFERENCES work_escalations (tenant_id, work_item_id, stage, clock_at)
);
