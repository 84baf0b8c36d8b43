"""The lists that leave: `/export/NAME.xlsx` and `/export/NAME.csv` with the filters of the page they stand on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.paging import Page
from domain.rules.custom_fields import Subject
from domain.sheets.kinds import CARE_KINDS
from domain.tenancy import Actor
from services.claims import catalogue
from services.claims.views import ClaimLine
from services.denials import appeals, worklist
from services.denials.views import AppealLine, DenialLine
from services.edi import submissions
from services.edi.submission_views import AwaitedLine
from services.insight import payers, underpayments
from services.insight.payers import PayerBehaviour
from services.insight.underpayments import Underpayment
from ui.approvals import exports as approvals
from ui.balances import exports as balances
from ui.care import assignment_exports as assignments
from ui.care import day_exports as care_day
from ui.care import exports as care
from ui.care import forecast_export
from ui.care import invoice_exports as care_invoices
from ui.care import month_exports as care_months
from ui.care import sheet_exports as care_sheets
from ui.care import team_exports as care_team
from ui.care.enrolments import listed as everybody_in_care
from ui.claims import export as claims
from ui.claims.listing import filters_of
from ui.denials.listing import class_of, stage_of, status_of
from ui.deposits import exports as deposits
from ui.edi.submissions import wanted_of
from ui.operations import export as operations
from ui.page import optional_identifier
from ui.parts.money import decimal
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


async def _claims(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[ClaimLine]:
    return await catalogue.list_claims(actor, **filters_of(query), cursor=cursor, limit=size)


async def _submissions(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[AwaitedLine]:
    return await submissions.awaited(actor, wanted_of(query), cursor=cursor, limit=size)


def _submission(line: AwaitedLine) -> tuple[object, ...]:
    times = (line.sent_at, line.expected_by, line.late)
    names = (line.reference, line.claim_number, line.payer_name, line.connection_name, line.answer_label)
    return *names, *times, line.filing_limit, decimal(line.charge_cents)


async def _payers(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[PayerBehaviour]:
    asked = query.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 90
    return Page(await payers.payers_behaviour(actor, days=days))


def _payer(line: PayerBehaviour) -> tuple[object, ...]:
    rated = line.denial_rate
    figures = map(decimal, (line.refused_cents, line.charged_cents, line.paid_cents))
    days = (line.median_days, line.slow_days)
    return line.name, line.number, rated.whole, rated.part, *figures, *days, line.rejected


async def _underpayments(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[Underpayment]:
    return await underpayments.underpayments(
        actor,
        payer_id=optional_identifier(query.get("payer", "")),
        in_time=query.get("in_time") == "1",
        cursor=cursor,
        limit=size,
    )


def _underpayment(line: Underpayment) -> tuple[object, ...]:
    code = " ".join((line.procedure, *line.modifiers))
    dates = (line.service_from, line.paid_on)
    figures = map(decimal, (line.allowed_cents, line.contracted_cents, line.recoverable_cents))
    return line.reference, line.line, line.payer_name, code, *dates, *figures, line.appeal_until


async def _denials(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[DenialLine]:
    return await worklist.list_denials(
        actor,
        status=status_of(query),
        class_code=class_of(query),
        payer_id=optional_identifier(query.get("payer", "")),
        cursor=cursor,
        limit=size,
    )


def _denial(line: DenialLine) -> tuple[object, ...]:
    dates = (line.decided_on, line.deadline, line.appeal_by)
    codes, amount = " ".join(line.codes), decimal(line.amount_cents)
    return (
        line.reference,
        line.status_label,
        line.class_label,
        line.preventable,
        codes,
        line.payer_name,
        amount,
        *dates,
    )


async def _appeals(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[AppealLine]:
    return await appeals.list_appeals(
        actor,
        stage=stage_of(query),
        class_code=class_of(query),
        payer_id=optional_identifier(query.get("payer", "")),
        open_only=not query.get("stage"),
        cursor=cursor,
        limit=size,
    )


def _appeal(line: AppealLine) -> tuple[object, ...]:
    figures = map(decimal, (line.amount_cents, line.recovered_cents))
    level = f"{line.level} {line.level_label}"
    return (
        line.reference,
        line.stage_label,
        level,
        line.class_label,
        line.payer_name,
        *figures,
        line.due,
        line.outcome_label,
    )


EXPORTS: dict[str, Export] = {
    **{f"template-{kind.value}": Export(*sheets.template(kind)) for kind in CARE_KINDS},
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
    "care-moves": Export(assignments.MOVES, assignments.move_pages, assignments.move_cells),
    "care-moved": Export(assignments.MOVED, assignments.moved_pages, assignments.moved_cells),
    "care": Export(care.HEADINGS, care.pages, care.cells),
    "care-forecast": Export(forecast_export.HEADINGS, forecast_export.pages, forecast_export.cells),
    "care-coordinators": Export(forecast_export.CREW, forecast_export.crew_pages, forecast_export.crew_cells),
    "care-invoices": Export(care_invoices.HEADINGS, care_invoices.pages, care_invoices.cells),
    "care-invoice-lines": Export(
        care_invoices.LINE_HEADINGS, care_invoices.line_pages, care_invoices.line_cells
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
    "care-enrolments": Export(care_day.ENROLMENTS, everybody_in_care, care_day.enrolment_cells),
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
    "denials": Export(
        (
            "Claim",
            "Status",
            "Class",
            "Preventable",
            "Codes",
            "Payer",
            "At stake",
            "Denied on",
            "Deadline",
            "Appeal until",
        ),
        _denials,
        _denial,
    ),
    "appeals": Export(
        (
            "Claim",
            "Stage",
            "Level",
            "Class",
            "Payer",
            "In dispute",
            "Recovered",
            "Due",
            "Outcome",
        ),
        _appeals,
        _appeal,
    ),
    "claims": Export(claims.HEADINGS, _claims, claims.cells, rules.custom_columns(Subject.CLAIM)),
    "payers": Export(
        (
            "Payer",
            "Payer id",
            "Decided",
            "Denied",
            "Refused",
            "Charged",
            "Paid",
            "Median days",
            "90 % within days",
            "Rejected",
        ),
        _payers,
        _payer,
    ),
    "submissions": Export(
        (
            "Claim",
            "Claim number",
            "Payer",
            "Connection",
            "Waits for",
            "Sent",
            "Due",
            "Overdue",
            "Filing limit",
            "Charge",
        ),
        _submissions,
        _submission,
    ),
    "underpayments": Export(
        (
            "Claim",
            "Line",
            "Payer",
            "Procedure",
            "Service",
            "Paid on",
            "Allowed",
            "Contract",
            "Recoverable",
            "Appeal until",
        ),
        _underpayments,
        _underpayment,
    ),
}
