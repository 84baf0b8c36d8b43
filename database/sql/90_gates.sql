-- The gates in the database itself: confinement to the tenant, least privilege, append-only tables, announcements.
-- Runs after every schema change; written so that running it again changes nothing.
CREATE OR REPLACE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS tenant_rows ON %I', name);
        EXECUTE format(
            'CREATE POLICY tenant_rows ON %I USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    END LOOP;
END $$;

-- A person sees their own memberships in every tenant (the switcher); nobody else's.
DROP POLICY IF EXISTS own_memberships ON memberships;
CREATE POLICY own_memberships ON memberships FOR SELECT
    USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
-- The dispatcher asks which tenants have undelivered messages; the messages themselves it reads tenant by tenant.
DROP POLICY IF EXISTS dispatcher ON outbox;
CREATE POLICY dispatcher ON outbox FOR SELECT USING (current_setting('app.purpose', true) = 'dispatch');

-- The keeper of the pollers' schedules asks which connections of all tenants are in use.
DROP POLICY IF EXISTS schedules ON connections;
CREATE POLICY schedules ON connections FOR SELECT USING (current_setting('app.purpose', true) = 'schedules');
-- And which tenants have patients in care, whose months are forecast each morning.
DROP POLICY IF EXISTS schedules ON care_enrolments;
CREATE POLICY schedules ON care_enrolments FOR SELECT USING (current_setting('app.purpose', true) = 'schedules');
-- And whose months are closed by themselves, and when.
DROP POLICY IF EXISTS schedules ON care_close_schedules;
CREATE POLICY schedules ON care_close_schedules FOR SELECT USING (current_setting('app.purpose', true) = 'schedules');

-- The scan for incidents, and the platform's staff, see those of all tenants: codes and ids, never a sentence of anybody.
DROP POLICY IF EXISTS platform_incidents ON incidents;
CREATE POLICY platform_incidents ON incidents FOR SELECT USING (current_setting('app.purpose', true) = 'incidents');

GRANT USAGE ON SCHEMA public TO caseload_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO caseload_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO caseload_app;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log, audit_seals, claim_activities, work_item_events,
    adjustments, ledger_entries, acknowledgements, notes, enrolment_events, documents,
    deposit_day_events, patient_transactions, patient_allocations, claim_decisions, claim_transfers,
    denial_codes, denial_playbooks, denial_lines, appeal_levels, appeal_letters, appeal_events, appeal_outcomes,
    approval_decisions, approval_events, approval_limits, reassignment_events, audit_checklists, float_events, incident_events, qa_audit_events, clock_rules, work_escalations, work_escalations_told, attachments, attachment_removals, task_answers,
    rule_versions, global_rule_versions, rule_decisions, rule_faults,
    care_outreach, care_outreach_removals, care_other_time, care_time_sheet_events,
    care_enrolment_events, care_plans, care_targets, care_time_entries, care_time_decisions, care_move_events, care_packets, care_terms, care_invoices, care_invoice_lines, care_payments, care_receivables, care_month_events FROM caseload_app;
-- What a remittance said stays: lines, adjustments and ledger entries count on it.
REVOKE DELETE, TRUNCATE ON remittances, remittance_claims, remittance_lines, provider_adjustments, provider_balances,
    claims, care_month_claims FROM caseload_app;
-- What the forecast measured of itself is never changed; the oldest measurements go.
REVOKE UPDATE, TRUNCATE ON care_backtests FROM caseload_app;
REVOKE ALL ON migration FROM caseload_app;

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_log', 'audit_seals', 'claim_activities', 'work_item_events', 'adjustments',
                                'ledger_entries', 'acknowledgements', 'notes', 'enrolment_events', 'documents',
                                'deposit_day_events', 'patient_transactions', 'patient_allocations', 'claim_decisions',
                                'claim_transfers',
                                'denial_codes', 'denial_playbooks', 'denial_lines', 'appeal_levels', 'appeal_letters', 'appeal_events', 'appeal_outcomes',
                                'approval_decisions', 'approval_events', 'approval_limits', 'reassignment_events',
                                'audit_checklists', 'incident_events', 'float_events', 'attachments', 'attachment_removals', 'qa_audit_events', 'clock_rules', 'work_escalations', 'work_escalations_told', 'task_answers',
                                'rule_versions', 'global_rule_versions', 'rule_decisions', 'rule_faults',
                                'care_outreach', 'care_outreach_removals', 'care_other_time', 'care_time_sheet_events',
                                'care_enrolment_events', 'care_plans', 'care_targets', 'care_time_entries', 'care_time_decisions', 'care_move_events', 'care_packets', 'care_terms', 'care_invoices', 'care_invoice_lines', 'care_payments', 'care_receivables', 'care_month_events']
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %I', name);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I '
                       'FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
    END LOOP;
END $$;

-- Every posting balances: the rows of one INSERT (or COPY) sum to zero per posting. A posting is one statement.
CREATE OR REPLACE FUNCTION ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entered GROUP BY tenant_id, posting_id HAVING sum(amount_cents) <> 0) THEN
        RAISE EXCEPTION 'ledger posting does not sum to zero' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS sums_to_zero ON ledger_entries;
CREATE TRIGGER sums_to_zero AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_sums_to_zero();

-- Pages listen: "tenant:table", one per transaction whatever the number of rows. No ids, no PHI.
CREATE OR REPLACE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changed', coalesce(current_setting('app.tenant_id', true), '') || ':' || TG_TABLE_NAME);
    RETURN NULL;
END $$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['work_items', 'clock_rules', 'clock_runs', 'work_runs', 'work_views', 'attachments', 'attachment_removals', 'edi_files', 'claims', 'remittances', 'notes', 'edi_batches',
        'connections', 'connection_circuits', 'connection_trials', 'enrolments',
                                'documents',
                                'deposits', 'deposit_imports', 'deposit_days', 'patient_transactions', 'statement_runs',
                                'denials', 'appeals', 'incidents', 'provider_balances',
                                'approvals', 'reassignments', 'qa_audits', 'qa_audit_claims', 'float_assignments', 'float_proposals',
                                'employees', 'teams', 'absences', 'sheet_imports', 'rule_simulations', 'care_enrolments', 'care_plans', 'care_time_entries', 'care_timers', 'care_terms', 'care_invoices', 'care_receivables', 'care_forecast_days', 'care_backtests',
                                'care_outreach', 'care_tasks', 'care_other_time', 'care_time_sheets', 'care_months', 'care_close_schedules', 'care_optimisations', 'care_moves',
                                'rule_drafts', 'rule_versions']
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS announce_change ON %I', name);
        EXECUTE format('CREATE TRIGGER announce_change AFTER INSERT OR UPDATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION announce()', name);
    END LOOP;
END $$;
