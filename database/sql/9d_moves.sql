-- A move of patients is carried out by its own process, which is told of the decision: it never was an approval's effect.
ALTER TABLE approvals DROP CONSTRAINT approvals_effect_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_effect_check
    CHECK (effect IN ('', 'complete_item', 'release_remittance', 'write_off_share', 'count_care_time',
        'reopen_care_month', 'accept_time_sheet'));
