"""Invoices, their lines, payments and what is open as they leave, values typed."""

from datetime import date

from domain.paging import Page
from domain.refusals import Invalid
from domain.tenancy import Actor
from services.care import invoices, issuing, payments
from services.care.invoice_views import AccountLine, InvoiceLineView, InvoiceRow, PaymentView
from services.care.issuing import MonthInvoice
from ui.care.invoices import invoice_filters, month_of
from ui.page import identifier, optional_identifier
from ui.parts.money import decimal

HEADINGS = ("Number", "Practice", "Month", "State", "Issued", "Due", "Amount", "Credited", "Paid", "Open")
DRAFT_HEADINGS = ("Practice", "Month", "Patients", "Amount", "Due", "Issued", "Changed since", "Why not")
LINE_HEADINGS = ("No.", "Account", "Service", "Units", "Rate or base", "Amount", "Credited")
PAYMENT_HEADINGS = (
    "Received",
    "Practice",
    "Reference",
    "Invoices",
    "Amount",
    "As credit",
    "Recorded",
    "By",
    "Taken back",
)
AGEING_HEADINGS = ("Practice", "Not due", "1-30", "31-60", "61-90", "Over 90", "Open", "Credit")


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[InvoiceRow]:
    """Invoices with the filters of their page."""
    return await invoices.list_invoices(actor, **invoice_filters(query), cursor=cursor, limit=size)


def cells(one: InvoiceRow) -> tuple[object, ...]:
    """The cells of an invoice; a credit note's amount is less than nothing."""
    sign = -1 if one.kind == "credit_note" else 1
    cents = (sign * one.total_cents, one.credited_cents, one.paid_cents, one.balance_cents)
    return (
        one.label,
        one.client_name,
        one.month,
        one.state_label,
        one.issued_on,
        one.due_on,
        *map(decimal, cents),
    )


async def draft_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[tuple[date, MonthInvoice]]:
    """A month of every practice at once."""
    month = month_of(query.get("month", ""))
    if month is None:
        raise Invalid("month.unknown", "There is no such month.", "Choose one under Invoices, Issue a month.")
    return Page([(month, one) for one in await issuing.month_to_issue(actor, month)])


def draft_cells(row: tuple[date, MonthInvoice]) -> tuple[object, ...]:
    """The cells of a practice in a month."""
    month, one = row
    why = "" if one.invoice_id else one.why_not
    money = decimal(one.total_cents)
    return one.client_name, month, one.patients, money, one.due_on, bool(one.invoice_id), one.changed, why


async def line_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[InvoiceLineView]:
    """The lines of one invoice at once."""
    return Page((await invoices.get_invoice(actor, identifier(query.get("invoice", "")))).lines)


def line_cells(one: InvoiceLineView) -> tuple[object, ...]:
    """The cells of a line."""
    money = (decimal(one.rate_cents), decimal(one.amount_cents))
    return one.number, one.account_number, one.what, one.units, *money, one.credited


async def payment_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[PaymentView]:
    """Payments, of one practice where it is named."""
    return await payments.list_payments(actor, optional_identifier(query.get("client", "")), cursor, size)


def payment_cells(one: PaymentView) -> tuple[object, ...]:
    """The cells of a payment."""
    about = (one.received_on, one.client_name, one.reference, ", ".join(one.invoices))
    money = (decimal(one.amount_cents), decimal(one.credit_cents))
    return *about, *money, one.recorded_at, one.recorded_by, one.reversed_on


async def ageing_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[AccountLine]:
    """Every practice at once: they are few."""
    return Page(await payments.ageing(actor, everybody=True))


def ageing_cells(one: AccountLine) -> tuple[object, ...]:
    """The cells of a practice."""
    return one.client_name, *map(decimal, (*one.ages, one.open_cents, one.credit_cents))
