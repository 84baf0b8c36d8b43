-- The codes of care management that a month was frozen with: what is published later does not reckon it anew.
ALTER TABLE care_months ADD COLUMN codes jsonb; -- null: frozen before this was kept, or not yet
-- 0: no code in force counted the time of staff.
ALTER TABLE care_paces DROP CONSTRAINT care_paces_first_seconds_check;
ALTER TABLE care_paces ADD CONSTRAINT care_paces_first_seconds_check CHECK (first_seconds >= 0);
