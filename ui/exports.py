"""The lists that leave: `/export/NAME.xlsx` and `/export/NAME.csv` with the filters of the page they stand on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.paging import Page
from domain.rules.custom_fields import Subject
from domain.sheets.kinds import CARE_KINDS
from domain.tenancy import Actor
from ui.approvals import exports as approvals
from ui.balances import exports as balances
from ui.care import assignment_exports as assignments
from ui.care import code_card as care_codes
from ui.care import day_exports as care_day
from ui.care import exports as care
from ui.care import forecast_export
from ui.care import invoice_exports as care_invoices
from ui.care import month_exports as care_months
from ui.care import settings_exports as care_settings
from ui.care import sheet_exports as care_sheets
from ui.care import team_exports as care_team
from ui.claims import export as claims
from ui.claims.listing import pages_of as claim_pages
from ui.denials import exports as denials
from ui.deposits import exports as deposits
from ui.edi import exports as edi
from ui.insight import exports as insight
from ui.operations import export as operations
from ui.parts.spreadsheets import Extra, csv_of
from ui.parts.workbook import xlsx_of
from ui.quality import exports as quality
from ui.rules import decisions as rules_decisions
from ui.rules import exports as rules
from ui.sheets import exports as sheets
from ui.work import board_export as due_today
from ui.work import clock_export
from ui.work import exports as work
from ui.workforce import export as workforce
from ui.workforce import float_export as floating

Query = dict[str, str]
Parts = tuple[
    tuple[str, ...], Callable[[str | None, int], Awaitable[Page[Any]]], Callable[[Any], Iterable[object]]
]


@dataclass(frozen=True, slots=True)
class Export:
    """One list: its headings, its pages for an asker and a filter, and the cells of a row."""

    headings: tuple[str, ...]
    pages: Callable[[Actor, Query, str | None, int], Awaitable[Page[Any]]]
    cells: Callable[[Any], Iterable[object]]
    columns: Callable[[Actor, Query], Awaitable[list[Extra]]] | None = None

    async def refuse_early(self, actor: Actor, query: Query) -> None:
        """Ask for one row, so that a refusal comes before the answer has begun."""
        await self.pages(actor, query, None, 1)

    async def csv(self, actor: Actor, query: Query) -> AsyncIterator[str]:
        """The rows as CSV, page by page."""
        async for part in csv_of(*await self._parts(actor, query)):
            yield part

    async def xlsx(self, actor: Actor, query: Query, title: str) -> AsyncIterator[bytes]:
        """The rows as a workbook, moments in the asker's zone."""
        async for part in xlsx_of(title, actor.time_zone, *await self._parts(actor, query)):
            yield part

    async def _parts(self, actor: Actor, query: Query) -> Parts:
        """Headings, pages and cells, with the columns that the tenant added."""
        added = await self.columns(actor, query) if self.columns else []
        return (
            (*self.headings, *(one.heading for one in added)),
            lambda cursor, size: self.pages(actor, query, cursor, size),
            lambda line: (*self.cells(line), *(one.cell(line) for one in added)),
        )


