"""Every address of the web process: the pages as they are registered, what else needs a sign-in, and what needs none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import ui.pages  # noqa: F401 - registers the pages
from policies.permissions import Permission
from tests.ui.browsing import Browser, Shown
from ui.page import ROUTES

# Pages that every member may open, each with the reason.
FOR_EVERY_MEMBER = {
    "/notifications": "one's own: nobody else's can be seen there",
    "/notifications/settings": "one's own choices",
    "/notifications/{notification_id}": "one's own: another's is not there",
    "/away": "one's own time away: nobody else's can be seen or entered there",
    "/": "shows of each area what the person may see, or why not",
    "/settings": "leads to the places that the person may open",
}

# Addresses that need nobody signed in, each with the reason.
OPEN = {
    "GET /api/health": "a probe",
    "GET /look/{digest}.css": "the style sheet",
    "GET /look/{digest}.js": "the keys of sheets",
    "GET /sign-in": "the way in",
    "POST /sign-in": "the way in",
    "POST /sign-out": "gives back whatever sign-in there is",
    "POST /join": "takes the code of an invitation, and the person's own living sign-in",
    "GET /enter": "takes a ticket that a signed-in person was given",
    "GET /register": "becoming a tenant",
    "POST /register": "becoming a tenant",
    "GET /register/{registration_id}": "the progress of one's own registration, under an id that nobody guesses",
    "GET /tenants": "shows the person's own tenants, or leads to the sign-in",
    "POST /switch/{subdomain}": "leads to one of the person's own tenants, or to the sign-in",
    "GET /{anything:path}": "says that there is no such page",
}


# Parameters of paths that name no record.
FIXED = {"process_kind": "claim", "table_code": "denial_playbooks"}


def known_name(parameter: str) -> str:
    """What a furnished tenant calls the record that a parameter of a path names."""
    return {"payer": "payer_id", "schedule_id": "fee_schedule_id"}.get(parameter, parameter)


@dataclass(frozen=True)
class Closed:
    """An address behind a sign-in. `permission` None: every member may ask."""

    method: str
    path: str
    permission: Permission | None
    page: bool
    sent: Callable[[dict[str, UUID]], dict[str, Any]] = lambda ids: {}

    @property
    def names(self) -> list[str]:
        """The parameters of the path."""
        return [name for name in re.findall(r"\{(\w+)\}", self.path) if name not in FIXED]

    def address(self, ids: dict[str, UUID]) -> str:
        """The path with these ids."""
        path = self.path
        for name, value in FIXED.items():
            path = path.replace("{" + name + "}", value)
        for name in self.names:
            path = path.replace("{" + name + "}", str(ids[known_name(name)]))
        return path

    def tells_ids(self) -> bool:
        """Whether it refers to a record, in its path or in what is sent."""
        return bool(self.names) or self.path in ("/upload/edi", "/upload/bank", "/upload/attachment")

    async def ask(self, browser: Browser, ids: dict[str, UUID]) -> Shown:
        """Ask for it."""
        if self.method == "GET":
            return await browser.get(self.address(ids))
        return await browser.post(self.address(ids), **self.sent(ids))


def _file(ids: dict[str, UUID]) -> dict[str, Any]:
    return {"files": {"file": ("x.999", b"ISA*00*")}, "data": {"connection": str(ids["connection_id"])}}


def _bank_file(ids: dict[str, UUID]) -> dict[str, Any]:
    return {"files": {"file": ("x.csv", b"Date,Amount")}, "data": {"account": str(ids["account_id"])}}


def _sheet(ids: dict[str, UUID]) -> dict[str, Any]:
    return {"files": {"file": ("x.csv", b"Number,Name")}}


def _packet(ids: dict[str, UUID]) -> dict[str, Any]:
    return {"files": {"file": ("x.pdf", b"%PDF-1.7")}}


def _roster(ids: dict[str, UUID]) -> dict[str, Any]:
    return {"files": {"file": ("x.csv", b"Account,DOB")}, "data": {"kind": "patients"}}


_KINDS = {
    "patients": Permission.PATIENTS_MANAGE,
    "staff": Permission.WORKFORCE_MANAGE,
    "consents": Permission.CARE_MANAGE,
    "minutes": Permission.CARE_MANAGE,
}


def _attachment(ids: dict[str, UUID]) -> dict[str, Any]:
    headers = {"x-subject-type": "claim", "x-subject-id": str(ids["claim_id"]), "x-file-name": "x.txt"}
    return {"content": b"A note", "headers": headers}


OTHERS = (
    *(Closed("GET", f"/export/template-{kind}.csv", needed, page=False) for kind, needed in _KINDS.items()),
    Closed("GET", "/export/sheets.csv?kind=patients", Permission.PATIENTS_MANAGE, page=False),
    Closed("GET", "/export/sheet-faults.csv?sheet={sheet_import_id}", Permission.PATIENTS_MANAGE, page=False),
    Closed("POST", "/upload/sheet", Permission.PATIENTS_MANAGE, page=False, sent=_roster),
    Closed("GET", "/export/approvals.csv", Permission.WORK_VIEW, page=False),
    Closed("GET", "/export/reassignments.csv", Permission.WORK_ASSIGN, page=False),
    Closed("GET", "/export/moved-items.csv?move={reassignment_id}", Permission.WORK_ASSIGN, page=False),
    Closed("GET", "/export/work.csv", Permission.WORK_VIEW, page=False),
    Closed("GET", "/export/bulk-run.csv?run={bulk_run_id}", Permission.WORK_VIEW, page=False),
    # Of whoever sees the subject: here a claim.
    Closed("GET", "/attachments/{attachment_id}", Permission.CLAIMS_VIEW, page=False),
    Closed("POST", "/upload/attachment", Permission.NOTES_ADD, page=False, sent=_attachment),
    Closed("POST", "/upload/packet", Permission.DOCUMENTS_VIEW, page=False, sent=_packet),
    Closed("GET", "/export/care.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-forecast.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-coordinators.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-capacities.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-unassigned.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-optimised.csv?run={optimisation_id}", Permission.CARE_MANAGE, page=False),
    Closed(
        "GET",
        "/export/care-optimised-rosters.csv?run={optimisation_id}",
        Permission.CARE_MANAGE,
        page=False,
    ),
    Closed("GET", "/export/care-optimisations.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-practices.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-credentials.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-templates.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-moves.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-moved.csv?move={care_move_id}", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-enrolments.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-outreach.csv?care={care_id}", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/care-codes.csv?month=2026-11", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-team.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-team-patients.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-team-days.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-team-entries.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-targets.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-tasks.csv", Permission.CARE_VIEW, page=False),
    Closed("GET", "/export/time-sheet.csv", Permission.CARE_RECORD, page=False),
    Closed("GET", "/export/time-sheets.csv", Permission.CARE_MANAGE, page=False),
    Closed("GET", "/export/care-ageing.csv", Permission.INVOICES_VIEW, page=False),
    Closed(
        "GET", "/export/care-invoice-lines.csv?invoice={invoice_id}", Permission.INVOICES_VIEW, page=False
    ),
    Closed("GET", "/export/care-invoices.csv", Permission.INVOICES_VIEW, page=False),
    Closed("GET", "/export/care-invoice-month.csv?month=2025-12", Permission.INVOICES_VIEW, page=False),
    Closed("GET", "/export/care-payments.csv", Permission.INVOICES_VIEW, page=False),
    Closed("GET", "/export/care-months.csv", Permission.CARE_BILLING, page=False),
    Closed("GET", "/export/care-month-patients.csv?month=2026-01", Permission.CARE_BILLING, page=False),
    Closed("GET", "/export/clock-rules.csv", Permission.CLOCKS_MANAGE, page=False),
    Closed("GET", "/export/due-today.csv", Permission.WORK_ASSIGN, page=False),
    Closed("GET", "/export/form-answers.csv?form={form_id}", Permission.WORK_ASSIGN, page=False),
    Closed("GET", "/export/employees.csv", Permission.WORKFORCE_VIEW, page=False),
    Closed("GET", "/export/float-assignments.csv", Permission.WORK_VIEW, page=False),
    Closed("GET", "/export/float-proposals.csv", Permission.FLOAT_MANAGE, page=False),
    Closed("POST", "/upload/employees", Permission.WORKFORCE_MANAGE, page=False, sent=_sheet),
    Closed("GET", "/export/deposit-days.csv", Permission.DEPOSITS_VIEW, page=False),
    Closed("GET", "/export/deposits.csv", Permission.DEPOSITS_VIEW, page=False),
    Closed("GET", "/export/patient-balances.csv", Permission.BALANCES_VIEW, page=False),
    Closed("POST", "/upload/bank", Permission.DEPOSITS_MANAGE, page=False, sent=_bank_file),
    Closed("GET", "/export/decisions.csv", Permission.RULES_VIEW, page=False),
    Closed("GET", "/export/decision-table.csv?table=clocks", Permission.RULES_VIEW, page=False),
    Closed("GET", "/export/decision-table.json?table=clocks", Permission.RULES_VIEW, page=False),
    Closed("GET", "/export/audit-findings.csv", Permission.AUDITS_PLAN, page=False),
    Closed("GET", "/export/training-needs.csv", Permission.AUDITS_PLAN, page=False),
    Closed("GET", "/export/processes.csv", Permission.WORK_VIEW, page=False),
    Closed("GET", "/export/incidents.csv", Permission.INCIDENTS_MANAGE, page=False),
    Closed("GET", "/export/time.csv", Permission.REPORTS_VIEW_ALL, page=False),
    Closed("GET", "/export/appeals.csv", Permission.CLAIMS_VIEW, page=False),
    Closed("GET", "/export/claims.csv", Permission.CLAIMS_VIEW, page=False),
    Closed("GET", "/export/denials.csv", Permission.CLAIMS_VIEW, page=False),
    Closed("GET", "/export/payers.csv", Permission.REPORTS_VIEW_ALL, page=False),
    Closed("GET", "/export/submissions.csv", Permission.CLAIMS_VIEW, page=False),
    Closed("GET", "/export/underpayments.csv", Permission.REPORTS_VIEW_ALL, page=False),
    Closed("GET", "/export/files/{file_id}", Permission.EDI_BODY, page=False),
    Closed("GET", "/documents/{document_id}", Permission.DOCUMENTS_VIEW, page=False),
    Closed("POST", "/upload/edi", Permission.CONNECTIONS_MANAGE, page=False, sent=_file),
)
# Piccolo Admin answers a missing sign-in itself, and is tried table by table in tests/admin.
ADMIN = Closed("GET", "/admin/", Permission.CLIENTS_MANAGE, page=False)


def lists() -> list[Closed]:
    """Every list that leaves, once for each form of file."""
    found = [one for one in OTHERS if re.fullmatch(r"/export/[\w-]+\.csv(\?.*)?", one.path)]
    rows = [one for one in found if not one.path.startswith("/export/decision-table.")]
    return [*rows, *(replace(one, path=one.path.replace(".csv", ".xlsx", 1)) for one in rows)]


def pages() -> Iterator[Closed]:
    """Every registered page."""
    for route in ROUTES:
        yield Closed("GET", route.page.path, route.page.permission, page=True)


def closed() -> list[Closed]:
    """Every address that needs a sign-in."""
    sheets = [one for one in lists() if ".xlsx" in one.path]
    return [*pages(), *OTHERS, *sheets, ADMIN]
