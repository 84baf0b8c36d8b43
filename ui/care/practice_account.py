"""A practice's account: what it pays, what it was invoiced, what it paid, and the credit that is left."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.care.invoicing import BASES, Basis
from domain.care.receivables import BUCKETS
from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.care import invoices, payments, terms
from services.care.invoice_views import AccountLine, InvoiceRow, PaymentView
from services.care.payments import PaymentFacts
from services.care.terms import TermsView
from ui.care.invoices import LIST, invoice_columns
from ui.care.tabs import care_tabs
from ui.care.terms_form import priced, rate_fields, terms_facts
from ui.page import Event, Page, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Child, Markup, div, p, small
from ui.parts.money import amount, cents_of, dollars, plain
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day

PLACE = "/care/invoices/practices"


@page("/care/invoices/practices/{client_id}")
class PracticeAccount(Page):
    """One practice's account."""

    title = "Account of a practice"
    nav = "care"
    permission = P.INVOICES_VIEW
    watches = frozenset({"care_invoices", "care_receivables", "care_terms"})

    account: AccountLine
    terms: list[TermsView]
    invoices: Rows[InvoiceRow]
    payments: Rows[PaymentView]

    @property
    def name(self) -> str:
        return self.account.client_name if self.loaded else self.title

    async def load(self) -> None:
        client_id = self.id("client_id")
        self.terms = await terms.list_terms(self.actor, client_id)
        (self.account,) = await payments.ageing(self.actor, client_id, everybody=True)
        self.invoices = await invoices.list_invoices(
            self.actor, client_id=client_id, cursor=self.query.get("after")
        )
        self.payments = await payments.list_payments(self.actor, client_id, limit=20)

    def body(self) -> Markup:
        one = self.account
        left = div(
            card("Invoices", self._invoices(), look="flush"), card("Payments", self._payments(), look="flush")
        )
        right = div(card("Open", self._open()), card("What it pays", self._terms(), action=self._new_terms()))
        return div(
            head(
                one.client_name,
                self._use() if one.credit_cents and one.open_cents else None,
                action("Record a payment", "ask_payment", look="filled", key="p") if self._manages() else None,
                under=f"{dollars(one.open_cents)} open",
                crumbs=(("Invoices", LIST), ("What practices owe", PLACE)),
            ),
            care_tabs(self.actor, LIST),
            div(left, right, cls="columns"),
        )  # fmt: skip

    def _manages(self) -> bool:
        return self.may(P.INVOICES_MANAGE)

    def _use(self) -> Child:
        return (
            action(f"Use the credit of {dollars(self.account.credit_cents)}", "use_credit")
            if self._manages()
            else None
        )

    def _new_terms(self) -> Child:
        return action("Set terms", "ask_terms", key="t") if self._manages() else None

    def _open(self) -> Markup:
        one = self.account
        ages = [
            (words, amount(cents, quiet_zero=True)) for words, cents in zip(BUCKETS, one.ages, strict=True)
        ]
        return table.facts(
            *ages,
            ("Open", amount(one.open_cents)),
            ("Credit", amount(one.credit_cents, quiet_zero=True)),
            look="one",
        )

    def _terms(self) -> Markup:
        if not self.terms:
            return p("Nothing is set: this practice is not invoiced.", cls="faint")
        rows = [
            (f"From {one.since:%b %Y}", div(priced(one), " ", chip("Now", "ok") if one.in_force else None))
            for one in self.terms
        ]
        return table.facts(*rows)

    def _invoices(self) -> Markup:
        if not self.invoices.items:
            return empty(
                "No invoice yet.", "Set what the practice pays; its months are issued under Invoices."
            )
        columns = [one for one in invoice_columns() if one.heading != "Practice"]
        rows = table.rows(
            columns, self.invoices.items, href=lambda one: f"{LIST}/{one.id}", key=lambda one: one.id, label="Invoices"
        )  # fmt: skip
        return div(rows, table.pager(self.here, self.query, self.invoices.next, len(self.invoices.items)))

    def _payments(self) -> Markup:
        if not self.payments.items:
            return p("Nothing was paid yet.", cls="muted pad")
        columns = [
            Column[PaymentView]("Received", lambda one: day(one.received_on), "tight"),
            Column[PaymentView]("Reference", lambda one: one.reference, "clip wide"),
            Column[PaymentView](
                "For", lambda one: small(", ".join(one.invoices) or "credit"), "clip optional-column"
            ),
            Column[PaymentView]("Amount", lambda one: amount(one.amount_cents), "right tight"),
            Column[PaymentView]("", self._reversal, "right tight"),
        ]
        export = export_menu("care-payments", {"client": str(self.account.client_id)}, tiny=True)
        cut = self.payments.next and small("The latest 20; the export has all.", cls="faint")
        return div(
            div(export, cut, cls="filters"),
            table.rows(columns, self.payments.items, key=lambda one: one.id, label="Payments"),
        )

    def _reversal(self, one: PaymentView) -> Child:
        if one.reversed_on:
            return chip("Taken back", "neutral", one.reason)
        return (
            action("Take back", "ask_reverse", look="quiet", data_id=str(one.id)) if self._manages() else None
        )

    async def do_ask_payment(self, event: Event) -> None:
        """Ask for what was received."""
        today = datetime.now(ZoneInfo(self.zone)).date()
        still_open = await invoices.list_invoices(self.actor, "open", self.account.client_id)
        open_ones = [(str(x.id), f"{x.label}, {dollars(x.balance_cents)} open") for x in still_open.items]
        typed = self.typed if self.errors else {}
        body = div(
            field("amount", "Amount", typed.get("amount", ""), unit="$", errors=self.errors, required=True, autofocus=True),
            field("received_on", "Received on", typed.get("received_on") or today.isoformat(), kind="date", errors=self.errors, required=True),
            field("reference", "Check or transfer number", typed.get("reference", ""), errors=self.errors, required=True),
            choice("invoice_id", "For", open_ones, typed.get("invoice_id", ""), prompt="the oldest first", errors=self.errors),
            cls="fields",
        )  # fmt: skip
        words = "What is more than is open becomes credit for the next invoices."
        self.dialog = form_window("Record a payment", "payment", "Record", body, explanation=words)

    async def do_payment(self, event: Event) -> None:
        """Record it."""
        cents, fault = cents_of(event.text("amount"), "amount")
        received, wrong = _day_of("received_on", event.text("received_on"))
        reject(fault, wrong)
        facts = PaymentFacts(self.account.client_id, received, cents, event.text("reference"),
                             optional_identifier(event.text("invoice_id")))  # fmt: skip
        made = await payments.record_payment(self.actor, facts)
        credit = f"{dollars(made.credit_cents)} of it is credit." if made.credit_cents else ""
        self.tell("ok", f"{dollars(made.amount_cents)} recorded.", credit)
        await self._done(event)

    async def do_ask_reverse(self, event: Event) -> None:
        """Ask why a payment is taken back."""
        why = long_text("reason", "Why", self.typed.get("reason", ""), errors=self.errors, required=True)
        words = "What it paid is open again; so is what its credit paid."
        self.dialog = form_window(
            "Take this payment back",
            "reverse",
            "Take back",
            why,
            explanation=words,
            id=event.args.get("id", ""),
        )

    async def do_reverse(self, event: Event) -> None:
        """Take it back."""
        await payments.reverse_payment(self.actor, event.id(), event.text("reason"))
        self.tell("ok", "The payment was taken back.")
        await self._done(event)

    async def do_use_credit(self, event: Event) -> None:
        """Put the credit onto what is open."""
        used = await payments.use_credit(self.actor, self.account.client_id)
        self.tell("ok", f"{dollars(used)} of credit used.")
        await self._done(event)

    async def do_ask_terms(self, event: Event) -> None:
        """Ask what the practice pays from a month on."""
        basis = str(self.typed.get("basis") or (self.terms[0].basis if self.terms else Basis.PROGRAMME.value))
        known = self.terms[0] if self.terms else None
        now = datetime.now(ZoneInfo(self.zone)).date()

        def given(name: str, value: object) -> object:
            return self.typed.get(name, value) if self.errors else value

        body = div(
            field("since", "From", given("since", f"{now:%Y-%m}"), kind="month", errors=self.errors, required=True),
            choice("basis", "Pays", [(one.value, words) for one, words in BASES.items()], basis, errors=self.errors, required=True),
            field("per_cent", "Share, for per cent", given("per_cent", f"{known.basis_points / 100:g}" if known and known.basis_points else ""),
                  unit="%", errors=self.errors),
            field("minimum", "At least a month", given("minimum", plain(known.minimum_cents) if known and known.minimum_cents else ""),
                  unit="$", errors=self.errors),
            field("due_days", "Days to pay", given("due_days", known.due_days if known else 30), kind="number",
                  errors=self.errors, required=True),
            cls="fields",
        )  # fmt: skip
        codes = await terms.priced_codes(self.actor)
        rates = [
            rate_fields(one, codes, known, self.typed if self.errors else {}, self.errors)
            for one in (Basis.PROGRAMME, Basis.CODE)
        ]
        words = "Only the amounts of what is chosen under Pays are kept. Invoices that were issued stay as they are."
        self.dialog = form_window(
            "Set terms", "terms", "Set", div(body, *rates, cls="stack"), explanation=words, look="large"
        )

    async def do_terms(self, event: Event) -> None:
        """Set them."""
        facts = terms_facts(event, await terms.priced_codes(self.actor))
        await terms.set_terms(self.actor, self.account.client_id, facts)
        self.tell("ok", "The terms were set.")
        await self._done(event)

    async def _done(self, event: Event) -> None:
        self.typed = {}
        await self.do_close_dialog(event)


def _day_of(name: str, text: str) -> tuple[date, FieldError | None]:
    try:
        return date.fromisoformat(text), None
    except ValueError:
        return date.min, FieldError(name, "date.invalid", "Enter a date.")
