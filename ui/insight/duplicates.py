"""Services on several claims: billed twice, or meant."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.insight import duplicates
from services.insight.duplicates import Duplicate
from ui.insight.shares import insight_tabs
from ui.page import Page, page
from ui.parts import table
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.markup import Markup, a, div, p, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day

_DEFINITION = (
    "One patient, day of service, procedure and modifiers on more than one claim. Lines whose modifiers say that a"
    " repetition is meant, claims withdrawn before they were sent and claims taken back whole are left out."
)


@page("/insight/duplicates")
class Duplicates(Page):
    """What may have been billed twice."""

    title = "Duplicates"
    nav = "insight"
    permission = P.REPORTS_VIEW_ALL
    watches = frozenset({"claims"})

    found: Rows[Duplicate]

    async def load(self) -> None:
        self.found = await duplicates.duplicates(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        return div(
            head("Insight"),
            insight_tabs(self.path),
            self._list(),
            p(_DEFINITION, cls="faint", style="margin-top: 12px"),
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No service stands on two claims.", "Suspected duplicates of three years appear here."
            )
        columns = [
            Column[Duplicate]("Service", lambda one: day(one.service_from), "tight"),
            Column[Duplicate](
                "Procedure", lambda one: span(" ".join((one.procedure, *one.modifiers)), cls="mono"), "tight"
            ),
            Column[Duplicate]("Claims", _claims, "wide"),
            Column[Duplicate]("Paid", _paid, "tight"),
            Column[Duplicate]("In all", lambda one: amount(one.paid_cents, quiet_zero=True), "right"),
        ]
        return div(
            table.rows(columns, self.found.items, label="Duplicates"),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )


def _claims(one: Duplicate) -> Markup:
    return span(
        [
            span(
                a(twin.reference, href=f"/claims/{twin.claim_id}"),
                " ",
                chip(twin.status_label, twin.tone),
                " ",
            )
            for twin in one.claims
        ]
    )


def _paid(one: Duplicate) -> Markup:
    if one.paid_times > 1:
        return chip(f"{one.paid_times} times", "bad")
    return chip("once", "ok") if one.paid_times else chip("not yet", "neutral")
