"""The API as one Litestar application, mounted under `/api` by the composition root."""

from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import Middleware

from api import (
    approvals,
    attachments,
    balances,
    care,
    care_assignment,
    care_billing,
    care_day,
    care_forecast,
    care_invoices,
    care_months,
    care_packets,
    care_plans,
    care_sheets,
    care_team,
    changes,
    claims,
    clocks,
    denials,
    deposits,
    documents,
    edi,
    forms,
    insight,
    notes,
    notifications,
    operations,
    problems,
    quality,
    remittances,
    rules,
    sheets,
    simulations,
    submissions,
    work,
    work_views,
)
from api.admission import Admission, provide_actor
from api.answers import Answer, provide_expected_version, refuse_unknown_fields
from api.clientele import (
    clients,
    connection_setup,
    connections,
    coverages,
    enrolments,
    fee_schedules,
    patients,
    payers,
    providers,
    routing,
)
from api.document import completed, settings
from api.limits import Limits
from api.repeats import Repeats
from api.requests import on_every_answer
from api.tenancy import people, registrations, roles, session
from api.tenancy import settings as house
from api.workforce import float as floating
from api.workforce import people as workforce_people
from api.workforce import records as workforce
from services.live import Live

LARGEST_BODY = 4 * 1024 * 1024

CONTROLLERS: tuple[Any, ...] = (
    registrations.Registrations,
    session.Session,
    session.Tenants,
    house.House,
    changes.Changes,
    people.People,
    roles.Roles,
    house.Tokens,
    clients.Clients,
    providers.Providers,
    payers.Payers,
    patients.Patients,
    coverages.Coverages,
    fee_schedules.FeeSchedules,
    connections.Connections,
    connection_setup.ConnectionSetup,
    connection_setup.ConnectionTrials,
    connection_setup.ConnectionKeys,
    routing.Routes,
    enrolments.Enrolments,
    enrolments.EnrolmentRequirements,
    workforce_people.Employees,
    workforce_people.EmployeeFiles,
    workforce.Teams,
    workforce.Skills,
    workforce.Calendars,
    workforce.Absences,
    floating.FloatAssignments,
    floating.FloatPool,
    floating.FloatProposals,
    care.CareEnrolments,
    care_plans.CarePlans,
    care_team.CareTeam,
    care.CareTime,
    care.CareClock,
    care.CareSettings,
    care_assignment.CareAssignment,
    care_assignment.CareRosters,
    care_assignment.CareMoves,
    care_billing.CareBilling,
    care_months.CareMonths,
    care_months.CarePatientMonths,
    care_months.CareCloseSchedule,
    care_packets.CarePackets,
    care_invoices.CareInvoices,
    care_invoices.CarePayments,
    care_invoices.CareTerms,
    care_day.CareOutreach,
    care_day.CareTasks,
    care_day.CareTaskTemplates,
    care_sheets.CareTimeSheets,
    care_sheets.CareOtherTime,
    care_forecast.CareForecasts,
    sheets.Sheets,
    claims.Claims,
    claims.Codes,
    documents.Documents,
    operations.Processes,
    operations.Incidents,
    attachments.Attachments,
    edi.Files,
    edi.Batches,
    edi.Exchange,
    submissions.Submissions,
    remittances.Remittances,
    remittances.ProviderBalances,
    remittances.Ledger,
    deposits.Deposits,
    deposits.DepositDays,
    deposits.BankAccounts,
    deposits.BankFiles,
    balances.Balances,
    balances.Statements,
    insight.Insight,
    denials.Denials,
    denials.ClaimDenials,
    denials.Appeals,
    denials.Playbooks,
    denials.DenialTables,
    approvals.Approvals,
    approvals.Reassignments,
    quality.Audits,
    quality.AuditReviews,
    quality.AuditChecklists,
    rules.DecisionTables,
    forms.Forms,
    forms.CustomFields,
    simulations.Simulations,
    notifications.Notifications,
    work.Work,
    clocks.Clocks,
    notes.Notes,
    notes.Drafts,
    work_views.Views,
)


def build(*, base_domain: str, live: Live | None = None, limited: bool = True) -> Litestar:
    """The application. Tenants are the subdomains of `base_domain`; without `live` nothing can be watched.

    `limited` holds every tenant to the requests a minute of its plan.
    """
    middleware: list[Middleware] = [Admission(base_domain), *([Limits()] if limited else []), Repeats()]
    app = Litestar(
        route_handlers=list(CONTROLLERS),
        dependencies={
            "actor": Provide(provide_actor),
            "expected_version": Provide(provide_expected_version),
        },
        middleware=middleware,
        state=State({"live": live}),
        before_request=refuse_unknown_fields,
        before_send=[on_every_answer],
        exception_handlers=problems.handlers(),
        response_class=Answer,
        request_max_body_size=LARGEST_BODY,
        openapi_config=settings(),
        logging_config=None,
        debug=False,
    )
    completed(app)
    return app
