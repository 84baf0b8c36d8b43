"""One patient's account: shares by claim, payments, statements, ageing; money taken, taken back, given back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.balances.allocation import METHODS
from domain.balances.shares import BUCKETS
from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.balances import accounts, payments
from services.balances.payments import PaymentFacts, RefundFacts
from services.balances.views import ClaimShare, PatientAccount, StatementView, TransactionView
from ui.balances.payment_form import payment_window
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text, summary_of
from ui.parts.markup import Child, Markup, a, div, p, small, span
from ui.parts.money import amount, cents_of, dollars, plain
from ui.parts.table import Column
from ui.parts.times import day


@page("/balances/{patient_id}")
class Account(Page):
    """One patient's account."""

    title = "Patient account"
    nav = "balances"
    permission = P.BALANCES_VIEW
    watches = frozenset({"claims", "patient_transactions", "statement_runs"})

    view: PatientAccount

    async def load(self) -> None:
        self.view = await accounts.patient_account(self.actor, self.id("patient_id"))

    def body(self) -> Markup:
        view = self.view
        patient = a("Open the patient", href=f"/patients/{view.id}") if self.may(P.PATIENTS_VIEW) else None
        under = (span(f"Account {view.account_number}"), span(view.client_name), patient)
        return div(
            head(view.name, *self._actions(), under=under, crumbs=(("Patient balances", "/balances"),)),
            self._figures(),
            div(
                div(self._shares(), self._transactions()),
                div(self._ages(), self._statements()),
                cls="columns",
            ),
        )

    def _actions(self) -> tuple[Child, ...]:
        if not self.may(P.BALANCES_MANAGE):
            return ()
        take = action("Take a payment", "ask_payment", look="filled", key="p")
        if self.view.credit_cents <= 0 and all(one.share_cents >= 0 for one in self.view.shares):
            return (take,)
        return take, more(
            entry("Put the credit on claims", "apply_credit", key="x"),
            entry("Give credit back", "ask_refund", key="g"),
        )

    def _figures(self) -> Markup:
        cells = (
            ("Balance", dollars(self.view.balance_cents)),
            ("May be asked for today", dollars(self.view.billable_cents)),
            ("Credit", dollars(self.view.credit_cents)),
        )
        return div(
            [div(small(words), span(figure, cls="figure")) for words, figure in cells], cls="moneyline"
        )

    def _shares(self) -> Markup:
        if not self.view.shares:
            return card("Shares by claim", p("Nothing is owed.", cls="faint"))
        columns = [
            Column[ClaimShare](
                "Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"
            ),
            Column[ClaimShare]("Service", lambda one: day(one.service_from), "right"),
            Column[ClaimShare](
                "May be asked for",
                lambda one: chip("Not yet", "warn", one.hold) if one.hold else chip("Yes", "ok"),
                "tight",
            ),
            Column[ClaimShare]("Why not", lambda one: one.hold, "clip wide"),
            Column[ClaimShare]("Share", lambda one: amount(one.share_cents), "right"),
        ]
        rows = table.rows(
            columns, self.view.shares, href=lambda one: f"/claims/{one.claim_id}", label="Shares by claim"
        )
        return card("Shares by claim", rows, look="flush")

    def _transactions(self) -> Markup:
        if not self.view.transactions:
            return card("Payments", p("None yet.", cls="faint"))
        columns = [
            Column[TransactionView]("On", lambda one: day(one.received_on), "tight"),
            Column[TransactionView]("", lambda one: chip(one.kind_label, one.tone, one.reason), "tight"),
            Column[TransactionView]("How", _how, "clip"),
            Column[TransactionView]("For", _for, "clip wide"),
            Column[TransactionView]("By", lambda one: one.by_name, "clip optional-column"),
            Column[TransactionView]("Amount", lambda one: amount(one.amount_cents, quiet_zero=True), "right"),
            Column[TransactionView]("", self._take_back, "right tight"),
        ]
        rows = table.rows(columns, self.view.transactions, key=lambda one: one.id, label="Payments")
        return card("Payments", rows, look="flush")

    def _take_back(self, one: TransactionView) -> Child:
        if one.reversed:
            return chip("Taken back", "neutral")
        if one.kind != "payment" or not self.may(P.BALANCES_MANAGE):
            return None
        return action("Take back", "ask_reversal", look="tiny quiet", data_payment=str(one.id))

    def _ages(self) -> Markup:
        pairs = zip(BUCKETS, self.view.ageing_cents, strict=True)
        return card(
            "Age",
            table.facts(*((words, amount(cents, quiet_zero=True)) for words, cents in pairs), look="one"),
        )

    def _statements(self) -> Markup:
        if not self.view.statements:
            return card("Statements", p("None was sent since nothing was owed.", cls="faint"))
        may = self.may(P.DOCUMENTS_VIEW)
        columns = [
            Column[StatementView]("No.", lambda one: str(one.number), "tight"),
            Column[StatementView](
                "Dated",
                lambda one: (
                    a(
                        day(one.statement_on),
                        href=f"/documents/{one.document_id}",
                        target="_blank",
                        rel="noopener",
                    )
                    if may
                    else day(one.statement_on)
                ),
                "tight",
            ),
            Column[StatementView]("Due", lambda one: day(one.due_on), "right optional-column"),
            Column[StatementView]("Asked for", lambda one: amount(one.balance_cents), "right"),
        ]
        return card("Statements", table.rows(columns, self.view.statements, label="Statements"), look="flush")

    async def do_ask_payment(self, event: Event) -> None:
        """Ask for a payment, and for how it is spread."""
        typed = self.typed if self.errors else {}
        today = datetime.now(ZoneInfo(self.zone)).date()
        self.dialog = payment_window(self.view, typed, self.errors, today)

    async def do_pay(self, event: Event) -> None:
        """Take the payment, or show what is wrong."""
        try:
            facts = self._payment(event)
            self.view = await payments.take_payment(self.actor, self.view.id, facts)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self._again(refusal, event)
            await self.do_ask_payment(event)
            self.errors = {}
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Payment taken.", f"Balance {dollars(self.view.balance_cents)}.")

    def _payment(self, event: Event) -> PaymentFacts:
        cents, wrong = cents_of(event.text("amount_cents"), "amount_cents")
        on = date_of(event.text("received_on"))
        faults = [wrong, None if on else FieldError("received_on", "date.invalid", "Enter the day.")]
        chosen: dict[str, int] = {}
        for one in self.view.shares:
            name = f"claim_{one.claim_id}"
            if event.text(name):
                chosen[str(one.claim_id)], fault = cents_of(event.text(name), name)
                faults.append(fault)
        reject(*faults)
        assert on is not None
        claims = payments.chosen_claims(chosen) or None
        return PaymentFacts(cents, event.text("method"), on, event.text("reference"), claims)

    def _again(self, refusal: Refusal, event: Event) -> None:
        self.typed = dict(event.fields)
        self.wrong(refusal)
        self.errors = {name.replace("claims.", "claim_"): words for name, words in self.errors.items()}

    async def do_ask_reversal(self, event: Event) -> None:
        """Ask why a payment is taken back."""
        self.dialog = form_window(
            "Take the payment back",
            "reverse",
            "Take back",
            long_text("reason", "Reason", required=True, errors=self.errors, autofocus=True),
            explanation="The payment stays; new rows turn it back, and the patient owes again.",
            payment=event.args.get("payment", ""),
        )

    async def do_reverse(self, event: Event) -> None:
        """Take the payment back."""
        self.view = await payments.reverse_payment(
            self.actor, self.view.id, event.id("payment"), event.text("reason")
        )
        await self.do_close_dialog(event)
        self.tell("ok", "Taken back.", f"Balance {dollars(self.view.balance_cents)}.")

    async def do_apply_credit(self, event: Event) -> None:
        """Put the credit on what is owed, the oldest service first."""
        self.view = await payments.apply_credit(self.actor, self.view.id)
        self.tell("ok", "Done.", f"Balance {dollars(self.view.balance_cents)}.")

    async def do_ask_refund(self, event: Event) -> None:
        """Ask how much goes back, and why."""
        self.dialog = form_window(
            "Give credit back",
            "refund",
            "Give back",
            summary_of(self.errors),
            div(
                field(
                    "amount_cents",
                    "Amount",
                    plain(max(self.view.credit_cents, 0)),
                    unit="$",
                    required=True,
                    errors=self.errors,
                ),
                choice("method", "How", METHODS.items(), "check", errors=self.errors, required=True),
                field("reference", "Reference", "", errors=self.errors),
                cls="fields",
            ),
            long_text("reason", "Reason", required=True, errors=self.errors),
        )

    async def do_refund(self, event: Event) -> None:
        """Give credit back."""
        try:
            cents, wrong = cents_of(event.text("amount_cents"), "amount_cents")
            reject(wrong)
            facts = RefundFacts(cents, event.text("method"), event.text("reason"), event.text("reference"))
            self.view = await payments.refund_credit(self.actor, self.view.id, facts)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            await self.do_ask_refund(event)
            self.errors = {}
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Given back.")


def _how(one: TransactionView) -> Child:
    words = f"{one.method_label} {one.reference}".strip() or "–"
    return span(words, one.deposited and small(" deposited", cls="faint"))


def _for(one: TransactionView) -> Child:
    return ", ".join(f"{part.reference or 'credit'} {dollars(part.amount_cents)}" for part in one.allocations)
