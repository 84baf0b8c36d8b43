-- From where a simulation takes its facts: kept decisions, or claims of those days where none was kept yet.
ALTER TABLE rule_simulations
    ADD COLUMN source text NOT NULL DEFAULT 'decisions' CHECK (source IN ('decisions', 'claims'));
