-- Its id is made of what it is about and does not grow with time: lists of processes go by this.
ALTER TABLE care_patient_months ADD COLUMN place uuid NOT NULL DEFAULT uuidv7();
CREATE INDEX care_patient_months_place ON care_patient_months (tenant_id, place DESC);
