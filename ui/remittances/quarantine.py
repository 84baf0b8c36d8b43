"""What a payment's status means, the bytes that broken equations stand on, and a manager's release."""

from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.doubt_views import BrokenEquation
from services.remittances.views import RemittanceView
from ui.page import Event, Page
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import Child, Markup, a, div, mark, pre, small, span
from ui.parts.money import dollars
from ui.parts.states import Loaded, notice, shown
from ui.parts.times import moment
from ui.remittances.proof import finding, in_words


class Quarantine(Page):
    """The part of a payment's page about what does not balance."""

    view: RemittanceView
    broken: Loaded[list[BrokenEquation]] | None = None

    async def load_broken(self) -> None:
        """The bytes, for whoever may see files' contents."""
        self.broken = None
        if self.view.line.status == "quarantined" and self.may(P.EDI_BODY):
            self.broken = await self.read(posted.broken_equations, self.view.id)

    def told(self) -> Child:
        """What became of a payment that was not simply posted."""
        line = self.view.line
        if line.status == "duplicate":
            return notice(
                "info", "This payment came before.", "It was posted then; nothing was posted again."
            )
        if line.status == "superseded":
            corrected = a("the corrected file", href=f"/remittances/{self.view.superseded_by}")
            return notice(
                "info",
                "Nothing of this file was posted.",
                span("The payment was posted from ", corrected, "."),
            )
        if self.view.released is not None:
            return self._released()
        return self._quarantined() if line.status == "quarantined" else None

    def _released(self) -> Child:
        released = self.view.released
        assert released is not None  # asked by `told`
        left = (
            f" {dollars(abs(released.difference_cents))} that its parts do not explain stand on the account Unmatched."
            if released.difference_cents
            else ""
        )
        words = span(
            "By ", released.by, " ", moment(released.at, self.zone), f", exactly as the file says.{left}"
        )
        return notice("warn", "This payment was released out of balance.", words)

    def _quarantined(self) -> Child:
        worst = self.view.proof.findings[0] if self.view.proof.findings else None
        words = f"{in_words(worst)} " if worst else ""
        release = action("Release as it is", "ask_release") if self.may(P.REMITTANCES_RELEASE) else None
        return notice(
            "bad",
            "The payment does not balance, so nothing of it was posted.",
            div(
                f"{words}The file is kept as it came. A corrected 835 of this payment replaces it by itself.",
                release and div(release, style="margin-top: 8px"),
            ),
        )

    def broken_card(self) -> Child:
        """Each broken equation over the segment that it stands on."""
        if self.broken is None:
            return None
        return card("Where it breaks", shown(self.broken, _places))

    async def do_ask_release(self, event: Event) -> None:
        """Ask for the reason."""
        self.dialog = form_window(
            "Release out of balance",
            "release",
            "Ask to post it",
            div(
                long_text("reason", "Reason", errors=self.errors, required=True, autofocus=True), cls="fields"
            ),
            explanation="Another person approves it first. Then everything is posted exactly as the file says. Cash is the payment's amount; what its parts do "
            "not explain is shown on the account Unmatched. No adjustment is made up.",
        )

    async def do_release(self, event: Event) -> None:
        """Ask another person to approve it."""
        await posted.release(self.actor, self.view.id, event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Asked for approval.", "It is posted as soon as another person approves it.")


def _places(found: list[BrokenEquation]) -> Markup:
    return div([_place(one) for one in found], cls="stack")


def _place(one: BrokenEquation) -> Markup:
    where = small(f"segment {one.finding.segment_number}, byte {one.offset}", cls="faint")
    if not one.segment:
        return div(finding(one.finding))
    lines = [mark(text) if text == one.segment else span(text) for text in one.around]
    wrapped = "white-space: pre-wrap; overflow-wrap: anywhere"
    return div(finding(one.finding), where, pre([div(line) for line in lines], cls="raw", style=wrapped))
