"""Matching a payment to its claim by hand, or saying that it is nobody's here."""

from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.doubt_views import Candidate
from services.remittances.views import RemittanceClaim, RemittanceView
from ui.page import Event, Page, identifier
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.chips import chip
from ui.parts.dialogs import form_window, window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, button, div, p, small, span
from ui.parts.money import amount
from ui.parts.table import Column

_DISPOSITIONS = {
    "": ("Unmatched", "warn"),
    "not_ours": ("Not ours", "neutral"),
    "reversed": ("Reversed", "neutral"),
}


def unmatched_chip(one: RemittanceClaim) -> Markup:
    """Where the money of a payment without a claim stands."""
    return chip(*_DISPOSITIONS[one.disposition])


def sure(words: str, confidence: int) -> Child:
    """How something was matched, with how sure that is."""
    return span(words, " ", small(f"{confidence} % sure", cls="faint")) if confidence else words


class Matching(Page):
    """What a page with payments of no claim lets a person do."""

    view: RemittanceView

    def matching_actions(self, one: RemittanceClaim) -> Child:
        """Match, or not ours; nothing for a payment that is settled."""
        if one.claim_id is not None or one.disposition or not self.may(P.REMITTANCES_RELEASE):
            return None
        return div(
            action("Match to a claim", "ask_match", data_id=str(one.id)),
            action("Not ours", "ask_not_ours", data_id=str(one.id), look="quiet"),
            cls="row",
        )

    async def do_ask_match(self, event: Event) -> None:
        """Show the claims that the payment may be about."""
        await self.ask_match(str(event.id()))

    async def ask_match(self, text: str) -> None:
        """Open the dialog with the candidates of a payment."""
        found = await posted.candidates_for(self.actor, identifier(text))
        words = p(
            "Claims that were sent, the likeliest first. The money moves to the claim you choose.",
            cls="explanation",
        )
        if not found:
            nothing = p("No claim fits. Ask the payer, or say that the payment is not ours.", cls="muted")
            self.dialog = window("Match to a claim", words, nothing)
            return
        columns = [
            Column[Candidate]("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
            Column[Candidate]("Sure", lambda one: f"{one.confidence} %", "right"),
            Column[Candidate]("Why", lambda one: ", ".join(one.reasons), "clip wide"),
            Column[Candidate]("Status", lambda one: chip(one.status_label, one.tone), "tight"),
            Column[Candidate]("Payer", lambda one: one.payer_name, "clip optional-column"),
            Column[Candidate]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[Candidate]("", lambda one: self._choose(text, one), "tight"),
        ]
        self.dialog = window(
            "Match to a claim", words, table.rows(columns, found, label="Claims that fit"), look="large"
        )

    def _choose(self, text: str, one: Candidate) -> Child:
        if not self.may(P.REMITTANCES_RELEASE):
            return None
        return button(
            "Match",
            type="button",
            cls="button tiny",
            data_do="match",
            data_id=text,
            data_claim=str(one.claim_id),
        )

    async def do_match(self, event: Event) -> None:
        """Say which claim the payment is for."""
        done = await posted.match_claim(self.actor, event.id(), event.id("claim"))
        await self.do_close_dialog(event)
        self.tell("ok", f"Matched to {done.reference}.", "Its money was posted there.")
        self.go(f"/remittances/{self.view.id}")

    async def do_ask_not_ours(self, event: Event) -> None:
        """Ask why the payment is not ours."""
        self.dialog = form_window(
            "Not ours",
            "not_ours",
            "Owe it back",
            div(
                long_text("reason", "Reason", errors=self.errors, required=True, autofocus=True), cls="fields"
            ),
            explanation="The money is owed to the payer and shown at provider level until the payer takes it back.",
            id=str(event.id()),
        )

    async def do_not_ours(self, event: Event) -> None:
        """Owe the money back."""
        balance_id = await posted.not_ours(self.actor, event.id(), event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "It is owed back to the payer.")
        self.go(f"/provider-balances/{balance_id}")
