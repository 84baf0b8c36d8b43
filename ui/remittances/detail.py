"""One payment: the equations that prove it, what it says of each claim, the provider level, and matching by a person."""

from domain.refusals import NotFound
from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.views import ProviderAdjustmentView, RemittanceClaim, RemittanceView, UnmatchedClaim
from ui.page import page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip, copyable
from ui.parts.markup import Child, Markup, a, b, details, div, p, small, span, summary
from ui.parts.money import amount, dollars
from ui.parts.table import Column, facts
from ui.parts.times import day, moment
from ui.remittances.matching import Matching, sure, unmatched_chip
from ui.remittances.proof import adjustments, equation, finding, lines
from ui.remittances.quarantine import Quarantine
from ui.work.attached import TABLES, Attached


@page("/remittances/{remittance_id}")
class Remittance(Quarantine, Matching, Attached):
    """One payment."""

    title = "Remittance"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "claims"}) | TABLES

    view: RemittanceView

    @property
    def name(self) -> str:
        """The trace number."""
        return f"Remittance {self.view.line.trace}" if hasattr(self, "view") else self.title

    async def load(self) -> None:
        self.view = await posted.get_remittance(
            self.actor, self.id("remittance_id"), cursor=self.query.get("after")
        )
        await self.load_broken()
        await self.load_files("remittance", self.view.line.id)

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
        right = div(self._proof(), self._facts(), self.files_card())
        return div(
            head(title, file, under=under, crumbs=(("Remittances", "/remittances"),)),
            self.told(),
            self._money(),
            self.broken_card(),
            div(left, right, cls="columns"),
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
        who = a(one.reference, href=f"/claims/{one.claim_id}") if one.claim_id else unmatched_chip(one)
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
        doubtful = one.claim_id is not None and any(not line.claim_line for line in one.lines)
        return div(
            facts(
                ("Claim number as sent (CLP01)", copyable(one.claim_number)),
                ("Status (CLP02)", f"{one.status_code} {one.status_code_label}".strip()),
                ("Payer's number (CLP07)", copyable(one.payer_claim_control_number)),
                ("Matched by", sure(one.matched_by_label, one.match_confidence)),
                ("Interest (AMT*I)", amount(one.interest_cents)) if one.interest_cents else None,
                ("Patient", amount(one.patient_cents, quiet_zero=True)),
                ("Remarks", ", ".join(one.remarks)) if one.remarks else None,
            ),
            self.matching_actions(one),
            link("Pick the lines", f"/remittance-lines/{one.id}", look="quiet") if doubtful else None,
            cls="stack",
        )

    def _provider_level(self) -> Child:
        if not self.view.provider_adjustments:
            return None
        columns = [
            Column[ProviderAdjustmentView](
                "Reason", lambda one: span(b(one.reason_code), f" {one.reason_label}"), "clip wide"
            ),
            Column[ProviderAdjustmentView]("Reference", _reference, "tight"),
            Column[ProviderAdjustmentView]("Account", lambda one: one.account_label, "tight optional-column"),
            Column[ProviderAdjustmentView](
                "Takes from the payment", lambda one: amount(one.amount_cents), "right"
            ),
        ]
        return card(
            "Provider level (PLB)",
            table.rows(columns, self.view.provider_adjustments, label="Provider level"),
            look="flush",
        )


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
            await self.ask_match(str(waiting.id))

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


def _reference(one: ProviderAdjustmentView) -> Child:
    if one.balance_id is None:
        return copyable(one.reference)
    return a(one.reference or "none", href=f"/provider-balances/{one.balance_id}")
