-- The codes of care management that a month was frozen with: what is published later does not reckon it anew.
ALTER TABLE care_months ADD COLUMN codes jsonb; -- null until it is frozen
-- Every month before this was reckoned with these.
ALTER TABLE care_months NO FORCE ROW LEVEL SECURITY;
UPDATE care_months SET codes = '{"name": "", "rows": [
    {"code": "99487", "programme": "ccm", "whose": "staff", "seconds": 3600, "add_on": "99489", "add_on_seconds": 1800, "choice": 1, "complex": true, "since": "2022-01-01"},
    {"code": "99491", "programme": "ccm", "whose": "practitioner", "seconds": 1800, "add_on": "99437", "add_on_seconds": 1800, "choice": 2, "since": "2022-01-01"},
    {"code": "99490", "programme": "ccm", "whose": "staff", "seconds": 1200, "add_on": "99439", "add_on_seconds": 1200, "most_units": 2, "choice": 3, "since": "2022-01-01"},
    {"code": "99424", "programme": "pcm", "whose": "practitioner", "seconds": 1800, "add_on": "99425", "add_on_seconds": 1800, "choice": 1, "since": "2022-01-01"},
    {"code": "99426", "programme": "pcm", "whose": "staff", "seconds": 1800, "add_on": "99427", "add_on_seconds": 1800, "choice": 2, "since": "2022-01-01"},
    {"code": "G0556", "programme": "apcm", "level": 1, "since": "2025-01-01"},
    {"code": "G0557", "programme": "apcm", "level": 2, "since": "2025-01-01"},
    {"code": "G0558", "programme": "apcm", "level": 3, "since": "2025-01-01"},
    {"code": "99495", "programme": "tcm", "since": "2013-01-01"},
    {"code": "99496", "programme": "tcm", "since": "2013-01-01"}]}'
WHERE frozen_at IS NOT NULL;
ALTER TABLE care_months FORCE ROW LEVEL SECURITY;
-- 0: no code in force counted the time of staff.
ALTER TABLE care_paces DROP CONSTRAINT care_paces_first_seconds_check;
ALTER TABLE care_paces ADD CONSTRAINT care_paces_first_seconds_check CHECK (first_seconds >= 0);
