"""Invoices to practices: the list, and what each practice owes by age."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.care.receivables import AGES
from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.care import invoices, payments
from services.care.invoice_views import AccountLine, InvoiceRow
from ui.care.moments import month_asked
from ui.care.tabs import care_tabs
from ui.page import Event, Page, optional_identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
from ui.parts.chips import chip, filter_chip, removable
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import field, search
from ui.parts.markup import Child, Markup, a, div
from ui.parts.money import amount, dollars
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day

LIST = "/care/invoices"
SHOWS = {
    "open": "Open",
    "partly_paid": "Partly paid",
    "overdue": "Overdue",
    "settled": "Settled",
    "credit_note": "Credit notes",
}
_EMPTY = (
    "Set what each practice pays on its account, close the month under Month-end, and issue its invoices here: one a"
    " practice, numbered without a gap."
)


class Filters(TypedDict):
    """What the list's address asks for."""

    show: str
    month: date | None
    client_id: UUID | None
    age: str
    text: str


def invoice_filters(query: dict[str, str]) -> Filters:
    """What the list's address asks for; what makes no sense is left out."""
    show, age = query.get("show", ""), query.get("age", "")
    return {
        "show": show if show in SHOWS else "",
        "month": month_of(query.get("month", "")),
        "client_id": optional_identifier(query.get("client", "")),
        "age": age if age in AGES else "",
        "text": query.get("text", ""),
    }


def month_of(text: str) -> date | None:
    """The first day of a month as `2026-10`; None for anything else."""
    year, month = month_asked(text)
    known = year is not None and month is not None and 2020 <= year <= 2100 and 1 <= month <= 12
    return date(year, month, 1) if known and year and month else None


@page("/care/invoices")
class Invoices(Page):
    """All invoices and credit notes, the latest first."""

    title = "Invoices"
    nav = "care"
    permission = P.INVOICES_VIEW
    watches = frozenset({"care_invoices", "care_receivables"})

    found: Rows[InvoiceRow]
    owed: list[AccountLine]

    async def load(self) -> None:
        self.found = await invoices.list_invoices(
            self.actor, **invoice_filters(self.query), cursor=self.query.get("after")
        )
        self.owed = await payments.ageing(self.actor)

    def body(self) -> Markup:
        manages = self.may(P.INVOICES_MANAGE)
        return div(
            head(
                self.title,
                export_menu("care-invoices", self.query, key="e") if self.found.items else None,
                link("What practices owe", "/care/invoices/practices", key="p"),
                action("Issue a month", "ask_month", look="filled", key="i") if manages else None,
                under=self._sum(),
            ),
            care_tabs(self.actor, LIST),
            self._filters(),
            self._list(),
        )

    def _sum(self) -> str:
        owed, late = sum(one.open_cents for one in self.owed), sum(sum(one.ages[1:]) for one in self.owed)
        return f"{dollars(owed)} open, {dollars(late)} of it overdue" if owed else "Nothing is open"

    def _filters(self) -> Markup:
        query = self.query
        return div(
            search(query.get("text", ""), "Practice or number", "Filter by practice or number"),
            self._taken("client", self._practice()),
            self._taken("month", query.get("month", "")),
            filter_chip("All", address(LIST, query, show="", age=""), on=not query.get("show") and not query.get("age")),
            self._chips("show", SHOWS, "age"),
            self._chips("age", AGES, "show"),
            cls="filters",
        )  # fmt: skip

    def _chips(self, name: str, words: Mapping[str, str], other: str) -> list[Markup]:
        """One of a kind at a time: an age is that of what is open, whatever its state."""
        return [
            filter_chip(said, address(LIST, self.query, **{name: value, other: ""}), on=self.query.get(name) == value)
            for value, said in words.items()
        ]  # fmt: skip

    def _taken(self, name: str, words: str) -> Child:
        return removable(words, address(LIST, self.query, **{name: ""})) if self.query.get(name) else None

    def _practice(self) -> str:
        """The name of the practice that the address asks for, as far as the page knows it."""
        wanted = self.query.get("client", "")
        listed = [(one.client_id, one.client_name) for one in self.found.items]
        owing = [(one.client_id, one.client_name) for one in self.owed]
        return next((name for id, name in listed + owing if str(id) == wanted), "one practice")

    async def do_filter(self, event: Event) -> None:
        """Filter by practice or number as it is typed."""
        self.go(address(LIST, self.query, text=event.value.strip() or event.text("text")))

    def _list(self) -> Markup:
        if not self.found.items:
            if set(self.query) - {"after"}:
                return empty("Nothing matches.", "Take off a filter to see more.", link("All invoices", LIST))
            return empty("No invoice yet.", _EMPTY, link("What practices pay", "/care/invoices/practices"))
        rows = table.rows(
            invoice_columns(),
            self.found.items,
            href=lambda one: f"{LIST}/{one.id}",
            key=lambda one: one.id,
            label="Invoices",
        )
        return div(rows, table.pager(LIST, self.query, self.found.next, len(self.found.items)))

    async def do_ask_month(self, event: Event) -> None:
        """Ask which month; it is shown before anything is issued."""
        today = datetime.now(ZoneInfo(self.zone)).date()
        before = today.replace(day=1) - timedelta(days=1)
        typed = self.typed.get("month") or f"{before:%Y-%m}"
        self.dialog = form_window(
            "Issue a month",
            "month",
            "Look at it",
            field("month", "Month", typed, kind="month", errors=self.errors, required=True, autofocus=True),
            explanation="What each practice would be invoiced is shown first; nothing is issued yet.",
        )

    async def do_month(self, event: Event) -> None:
        """Go to the month that was chosen."""
        month = month_of(event.text("month"))
        if month is None:
            reject(FieldError("month", "month.unknown", "Choose a month."))
        await self.do_close_dialog(event)
        self.go(f"/care/invoices/month?month={month:%Y-%m}")


