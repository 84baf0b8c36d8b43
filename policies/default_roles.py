"""The roles that every new tenant starts with. They become the tenant's own rows and may be changed there."""

from dataclasses import dataclass

from policies.permissions import UNASSIGNED
from policies.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class DefaultRole:
    """A role as it is seeded: what it holds itself, and the names of the roles it inherits from."""

    name: str
    description: str
    permissions: tuple[P, ...]
    inherits_from: tuple[str, ...] = ()


_VIEW = (
    P.BALANCES_VIEW,
    P.CLAIMS_VIEW,
    P.CLIENTS_VIEW,
    P.DEPOSITS_VIEW,
    P.EDI_VIEW,
    P.ENROLMENTS_VIEW,
    P.PATIENTS_VIEW,
    P.REMITTANCES_VIEW,
    P.TENANT_VIEW,
    P.WORK_VIEW,
)

VIEW_ONLY = DefaultRole("View-Only", "Sees claims, files and remittances; changes nothing.", _VIEW)
BILLER = DefaultRole(
    "Biller",
    "Captures charges, corrects and releases claims.",
    (
        P.BALANCES_MANAGE,
        P.CLAIMS_CORRECT,
        P.CLAIMS_CREATE,
        P.CLAIMS_SUBMIT,
        P.DEPOSITS_MANAGE,
        P.DOCUMENTS_VIEW,
        P.EDI_BODY,
        P.ENROLMENTS_MANAGE,
        P.NOTES_ADD,
        P.PATIENTS_MANAGE,
        P.WORK_TAKE,
    ),
    ("View-Only",),
)
DENIAL_SPECIALIST = DefaultRole(
    "Denial Specialist",
    "Works denials: corrects, resubmits and appeals, adds notes; does not create claims.",
    (
        P.APPEALS_MANAGE,
        P.CLAIMS_CORRECT,
        P.DENIALS_WORK,
        P.DOCUMENTS_VIEW,
        P.EDI_BODY,
        P.NOTES_ADD,
        P.WORK_TAKE,
    ),
    ("View-Only",),
)
TEAM_LEAD = DefaultRole(
    "Team Lead",
    "A biller who also assigns work, works denials and sees the whole tenant's reports.",
    (
        P.APPEALS_MANAGE,
        P.APPROVALS_DECIDE,
        P.AUDITS_DECIDE,
        P.AUDITS_PLAN,
        P.CLOCKS_MANAGE,
        P.DENIALS_WORK,
        P.DEPOSITS_CLOSE,
        P.FLOAT_MANAGE,
        P.INCIDENTS_MANAGE,
        P.PLAYBOOKS_MANAGE,
        P.REMITTANCES_RELEASE,
        P.REPORTS_VIEW_ALL,
        P.RULES_MANAGE,
        P.RULES_VIEW,
        P.VIEWS_SHARE,
        P.WORKFORCE_VIEW,
        P.WORK_ASSIGN,
    ),
    ("Biller",),
)
QA_SPECIALIST = DefaultRole(
    "QA Specialist",
    "Plans audits and audits finished work.",
    (P.AUDITS_PLAN, P.CLAIMS_AUDIT, P.NOTES_ADD, P.WORK_TAKE),
    ("View-Only",),
)
TENANT_ADMIN = DefaultRole(
    "Tenant Admin",
    "Does everything in this tenant, and sets up people, roles, clients and connections.",
    # Its own, not inherited: narrowing another role must not narrow what an administrator can give back.
    tuple(permission for permission in P if permission not in UNASSIGNED),
)

CARE_COORDINATOR = DefaultRole(
    "Care Coordinator",
    "Looks after the patients of one roster: enrols them, calls them and records the time.",
    (
        P.CARE_RECORD,
        P.CARE_VIEW,
        P.DOCUMENTS_VIEW,
        P.NOTES_ADD,
        P.TENANT_VIEW,
        P.WORK_TAKE,
        P.WORK_VIEW,
    ),
)
CARE_MANAGER = DefaultRole(
    "Care Manager",
    "Leads coordinators: sees every patient in care, assigns, approves and sets up practices.",
    (
        P.APPROVALS_DECIDE,
        P.CARE_BILLING,
        P.CARE_CLOSE,
        P.CARE_MANAGE,
        P.CLIENTS_VIEW,
        P.FLOAT_MANAGE,
        P.PATIENTS_MANAGE,
        P.PATIENTS_VIEW,
        P.REPORTS_VIEW_ALL,
        P.WORKFORCE_MANAGE,
        P.WORKFORCE_VIEW,
        P.WORK_ASSIGN,
    ),
    ("Care Coordinator",),
)
BILLING_STAFF = DefaultRole(
    "Billing Staff",
    "Bills closed months: sees minutes, codes and evidence of care, works its claims and invoices; never notes.",
    (
        P.CARE_BILLING,
        P.CARE_CLOSE,
        P.INVOICES_MANAGE,
        P.INVOICES_VIEW,
    ),
    ("Biller",),
)

# Seeded for a billing company, parents before those who inherit from them.
DEFAULT_ROLES = (VIEW_ONLY, BILLER, TEAM_LEAD, QA_SPECIALIST, TENANT_ADMIN)
# For a company that coordinates care: Biller is there because Billing Staff inherits from it.
CARE_ROLES = (VIEW_ONLY, BILLER, CARE_COORDINATOR, CARE_MANAGER, BILLING_STAFF, TENANT_ADMIN)
# Templates that a tenant may add with one click, unless it has a role of that name.
SUGGESTED_ROLES = (
    DENIAL_SPECIALIST,
    TEAM_LEAD,
    QA_SPECIALIST,
    CARE_COORDINATOR,
    CARE_MANAGER,
    BILLING_STAFF,
)


def roles_for(kind: str) -> tuple[DefaultRole, ...]:
    """The roles of a new tenant by its kind. A clinic bills, and starts as a billing company does."""
    return CARE_ROLES if kind == "care" else DEFAULT_ROLES
