-- The day from which a plan holds, where that is before the day on which it was stored: it was agreed on paper first. Null:
-- it holds from the day stored. Who says so says why.
ALTER TABLE care_plans ADD COLUMN in_force_on date
    CHECK (in_force_on IS NULL OR in_force_on < stored_on AND why IS NOT NULL);
