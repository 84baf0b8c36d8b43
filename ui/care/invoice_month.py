"""What a month comes to for each practice, before and after it was issued."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.care import issuing
from services.care.issuing import MonthInvoice
from ui.care.invoices import LIST, month_of
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Child, Markup, a, div, small, span
from ui.parts.money import amount, dollars
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import day


@page("/care/invoices/month")
class MonthToIssue(Page):
    """What a month comes to, practice by practice, before and after it was issued."""

    title = "Invoices of a month"
    nav = "care"
    permission = P.INVOICES_VIEW
    watches = frozenset({"care_invoices", "care_months"})

    month: date
    drafts: list[MonthInvoice]
    refusal: Refusal | None = None

    async def load(self) -> None:
        today = datetime.now(ZoneInfo(self.zone)).date()
        self.month = month_of(self.query.get("month", "")) or today.replace(day=1)
        self.drafts, self.refusal = [], None
        try:
            self.drafts = await issuing.month_to_issue(self.actor, self.month)
        except Refusal as refusal:
            if refusal.code != "care_invoice.month_open":
                raise
            self.refusal = refusal

    def body(self) -> Markup:
        new = [one for one in self.drafts if not one.why_not]
        total = sum(one.total_cents for one in new)
        words = f"Issue {_invoices(len(new))}"
        issue = (
            action(words, "issue", look="filled", key="i") if new and self.may(P.INVOICES_MANAGE) else None
        )
        export = (
            export_menu("care-invoice-month", {"month": f"{self.month:%Y-%m}"}, key="e")
            if self.drafts
            else None
        )
        whom = "1 practice" if len(new) == 1 else f"{len(new)} practices"
        under = f"{dollars(total)} to {whom}" if new else "Nothing left to issue"
        return div(
            head(f"Invoices of {self.month:%B %Y}", export, issue, under=under, crumbs=(("Invoices", LIST),)),
            care_tabs(self.actor, LIST),
            self._list(),
        )

    def _list(self) -> Markup:
        if self.refusal is not None:
            return notice(
                "warn", self.refusal.title, self.refusal.what_to_do, link("Month-end", "/care/months")
            )
        if not self.drafts:
            way = link("What practices pay", "/care/invoices/practices")
            return empty(
                "No practice has terms for this month.", "Set on its account what a practice pays.", way
            )
        columns = [
            Column[MonthInvoice](
                "Practice", lambda one: a(one.client_name, href=f"/care/invoices/practices/{one.client_id}"), "clip wide"
            ),
            Column[MonthInvoice]("Patients", lambda one: f"{one.patients:,}", "right tight"),
            Column[MonthInvoice]("Amount", lambda one: amount(one.total_cents, quiet_zero=True), "right tight"),
            Column[MonthInvoice]("Due", lambda one: day(one.due_on) if one.due_on else None, "right tight"),
            Column[MonthInvoice]("", _standing, "tight"),
        ]  # fmt: skip
        return table.rows(columns, self.drafts, key=lambda one: one.client_id, label="Practices")

    async def do_issue(self, event: Event) -> None:
        """Issue them; those that were issued before stay as they are."""
        made = await issuing.issue_month(self.actor, self.month)
        self.tell("ok", f"{_invoices(len(made))} issued.", f"{self.month:%B %Y}")
        self.go(f"{LIST}?month={self.month:%Y-%m}")


def _invoices(count: int) -> str:
    return "1 invoice" if count == 1 else f"{count:,} invoices"


def _standing(one: MonthInvoice) -> Child:
    if one.invoice_id:
        changed = one.changed and chip("Changed since", "warn", "A patient's month was computed again")
        return span(a("Issued", href=f"{LIST}/{one.invoice_id}"), " ", changed)
    return small(one.why_not, cls="faint") if one.why_not else chip("To be issued", "info")
