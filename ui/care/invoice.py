"""One invoice or credit note: its lines with what they rest on, what was paid, and its PDF."""

from domain.paging import PAGE
from policies.permissions import Permission as P
from services.care import invoice_papers, invoices
from services.care.invoice_views import CREDIT_NOTE, InvoiceLineView, InvoiceView, Moved
from services.care.invoices import CreditFacts
from ui.care.invoices import LIST
from ui.care.tabs import care_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.money import amount, dollars
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import ago, day

_CHANGED = (
    "A patient's month that it rests on was computed again since.",
    "Where the result differs, credit it and issue the month anew.",
)


@page("/care/invoices/{invoice_id}")
class Invoice(Page):
    """The page of one invoice."""

    title = "Invoice"
    nav = "care"
    permission = P.INVOICES_VIEW
    watches = frozenset({"care_invoices", "care_receivables"})

    one: InvoiceView

    @property
    def name(self) -> str:
        return self.one.row.label if self.loaded else self.title

    async def load(self) -> None:
        self.one = await invoices.get_invoice(self.actor, self.id("invoice_id"))

    def body(self) -> Markup:
        row = self.one.row
        under = (
            a(row.client_name, href=f"/care/invoices/practices/{row.client_id}"),
            f"{row.month:%B %Y}",
            span("issued ", ago(self.one.issued_at, self.zone), " by ", self.one.issued_by),
        )
        export = export_menu("care-invoice-lines", {"invoice": str(row.id)}, tiny=True, key="e")
        left = card("Lines", self._lines(), action=export, look="flush")
        right = div(card("Amount", self._amounts()), card("What happened", self._moved(), look="flush"))
        return div(
            head(
                (row.label, " ", chip(row.state_label, row.tone)), self._menu(), self._pdf(), under=under,
                crumbs=(("Invoices", LIST),),
            ),
            care_tabs(self.actor, LIST),
            notice("info", "Why it was credited", self.one.reason) if self.one.reason else None,
            notice("warn", *_CHANGED) if self.one.changed else None,
            div(left, right, cls="columns"),
        )  # fmt: skip

    def _pdf(self) -> Child:
        if not self.may(P.DOCUMENTS_VIEW):
            return None
        return action("Open the PDF", "open_pdf", look="filled", key="o")

    def _menu(self) -> Child:
        may = self.may(P.INVOICES_MANAGE) and self.one.row.kind != CREDIT_NOTE
        left = may and any(not line.credited for line in self.one.lines)
        return more(entry("Credit it", "ask_credit", tone="bad")) if left else None

    def _amounts(self) -> Markup:
        row = self.one.row
        if row.kind == CREDIT_NOTE:
            whole = a(row.corrects_label, href=f"{LIST}/{row.corrects}")
            return table.facts(("Credited", amount(row.total_cents)), ("Takes from", whole), look="one")
        notes: list[tuple[str, Child]] = [
            (one.label, a(dollars(-one.total_cents), href=f"{LIST}/{one.id}"))
            for one in self.one.credit_notes
        ]
        return table.facts(
            ("Invoiced", amount(row.total_cents)),
            *notes,
            ("Paid", amount(row.paid_cents, quiet_zero=True)),
            ("Open", amount(row.balance_cents)),
            ("Due", day(row.due_on)),
            look="one",
        )

    def _lines(self) -> Markup:
        columns = [
            Column[InvoiceLineView]("No.", lambda one: str(one.number), "right tight"),
            Column[InvoiceLineView]("Account", lambda one: one.account_number or "–", "mono tight"),
            Column[InvoiceLineView]("Service", _what, "wide clip"),
            Column[InvoiceLineView]("Units", lambda one: str(one.units), "right tight"),
            Column[InvoiceLineView](
                "Rate or base", lambda one: amount(one.rate_cents, quiet_zero=True), "right tight"
            ),
            Column[InvoiceLineView]("Amount", lambda one: amount(one.amount_cents), "right tight"),
        ]
        if self.may(P.INVOICES_MANAGE) and self.one.row.kind != CREDIT_NOTE and len(self.one.lines) > 1:
            columns.append(Column[InvoiceLineView]("", _credit, "right tight"))
        start = int(after) if (after := self.query.get("after", "")[:8]).isascii() and after.isdigit() else 0
        shown = self.one.lines[start : start + PAGE]
        following = str(start + PAGE) if start + PAGE < len(self.one.lines) else None
        return div(
            table.rows(columns, shown, key=lambda one: one.number, label="Lines"),
            table.pager(self.here, self.query, following, len(shown)),
        )

    def _moved(self) -> Markup:
        if self.one.row.kind == CREDIT_NOTE:
            return p("A credit note is taken off its invoice at once.", cls="muted pad")
        columns = [
            Column[Moved]("When", lambda one: ago(one.at, self.zone), "tight"),
            Column[Moved](
                "", lambda one: span(one.label, one.reference and small(" ", one.reference)), "clip wide"
            ),
            Column[Moved]("Amount", lambda one: amount(one.amount_cents), "right tight"),
        ]
        return table.rows(
            columns, self.one.moved, key=lambda one: f"{one.at}{one.source}", label="What happened"
        )

    async def do_open_pdf(self, event: Event) -> None:
        """Make the document, once, and open it."""
        made = await invoice_papers.print_invoice(self.actor, self.one.row.id)
        self.leave(f"/documents/{made.id}")

    async def do_ask_credit(self, event: Event) -> None:
        """Ask why it is credited: all that is left, or one line."""
        line = event.args.get("line", "")
        what = f"Credit line {line} of {self.one.row.label}" if line else f"Credit {self.one.row.label}"
        words = (
            "An invoice is never changed: a credit note takes it off. What was paid already becomes the practice's credit."
            " Once it is credited whole, the month can be issued again."
        )
        why = long_text("reason", "Why", self.typed.get("reason", ""), errors=self.errors, required=True)
        self.dialog = form_window(what, "credit", "Issue the credit note", why, explanation=words, line=line)

    async def do_credit(self, event: Event) -> None:
        """Issue the credit note."""
        line = event.args.get("line", "")
        lines = (int(line),) if line.isascii() and line.isdigit() and len(line) < 8 else ()
        facts = CreditFacts(event.text("reason"), lines)
        made = await invoices.credit_invoice(self.actor, self.one.row.id, facts)
        await self.do_close_dialog(event)
        self.tell("ok", f"{made.row.label} issued.", f"{dollars(made.row.total_cents)} taken off.")
        self.go(f"{LIST}/{made.row.id}")


def _what(one: InvoiceLineView) -> Child:
    return span(one.what, " ", chip("Credited", "neutral")) if one.credited else one.what


def _credit(one: InvoiceLineView) -> Child:
    return None if one.credited else action("Credit", "ask_credit", look="quiet", data_line=str(one.number))
