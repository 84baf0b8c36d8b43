"""The lines of a payment that are not certain, and a person's pick."""

from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.views import DoubtfulService, LinesView
from ui.page import Event, Page, page
from ui.parts.buttons import submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.forms import choice
from ui.parts.markup import Child, Markup, a, b, div, footer, form, p, small, span
from ui.parts.money import dollars
from ui.parts.times import day
from ui.remittances.matching import sure


@page("/remittance-lines/{remittance_claim_id}")
class LineMatches(Page):
    """The services of one payment of a claim."""

    title = "Lines of a payment"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "work_items"})

    view: LinesView

    async def load(self) -> None:
        self.view = await posted.line_matches(self.actor, self.id("remittance_claim_id"))

    def body(self) -> Markup:
        view = self.view
        under = (a(view.reference, href=f"/claims/{view.claim_id}"), span("remittance ", view.trace))
        crumbs = (
            ("Remittances", "/remittances"),
            (f"Remittance {view.trace}", f"/remittances/{view.remittance_id}"),
        )
        return div(head("Lines of a payment", under=under, crumbs=crumbs), card("Services", self._form()))

    def _form(self) -> Markup:
        if not self.view.services:
            return p("This payment was adjusted as a whole: it names no line.", cls="muted")
        may = self.may(P.REMITTANCES_RELEASE)
        rows = [self._service(one, may) for one in self.view.services]
        explanation = p(
            "The money is on the claim already. Which line was paid is told to the next payer, so it must be right.",
            cls="explanation",
        )
        return form(explanation, *rows, may and footer(submit("Keep these lines")), data_do="pick")

    def _service(self, one: DoubtfulService, may: bool) -> Markup:
        what = div(
            span(b(one.procedure or one.revenue_code), " ", " ".join(one.modifiers)),
            small("served ", day(one.service_from), f"  charged {dollars(one.charge_cents)}  paid {dollars(one.paid_cents)}",
                  cls="faint"),
            cls="stack",
        )  # fmt: skip
        state: Child = (
            sure(one.matched_by_label, one.match_confidence)
            if one.claim_line
            else chip("Not certain", "warn")
        )
        return div(
            what, state, self._choice(one) if may else f"line {one.claim_line or 'none'}", cls="fields"
        )

    def _choice(self, one: DoubtfulService) -> Markup:
        known = {str(c.number): f"Line {c.number}: {c.procedure}, {dollars(c.charge_cents)} ({c.confidence} %)"
                 for c in one.candidates}  # fmt: skip
        options = [("0", "None of ours"), *known.items()]
        return choice(
            f"line-{one.ordinal}", "Our line", options, str(one.claim_line or 0), errors=self.errors
        )

    async def do_pick(self, event: Event) -> None:
        """Keep the lines chosen."""
        chosen = {one.ordinal: event.text(f"line-{one.ordinal}") for one in self.view.services}
        lines = {ordinal: int(text) for ordinal, text in chosen.items() if text.isascii() and text.isdigit()}
        await posted.pick_lines(self.actor, self.view.id, lines)
        self.tell("ok", "The lines are kept.")
        self.go(f"/remittances/{self.view.remittance_id}")
