"""Payers side by side: how often they deny, how much money that is, and how long they take."""

from policies.permissions import Permission as P
from services.insight import payers
from services.insight.payers import PayerBehaviour
from ui.insight.shares import PERIODS, days_words, insight_tabs, rate
from ui.page import Page, page
from ui.parts import table
from ui.parts.cards import head
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Markup, a, div, p, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address

_DEFINITION = (
    "Denial rate: claims denied whole or in part at their first decision ÷ claims decided, by payment date."
    " Reversals, estimates and forwarded claims are left out; rejections (999, 277CA) stand apart."
    " Days run from submission to payment."
)


@page("/insight/payers")
class Payers(Page):
    """How each payer behaves."""

    title = "Payers' behaviour"
    nav = "insight"
    permission = P.REPORTS_VIEW_ALL
    watches = frozenset({"remittances"})

    days: int
    found: list[PayerBehaviour]

    async def load(self) -> None:
        asked = self.query.get("days", "")
        self.days = int(asked) if asked in {str(days) for days, _ in PERIODS} else 90
        self.found = await payers.payers_behaviour(self.actor, days=self.days)

    def body(self) -> Markup:
        export = export_menu("payers", days=str(self.days))
        chips = [
            filter_chip(words, address(self.path, self.query, days=str(days)), on=days == self.days)
            for days, words in PERIODS
        ]
        return div(
            head("Insight", export),
            insight_tabs(self.path),
            div(chips, cls="filters"),
            self._list(),
            p(_DEFINITION, cls="faint", style="margin-top: 12px"),
        )

    def _list(self) -> Markup:
        if not self.found:
            return empty(
                "No claims to rate in this period.",
                "As remittances are posted, each payer's denials, reasons and days appear here.",
            )
        columns = [
            Column[PayerBehaviour](
                "Payer", lambda one: a(one.name, href=f"/insight/payers/{one.payer_id}"), "clip wide"
            ),
            Column[PayerBehaviour]("Denial rate", lambda one: rate(one.denial_rate), "right"),
            Column[PayerBehaviour](
                "Refused", lambda one: amount(one.refused_cents, quiet_zero=True), "right"
            ),
            Column[PayerBehaviour]("Charged", lambda one: amount(one.charged_cents), "right optional-column"),
            Column[PayerBehaviour]("Paid", lambda one: amount(one.paid_cents), "right"),
            Column[PayerBehaviour]("Half paid in", lambda one: days_words(one.median_days), "right"),
            Column[PayerBehaviour](
                "9 of 10 in", lambda one: days_words(one.slow_days), "right optional-column"
            ),
            Column[PayerBehaviour]("Rejected", lambda one: span(f"{one.rejected:,}", cls="figure"), "right"),
        ]
        return table.rows(
            columns,
            self.found,
            href=lambda one: f"/insight/payers/{one.payer_id}",
            key=lambda one: one.payer_id,
            label="Payers",
        )
