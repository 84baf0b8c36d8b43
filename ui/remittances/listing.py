"""Remittances: what came in, what stands in quarantine, and payments that belong to no claim yet."""

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.remittances import posted
from services.remittances.views import RemittanceLine, UnmatchedClaim
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.cards import head, tabs
from ui.parts.chips import chip, code_text, filter_chip
from ui.parts.forms import search
from ui.parts.markup import Child, Markup, a, div, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import ago, day

_STATUSES = (
    ("", "All"),
    ("posted", "Posted"),
    ("quarantined", "Quarantined"),
    ("duplicate", "Duplicates"),
    ("superseded", "Replaced"),
)


def remittance_tabs(here: str) -> Markup:
    """Payments and what is unmatched."""
    known = (
        ("Payments", "/remittances"),
        ("Unmatched", "/unmatched"),
        ("Provider level", "/provider-balances"),
    )
    return tabs(*((words, href, href == here, None) for words, href in known))


@page("/remittances")
class Remittances(Page):
    """The payments, newest first."""

    title = "Remittances"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances"})

    found: Rows[RemittanceLine]

    async def load(self) -> None:
        status = self.query.get("status", "")
        self.found = await posted.list_remittances(
            self.actor,
            status=status if status in dict(_STATUSES) else "",
            text=self.query.get("text", ""),
            cursor=self.query.get("after"),
        )

    def body(self) -> Markup:
        return div(head("Remittances"), remittance_tabs("/remittances"), self._filters(), self._list())

    def _filters(self) -> Markup:
        field = search(self.query.get("text", ""), "Trace number or payer", "Filter remittances")
        status = self.query.get("status", "")
        chips = [
            filter_chip(words, address("/remittances", self.query, status=key), on=key == status)
            for key, words in _STATUSES
        ]
        return div(field, span(cls="gap"), chips, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            if self.query.get("status") or self.query.get("text"):
                return empty("No remittance matches.", "Take a filter off to see more.")
            return empty(
                "No remittances yet.",
                "Payments (835) appear here as they arrive, each proved to the cent before it is posted.",
            )
        columns = [
            Column[RemittanceLine](
                "Trace", lambda one: a(one.trace or "none", href=f"/remittances/{one.id}"), "tight"
            ),
            Column[RemittanceLine]("Status", lambda one: chip(one.status_label, one.tone), "tight"),
            Column[RemittanceLine]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[RemittanceLine]("Paid on", lambda one: day(one.payment_date), "right"),
            Column[RemittanceLine]("Claims", _claims, "right"),
            Column[RemittanceLine](
                "Provider level",
                lambda one: amount(one.provider_adjustment_cents, quiet_zero=True),
                "right optional-column",
            ),
            Column[RemittanceLine]("Payment", lambda one: amount(one.payment_cents), "right"),
            Column[RemittanceLine]("Arrived", lambda one: ago(one.created_at, self.zone), "right tight"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/remittances/{one.id}",
                key=lambda one: one.id,
                label="Remittances",
            ),
            table.pager("/remittances", self.query, self.found.next, len(self.found.items)),
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/remittances", self.query, text=event.value.strip() or event.text("text")))


@page("/unmatched")
class Unmatched(Page):
    """Payments without a claim."""

    title = "Unmatched payments"
    nav = "remittances"
    permission = P.REMITTANCES_VIEW
    watches = frozenset({"remittances", "claims", "work_items"})

    found: Rows[UnmatchedClaim]

    async def load(self) -> None:
        self.found = await posted.unmatched(self.actor, cursor=self.query.get("after"))

    def body(self) -> Markup:
        return div(head("Remittances"), remittance_tabs("/unmatched"), self._list())

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "Every payment belongs to a claim.",
                "Payments whose claim number nobody knows wait here with their money, never lost.",
            )
        columns = [
            Column[UnmatchedClaim]("Claim number as sent", lambda one: code_text(one.claim_number), "tight"),
            Column[UnmatchedClaim]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[UnmatchedClaim](
                "Trace", lambda one: a(one.trace, href=f"/remittances/{one.remittance_id}"), "tight"
            ),
            Column[UnmatchedClaim](
                "Payer's number",
                lambda one: code_text(one.payer_claim_control_number),
                "tight optional-column",
            ),
            Column[UnmatchedClaim]("Paid on", lambda one: day(one.payment_date), "right"),
            Column[UnmatchedClaim]("Charge", lambda one: amount(one.charge_cents), "right"),
            Column[UnmatchedClaim]("Paid", lambda one: amount(one.paid_cents), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/unmatched/{one.id}",
                key=lambda one: one.id,
                label="Unmatched payments",
            ),
            table.pager("/unmatched", self.query, self.found.next, len(self.found.items)),
        )


def _claims(one: RemittanceLine) -> Child:
    if not one.unmatched_count:
        return str(one.claim_count)
    return span(chip(f"{one.unmatched_count} unmatched", "warn"), f" {one.claim_count}")