EXPORTS: dict[str, Export] = {
    **{f"template-{kind.value}": Export(*sheets.template(kind)) for kind in CARE_KINDS},
    "sheets": Export(sheets.SHEETS, sheets.sheet_pages, sheets.sheet_cells),
    "sheet-faults": Export(sheets.FAULTS, sheets.fault_pages, sheets.fault_cells, sheets.fault_columns),
    "approvals": Export(approvals.HEADINGS, approvals.pages, approvals.cells),
    "reassignments": Export(approvals.MOVES, approvals.move_pages, approvals.move_cells),
    "moved-items": Export(approvals.MOVED, approvals.row_pages, approvals.row_cells),
    "processes": Export(operations.PROCESSES, operations.process_pages, operations.process_cells),
    "incidents": Export(operations.INCIDENTS, operations.incident_pages, operations.incident_cells),
    "time": Export(operations.TIME, operations.time_pages, operations.time_cells),
    "care-capacities": Export(
        assignments.COORDINATORS, assignments.coordinator_pages, assignments.coordinator_cells
    ),
    "care-unassigned": Export(
        assignments.UNASSIGNED, assignments.unassigned_pages, assignments.unassigned_cells
    ),
    "care-optimised": Export(assignments.OPTIMISED, assignments.optimised_pages, assignments.optimised_cells),
    "care-optimised-rosters": Export(
        assignments.BEFORE_AND_AFTER, assignments.roster_pages, assignments.roster_cells
    ),
    "care-optimisations": Export(
        assignments.RECKONINGS, assignments.reckoning_pages, assignments.reckoning_cells
    ),
    "care-practices": Export(
        care_settings.PRACTICES, care_settings.practice_pages, care_settings.practice_cells
    ),
    "care-credentials": Export(
        care_settings.CREDENTIALS, care_settings.credential_pages, care_settings.credential_cells
    ),
    "care-templates": Export(
        care_settings.TEMPLATES, care_settings.template_pages, care_settings.template_cells
    ),
    "care-moves": Export(assignments.MOVES, assignments.move_pages, assignments.move_cells),
    "care-moved": Export(assignments.MOVED, assignments.moved_pages, assignments.moved_cells),
    "care": Export(care.HEADINGS, care.pages, care.cells),
    "care-forecast": Export(forecast_export.HEADINGS, forecast_export.pages, forecast_export.cells),
    "care-coordinators": Export(forecast_export.CREW, forecast_export.crew_pages, forecast_export.crew_cells),
    "care-invoices": Export(care_invoices.HEADINGS, care_invoices.pages, care_invoices.cells),
    "care-invoice-lines": Export(
        care_invoices.LINE_HEADINGS, care_invoices.line_pages, care_invoices.line_cells
    ),
    "care-invoice-month": Export(
        care_invoices.DRAFT_HEADINGS, care_invoices.draft_pages, care_invoices.draft_cells
    ),
    "care-payments": Export(
        care_invoices.PAYMENT_HEADINGS, care_invoices.payment_pages, care_invoices.payment_cells
    ),
    "care-ageing": Export(
        care_invoices.AGEING_HEADINGS, care_invoices.ageing_pages, care_invoices.ageing_cells
    ),
    "care-months": Export(care_months.MONTH_HEADINGS, care_months.month_pages, care_months.month_cells),
    "care-month-patients": Export(
        care_months.PATIENT_HEADINGS, care_months.patient_pages, care_months.patient_cells
    ),
    "care-codes": Export(care_codes.HEADINGS, care_codes.code_pages, care_codes.code_cells),
    "care-enrolments": Export(care_day.ENROLMENTS, care_day.enrolment_pages, care_day.enrolment_cells),
    "care-team": Export(care_team.COORDINATORS, care_team.coordinator_pages, care_team.coordinator_cells),
    "care-team-patients": Export(care_team.HEAVY, care_team.heavy_pages, care_team.heavy_cells),
    "care-team-days": Export(care_team.DAYS, care_team.day_pages, care_team.day_cells),
    "care-team-entries": Export(care_team.ENTRIES, care_team.entry_pages, care_team.entry_cells),
    "care-targets": Export(care_team.TARGETS, care_team.target_pages, care_team.target_cells),
    "care-outreach": Export(care_day.OUTREACH, care_day.outreach_pages, care_day.outreach_cells),
    "care-tasks": Export(care_day.TASKS, care_day.task_pages, care_day.task_cells),
    "time-sheet": Export(care_sheets.SHEET, care_sheets.entry_pages, care_sheets.entry_cells),
    "time-sheets": Export(care_sheets.SHEETS, care_sheets.sheet_pages, care_sheets.sheet_cells),
    "clock-rules": Export(clock_export.HEADINGS, clock_export.pages, clock_export.cells),
    "due-today": Export(due_today.HEADINGS, due_today.pages, due_today.cells),
    "work": Export(work.WORK, work.work_pages, work.work_cells),
    "bulk-run": Export(work.RUN, work.run_pages, work.run_cells),
    "employees": Export(
        workforce.HEADINGS, workforce.pages, workforce.cells, rules.custom_columns(Subject.EMPLOYEE)
    ),
    "form-answers": Export(rules.ANSWERS, rules.answer_pages, rules.answer_cells, rules.answer_columns),
    "float-assignments": Export(floating.HEADINGS, floating.pages, floating.cells),
    "float-proposals": Export(floating.PROPOSALS, floating.proposal_pages, floating.proposal_cells),
    "deposit-days": Export(deposits.DAYS, deposits.day_pages, deposits.day_cells),
    "deposits": Export(deposits.DEPOSITS, deposits.deposit_pages, deposits.deposit_cells),
    "audit-findings": Export(quality.HEADINGS, quality.pages, quality.cells),
    "training-needs": Export(quality.TRAINING_HEADINGS, quality.training_pages, quality.training_cells),
    "decisions": Export(rules_decisions.HEADINGS, rules_decisions.pages, rules_decisions.cells),
    "patient-balances": Export(balances.HEADINGS, balances.pages, balances.cells),
    "denials": Export(denials.DENIALS, denials.denial_pages, denials.denial_cells),
    "appeals": Export(denials.APPEALS, denials.appeal_pages, denials.appeal_cells),
    "claims": Export(claims.HEADINGS, claim_pages, claims.cells, rules.custom_columns(Subject.CLAIM)),
    "payers": Export(insight.PAYERS, insight.payer_pages, insight.payer_cells),
    "submissions": Export(edi.SUBMISSIONS, edi.submission_pages, edi.submission_cells),
    "underpayments": Export(insight.UNDERPAYMENTS, insight.underpayment_pages, insight.underpayment_cells),
}