def invoice_columns() -> list[Column[InvoiceRow]]:
    """The columns of a list of invoices."""
    return [
        Column("Number", lambda one: a(one.label, href=f"{LIST}/{one.id}"), "mono tight"),
        Column("Practice", lambda one: one.client_name, "clip wide"),
        Column("Month", lambda one: f"{one.month:%b %Y}", "tight"),
        Column("", lambda one: chip(one.state_label, one.tone), "tight"),
        Column("Issued", lambda one: day(one.issued_on), "right tight optional-column"),
        Column("Due", lambda one: day(one.due_on) if one.kind == "invoice" else None, "right tight"),
        Column("Amount", _total, "right tight"),
        Column("Open", lambda one: amount(one.balance_cents, quiet_zero=True), "right tight"),
    ]


def _total(one: InvoiceRow) -> Child:
    return amount(-one.total_cents if one.kind == "credit_note" else one.total_cents)


@page("/care/invoices/practices")
class PracticesOwe(Page):
    """What each practice owes, and the way to its account."""

    title = "What practices owe"
    nav = "care"
    permission = P.INVOICES_VIEW
    watches = frozenset({"care_receivables"})

    owed: list[AccountLine]

    async def load(self) -> None:
        self.owed = await payments.ageing(self.actor, everybody=True)

    def body(self) -> Markup:
        return div(
            head(
                self.title,
                export_menu("care-ageing", key="e") if self.owed else None,
                under="by days since each invoice was due",
                crumbs=(("Invoices", LIST),),
            ),
            care_tabs(self.actor, LIST),
            self._list(),
        )

    def _list(self) -> Markup:
        if not self.owed:
            return empty("No practice yet.", "Clients are the practices whose patients are cared for.")
        columns = [
            Column[AccountLine](
                "Practice", lambda one: a(one.client_name, href=f"/care/invoices/practices/{one.client_id}"), "clip wide"
            ),
            *(_age(place, *age) for place, age in enumerate(AGES.items())),
            Column[AccountLine]("Open", lambda one: amount(one.open_cents, quiet_zero=True), "right tight"),
            Column[AccountLine]("Credit", lambda one: amount(one.credit_cents, quiet_zero=True), "right tight"),
        ]  # fmt: skip
        rows = table.rows(
            columns,
            self.owed,
            href=lambda one: f"/care/invoices/practices/{one.client_id}",
            key=lambda one: one.client_id,
            label="Practices",
        )
        return card("Open by age", rows, look="flush")


def _age(place: int, age: str, words: str) -> Column[AccountLine]:
    def cell(one: AccountLine) -> Child:
        shown = amount(one.ages[place], quiet_zero=True)
        href = address(LIST, {}, client=str(one.client_id), age=age)
        return a(shown, href=href, title="Its invoices") if one.ages[place] else shown

    return Column(words, cell, "right tight")
