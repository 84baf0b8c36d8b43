-- Training that somebody under the target needs: planned for a day, then done. One plan per person and category is open.
CREATE TABLE qa_training (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuidv7(),
    employee_id uuid NOT NULL REFERENCES users (id),
    category text NOT NULL CHECK (category IN ('coding', 'claim', 'financial')),
    due_on date NOT NULL,
    note bytea,                            -- sealed
    planned_by uuid NOT NULL REFERENCES users (id),
    planned_at timestamptz NOT NULL DEFAULT now(),
    done_by uuid REFERENCES users (id),
    done_on date,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX qa_training_open ON qa_training (tenant_id, employee_id, category) WHERE done_on IS NULL;
CREATE INDEX qa_training_newest ON qa_training (tenant_id, employee_id, category, id DESC);
