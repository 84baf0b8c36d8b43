-- What care management asks somebody else's word for, and what is done once it was given.
ALTER TABLE approvals DROP CONSTRAINT approvals_kind_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_kind_check
    CHECK (kind IN ('reassignment', 'write_off', 'quarantine', 'float_assignment', 'backdated_time', 'month_reopening',
        'roster_move', 'time_sheet'));
ALTER TABLE approvals DROP CONSTRAINT approvals_effect_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_effect_check
    CHECK (effect IN ('', 'complete_item', 'release_remittance', 'write_off_share', 'count_care_time',
        'reopen_care_month', 'move_care_roster', 'accept_time_sheet'));
