"""What a person does about a claim that a payer has decided or that is closed; mixed into the claim's page."""

from typing import Any

from services.claims import corrections
from services.claims.views import ClaimView
from ui.page import Event, Page
from ui.parts.buttons import entry
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, div

_VOID = "The payer is asked to take the whole claim back (frequency 8) and reverses what it paid."
_REOPEN = "The claim stands open again: it can be replaced (7), voided (8), billed on or closed."
_DECLINE = "Nothing is sent to the next payer, also after later remittances; the balance stays where it is."


class CorrectionActions(Page):
    """Voiding, reopening and billing on, each with what it does and, where something is given up, a reason."""

    claim: ClaimView

    def correction_entries(self) -> list[Child]:
        """The lines of the menu that are possible now; what is not possible is not offered."""
        claim = self.claim
        entries: list[Child] = []
        if claim.next_payer_name and not claim.next_payer_reason:
            entries.append(entry(f"Bill the next payer: {claim.next_payer_name}", "bill_next"))
            entries.append(entry("Do not bill the next payer", "ask_decline"))
        if claim.correction == "7":
            entries.append(entry("Void at the payer (8)", "ask_void", tone="bad"))
        if claim.status == "closed" and claim.closed_reason != "withdrawn":
            entries.append(entry("Reopen", "ask_reopen"))
        return entries

    async def do_bill_next(self, event: Event) -> None:
        """Make and send the claim to the next payer."""
        await corrections.bill_next_payer(self.actor, self.claim.id)
        self.tell("ok", "The next payer is billed.", "It travels with the next batch, once its rules pass.")

    async def do_ask_decline(self, event: Event) -> None:
        """Ask why the next payer is not billed."""
        self.ask_reason("Do not bill the next payer", "decline", _DECLINE)

    async def do_decline(self, event: Event) -> None:
        """Leave the balance where it is."""
        await self.with_reason(event, corrections.do_not_bill_next_payer, "The next payer is not billed.")

    async def do_ask_void(self, event: Event) -> None:
        """Ask why the payer is to take the claim back."""
        self.ask_reason("Void at the payer", "void", _VOID, send="Send the void")

    async def do_void(self, event: Event) -> None:
        """Send a void of the payer's claim."""
        await self.with_reason(event, corrections.void, "The void is on its way.")

    async def do_ask_reopen(self, event: Event) -> None:
        """Ask why the closed claim is opened again."""
        self.ask_reason("Reopen", "reopen", _REOPEN)

    async def do_reopen(self, event: Event) -> None:
        """Open the closed claim again."""
        await self.with_reason(event, corrections.reopen, "Reopened.")

    def ask_reason(self, title: str, do: str, words: str, *, send: str = "") -> None:
        """A dialog that says what will happen and asks why."""
        typed = str(self.typed.get("reason", "")) if self.errors else ""
        reason = long_text(
            "reason", "Reason", typed, errors=self.errors, required=True, hint="Kept as a note on the claim."
        )
        self.dialog = form_window(title, do, send or title, div(reason, cls="fields"), explanation=words)

    async def with_reason(self, event: Event, command: Any, done: str) -> None:
        """Run a command with the reason typed."""
        await command(self.actor, self.claim.id, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", done)
