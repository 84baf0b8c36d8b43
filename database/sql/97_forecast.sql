-- The month-end forecast: what past months were like, what it says of each patient on each day, and how right it was.
-- One patient's finished month as the minute engine counted it: the material that the forecast learns from. Derived:
-- it is gathered anew while the month before is still being completed.
CREATE TABLE care_paces (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    enrolment_id uuid NOT NULL,
    client_id uuid NOT NULL,
    coordinator_id uuid REFERENCES users (id),
    programme text NOT NULL,
    first_seconds integer NOT NULL CHECK (first_seconds > 0), -- of the nearest base code in force then
    seconds integer NOT NULL CHECK (seconds >= 0),
    sessions smallint NOT NULL CHECK (sessions >= 0), -- days on which there was any
    reached boolean NOT NULL,
    days integer[] NOT NULL,                   -- counted seconds of each calendar day
    recorded boolean NOT NULL DEFAULT true,    -- false: a month before the practice recorded any time here, which tells nothing
    gathered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, month, enrolment_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id)
);
CREATE INDEX care_paces_enrolment ON care_paces (tenant_id, enrolment_id, month);
-- What the forecast said on a day. A day's last run stands; the days before are never changed, and old ones go.
CREATE TABLE care_scores (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    day date NOT NULL,
    enrolment_id uuid NOT NULL,
    month date NOT NULL,
    client_id uuid NOT NULL,
    coordinator_id uuid REFERENCES users (id),
    programme text NOT NULL,
    seconds integer NOT NULL,                  -- counted so far
    projected_seconds integer NOT NULL,
    low_seconds integer NOT NULL,              -- four months in five end between low and high
    high_seconds integer NOT NULL,
    thresholds integer[] NOT NULL,             -- seconds, from the code table in force
    chances real[] NOT NULL,                   -- of reaching each of them
    chance real NOT NULL,                      -- of reaching the first
    gap_seconds integer NOT NULL,              -- missing for the first; 0: reached
    suggested text NOT NULL CHECK (suggested IN ('call', 'hand_over', 'nothing')),
    reasons text[] NOT NULL,                   -- codes of domain/care/forecast_words.py
    days_left smallint NOT NULL,               -- working days, today's rest among them
    formula text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, day, enrolment_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES care_enrolments (tenant_id, id),
    CHECK (low_seconds <= projected_seconds AND projected_seconds <= high_seconds),
    CHECK (cardinality(thresholds) = cardinality(chances))
);
CREATE INDEX care_scores_enrolment ON care_scores (tenant_id, enrolment_id, day DESC);
CREATE INDEX care_scores_chance ON care_scores (tenant_id, day, chance, enrolment_id);
-- How right the forecast was on past months, beside the straight line, and what it learned from them.
CREATE TABLE care_backtests (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    made_at timestamptz NOT NULL DEFAULT now(),
    formula text NOT NULL,
    months date[] NOT NULL,                    -- that it was measured on; empty: none yet
    patients integer NOT NULL,                 -- patient-months measured
    better boolean NOT NULL,                   -- than the straight line, which is used otherwise
    figures jsonb NOT NULL,
    learned jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
