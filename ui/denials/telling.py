"""What a person tells of an appeal: that it was sent, acknowledged, decided, approved or given up."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Invalid
from services.denials import appeals
from services.denials.appeals import CHANNELS, DECISIONS
from services.denials.views import AppealView, outcome_words
from ui.page import Event, Page, reject
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Markup, div
from ui.parts.money import cents_of

Ask = Callable[[Event], Awaitable[None]]


class AppealTelling(Page):
    """The actions of an appeal's page."""

    one: AppealView

    async def do_ask_sent(self, event: Event) -> None:
        """Ask when and how it went out."""
        fields = div(
            self._day(),
            choice("channel", "How", [(one, one.capitalize()) for one in CHANNELS], self._typed("channel"), errors=self.errors),
            field("tracking", "Tracking or confirmation number", self._typed("tracking"), errors=self.errors),
            cls="fields",
        )  # fmt: skip
        words = "The payer's time to answer begins on this day; silence after it raises an alarm."
        self.dialog = form_window("It was sent", "sent", "It was sent", fields, explanation=words)

    async def do_sent(self, event: Event) -> None:
        """Tell that it went out."""
        on = self._on(event)
        channel, tracking = event.text("channel"), event.text("tracking")
        await self._told(
            event, self.do_ask_sent, appeals.sent(self.actor, self.one.id, on, channel, tracking), "Sent."
        )

    async def do_ask_acknowledged(self, event: Event) -> None:
        """Ask when the payer confirmed it."""
        self.dialog = form_window(
            "Acknowledged", "acknowledged", "It was acknowledged", div(self._day(), cls="fields")
        )

    async def do_acknowledged(self, event: Event) -> None:
        """Tell that the payer has it."""
        asked = appeals.acknowledged(self.actor, self.one.id, self._on(event))
        await self._told(event, self.do_ask_acknowledged, asked, "Noted.")

    async def do_ask_decided(self, event: Event) -> None:
        """Ask for the payer's decision."""
        possible = [one for one in DECISIONS if one in self.one.events_possible]
        fields = div(
            choice(
                "decision", "Decision", [(one, outcome_words(one)[0]) for one in possible], self._typed("decision"),
                errors=self.errors,
            ),
            self._day(),
            field("recovered", "What the payer will pay", self._typed("recovered"), errors=self.errors, unit="$"),
            cls="fields",
        )  # fmt: skip
        words = "A remittance that pays ends the appeal by itself; tell here what came by letter or portal."
        self.dialog = form_window(
            "The payer has decided", "decided", "Keep the decision", fields, explanation=words
        )

    async def do_decided(self, event: Event) -> None:
        """Tell the payer's decision."""
        typed = event.text("recovered")
        cents, fault = cents_of(typed, "recovered") if typed else (0, None)
        reject(fault)
        asked = appeals.decided(self.actor, self.one.id, event.text("decision"), self._on(event), cents)
        await self._told(event, self.do_ask_decided, asked, "The decision is kept.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask why it ends."""
        reason = long_text("reason", "Reason", self._typed("reason"), errors=self.errors, required=True)
        words = "The appeal ends and the denial is worked again."
        self.dialog = form_window(
            "Withdraw", "withdraw", "Withdraw", div(reason, cls="fields"), explanation=words
        )

    async def do_withdraw(self, event: Event) -> None:
        """End the appeal."""
        asked = appeals.withdraw(self.actor, self.one.id, event.text("reason"))
        await self._told(event, self.do_ask_withdraw, asked, "Withdrawn.")

    async def do_ask_approval(self, event: Event) -> None:
        """Give the letter to a second person."""
        await appeals.ask_approval(self.actor, self.one.id)
        self.tell("ok", "A lead is asked to approve it.")

    async def do_approve(self, event: Event) -> None:
        """Approve the letter."""
        await appeals.approve(self.actor, self.one.id)
        self.tell("ok", "Approved.", "It can be sent now.")

    async def do_send_back(self, event: Event) -> None:
        """Make the letter a draft again."""
        await appeals.send_back(self.actor, self.one.id)
        self.tell("ok", "The letter is a draft again.")

    async def do_next_level(self, event: Event) -> None:
        """Take a lost appeal to the next level."""
        await appeals.next_level(self.actor, self.one.id)
        self.tell("ok", "The next level is open.", "Write its letter.")

    async def do_give_up(self, event: Event) -> None:
        """Take a lost appeal no further."""
        await appeals.give_up(self.actor, self.one.id)
        self.tell("ok", "The appeal is closed.", "The denial is worked again.")

    def _day(self) -> Markup:
        today = datetime.now(ZoneInfo(self.zone)).date().isoformat()
        return field("on", "On", self._typed("on") or today, kind="date", required=True, errors=self.errors)

    def _on(self, event: Event) -> date:
        on = date_of(event.text("on"))
        reject(None if on else FieldError("on", "date.invalid", "Enter the date."))
        assert on is not None
        return on

    def _typed(self, name: str) -> str:
        return str(self.typed.get(name, "")) if self.errors else ""

    async def _told(self, event: Event, ask: Ask, asked: Awaitable[AppealView], done: str) -> None:
        """Tell it; a refusal of its fields opens the same dialog again, with the fault at its field."""
        try:
            self.errors = {}
            await asked
        except Invalid as refusal:
            self.typed = dict(event.fields)
            self.wrong(refusal)
            await ask(event)
            return
        await self.do_close_dialog(event)
        self.tell("ok", done)
