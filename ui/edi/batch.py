"""One batch: the claims that travelled together and what every partner answered to each."""

from policies.permissions import Permission as P
from services.edi import batch_chains, batches
from services.edi.submission_views import BatchLinkView
from services.edi.views import AckView, BatchClaim, BatchView
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chains import ChainStep, chain
from ui.parts.chips import chip, claim_chip, code_text, copyable
from ui.parts.markup import Child, Markup, a, div, small, span
from ui.parts.money import amount
from ui.parts.table import Column, facts
from ui.parts.times import exact, moment


@page("/batches/{batch_id}")
class Batch(Page):
    """One batch."""

    title = "Batch"
    nav = "files"
    permission = P.EDI_VIEW
    watches = frozenset({"edi_batches", "claims"})

    batch: BatchView
    links: list[BatchLinkView] = []

    @property
    def name(self) -> str:
        """The batch's reference."""
        return f"Batch {self.batch.line.reference}" if hasattr(self, "batch") else self.title

    async def load(self) -> None:
        self.batch = await batches.get_batch(
            self.actor, self.id("batch_id"), cursor=self.query.get("after"), limit=50
        )
        self.links = await batch_chains.chain_of_batch(self.actor, self.id("batch_id"))

    def body(self) -> Markup:
        line = self.batch.line
        title = (f"Batch {line.reference}", chip(line.status_label, line.tone))
        file = link("Open the file", f"/files/{line.file_id}", key="g") if line.file_id else None
        process = link("Process", f"/processes/batch/{line.id}", look="quiet")
        pairs = facts(
            ("Connection", a(line.connection_name, href=f"/connections/{line.connection_id}")),
            ("Claims", f"{line.claim_count}, {line.rejected_count} rejected"),
            ("Charge", amount(line.charge_cents)),
            ("Interchange (ISA13)", copyable(str(line.interchange_number))),
            ("Group (GS06)", copyable(str(line.group_number))),
            ("Sent", moment(line.sent_at, self.zone)),
            ("Acknowledged", moment(line.acknowledged_at, self.zone)),
        )
        return div(
            head(title, process, file, crumbs=(("Files", "/files"), ("Batches", "/batches"))),
            card("The file", pairs),
            self.links and card("Answers", chain([_step(one) for one in self.links], self.zone)),
            self._claims(),
        )

    def _claims(self) -> Markup:
        columns = [
            Column[BatchClaim](
                "Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"
            ),
            Column[BatchClaim](
                "Status", lambda one: claim_chip(one.status, one.status_label, one.tone), "tight"
            ),
            Column[BatchClaim]("Claim number", lambda one: code_text(one.claim_number), "tight"),
            Column[BatchClaim](
                "Segments",
                lambda one: span(f"{one.first_segment}–{one.last_segment}", cls="faint figure"),
                "right optional-column",
            ),
            Column[BatchClaim]("Answers", self._answers),
            Column[BatchClaim]("Charge", lambda one: amount(one.charge_cents), "right"),
        ]
        rows = table.rows(
            columns,
            self.batch.claims,
            href=lambda one: f"/claims/{one.claim_id}",
            key=lambda one: one.claim_id,
            label="Claims of the batch",
        )
        pages = table.pager(self.here, self.query, self.batch.next, len(self.batch.claims))
        return card("Claims", rows, div(pages, style="padding: 0 16px"), look="flush")

    def _answers(self, one: BatchClaim) -> Child:
        if not one.acknowledgements:
            return span("none yet", cls="faint")
        return div([self._answer(ack) for ack in one.acknowledgements], cls="row")

    def _answer(self, ack: AckView) -> Markup:
        """Who said what: a 277CA comes from the clearinghouse and from the payer."""
        who = f"{ack.kind} {ack.sender_label.lower()}" if ack.kind == "277CA" else ack.kind
        codes = f"{exact(ack.at, self.zone)} {ack.category} {ack.status_code}".strip()
        errors = ack.errors and small("; ".join(ack.errors), cls="error")
        verdict = chip(ack.verdict_label, ack.tone, codes)
        return span(a(who, href=f"/files/{ack.file_id}"), " ", verdict, errors, cls="nowrap")


def _step(one: BatchLinkView) -> ChainStep:
    """What one partner has answered to all of the batch: the worst is told first."""
    counts = [(one.rejected, "rejected"), (one.accepted, "accepted"), (one.awaited, "awaited")]
    about = [f"{count} {words}" for count, words in counts if count]
    if one.rejected:
        word, tone = "Rejected", "bad"
    elif one.awaited:
        word, tone = ("Overdue", "bad") if one.late else ("Awaited", "info")
    elif one.accepted:
        word, tone = "Accepted", "ok"
    else:
        word, tone = ("Not needed" if one.stage == "ta1" else "Not yet"), "neutral"
    by = one.expected_by if one.awaited else None
    return ChainStep(
        one.label, one.sender, word, tone, None if by else one.last_at, by, one.late, about=about
    )
