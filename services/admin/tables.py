"""Which tables the admin shows, to whom, and which are hidden on purpose with the reason."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from piccolo.columns import Column
from piccolo.table import Table, create_table_class
from piccolo_admin.endpoints import OrderBy, TableConfig

from database.claims import ClaimRow
from database.edi import AcknowledgementRow, EdiBatchRow, EdiFileRow
from database.engine import ENGINE
from database.remittances import LedgerEntryRow, RemittanceClaimRow, RemittanceRow
from database.tenancy import AuditRow, MembershipRow, RoleRow
from database.work import WorkItemEventRow, WorkItemRow
from policies.permissions import Permission
from services.admin import forms
from services.admin.checking import hooks_for


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in the admin: what its reader must hold, whether it may be written, whether reads show PHI."""

    table: type[Table]
    permission: Permission
    group: str
    writable: bool = False
    phi: bool = False
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name in the database and in addresses."""
        return self.table._meta.tablename

    def config(self) -> TableConfig:
        """What Piccolo Admin is told."""
        every = [column._meta.name for column in self.table._meta.columns]
        visible = [self.table._meta.get_column_by_name(name) for name in self.columns or every]
        return TableConfig(
            table_class=self.table,
            visible_columns=visible,
            link_column=visible[0],
            # Ids grow with time: processes show the newest first, master data goes by name.
            order_by=[OrderBy(column=visible[0], ascending=self.writable)],
            menu_group=self.group,
            hooks=hooks_for(self.table) if self.writable else None,
        )


def _mirror(table: type[Table], names: Sequence[str]) -> type[Table]:
    """The table with these columns only: what is left out cannot be asked for. The first one identifies a row."""
    members: dict[str, Column] = {}
    for name in names:
        column = deepcopy(table._meta.get_column_by_name(name))
        members[name] = column
    return create_table_class(
        f"{table.__name__}Seen",
        class_kwargs={"tablename": table._meta.tablename, "db": ENGINE},
        class_members=members,
    )


def _seen(table: type[Table], permission: Permission, group: str, names: str, *, phi: bool = False) -> Shown:
    return Shown(_mirror(table, names.split()), permission, group, phi=phi)


_MASTER, _PROCESS, _TENANT = "Master data", "Processes (read-only)", "Tenant (read-only)"

SHOWN: dict[str, Shown] = {
    shown.name: shown
    for shown in (
        Shown(
            forms.ClientForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "npi", "tax_id", "city", "state", "active"),
        ),
        Shown(
            forms.ProviderForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("last_name", "first_name", "npi", "taxonomy", "client_id", "active"),
        ),
        Shown(
            forms.PayerForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=(
                "name",
                "payer_id",
                "claim_filing_code",
                "timely_filing_days",
                "connection_id",
                "active",
            ),
        ),
        Shown(
            forms.FeeScheduleForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "effective_from", "payer_id", "active"),
        ),
        Shown(
            forms.FeeScheduleLineForm,
            Permission.CLIENTS_MANAGE,
            _MASTER,
            writable=True,
            columns=("procedure", "modifier", "amount_cents", "fee_schedule_id"),
        ),
        Shown(
            forms.ConnectionForm,
            Permission.CONNECTIONS_MANAGE,
            _MASTER,
            writable=True,
            columns=("name", "host", "port", "username", "usage_indicator", "active"),
        ),
        _seen(
            ClaimRow,
            Permission.CLAIMS_VIEW,
            _PROCESS,
            "id reference client_id payer_id status step current_version ack_999 ack_clearinghouse ack_payer"
            " payer_claim_control_number adjudications outcome charge_cents paid_cents adjusted_cents patient_cents"
            " service_from service_to released_at sent_at closed_at created_at updated_at",
            phi=True,
        ),
        _seen(
            EdiFileRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id connection_id direction kind remote_name size status reason created_at finished_at",
        ),
        _seen(
            EdiBatchRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id connection_id file_id status interchange_number group_number reference claim_count charge_cents"
            " remote_name created_at sent_at acknowledged_at",
        ),
        _seen(
            AcknowledgementRow,
            Permission.EDI_VIEW,
            _PROCESS,
            "id claim_id file_id batch_id kind sender verdict category status_code payer_claim_control_number at",
        ),
        _seen(
            RemittanceRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id file_id ordinal payer_name payer_identifier trace payment_date payment_cents method status"
            " claims_paid_cents provider_adjustment_cents claim_count created_at",
        ),
        _seen(
            RemittanceClaimRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id remittance_id ordinal claim_id matched_by claim_number status_code charge_cents paid_cents"
            " patient_cents payer_claim_control_number outcome",
            phi=True,
        ),
        _seen(
            LedgerEntryRow,
            Permission.REMITTANCES_VIEW,
            _PROCESS,
            "id posting_id claim_id account amount_cents posted_at",
            phi=True,
        ),
        _seen(
            WorkItemRow,
            Permission.WORK_ASSIGN,
            _PROCESS,
            "id kind title priority status owner_id start_by due_at follow_up_at decision created_at taken_at finished_at",
        ),
        _seen(WorkItemEventRow, Permission.WORK_ASSIGN, _PROCESS, "id work_item_id at actor_name kind"),
        _seen(
            AuditRow,
            Permission.AUDIT_VIEW,
            _TENANT,
            "seq at actor_id actor_kind action subject_type subject_id outcome phi",
        ),
        _seen(RoleRow, Permission.ROLES_MANAGE, _TENANT, "id name description built_in version"),
        _seen(MembershipRow, Permission.USERS_MANAGE, _TENANT, "id user_id status job_title created_at"),
    )
}

# Whoever may write something here may come in; the tables above then ask for their own permission.
ENTRY = frozenset(str(shown.permission) for shown in SHOWN.values() if shown.writable)

_SEALED = "holds encrypted PHI: shown and changed through the API and the pages only"
_PART = "a part of its record, without an id of its own: shown on the record's page"
_PLATFORM = "belongs to the platform or to a person, not to a tenant"
_INNER = "keeps the program's own account of its work; people have nothing to do with it"

HIDDEN: dict[str, str] = {
    "absences": "entered under Team, where a substitute is checked",
    "adjustments": _PART,
    "api_tokens": "secrets: made once and revoked under Settings",
    "appeal_events": "shown with the appeal",
    "appeal_letters": _PART,
    "appeal_levels": "set under Denial playbooks, from a date",
    "appeal_outcomes": "what rates of success are made of: shown under Appeals",
    "appeals": _SEALED,
    "attachment_removals": "why a file was removed: shown beside the file",
    "attachments": _SEALED,
    "approval_decisions": _SEALED,
    "approval_events": "shown with the approval",
    "approval_limits": "dated rows, added under Approvals and never changed",
    "approvals": _SEALED,
    "audit_checklists": "dated rows, added under Quality and never changed",
    "audit_seals": "hashes for `caseload audit verify`, not for people",
    "bank_accounts": "kept under Deposits, where the number is hashed and never shown",
    "batch_requests": _INNER,
    "calendar_closed_days": _PART,
    "calendars": "set under Settings, where a week that never opens is refused",
    "care_coordinators": "set under Care, with the coordinator's skills beside it",
    "care_backtests": "what the forecast measured of itself: shown under Care",
    "care_close_schedules": "set under Care, Month-end",
    "care_credentials": "set under Care, from a day on",
    "care_enrolment_events": "consents among them: shown with the enrolment",
    "care_enrolment_steps": _INNER,
    "care_forecast_days": _INNER,
    "care_enrolments": "driven by their own process: shown and changed under Care",
    "care_move_events": _PART,
    "care_move_rows": _PART,
    "care_moves": _SEALED,
    "care_optimisations": _SEALED,
    "care_other_time": _SEALED,
    "care_outreach": _SEALED,
    "care_paycodes": "set while a sheet of staff is looked at",
    "care_outreach_removals": "why an attempt was taken back: shown beside it",
    "care_invoice_lines": _PART,
    "care_invoice_numbers": _INNER,
    "care_invoices": "shown and made under Care, Invoices",
    "care_payments": "shown and made under Care, Invoices",
    "care_receivables": "shown and made under Care, Invoices",
    "care_terms": "shown and made under Care, Invoices",
    "care_packets": "shown with the month and its document",
    "care_month_events": "shown with the month, and its reasons opened there",
    "care_month_claims": "made by the month-end: shown with the patient's month",
    "care_months": "driven by their own process: shown and closed under Care",
    "care_patient_months": "made by the month-end: shown with their month",
    "care_paces": _INNER,
    "care_plans": _SEALED,
    "care_practices": "set under Care, practice by practice",
    "care_profiles": "set on the patient's page under Care",
    "care_task_templates": "set under Care, programme by programme",
    "care_tasks": _SEALED,
    "care_scores": "made anew each day: shown under Care",
    "care_targets": "dated rows, added under Care by managers and never changed",
    "care_time_decisions": "shown with the time that was approved",
    "care_time_entries": _SEALED,
    "care_time_sheet_events": "shown with the time sheet",
    "care_time_sheets": "submitted and accepted under Care",
    "care_timers": "each person's own running clock",
    "claim_activities": "free text about a patient's claim: shown on the claim's page",
    "claim_decisions": _PART,
    "claim_findings": _PART,
    "claim_lines": _PART,
    "claim_practitioners": _PART,
    "claim_transfers": "what one payer left to the next: shown in the claim's ledger",
    "claim_versions": _PART,
    "clock_rules": "dated rows, added under Clocks with a reason and never changed",
    "clock_runs": "started and followed under Clocks",
    "clock_shards": _INNER,
    "connection_circuits": _INNER,
    "connection_trials": "shown on the connection's page, where it can be tried again",
    "control_numbers": "a number changed by hand would make a partner refuse every file",
    "coverages": _SEALED,
    "custom_fields": "kept under Rules, where a type that is in use cannot change",
    "custom_values": _SEALED,
    "denial_codes": "set under Denial playbooks, from a date",
    "denial_lines": _PART,
    "denial_models": _INNER,
    "denial_playbooks": "set under Denial playbooks, from a date",
    "denial_ticks": _PART,
    "denials": "made when a remittance is posted: shown under Denials",
    "deposit_day_events": "shown with the deposit day that was closed",
    "deposit_days": "closed under Deposits, where the three sums are compared",
    "deposit_imports": _SEALED,
    "deposit_matches": _PART,
    "deposits": _SEALED,
    "digests": _INNER,
    "documents": _SEALED,
    "drafts": _SEALED,
    "edi_batch_claims": _PART,
    "edi_deliveries": _INNER,
    "employee_skills": _PART,
    "employees": "kept under Team, with its import",
    "enrolment_events": "shown on the enrolment's page",
    "enrolment_requirements": "dated rows, added under Enrolments and never changed",
    "enrolment_steps": _INNER,
    "enrolments": "driven by their own process: shown and changed under Enrolments",
    "expected_answers": "seen and set under Submissions, where the reason is asked",
    "float_assignments": _SEALED,
    "float_events": "shown with the float assignment",
    "float_proposals": "shown under Float pool, with the candidates",
    "global_rule_versions": _PLATFORM,
    "idempotency_keys": _INNER,
    "incident_events": "shown with the incident, under Operations",
    "incidents": "shown under Operations, where they are retried and cancelled",
    "institutional_facts": _PART,
    "membership_roles": "granted under People, where nobody can lock out the last administrator",
    "note_mentions": "whom a note names: shown with the note",
    "notes": _SEALED,
    "notification_settings": "each person's own, set under Notifications",
    "notifications": "each person's own, shown at the bell",
    "outbox": _INNER,
    "patient_allocations": _PART,
    "patient_name_tokens": "keyed hashes for the search of patients",
    "patient_transactions": "what a patient paid: shown on the patient's account",
    "patients": _SEALED,
    "provider_adjustments": _PART,
    "provider_balances": "shown under Provider level, with every movement",
    "qa_audit_claims": _PART,
    "qa_audit_events": "shown with the audit",
    "qa_audits": _SEALED,
    "qa_findings": _SEALED,
    "qa_reviews": _PART,
    "qa_training": _SEALED,
    "reassignment_events": "shown with the move of work",
    "reassignment_rows": _PART,
    "reassignments": _SEALED,
    "registrations": _PLATFORM,
    "remittance_lines": _PART,
    "role_parents": "built under Roles, where cycles are refused",
    "routes": "set under Routing, where every payer keeps a way out",
    "rule_decisions": "what tables decided: shown under Rules",
    "rule_drafts": "edited under Rules, where every cell is checked",
    "rule_faults": "shown under Rules, at the version that met them",
    "rule_simulation_examples": _PART,
    "rule_simulations": "run under Rules, at the table that they are about",
    "rule_versions": "published under Rules, after their tests, and never changed",
    "sheet_headings": _INNER,
    "sheet_import_rows": _SEALED,
    "sheet_imports": _SEALED,
    "sign_ins": _PLATFORM,
    "skills": "kept under Team",
    "statement_claims": _PART,
    "statement_runs": "started and followed under Patient balances",
    "statements": "shown on the patient's account",
    "task_answers": _SEALED,
    "task_form_versions": "written and published under Rules, from a date",
    "task_forms": "kept under Rules",
    "teams": "kept under Team, where circles are refused",
    "tenant_keys": "the keys of everything that is encrypted",
    "tenants": _PLATFORM,
    "users": _PLATFORM,
    "work_escalations": "stages of clocks: shown in the item's history",
    "work_escalations_told": "who was told of them: shown to managers of care",
    "work_run_rows": "outcomes of a bulk run: shown under My work",
    "work_runs": _SEALED,
    "work_views": "kept under My work, where a filter is checked",
    "work_watchers": "shown on the item that is watched",
}
