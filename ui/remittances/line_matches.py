"""The lines of a payment that are not certain, and a person's pick."""

from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.doubt_views import DoubtfulService, LinesView
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, b, div, footer, form, option, p, select, small, span
from ui.parts.money import amount, dollars
from ui.parts.table import Column
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
        claim = a(view.reference, href=f"/claims/{view.claim_id}") if view.claim_id else span("no claim yet")
        under = (claim, span("remittance ", view.trace))
        crumbs = (
            ("Remittances", "/remittances"),
            (f"Remittance {view.trace}", f"/remittances/{view.remittance_id}"),
        )
        return div(head("Lines of a payment", under=under, crumbs=crumbs), card("Services", self._form()))

    def _form(self) -> Markup:
        if self.view.claim_id is None:
            return p("Match the payment to its claim first; its lines follow.", cls="muted")
        if not self.view.services:
            return p("This payment was adjusted as a whole: it names no line.", cls="muted")
        may = self.may(P.REMITTANCES_RELEASE)
        explanation = p(
            "The money is on the claim already. Which line was paid is told to the next payer, so it must be right.",
            cls="explanation",
        )
        columns = [
            Column[DoubtfulService](
                "Service",
                lambda one: span(b(one.procedure or one.revenue_code), " ", " ".join(one.modifiers)),
                "tight",
            ),
            Column[DoubtfulService]("Served", lambda one: day(one.service_from), "tight"),
            Column[DoubtfulService]("Charged", lambda one: amount(one.charge_cents), "right"),
            Column[DoubtfulService]("Paid", lambda one: amount(one.paid_cents), "right"),
            Column[DoubtfulService]("Matched by", _how, "wide"),
            Column[DoubtfulService](
                "Our line",
                lambda one: self._choice(one) if may else f"line {one.claim_line or 'none'}",
                "wide",
            ),
        ]
        rows = table.rows(columns, self.view.services, label="Services")
        return form(
            explanation,
            rows,
            may and footer(submit("Keep these lines"), style="margin-top: 12px"),
            data_do="pick",
        )

    def _choice(self, one: DoubtfulService) -> Markup:
        known = {
            str(c.number): f"Line {c.number}: {c.procedure}, {dollars(c.charge_cents)}"
            for c in one.candidates
        }
        if one.claim_line:
            known.setdefault(str(one.claim_line), f"Line {one.claim_line}")
        options = [
            option(words, value=value, selected=value == str(one.claim_line or 0))
            for value, words in [("0", "None of ours"), *known.items()]
        ]
        return select(*options, name=f"line-{one.ordinal}", aria_label=f"Our line of service {one.ordinal}")

    async def do_pick(self, event: Event) -> None:
        """Keep the lines chosen."""
        chosen = {one.ordinal: event.text(f"line-{one.ordinal}") for one in self.view.services}
        lines = {ordinal: int(text) for ordinal, text in chosen.items() if text.isascii() and text.isdigit()}
        await posted.pick_lines(self.actor, self.view.id, lines)
        self.tell("ok", "The lines are kept.")
        self.go(f"/remittances/{self.view.remittance_id}")


def _how(one: DoubtfulService) -> Child:
    if one.claim_line:
        return sure(one.matched_by_label, one.match_confidence)
    told = ", ".join(one.candidates[0].reasons) if one.candidates else "no line fits"
    return span(chip("Not certain", "warn"), " ", small(told, cls="faint"))
