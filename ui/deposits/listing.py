"""Deposit days with their three sums, the deposits themselves, and remittances that still wait for their money."""

from typing import Any

from domain.paging import Page as Rows
from policies.permissions import Permission as P
from services.deposits import catalogue, days
from services.deposits.views import DayLine, DepositLine, WaitingRemittance
from ui.deposits.shared import Entering, deposit_chip, deposit_tabs, deposit_words, trace_text
from ui.page import Event, Page, optional_identifier, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import head
from ui.parts.chips import chip, code_text, filter_chip
from ui.parts.dates import date_of
from ui.parts.exporting import export_menu
from ui.parts.forms import search
from ui.parts.markup import Child, Markup, a, div, span
from ui.parts.money import amount
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day, moment

_DAYS = (("", "All"), ("open", "Open"), ("closed", "Closed"))
_STATUSES = (
    ("", "All"),
    ("unmatched", "Unmatched"),
    ("partial", "In part"),
    ("matched", "Matched"),
    ("set_aside", "Set aside"),
    ("voided", "Voided"),
)


def deposit_filters(query: dict[str, str]) -> dict[str, Any]:
    """The filters of an address, as the list of deposits takes them."""
    status = query.get("status", "")
    return {
        "status": status if status in dict(_STATUSES) else "",
        "account_id": optional_identifier(query.get("account", "")),
        "trace": query.get("text", "")[:60],
        "since": date_of(query.get("since", "")),
        "until": date_of(query.get("until", "")),
    }


def day_filters(query: dict[str, str]) -> dict[str, Any]:
    """The filters of an address, as the list of days takes them."""
    status = query.get("status", "")
    return {
        "status": status if status in dict(_DAYS) else "",
        "account_id": optional_identifier(query.get("account", "")),
    }


@page("/deposits")
class DepositDays(Entering):
    """The days, newest first, each with the three sums that must be one."""

    title = "Deposits"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposits", "deposit_days", "remittances"})

    found: Rows[DayLine]

    async def load(self) -> None:
        await self.load_accounts()
        self.found = await days.list_days(
            self.actor, **day_filters(self.query), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        export = export_menu("deposit-days", self.query)
        return div(
            head("Deposits", export, self.enter_button()),
            deposit_tabs("/deposits"),
            div(self._chips(), cls="filters"),
            self._list(),
        )

    def _chips(self) -> list[Child]:
        status, account = self.query.get("status", ""), self.query.get("account", "")
        chips: list[Child] = [
            filter_chip(words, address("/deposits", self.query, status=key), on=key == status)
            for key, words in _DAYS
        ]
        chips.append(span(cls="gap"))
        return chips + [
            filter_chip(
                one.name,
                address("/deposits", self.query, account="" if account == str(one.id) else str(one.id)),
                on=account == str(one.id),
            )
            for one in self.accounts
        ]

    def _list(self) -> Markup:
        if not self.accounts:
            start = link("Add a bank account", "/deposits/accounts", look="filled")
            return empty(
                "No bank account yet.",
                "Add the account that payers and patients pay into; then take in its bank files or enter deposits.",
                start if self.may(P.DEPOSITS_CLOSE) else None,
            )
        if not self.found.items:
            if self.query.get("status") or self.query.get("account"):
                return empty("No day matches.", "Take a filter off to see more.")
            start = link("Take in a bank file", "/deposits/files", look="filled")
            return empty(
                "No deposits yet.",
                "Each day with deposits appears here with three sums: the bank's, the remittances' and the ledger's.",
                start if self.may(P.DEPOSITS_MANAGE) else None,
            )
        columns = [
            Column[DayLine]("Day", lambda one: a(day(one.day), href=f"/deposits/days/{one.id}"), "tight"),
            Column[DayLine]("State", day_chip, "tight"),
            Column[DayLine]("Account", lambda one: one.account_name, "clip wide"),
            Column[DayLine]("Deposits", lambda one: _deposits(one), "right"),
            Column[DayLine]("Cash", lambda one: amount(one.cash_cents), "right"),
            Column[DayLine]("Remittances", lambda one: amount(one.remitted_cents), "right"),
            Column[DayLine]("Ledger", lambda one: amount(one.ledger_cents), "right"),
            Column[DayLine](
                "Closed", lambda one: moment(one.closed_at, self.zone), "right tight optional-column"
            ),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/deposits/days/{one.id}",
                key=lambda one: one.id,
                label="Deposit days",
            ),
            table.pager("/deposits", self.query, self.found.next, len(self.found.items)),
        )


