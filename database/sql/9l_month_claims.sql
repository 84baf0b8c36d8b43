-- The claims of a patient's month: one for each programme, so more than one where two practitioners answer for it.
CREATE TABLE care_month_claims (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    patient_month_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    says jsonb NOT NULL,                       -- what the claim was made to say (domain/care/month_claims.py: MonthClaim)
    taken_back boolean NOT NULL DEFAULT false, -- nothing is left of it: withdrawn, or void with its payer
    settled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, patient_month_id, claim_id),
    FOREIGN KEY (tenant_id, patient_month_id) REFERENCES care_patient_months (tenant_id, id),
    FOREIGN KEY (tenant_id, claim_id) REFERENCES claims (tenant_id, id)
);
CREATE INDEX care_month_claims_claim ON care_month_claims (tenant_id, claim_id);
-- What a policy would hide from this must not be lost with the column: it fails instead.
SET LOCAL row_security = off;
-- Until now a month made one claim, and its snapshot was what that said; codes of two programmes were never on one.
INSERT INTO care_month_claims (tenant_id, patient_month_id, claim_id, says, settled_at)
SELECT tenant_id, id, claim_id, jsonb_build_object('lines', coalesce(snapshot -> 'lines', '[]'),
        'practitioner_id', snapshot -> 'practitioner_id', 'coverage_id', snapshot -> 'coverage_id',
        'diagnoses', snapshot -> 'diagnoses', 'programme', CASE
            WHEN snapshot #>> '{lines,0,code}' IN ('99424', '99425', '99426', '99427') THEN 'pcm'
            WHEN snapshot #>> '{lines,0,code}' LIKE 'G055_' THEN 'apcm' ELSE 'ccm' END),
    coalesce(billed_at, computed_at, clock_timestamp())
FROM care_patient_months WHERE claim_id IS NOT NULL;
ALTER TABLE care_patient_months DROP COLUMN claim_id;
