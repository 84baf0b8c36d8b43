"""Balances at provider level: the list, and one with its movements, its claim, and who decides what it is about."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.doubt_views import Candidate, ProviderBalance, ProviderBalanceView, ProviderMovement
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card, head
from ui.parts.chips import chip, code_text, copyable, filter_chip
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text, search
from ui.parts.markup import Child, Markup, a, b, button, div, p, span
from ui.parts.money import amount, dollars
from ui.parts.states import empty, notice
from ui.parts.table import Column, address, facts
from ui.parts.times import ago, day, moment
from ui.remittances.listing import remittance_tabs

_STATES = (
    ("open", "Owed"), ("unexplained", "Without a claim"), ("settled", "Settled"), ("final", "Final"), ("all", "All"),
)  # fmt: skip
_TIED = {
    "": "",
    "reference": "By its reference (PLB03-2)",
    "person": "By a person",
    "no_claim": "Belongs to no claim",
}


@page("/provider-balances")
class ProviderBalances(Page):
    """The balances, newest first."""

    title = "Provider level"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "provider_balances"})

    found: Rows[ProviderBalance]

    @property
    def state(self) -> str:
        """Which balances are shown."""
        wanted = self.query.get("state", "open")
        return wanted if wanted in dict(_STATES) else "open"

    async def load(self) -> None:
        self.found = await posted.list_provider_balances(
            self.actor, standing=self.state, text=self.query.get("text", ""), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        return div(head("Remittances"), remittance_tabs("/provider-balances"), self._filters(), self._list())

    def _filters(self) -> Markup:
        field = search(self.query.get("text", ""), "Reference or payer", "Filter balances")
        chips = [
            filter_chip(words, address("/provider-balances", self.query, state=key), on=key == self.state)
            for key, words in _STATES
        ]
        return div(field, span(cls="gap"), chips, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if self.query.get("text") or self.state != "open":
                return empty("No balance matches.", "Choose another filter to see more.")
            return empty(
                "Nothing is owed at provider level.",
                "What a payer carries forward (FB) or takes back (WO) is kept here by its reference until it comes to nothing.",
            )
        columns = [
            Column[ProviderBalance](
                "Reference",
                lambda one: a(one.reference or "none", href=f"/provider-balances/{one.id}"),
                "tight",
            ),
            Column[ProviderBalance]("Standing", lambda one: chip(*one.standing), "tight"),
            Column[ProviderBalance]("Payer", lambda one: one.payer_name or one.payer, "clip wide"),
            Column[ProviderBalance]("Claim", _claim, "tight"),
            Column[ProviderBalance]("Payee", lambda one: code_text(one.payee), "tight optional-column"),
            Column[ProviderBalance]("Balance", lambda one: amount(one.cents), "right"),
            Column[ProviderBalance]("Moved", lambda one: ago(one.moved_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/provider-balances/{one.id}",
                key=lambda one: one.id,
                label="Balances at provider level",
            ),
            table.pager("/provider-balances", self.query, self.found.next, len(self.found.items)),
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/provider-balances", self.query, text=event.value.strip() or event.text("text")))


@page("/provider-balances/{balance_id}")
class ProviderBalancePage(Page):
    """One balance."""

    title = "Provider-level balance"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "provider_balances", "work_items"})

    view: ProviderBalanceView

    async def load(self) -> None:
        self.view = await posted.get_provider_balance(self.actor, self.id("balance_id"))

    def body(self) -> Markup:
        line = self.view.line
        title = (f"Provider level {line.reference}".strip(), chip(*line.standing))
        under = (span(line.payer_name or line.payer), span("moved ", moment(line.moved_at, self.zone)))
        return div(
            head(title, under=under, crumbs=(("Provider level", "/provider-balances"),)),
            self._told(),
            div(div(self._movements(), self._candidates()), div(self._facts()), cls="columns"),
        )

    def _told(self) -> Child:
        line = self.view.line
        if line.nature == "final" or not line.cents:
            return None
        if line.cents < 0:
            return notice(
                "info",
                f"{dollars(-line.cents)} of the payer's money is with us.",
                "It is owed until the payer takes it back (WO or FB) under this reference.",
            )
        return notice(
            "warn",
            f"The payer took {dollars(line.cents)} that no remittance of a claim explains.",
            "A reversal of the claim under this reference, or money given back, settles it.",
        )

    def _facts(self) -> Markup:
        line = self.view.line
        claim: Child = (
            a(line.claim_reference, href=f"/claims/{line.claim_id}")
            if line.claim_id
            else _TIED[line.tied_by] or "None yet"
        )
        pairs = facts(
            ("Balance", b(dollars(line.cents))),
            ("Claim", claim),
            ("Tied", _TIED[line.tied_by]) if line.claim_id else None,
            ("Reference (PLB03-2)", copyable(line.reference)),
            ("Payer's id (TRN03)", copyable(line.payer)),
            ("Payee (PLB01)", copyable(line.payee)),
            look="one",
        )
        leave = (
            div(action("Belongs to no claim", "ask_leave"), style="margin-top: 12px")
            if not line.tied_by and self.may(P.REMITTANCES_RELEASE)
            else None
        )
        return card("Balance", pairs, leave)

    def _movements(self) -> Markup:
        columns = [
            Column[ProviderMovement]("On", lambda one: moment(one.at, self.zone), "tight"),
            Column[ProviderMovement]("What", lambda one: one.words, "clip wide"),
            Column[ProviderMovement](
                "Remittance",
                lambda one: (
                    a(one.trace, href=f"/remittances/{one.remittance_id}") if one.remittance_id else None
                ),
                "tight",
            ),
            Column[ProviderMovement]("Paid on", lambda one: day(one.payment_date), "right optional-column"),
            Column[ProviderMovement]("Moved", lambda one: amount(one.cents), "right"),
        ]
        rows = (
            table.rows(columns, self.view.movements, label="Movements")
            if self.view.movements
            else p("Nothing has moved.", cls="muted")
        )
        return card("Movements", rows, look="flush" if self.view.movements else "")

    def _candidates(self) -> Child:
        line = self.view.line
        if line.tied_by or line.nature == "final":
            return None
        if not self.view.candidates:
            return card(
                "Claims it may be about",
                p("No claim fits. Ask the payer what the reference means.", cls="muted"),
            )
        columns = [
            Column[Candidate]("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
            Column[Candidate]("Status", lambda one: chip(one.status_label, one.tone), "tight"),
            Column[Candidate]("Why", lambda one: ", ".join(one.reasons), "clip wide"),
            Column[Candidate]("Sure", lambda one: f"{one.confidence} %", "right"),
            Column[Candidate]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[Candidate]("", self._tie, "tight"),
        ]
        return card(
            "Claims it may be about",
            table.rows(columns, self.view.candidates, label="Claims that fit"),
            look="flush",
        )

    def _tie(self, one: Candidate) -> Child:
        if not self.may(P.REMITTANCES_RELEASE):
            return None
        return button("Tie", type="button", cls="button tiny", data_do="tie", data_claim=str(one.claim_id))

    async def do_tie(self, event: Event) -> None:
        """Say which claim the balance is about."""
        await posted.tie_provider_balance(self.actor, self.view.id, event.id("claim"))
        self.tell("ok", "Tied to its claim.", "The balance stays until it comes to nothing.")

    async def do_ask_leave(self, event: Event) -> None:
        """Ask why it belongs to no claim."""
        self.dialog = form_window(
            "Belongs to no claim",
            "leave",
            "Leave it so",
            div(
                long_text("reason", "Reason", errors=self.errors, required=True, autofocus=True), cls="fields"
            ),
            explanation="The balance stays shown until it comes to nothing; nobody is asked again.",
        )

    async def do_leave(self, event: Event) -> None:
        """Keep it without a claim."""
        await posted.leave_provider_balance(self.actor, self.view.id, event.text("reason"))
        await self.do_close_dialog(event)


def _claim(one: ProviderBalance) -> Child:
    if one.claim_id:
        return a(one.claim_reference, href=f"/claims/{one.claim_id}")
    return span("none" if one.tied_by else "to be found", cls="faint")