@page("/deposits/all")
class Deposits(Entering):
    """Every deposit."""

    title = "Deposits"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposits"})

    found: Rows[DepositLine]

    async def load(self) -> None:
        await self.load_accounts()
        self.found = await catalogue.list_deposits(
            self.actor, **deposit_filters(self.query), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        export = export_menu("deposits", self.query)
        return div(
            head("Deposits", export, self.enter_button()),
            deposit_tabs("/deposits/all"),
            self._filters(),
            self._list(),
        )

    def _filters(self) -> Markup:
        field = search(self.query.get("text", ""), "Trace or check number", "Filter deposits")
        status = self.query.get("status", "")
        chips = [
            filter_chip(words, address("/deposits/all", self.query, status=key), on=key == status)
            for key, words in _STATUSES
        ]
        return div(field, span(cls="gap"), chips, cls="filters")

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "No deposit here.", "Take a filter off, take in a bank file, or enter a deposit by hand."
            )
        columns = [
            Column[DepositLine](
                "Day", lambda one: a(day(one.deposited_on), href=f"/deposits/{one.id}"), "tight"
            ),
            Column[DepositLine]("Status", deposit_chip, "tight"),
            Column[DepositLine]("From", deposit_words, "clip wide"),
            Column[DepositLine]("Trace", trace_text, "tight"),
            Column[DepositLine]("Account", lambda one: one.account_name, "clip optional-column"),
            Column[DepositLine](
                "Open", lambda one: amount(one.amount_cents - one.matched_cents, quiet_zero=True), "right"
            ),
            Column[DepositLine]("Amount", lambda one: amount(one.amount_cents), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/deposits/{one.id}",
                key=lambda one: one.id,
                label="Deposits",
            ),
            table.pager("/deposits/all", self.query, self.found.next, len(self.found.items)),
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/deposits/all", self.query, text=event.value.strip() or event.text("text")))


@page("/deposits/waiting")
class Waiting(Page):
    """Remittances that nobody has seen the money of."""

    title = "Remittances without money"
    nav = "deposits"
    permission = P.DEPOSITS_VIEW
    watches = frozenset({"deposits", "remittances"})

    found: Rows[WaitingRemittance]

    async def load(self) -> None:
        self.found = await catalogue.waiting_remittances(
            self.actor, text=self.query.get("text", ""), cursor=self.query.get("after")
        )

    def body(self) -> Markup:
        field = search(self.query.get("text", ""), "Trace number or payer", "Filter remittances")
        return div(
            head("Deposits"), deposit_tabs("/deposits/waiting"), div(field, cls="filters"), self._list()
        )

    def _list(self) -> Markup:
        if not self.found.items:
            return empty(
                "Every remittance has its money.", "Remittances wait here until a deposit is matched to them."
            )
        columns = [
            Column[WaitingRemittance](
                "Trace", lambda one: a(code_text(one.trace), href=f"/remittances/{one.id}"), "tight"
            ),
            Column[WaitingRemittance]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[WaitingRemittance](
                "", lambda one: one.status == "quarantined" and chip("Quarantined", "bad"), "tight"
            ),
            Column[WaitingRemittance]("Paid on", lambda one: day(one.payment_date), "right"),
            Column[WaitingRemittance]("Payment (BPR02)", lambda one: amount(one.payment_cents), "right"),
        ]
        return div(
            table.rows(
                columns,
                self.found.items,
                href=lambda one: f"/remittances/{one.id}",
                key=lambda one: one.id,
                label="Remittances without money",
            ),
            table.pager("/deposits/waiting", self.query, self.found.next, len(self.found.items)),
        )

    async def do_filter(self, event: Event) -> None:
        """Filter as it is typed."""
        self.go(address("/deposits/waiting", self.query, text=event.value.strip() or event.text("text")))


def day_chip(one: DayLine) -> Markup:
    """Whether a day is closed, could be, or what keeps it open."""
    if one.status == "closed":
        return chip("Closed", "ok")
    return chip("Agrees", "info") if one.agrees else chip("Differs", "warn")


def _deposits(one: DayLine) -> Child:
    if not one.unmatched:
        return str(one.deposits)
    return span(chip(f"{one.unmatched} unmatched", "warn"), f" {one.deposits}")
