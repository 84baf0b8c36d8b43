"""Unsent claims that are likely to be denied, with the reasons, and how good such sayings were."""

from policies.permissions import Permission as P
from services.insight import likelihood
from services.insight.likelihood import Accuracy, Forecast, Foretold, ForetoldReason
from ui.insight.shares import insight_tabs, percent
from ui.page import Page, page
from ui.parts import table
from ui.parts.cards import head
from ui.parts.markup import Markup, a, div, p, span
from ui.parts.money import amount
from ui.parts.states import empty, notice
from ui.parts.table import Column
from ui.parts.times import day

_KINDS = {
    "payer": "the payer",
    "procedure": "procedure",
    "diagnosis": "diagnosis",
    "client": "",
    "delay": "sent",
}


@page("/insight/likely-denials")
class LikelyDenials(Page):
    """What to look at before it is sent."""

    title = "Likely denials"
    nav = "insight"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"claims", "remittances"})

    found: Forecast

    async def load(self) -> None:
        self.found = await likelihood.likely_denials(self.actor)

    def body(self) -> Markup:
        return div(
            head("Insight"), insight_tabs(self.path), trust(self.found.accuracy, self.zone), self._list()
        )

    def _list(self) -> Markup | None:
        if not self.found.accuracy.useful:
            return None
        if not self.found.claims:
            return empty("No claim waits to be sent.", "New claims are rated here before they go out.")
        columns = [
            Column[Foretold]("Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"),
            Column[Foretold]("Payer", lambda one: one.payer_name, "clip"),
            Column[Foretold]("Service", lambda one: day(one.service_from), "right optional-column"),
            Column[Foretold]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[Foretold]("Chance of denial", lambda one: percent(one.chance), "right"),
            Column[Foretold]("Chiefly because", lambda one: _first(one), "clip wide"),
        ]
        return table.rows(
            columns,
            self.found.claims,
            href=lambda one: f"/claims/{one.claim_id}",
            key=lambda one: one.claim_id,
            label="Likely denials",
        )


def trust(accuracy: Accuracy, zone: str) -> Markup:
    """How far the chances can be trusted, in figures."""
    if not accuracy.learned_at:
        words = "As remittances are posted, what is denied, and of which claims, is learned from them."
        return notice("info", "Nothing learned yet", words)
    if not accuracy.useful:
        words = (
            f"{accuracy.denied} denials among {accuracy.claims} claims of the last two months are too few to judge by,"
            " or the forecast was no better than the plain rate. No chance is shown until it is."
        )
        return notice("info", "Not shown yet", words)
    words = (
        f"Measured on {accuracy.claims:,} claims of the last two months, unseen when it learned: of the tenth that"
        f" seemed riskiest {accuracy.top_denied:,} of {accuracy.top_claims:,} were denied, of all"
        f" {percent(accuracy.denied / accuracy.claims)}. Squared error {accuracy.brier:.3f} against"
        f" {accuracy.brier_plain:.3f} for the plain rate."
    )
    return notice("info", f"Learned from {accuracy.first_month} to {accuracy.last_month}", words)


def reason_words(one: ForetoldReason) -> str:
    """`procedure 99214: 12 of 80 denied, usually 6 %`."""
    name = f"{_KINDS.get(one.kind, one.kind)} {one.name}".strip()
    return f"{name}: {one.denied:,} of {one.decided:,} denied, usually {percent(one.usual)}"


def reasons_list(found: Foretold) -> Markup:
    """Every reason of a claim, the strongest first."""
    return div([p(span(reason_words(one))) for one in found.reasons])


def _first(one: Foretold) -> str:
    particular = [reason for reason in one.reasons if reason.kind != "payer" and reason.effect > 0]
    shown = particular or one.reasons
    return reason_words(shown[0]) if shown else "the usual rate"
