"""The permission catalogue."""

from enum import StrEnum


class Permission(StrEnum):
    """Every permission there is, alphabetical. Name: area, dot, verb; `view` reads, `manage` creates and changes.

    A permission that no default role holds is listed in `UNASSIGNED` with the reason.
    """

    APPEALS_MANAGE = "appeals.manage"
    APPROVALS_DECIDE = "approvals.decide"
    AUDITS_DECIDE = "audits.decide"
    AUDITS_PLAN = "audits.plan"
    AUDIT_VIEW = "audit.view"
    BALANCES_MANAGE = "balances.manage"
    BALANCES_VIEW = "balances.view"
    CARE_BILLING = "care.billing"
    CARE_CLOSE = "care.close"
    CARE_MANAGE = "care.manage"
    CARE_RECORD = "care.record"
    CARE_VIEW = "care.view"
    CLAIMS_AUDIT = "claims.audit"
    CLAIMS_CORRECT = "claims.correct"
    CLAIMS_CREATE = "claims.create"
    CLAIMS_SUBMIT = "claims.submit"
    CLAIMS_VIEW = "claims.view"
    CLIENTS_MANAGE = "clients.manage"
    CLIENTS_VIEW = "clients.view"
    CLOCKS_MANAGE = "clocks.manage"
    CONNECTIONS_MANAGE = "connections.manage"
    CONNECTIONS_VIEW = "connections.view"
    DENIALS_WORK = "denials.work"
    DEPOSITS_CLOSE = "deposits.close"
    DEPOSITS_MANAGE = "deposits.manage"
    DEPOSITS_VIEW = "deposits.view"
    DOCUMENTS_VIEW = "documents.view"
    EDI_BODY = "edi.body"
    EDI_VIEW = "edi.view"
    ENROLMENTS_MANAGE = "enrolments.manage"
    ENROLMENTS_VIEW = "enrolments.view"
    FLOAT_MANAGE = "float.manage"
    INCIDENTS_MANAGE = "incidents.manage"
    INVOICES_MANAGE = "invoices.manage"
    INVOICES_VIEW = "invoices.view"
    NOTES_ADD = "notes.add"
    PATIENTS_MANAGE = "patients.manage"
    PATIENTS_VIEW = "patients.view"
    PLAYBOOKS_MANAGE = "playbooks.manage"
    REMITTANCES_RELEASE = "remittances.release"
    REMITTANCES_VIEW = "remittances.view"
    REPORTS_VIEW_ALL = "reports.view_all"
    ROLES_MANAGE = "roles.manage"
    RULES_MANAGE = "rules.manage"
    RULES_PUBLISH = "rules.publish"
    RULES_VIEW = "rules.view"
    TENANT_VIEW = "tenant.view"
    TOKENS_MANAGE = "tokens.manage"
    USERS_MANAGE = "users.manage"
    VIEWS_SHARE = "views.share"
    WORKFORCE_MANAGE = "workforce.manage"
    WORKFORCE_VIEW = "workforce.view"
    WORK_ASSIGN = "work.assign"
    WORK_TAKE = "work.take"
    WORK_VIEW = "work.view"


WORDS: dict[Permission, str] = {
    Permission.APPEALS_MANAGE: "Start, send and answer appeals",
    Permission.APPROVALS_DECIDE: "Approve or refuse what others ask for",
    Permission.AUDITS_DECIDE: "Decide on disputed findings",
    Permission.AUDITS_PLAN: "Plan audits and see their results",
    Permission.AUDIT_VIEW: "Read the audit trail",
    Permission.BALANCES_MANAGE: "Send statements, take patient payments and write off small balances",
    Permission.BALANCES_VIEW: "See patients' balances, statements and payments",
    Permission.CARE_BILLING: "See what billing needs of care: minutes, codes and evidence, never notes",
    Permission.CARE_CLOSE: "Close months of care, and ask for one to be reopened",
    Permission.CARE_MANAGE: "See every patient in care, assign coordinators and set up practices",
    Permission.CARE_RECORD: "Enrol patients and record time, for one's own roster",
    Permission.CARE_VIEW: "See patients in care: one's own roster, or all with care.manage",
    Permission.CLAIMS_AUDIT: "Audit claims for quality",
    Permission.CLAIMS_CORRECT: "Correct a claim and answer its hold, rejection or denial",
    Permission.CLAIMS_CREATE: "Create claims",
    Permission.CLAIMS_SUBMIT: "Release claims to the payer",
    Permission.CLAIMS_VIEW: "See claims",
    Permission.CLIENTS_MANAGE: "Set up clients, providers, payers and fee schedules",
    Permission.CLIENTS_VIEW: "See clients, providers, payers and fee schedules",
    Permission.CLOCKS_MANAGE: "Set calendars, clocks and escalations",
    Permission.CONNECTIONS_MANAGE: "Set up clearinghouse connections",
    Permission.CONNECTIONS_VIEW: "See clearinghouse connections",
    Permission.DENIALS_WORK: "Work denials",
    Permission.DEPOSITS_CLOSE: "Close a deposit day",
    Permission.DEPOSITS_MANAGE: "Enter deposits, import bank files and match them",
    Permission.DEPOSITS_VIEW: "See deposits and their matches",
    Permission.DOCUMENTS_VIEW: "Open letters, statements and proofs",
    Permission.EDI_BODY: "Open the content of X12 files",
    Permission.EDI_VIEW: "See files, batches and acknowledgements",
    Permission.ENROLMENTS_MANAGE: "Enrol clients with payers",
    Permission.ENROLMENTS_VIEW: "See enrolments with payers",
    Permission.FLOAT_MANAGE: "Assign people of the float pool",
    Permission.INCIDENTS_MANAGE: "Retry, mend or cancel processes that are stuck",
    Permission.INVOICES_MANAGE: "Invoice practices, credit them and record their payments",
    Permission.INVOICES_VIEW: "See practices' invoices and what is open",
    Permission.NOTES_ADD: "Add notes",
    Permission.PATIENTS_MANAGE: "Add and change patients and coverages",
    Permission.PATIENTS_VIEW: "See patients and coverages",
    Permission.PLAYBOOKS_MANAGE: "Set up denial classes, playbooks and letters",
    Permission.REMITTANCES_RELEASE: "Decide on quarantined remittances",
    Permission.REMITTANCES_VIEW: "See remittances",
    Permission.REPORTS_VIEW_ALL: "See reports over the whole tenant",
    Permission.ROLES_MANAGE: "Build roles and grant them",
    Permission.RULES_MANAGE: "Write and test decision tables and forms",
    Permission.RULES_PUBLISH: "Put decision tables into force and back",
    Permission.RULES_VIEW: "See decision tables and what they decided",
    Permission.TENANT_VIEW: "See the tenant's own page and checklist",
    Permission.TOKENS_MANAGE: "Make and revoke API tokens",
    Permission.USERS_MANAGE: "Invite people and end memberships",
    Permission.VIEWS_SHARE: "Share saved views with a team",
    Permission.WORKFORCE_MANAGE: "Set up employees, teams, skills and absences",
    Permission.WORKFORCE_VIEW: "See employees, teams, skills and who is away",
    Permission.WORK_ASSIGN: "Assign and prioritise other people's work",
    Permission.WORK_TAKE: "Take and finish work",
    Permission.WORK_VIEW: "See the work queue",
}

# None today. An entry here says why no default role should hold it.
UNASSIGNED: dict[Permission, str] = {}
