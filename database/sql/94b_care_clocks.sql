-- How many clocks of a patient were cut at the month's end while nobody attended them.
ALTER TABLE care_patient_months ADD COLUMN clocks_cut smallint NOT NULL DEFAULT 0;
