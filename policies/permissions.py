"""The permission catalogue."""

from enum import StrEnum


class Permission(StrEnum):
    """Every permission there is, alphabetical. Name: area, dot, verb; `view` reads, `manage` creates and changes.

    A permission that no default role holds is listed in `UNASSIGNED` with the reason.
    """

    AUDIT_VIEW = "audit.view"
    CLAIMS_AUDIT = "claims.audit"
    CLAIMS_CORRECT = "claims.correct"
    CLAIMS_CREATE = "claims.create"
    CLAIMS_SUBMIT = "claims.submit"
    CLAIMS_VIEW = "claims.view"
    CLIENTS_MANAGE = "clients.manage"
    CLIENTS_VIEW = "clients.view"
    CONNECTIONS_MANAGE = "connections.manage"
    CONNECTIONS_VIEW = "connections.view"
    DENIALS_WORK = "denials.work"
    EDI_BODY = "edi.body"
    EDI_VIEW = "edi.view"
    NOTES_ADD = "notes.add"
    PATIENTS_MANAGE = "patients.manage"
    PATIENTS_VIEW = "patients.view"
    REMITTANCES_RELEASE = "remittances.release"
    REMITTANCES_VIEW = "remittances.view"
    REPORTS_VIEW_ALL = "reports.view_all"
    ROLES_MANAGE = "roles.manage"
    TENANT_VIEW = "tenant.view"
    TOKENS_MANAGE = "tokens.manage"
    USERS_MANAGE = "users.manage"
    WORK_ASSIGN = "work.assign"
    WORK_TAKE = "work.take"
    WORK_VIEW = "work.view"


WORDS: dict[Permission, str] = {
    Permission.AUDIT_VIEW: "Read the audit trail",
    Permission.CLAIMS_AUDIT: "Audit claims for quality",
    Permission.CLAIMS_CORRECT: "Correct a claim and answer its hold, rejection or denial",
    Permission.CLAIMS_CREATE: "Create claims",
    Permission.CLAIMS_SUBMIT: "Release claims to the payer",
    Permission.CLAIMS_VIEW: "See claims",
    Permission.CLIENTS_MANAGE: "Set up clients, providers, payers and fee schedules",
    Permission.CLIENTS_VIEW: "See clients, providers, payers and fee schedules",
    Permission.CONNECTIONS_MANAGE: "Set up clearinghouse connections",
    Permission.CONNECTIONS_VIEW: "See clearinghouse connections",
    Permission.DENIALS_WORK: "Work denials",
    Permission.EDI_BODY: "Open the content of X12 files",
    Permission.EDI_VIEW: "See files, batches and acknowledgements",
    Permission.NOTES_ADD: "Add notes",
    Permission.PATIENTS_MANAGE: "Add and change patients and coverages",
    Permission.PATIENTS_VIEW: "See patients and coverages",
    Permission.REMITTANCES_RELEASE: "Decide on quarantined remittances",
    Permission.REMITTANCES_VIEW: "See remittances",
    Permission.REPORTS_VIEW_ALL: "See reports over the whole tenant",
    Permission.ROLES_MANAGE: "Build roles and grant them",
    Permission.TENANT_VIEW: "See the tenant's own page and checklist",
    Permission.TOKENS_MANAGE: "Make and revoke API tokens",
    Permission.USERS_MANAGE: "Invite people and end memberships",
    Permission.WORK_ASSIGN: "Assign and prioritise other people's work",
    Permission.WORK_TAKE: "Take and finish work",
    Permission.WORK_VIEW: "See the work queue",
}

# None today. An entry here says why no default role should hold it.
UNASSIGNED: dict[Permission, str] = {}
