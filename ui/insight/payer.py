"""One payer: why it denies, which procedures, and how that moved from month to month."""

from policies.permissions import Permission as P
from services.insight import payers
from services.insight.payers import Counted, DenialReason, PayerDetail
from ui.insight.shares import PERIODS, days_words, percent, rate, rate_bar
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.markup import Markup, div, p, span
from ui.parts.money import amount, dollars
from ui.parts.table import Column, address, facts


@page("/insight/payers/{payer_id}")
class Payer(Page):
    """How one payer behaves."""

    title = "Payer's behaviour"
    nav = "insight"
    permission = P.REPORTS_VIEW_ALL
    watches = frozenset({"remittances"})

    days: int
    found: PayerDetail

    async def load(self) -> None:
        asked = self.query.get("days", "")
        self.days = int(asked) if asked in {str(days) for days, _ in PERIODS} else 365
        self.found = await payers.payer_behaviour(self.actor, self.id("payer_id"), days=self.days)

    def body(self) -> Markup:
        line = self.found.line
        place = f"/insight/payers/{line.payer_id}"
        chips = [
            filter_chip(words, address(place, self.query, days=str(days)), on=days == self.days)
            for days, words in PERIODS
        ]
        claims = link("Its claims", f"/claims?payer={line.payer_id}")
        crumbs = (("Payers", "/insight/payers"),)
        return div(
            head(line.name, claims, under=span(line.number, cls="mono"), crumbs=crumbs),
            div(chips, cls="filters"),
            card("In this period", self._facts()),
            div(
                div(card(self._finding(), self._reasons(), look="flush")),
                div(self._counted("By procedure", self.found.procedures, "Procedure")),
                cls="columns",
            ),
            self._counted("By month", self.found.months, "Month"),
        )

    def _facts(self) -> Markup:
        line = self.found.line
        return facts(
            ("Denial rate", rate(line.denial_rate)),
            ("Refused", amount(line.refused_cents)),
            ("Charged", amount(line.charged_cents)),
            ("Paid", amount(line.paid_cents)),
            ("Half paid in", days_words(line.median_days)),
            ("9 of 10 in", days_words(line.slow_days)),
            ("Rejected before adjudication", f"{line.rejected:,}"),
        )

    def _finding(self) -> str:
        """The title states what the table shows."""
        if not self.found.reasons:
            return "Nothing was refused"
        first = self.found.reasons[0]
        total = sum(one.cents for one in self.found.reasons)
        share = percent(first.cents / total if total else None)
        return f"{first.group_code}-{first.reason_code} takes {share} of what is refused"

    def _reasons(self) -> Markup:
        if not self.found.reasons:
            return p("No denial in this period.", cls="faint card-body")
        columns = [
            Column[DenialReason](
                "Reason", lambda one: span(f"{one.group_code}-{one.reason_code}", cls="mono"), "tight"
            ),
            Column[DenialReason]("Class", lambda one: one.class_label, "clip wide"),
            Column[DenialReason]("Claims", lambda one: f"{one.claims:,}", "right"),
            Column[DenialReason]("Refused", lambda one: dollars(one.cents), "right"),
        ]
        return table.rows(
            columns,
            self.found.reasons,
            key=lambda one: f"{one.group_code}-{one.reason_code}",
            label="Reasons",
        )

    def _counted(self, title: str, counted: list[Counted], heading: str) -> Markup:
        if not counted:
            return card(title, p("No claims to rate.", cls="faint"))
        most = max((one.denial_rate.share or 0.0) for one in counted)
        columns = [
            Column[Counted](heading, lambda one: span(one.name, cls="mono"), "tight"),
            Column[Counted]("Denial rate", lambda one: rate(one.denial_rate), "right tight"),
            Column[Counted]("", lambda one: rate_bar(one.denial_rate, most), "wide"),
        ]
        return card(title, table.rows(columns, counted, key=lambda one: one.name, label=title), look="flush")
