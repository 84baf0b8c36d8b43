"""Bank accounts, and how long each side waits for the other."""

from domain.refusals import Refusal
from policies.permissions import Permission as P
from services.deposits import accounts
from services.deposits.accounts import AccountFacts, Waits
from services.deposits.views import BankAccount
from ui.deposits.shared import deposit_tabs
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import check, field, summary_of
from ui.parts.markup import Child, Markup, div, form, p, span, strong
from ui.parts.states import empty
from ui.parts.table import Column


@page("/deposits/accounts")
class BankAccounts(Page):
    """The bank accounts."""

    title = "Bank accounts"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW

    found: list[BankAccount]
    waits: Waits

    async def load(self) -> None:
        self.found = await accounts.list_accounts(self.actor)
        self.waits = await accounts.deposit_waits(self.actor)

    def body(self) -> Markup:
        new = (
            action("Add an account", "ask_account", look="filled", key="a")
            if self.may(P.DEPOSITS_CLOSE)
            else None
        )
        return div(
            head("Deposits", new),
            deposit_tabs("/deposits/accounts"),
            div(self._list(), self._waits(), cls="columns"),
        )

    def _list(self) -> Markup:
        if not self.found:
            return empty("No bank account yet.", "Add the account that payers and patients pay into.")
        columns = [
            Column[BankAccount]("Account", lambda one: strong(one.name), "clip wide"),
            Column[BankAccount](
                "Number",
                lambda one: f"…{one.last4}" if one.last4 else span("not known", cls="faint"),
                "tight",
            ),
            Column[BankAccount](
                "", lambda one: chip("In use", "ok") if one.active else chip("Out of use", "neutral"), "tight"
            ),
            Column[BankAccount]("", self._edit, "right tight"),
        ]
        return card("Accounts", table.rows(columns, self.found, label="Bank accounts"), look="flush")

    def _edit(self, one: BankAccount) -> Child:
        if not self.may(P.DEPOSITS_CLOSE):
            return None
        return action("Edit", "ask_account", look="tiny quiet", data_account=str(one.id))

    def _waits(self) -> Markup:
        fields = div(
            field(
                "days_without_money",
                "Remittance without money: work after",
                self.waits.days_without_money,
                hint="days",
                errors=self.errors,
                required=True,
            ),
            field(
                "days_without_remittance",
                "Deposit without a remittance: work after",
                self.waits.days_without_remittance,
                hint="days",
                errors=self.errors,
                required=True,
            ),
            cls="stack",
        )
        words = p("Counted from the payment date (BPR16) and from the day of the deposit.", cls="muted")
        if not self.may(P.DEPOSITS_CLOSE):
            return card("Waits", words, fields)
        return card(
            "Waits",
            words,
            form(fields, div(submit("Save", look=""), style="margin-top: 12px"), data_do="save_waits"),
        )

    async def do_ask_account(self, event: Event) -> None:
        """Ask for the facts of an account."""
        asked = event.args.get("account", "") or str(self.typed.get("account", ""))
        one = next((known for known in self.found if str(known.id) == asked), None)
        typed = self.typed if self.errors else {}
        self.dialog = form_window(
            "Bank account",
            "save_account",
            "Save",
            summary_of(self.errors),
            div(
                field(
                    "name",
                    "Name",
                    typed.get("name", one.name if one else ""),
                    required=True,
                    errors=self.errors,
                ),
                field(
                    "number",
                    "Number",
                    "",
                    errors=self.errors,
                    hint="recognises it in BAI2 files; only a keyed hash is kept"
                    if not one
                    else "empty: as it is",
                ),
                cls="fields",
            ),
            check("active", "In use", one.active if one else True),
            account=asked,
        )

    async def do_save_account(self, event: Event) -> None:
        """Store the account."""
        facts = AccountFacts(event.text("name"), event.text("number"), event.ticked("active"))
        asked = event.args.get("account", "")
        try:
            if asked:
                await accounts.change_account(self.actor, Event("", {"id": asked}).id(), facts)
            else:
                await accounts.add_account(self.actor, facts)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.typed = {**event.fields, "account": asked}
            self.wrong(refusal)
            await self.do_ask_account(event)
            self.errors = {}
            return
        await self.do_close_dialog(event)

    async def do_save_waits(self, event: Event) -> None:
        """Store the waits."""
        days = [event.text(name) for name in ("days_without_money", "days_without_remittance")]
        numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1 for text in days]
        await accounts.wait_for_deposits(self.actor, Waits(*numbers))
        self.errors = {}
        self.tell("ok", "Saved.")
