"""What the pages of deposits have in common: their tabs, the chip of a deposit, entering one by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.deposits.rows import METHODS
from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.deposits import accounts, entry
from services.deposits.entry import DepositFacts
from services.deposits.views import BankAccount, DepositLine
from ui.page import Event, Page, identifier, reject
from ui.parts.buttons import action
from ui.parts.cards import tabs
from ui.parts.chips import chip, code_text
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, summary_of
from ui.parts.markup import Child, Markup, div, small, span
from ui.parts.money import cents_of

_TABS = (
    ("Days", "/deposits"),
    ("Deposits", "/deposits/all"),
    ("Without money", "/deposits/waiting"),
    ("Bank files", "/deposits/files"),
    ("Accounts", "/deposits/accounts"),
)


def deposit_tabs(here: str) -> Markup:
    """The places of this area."""
    return tabs(*((words, href, href == here, None) for words, href in _TABS))


def deposit_words(one: DepositLine) -> Markup:
    """Who paid, or what the bank wrote."""
    return span(
        one.payer_name or one.description or one.method_label,
        one.payer_name and one.description and small(f" {one.description}", cls="faint"),
    )


def deposit_chip(one: DepositLine) -> Markup:
    """A deposit's status."""
    return chip(one.status_label, one.tone)


def trace_text(one: DepositLine) -> Markup:
    """The trace, with how the money came."""
    return span(code_text(one.trace), " ", small(one.method_label, cls="faint"))


class Entering(Page):
    """A page from which a deposit may be entered by hand."""

    accounts: list[BankAccount]
    again = False

    def enter_button(self, look: str = "") -> Child:
        """The button, for those who may."""
        if not self.may(P.DEPOSITS_MANAGE) or not any(one.active for one in self.accounts):
            return None
        return action("Enter a deposit", "ask_entry", look=look, key="e")

    async def load_accounts(self) -> None:
        """The accounts to choose from."""
        self.accounts = await accounts.list_accounts(self.actor)

    async def do_ask_entry(self, event: Event) -> None:
        """Ask for the facts of a deposit."""
        known = [(str(one.id), one.name) for one in self.accounts if one.active]
        another = check("even_if_same", "This is another one than the deposit there is", False)
        self.dialog = form_window(
            "Enter a deposit",
            "enter",
            "Enter",
            summary_of(self.errors),
            self._entry_fields(known),
            another if self.again else None,
            look="large",
        )

    def _entry_fields(self, known: list[tuple[str, str]]) -> Markup:
        errors = self.errors

        def value(name: str, default: str = "") -> str:
            return str(self.typed.get(name, default))

        first = known[0][0] if known else ""
        today = datetime.now(ZoneInfo(self.zone)).date().isoformat()
        kind, on, cents = value("method", "check"), value("deposited_on", today), value("amount_cents")
        return div(
            choice("account_id", "Account", known, value("account_id", first), errors=errors, required=True),
            field("deposited_on", "Day", on, errors=errors, kind="date", required=True),
            field("amount_cents", "Amount", cents, errors=errors, unit="$", required=True, autofocus=True),
            choice("method", "Kind", METHODS.items(), kind, errors=errors, required=True),
            field("trace", "Trace or check number", value("trace"), errors=errors),
            field("payer_name", "Paid by", value("payer_name"), errors=errors),
            field("description", "Words of the bank", value("description"), errors=errors, look="double"),
            cls="fields",
        )

    async def do_enter(self, event: Event) -> None:
        """Store the deposit, or show what is wrong."""
        try:
            facts = _facts(event)
            made = await entry.enter_deposit(self.actor, facts, even_if_same=event.ticked("even_if_same"))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            self.typed = dict(event.fields)
            self.again = refusal.code == "deposit.similar"
            self.wrong(refusal)
            await self.do_ask_entry(event)
            self.errors = {}
            return
        self.typed, self.again = {}, False
        await self.do_close_dialog(event)
        self.tell("ok", "Entered.", made.line.status_label)


def _facts(event: Event) -> DepositFacts:
    cents, wrong = cents_of(event.text("amount_cents"), "amount_cents")
    on = date_of(event.text("deposited_on"))
    account = event.text("account_id")
    reject(
        wrong,
        None if on else FieldError("deposited_on", "date.invalid", "Enter the day of the deposit."),
        None if account else FieldError("account_id", "account.missing", "Choose the account."),
    )
    assert on is not None
    return DepositFacts(
        identifier(account),
        on,
        cents,
        event.text("method"),
        event.text("trace"),
        event.text("payer_name"),
        event.text("description"),
    )
