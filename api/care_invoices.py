"""Invoices to the practices served: terms, invoices, credit notes, payments and what is open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, get, post

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.care import invoice_papers, invoices, issuing, payments, terms
from services.care.invoice_views import AccountLine, InvoiceRow, InvoiceView, PaymentView
from services.care.invoices import CreditFacts
from services.care.issuing import MonthInvoice
from services.care.payments import PaymentFacts
from services.care.terms import TermsFacts, TermsView
from services.documents import DocumentLine


@dataclass(frozen=True, slots=True)
class InvoicedMonth:
    """The month to issue, by any of its days."""

    month: date


@dataclass(frozen=True, slots=True)
class CreditUsed:
    """How many cents of credit were put onto open invoices."""

    used_cents: int


class CareInvoices(Controller):
    """Issued once, never changed, corrected by credit notes."""

    path = "/care/invoices"
    tags = ("Care",)

    @get("/")
    async def list_invoices(
        self,
        actor: Actor,
        show: str = "",
        client_id: UUID | None = None,
        month: date | None = None,
        cursor: str | None = None,
        limit: int = 50,
        text: str = "",
        age: str = "",
    ) -> Page[InvoiceRow]:
        """Invoices and credit notes, the highest number first. `show` is open, partly_paid, overdue, settled or credit_note;
        `age` is not_due, 1-30, 31-60, 61-90 or over_90 days; `text` a part of the practice's name, or a number."""
        return await invoices.list_invoices(actor, show, client_id, month, cursor, limit, text=text, age=age)

    @get("/month")
    async def month_to_issue(self, actor: Actor, month: date) -> list[MonthInvoice]:
        """What each practice would be invoiced for a closed month."""
        return await issuing.month_to_issue(actor, month)

    @post("/", status_code=200)
    async def issue_month(self, actor: Actor, data: InvoicedMonth) -> list[MonthInvoice]:
        """Issue a closed month to every practice that has no invoice of it, using its credit; those issued now."""
        return await issuing.issue_month(actor, data.month)

    @get("/ageing")
    async def ageing(self, actor: Actor, client_id: UUID | None = None) -> list[AccountLine]:
        """What each practice owes, by age since the day it was due."""
        return await payments.ageing(actor, client_id)

    @get("/{invoice_id:uuid}")
    async def get_invoice(self, actor: Actor, invoice_id: UUID) -> InvoiceView:
        """One invoice or credit note in full."""
        return await invoices.get_invoice(actor, invoice_id)

    @post("/{invoice_id:uuid}/credit")
    async def credit_invoice(self, actor: Actor, invoice_id: UUID, data: CreditFacts) -> InvoiceView:
        """Take it back by a credit note, whole or by lines; the credit note."""
        return await invoices.credit_invoice(actor, invoice_id, data)

    @post("/{invoice_id:uuid}/document", status_code=200)
    async def print_invoice(self, actor: Actor, invoice_id: UUID) -> DocumentLine:
        """Its PDF, made once; open it under /documents."""
        return await invoice_papers.print_invoice(actor, invoice_id)


class CarePayments(Controller):
    """What practices paid."""

    path = "/care/payments"
    tags = ("Care",)

    @get("/")
    async def list_payments(
        self, actor: Actor, client_id: UUID | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[PaymentView]:
        """Payments, the latest recorded first."""
        return await payments.list_payments(actor, client_id, cursor, limit)

    @post("/")
    async def record_payment(self, actor: Actor, data: PaymentFacts) -> PaymentView:
        """Record money received; what is too much becomes the practice's credit."""
        return await payments.record_payment(actor, data)

    @post("/{payment_id:uuid}/reverse", status_code=200)
    async def reverse_invoice_payment(self, actor: Actor, payment_id: UUID, data: Reason) -> PaymentView:
        """Take a payment back, as when a check bounces."""
        return await payments.reverse_payment(actor, payment_id, data.reason)


class CareTerms(Controller):
    """What practices pay for care coordination."""

    path = "/care/terms"
    tags = ("Care",)

    @get("/codes")
    async def priced_codes(self, actor: Actor) -> list[str]:
        """The codes of care that terms may give an amount: those of this month and of versions published for later."""
        return await terms.priced_codes(actor)

    @get("/{client_id:uuid}")
    async def list_terms(self, actor: Actor, client_id: UUID) -> list[TermsView]:
        """A practice's terms, the latest first."""
        return await terms.list_terms(actor, client_id)

    @post("/{client_id:uuid}")
    async def set_terms(self, actor: Actor, client_id: UUID, data: TermsFacts) -> TermsView:
        """Say what a practice pays from a month on."""
        return await terms.set_terms(actor, client_id, data)

    @post("/{client_id:uuid}/use-credit", status_code=200)
    async def use_credit(self, actor: Actor, client_id: UUID) -> CreditUsed:
        """Put a practice's credit onto its open invoices."""
        return CreditUsed(await payments.use_credit(actor, client_id))
