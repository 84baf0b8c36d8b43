-- Who works here: employees, teams, skills, when each works and is away. A person of the product may stand behind an
-- employee; people who never sign in are employees too.
CREATE TABLE calendars (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    zone text NOT NULL,                    -- IANA
    week jsonb NOT NULL,                   -- Monday to Sunday: lists of ["09:00", "17:00"]; "00:00" as an end is midnight
    standard boolean NOT NULL DEFAULT false, -- counts for whoever has none of their own
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE UNIQUE INDEX calendars_standard ON calendars (tenant_id) WHERE standard;
CREATE TABLE calendar_closed_days (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    calendar_id uuid NOT NULL,
    day date NOT NULL,
    name text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, calendar_id, day),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendars (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE teams (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    parent_id uuid,
    lead_id uuid,                          -- employees.id
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES teams (tenant_id, id)
);
CREATE TABLE employees (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    user_id uuid REFERENCES users (id),    -- null: does not sign in
    number text NOT NULL,                  -- the company's own
    name text NOT NULL,
    email text NOT NULL DEFAULT '',
    job_title text NOT NULL DEFAULT '',
    hire_date date,
    left_on date,
    time_zone text NOT NULL DEFAULT 'America/New_York',
    calendar_id uuid,
    team_id uuid,
    daily_seconds integer NOT NULL DEFAULT 28800 CHECK (daily_seconds BETWEEN 0 AND 86400), -- capacity of an open day
    float_pool boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES calendars (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES teams (tenant_id, id)
);
CREATE UNIQUE INDEX employees_user ON employees (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX employees_name ON employees (tenant_id, name, id);
CREATE INDEX employees_team ON employees (tenant_id, team_id);
ALTER TABLE teams ADD FOREIGN KEY (tenant_id, lead_id) REFERENCES employees (tenant_id, id);
CREATE TABLE skills (
    tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid
        REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    active boolean NOT NULL DEFAULT true,
    inactive_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CREATE TABLE employee_skills (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    employee_id uuid NOT NULL,
    skill_id uuid NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (tenant_id, employee_id, skill_id),
    FOREIGN KEY (tenant_id, employee_id) REFERENCES employees (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, skill_id) REFERENCES skills (tenant_id, id)
);
CREATE INDEX employee_skills_skill ON employee_skills (tenant_id, skill_id, level);
-- Away, both days included. The substitute sees the work meanwhile.
CREATE TABLE absences (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    employee_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on >= starts_on),
    kind text NOT NULL CHECK (kind IN ('leave', 'sick', 'training', 'other')),
    substitute_id uuid CHECK (substitute_id <> employee_id),
    cancelled_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, employee_id) REFERENCES employees (tenant_id, id),
    FOREIGN KEY (tenant_id, substitute_id) REFERENCES employees (tenant_id, id)
);
CREATE INDEX absences_employee ON absences (tenant_id, employee_id, starts_on);
CREATE INDEX absences_substitute ON absences (tenant_id, substitute_id, starts_on) WHERE substitute_id IS NOT NULL;
