"""Months and their patients as they leave, values typed."""

from domain.paging import Page
from domain.tenancy import Actor
from services.care import month_patients, months
from services.care.month_views import MonthLine, PatientMonthLine
from ui.care.month_close import month_filters
from ui.parts.money import decimal

MONTH_HEADINGS = ("Month", "State", "Time locked", "Close", "Patients", "Computed", "Begun", "By", "Closed")
PATIENT_HEADINGS = (
    "Patient",
    "Account",
    "Practice",
    "Outcome",
    "Counted seconds",
    "Codes",
    "Charge",
    "Findings",
    "Warnings",
    "Claims",
)


async def month_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[MonthLine]:
    """All months at once: they are few."""
    return Page(await months.list_months(actor))


def month_cells(one: MonthLine) -> tuple[object, ...]:
    """The cells of a month."""
    locked = one.frozen
    numbers = (one.revision, one.total, one.done)
    return one.month, one.step_label, locked, *numbers, one.started_at, one.started_by, one.closed_at


async def patient_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[PatientMonthLine]:
    """The patients of a month with the filters of its page."""
    return await month_patients.patients_of_month(
        actor, query.get("month", ""), **month_filters(query), cursor=cursor, limit=size
    )


def patient_cells(one: PatientMonthLine) -> tuple[object, ...]:
    """The cells of a patient's month."""
    names = (one.patient_name, one.account_number, one.client_name, one.outcome_label)
    codes, told = ", ".join(one.codes), (", ".join(one.finding_labels), ", ".join(one.warning_labels))
    claims = ", ".join(each.reference for each in one.claims if not each.taken_back)
    return *names, one.seconds, codes, decimal(one.charge_cents), *told, claims
