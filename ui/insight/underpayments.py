"""Payments below the contract, with what is to be had back and until when."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.insight import underpayments
from services.insight.underpayments import UnderpaidProcedure, Underpayment
from ui.insight.shares import insight_tabs
from ui.page import Page, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import filter_chip
from ui.parts.exporting import export_menu
from ui.parts.markup import Markup, a, div, p, span
from ui.parts.money import amount, dollars
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day

_DEFINITION = (
    "Allowed is what was paid and what the patient owes, over all remittances of the line. It is compared with the"
    " payer's contract schedule in force on the day of service. Lines with a modifier that lowers or splits the price"
    " are not compared."
)


@page("/insight/underpayments")
class Underpayments(Page):
    """Lines allowed below their contract."""

    title = "Below contract"
    nav = "insight"
    permission = P.REPORTS_VIEW_ALL
    watches = frozenset({"remittances"})

    found: Rows[Underpayment]
    summed: list[UnderpaidProcedure]

    async def load(self) -> None:
        payer_id = optional_identifier(self.query.get("payer", ""))
        self.found = await underpayments.underpayments(
            self.actor,
            payer_id=payer_id,
            in_time=self.query.get("in_time") == "1",
            cursor=self.query.get("after"),
        )
        self.summed = await underpayments.underpaid_procedures(self.actor, payer_id=payer_id)

    def body(self) -> Markup:
        export = export_menu("underpayments", self.query)
        schedules = link("Contract schedules", "/fee-schedules")
        return div(
            head("Insight", schedules, export),
            insight_tabs(self.path),
            self._filters(),
            self._list(),
            self._summary(),
            p(_DEFINITION, cls="faint", style="margin-top: 12px"),
        )

    def _filters(self) -> Markup:
        on = self.query.get("in_time") == "1"
        chips = [
            filter_chip("All", address(self.path, self.query, in_time=""), on=not on),
            filter_chip("Appeal still possible", address(self.path, self.query, in_time="1"), on=on),
        ]
        if self.query.get("payer"):
            chips.append(filter_chip("One payer ×", address(self.path, self.query, payer=""), on=True))
        return div(chips, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "Nothing is known to be paid below contract.",
                "Enter what a payer allows as a contract schedule; every posted line is compared with it.",
                link("Contract schedules", "/fee-schedules"),
            )
        columns = [
            Column[Underpayment](
                "Claim", lambda one: a(one.reference, href=f"/claims/{one.claim_id}"), "tight"
            ),
            Column[Underpayment]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[Underpayment](
                "Procedure", lambda one: span(" ".join((one.procedure, *one.modifiers)), cls="mono"), "tight"
            ),
            Column[Underpayment]("Service", lambda one: day(one.service_from), "right optional-column"),
            Column[Underpayment]("Allowed", lambda one: amount(one.allowed_cents), "right"),
            Column[Underpayment]("Contract", lambda one: amount(one.contracted_cents), "right"),
            Column[Underpayment]("Recoverable", lambda one: amount(one.recoverable_cents), "right"),
            Column[Underpayment]("Appeal until", lambda one: day(one.appeal_until), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/claims/{one.claim_id}",
                key=lambda one: f"{one.claim_id}-{one.line}",
                label="Lines below contract",
            ),
            table.pager(self.path, self.query, self.found.next, len(self.found.items)),
        )

    def _summary(self) -> Markup | None:
        if not self.summed:
            return None
        in_time = sum(one.in_time_cents for one in self.summed)
        columns = [
            Column[UnderpaidProcedure](
                "Payer",
                lambda one: a(one.payer_name, href=address(self.path, {}, payer=str(one.payer_id))),
                "clip wide",
            ),
            Column[UnderpaidProcedure]("Procedure", lambda one: span(one.procedure, cls="mono"), "tight"),
            Column[UnderpaidProcedure](
                "Lines below", lambda one: f"{one.lines:,} of {one.compared:,}", "right"
            ),
            Column[UnderpaidProcedure]("Recoverable", lambda one: amount(one.recoverable_cents), "right"),
            Column[UnderpaidProcedure]("Still in time", lambda one: amount(one.in_time_cents), "right"),
        ]
        rows = table.rows(
            columns, self.summed, key=lambda one: f"{one.payer_id}-{one.procedure}", label="By procedure"
        )
        return card(f"{dollars(in_time)} can still be appealed", rows, look="flush")
