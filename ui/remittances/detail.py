"""One payment: the equations that prove it, what it says of each claim, the provider level, and matching by a person."""

from domain.refusals import NotFound
from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.views import (
    Candidate,
    ProviderAdjustmentView,
    RemittanceClaim,
    RemittanceView,
    UnmatchedClaim,
)
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import chip, copyable
from ui.parts.dialogs import window
from ui.parts.markup import Child, Markup, a, b, button, details, div, p, small, span, summary
from ui.parts.money import amount, dollars
from ui.parts.states import notice
from ui.parts.table import Column, facts
from ui.parts.times import day, moment
from ui.remittances.proof import adjustments, equation, finding, in_words, lines


@page("/remittances/{remittance_id}")
class Remittance(Page):
    """One payment."""

    title = "Remittance"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "claims"})

    view: RemittanceView

    @property
    def name(self) -> str:
        """The trace number."""
        return f"Remittance {self.view.line.trace}" if hasattr(self, "view") else self.title

    async def load(self) -> None:
        self.view = await posted.get_remittance(
            self.actor, self.id("remittance_id"), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        line = self.view.line
        title = (f"Remittance {line.trace}", chip(line.status_label, line.tone))
        under = (
            span(line.payer_name),
            span("paid on ", day(line.payment_date)),
            span("arrived ", moment(line.created_at, self.zone)),
        )
        file = link("Open the file", f"/files/{self.view.file_id}", key="g") if self.may(P.EDI_VIEW) else None
        left = div(self._claims(), self._provider_level())
        right = div(self._proof(), self._facts())
        return div(
            head(title, file, under=under, crumbs=(("Remittances", "/remittances"),)),
            self._quarantine(),
            self._money(),
            div(left, right, cls="columns"),
        )

    def _quarantine(self) -> Child:
        line, proof = self.view.line, self.view.proof
        if line.status == "duplicate":
            return notice(
                "info", "This payment came before.", "It was posted then; nothing was posted again."
            )
        if line.status != "quarantined":
            return None
        worst = proof.findings[0] if proof.findings else None
        words = in_words(worst) if worst else ""
        return notice(
            "bad",
            "The payment does not balance, so nothing of it was posted.",
            f"{words} The file is kept as it came. Ask the payer for a corrected 835.",
        )

    def _money(self) -> Markup:
        line = self.view.line
        cells = (
            ("Claims paid", dollars(line.claims_paid_cents)),
            ("Provider level", dollars(line.provider_adjustment_cents)),
            ("Payment", dollars(line.payment_cents)),
            ("Claims", str(line.claim_count)),
        )
        return div(
            [div(small(words), span(figure, cls="figure")) for words, figure in cells], cls="moneyline"
        )

    def _facts(self) -> Markup:
        line = self.view.line
        pairs = facts(
            ("Trace (TRN02)", copyable(line.trace)),
            ("Payer's id (TRN03)", copyable(line.payer_identifier)),
            ("Payee NPI", copyable(line.payee_npi)),
            ("Method", line.method_label or line.method),
            ("File", a(self.view.file_name or "the file", href=f"/files/{self.view.file_id}")),
            look="one",
        )
        return card("Payment", pairs)

    def _proof(self) -> Markup:
        proof = self.view.proof
        verdict = chip("Balances to the cent", "ok") if proof.balanced else chip("Does not balance", "bad")
        more = proof.finding_count > len(proof.findings) and p(
            f"and {proof.finding_count - len(proof.findings)} more.", cls="faint"
        )
        return card(
            "Proof of balance",
            [equation(one) for one in proof.equations],
            proof.findings
            and div([finding(one) for one in proof.findings], cls="stack", style="margin-top: 8px"),
            more,
            action=verdict,
        )

    def _claims(self) -> Markup:
        if not self.view.claims:
            words = "Nothing was posted, so there are no claims here. The file shows what the payer sent."
            return card(
                "Claims",
                p(
                    words if self.view.line.status != "posted" else "This payment names no claim.",
                    cls="muted",
                ),
            )
        rows = [self._claim(one) for one in self.view.claims]
        pages = table.pager(self.here, self.query, self.view.next, len(self.view.claims))
        return card("Claims", div(rows), div(pages, style="padding: 0 16px"), look="flush")

    def _claim(self, one: RemittanceClaim) -> Markup:
        who = a(one.reference, href=f"/claims/{one.claim_id}") if one.claim_id else chip("Unmatched", "warn")
        figures = span(
            small("charged ", cls="faint"),
            dollars(one.charge_cents),
            small("  adjusted ", cls="faint"),
            dollars(one.adjusted_cents),
            small("  paid ", cls="faint"),
            b(dollars(one.paid_cents)),
            cls="figure nowrap",
        )
        line = summary(
            span(
                b(who),
                chip(one.outcome_label, one.tone),
                one.paid_cents < 0 and chip("Reversal", "warn"),
                cls="row",
            ),
            figures,
            cls="card-head",
        )
        return details(
            line,
            div(self._claim_facts(one), lines(one.lines), adjustments(one.adjustments), cls="card-body"),
            open=one.claim_id is None or len(self.view.claims) <= 3,
            data_key_of=f"claim-{one.id}",
        )

    def _claim_facts(self, one: RemittanceClaim) -> Markup:
        match = (
            action("Match to a claim", "ask_match", data_id=str(one.id))
            if one.claim_id is None and self.may(P.REMITTANCES_RELEASE)
            else None
        )
        return div(
            facts(
                ("Claim number as sent (CLP01)", copyable(one.claim_number)),
                ("Status (CLP02)", f"{one.status_code} {one.status_code_label}".strip()),
                ("Payer's number (CLP07)", copyable(one.payer_claim_control_number)),
                ("Matched by", one.matched_by_label),
                ("Patient", amount(one.patient_cents, quiet_zero=True)),
                ("Remarks", ", ".join(one.remarks)) if one.remarks else None,
            ),
            match,
            cls="stack",
        )

    def _provider_level(self) -> Child:
        if not self.view.provider_adjustments:
            return None
        columns = [
            Column[ProviderAdjustmentView](
                "Reason", lambda one: span(b(one.reason_code), f" {one.reason_label}"), "clip wide"
            ),
            Column[ProviderAdjustmentView]("Reference", lambda one: copyable(one.reference), "tight"),
            Column[ProviderAdjustmentView](
                "Takes from the payment", lambda one: amount(one.amount_cents), "right"
            ),
        ]
        return card(
            "Provider level (PLB)",
            table.rows(columns, self.view.provider_adjustments, label="Provider level"),
            look="flush",
        )

    async def do_ask_match(self, event: Event) -> None:
        """Show the claims that the payment may be about."""
        await self._ask_match(str(event.id()))

    async def _ask_match(self, text: str) -> None:
        found = await posted.candidates_for(self.actor, identifier(text))
        words = p(
            "Claims that were sent, with the same charge or a line that the payer named. The money moves to the claim you choose.",
            cls="explanation",
        )
        if not found:
            self.dialog = window(
                "Match to a claim",
                words,
                p("No claim fits. Ask the payer, or finish the work item as not ours.", cls="muted"),
            )
            return
        columns = [
            Column[Candidate]("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
            Column[Candidate]("Status", lambda one: chip(one.status_label, one.tone), "tight"),
            Column[Candidate]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[Candidate]("Why", lambda one: ", ".join(one.reasons), "clip wide"),
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


@page("/unmatched/{remittance_claim_id}")
class Payment(Remittance):
    """A payment that belongs to no claim yet, with the claims it may be about: where its work item leads."""

    title = "Unmatched payment"
    asked = False

    async def load(self) -> None:
        # Asked for this very payment first, so that what is not the asker's is told apart from what was matched.
        await posted.candidates_for(self.actor, self.id("remittance_claim_id"))
        waiting = await self._waiting()
        self.view = await posted.get_remittance(
            self.actor, waiting.remittance_id, cursor=self.query.get("after")
        )
        if not self.asked:
            self.asked = True
            await self._ask_match(str(waiting.id))

    async def _waiting(self) -> UnmatchedClaim:
        """It among those that wait; one that was matched meanwhile is no longer there."""
        cursor: str | None = None
        while True:
            found = await posted.unmatched(self.actor, cursor=cursor, limit=200)
            for one in found.items:
                if one.id == self.id("remittance_claim_id"):
                    return one
            cursor = found.next
            if cursor is None:
                raise NotFound(
                    "remittance.not_unmatched",
                    "There is no unmatched payment here.",
                    "It was matched meanwhile, or it is not yours. See the list of unmatched payments.",
                )
