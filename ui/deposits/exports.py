"""Deposits and their days as they leave."""

from typing import Any

from domain.paging import Page
from domain.tenancy import Actor
from services.deposits import catalogue, days
from services.deposits.views import DayLine, DepositLine
from ui.deposits.listing import day_filters, deposit_filters
from ui.parts.money import decimal

DEPOSITS = (
    "Day",
    "Account",
    "Kind",
    "Trace",
    "Paid by",
    "Bank's words",
    "Status",
    "Amount",
    "Matched",
    "Open",
)
DAYS = ("Day", "Account", "State", "Deposits", "Unmatched", "Cash", "Remittances", "Ledger", "Closed by")


async def deposit_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[DepositLine]:
    """Deposits of a filter."""
    return await catalogue.list_deposits(actor, **deposit_filters(query), cursor=cursor, limit=size)


async def day_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[DayLine]:
    """Days of a filter."""
    return await days.list_days(actor, **day_filters(query), cursor=cursor, limit=size)


def deposit_cells(one: DepositLine) -> tuple[Any, ...]:
    """A deposit's row."""
    texts = (one.account_name, one.method_label, one.trace, one.payer_name, one.description, one.status_label)
    cents = (one.amount_cents, one.matched_cents, one.amount_cents - one.matched_cents)
    return (one.deposited_on, *texts, *map(decimal, cents))


def day_cells(one: DayLine) -> tuple[Any, ...]:
    """A day's row."""
    sums = map(decimal, (one.cash_cents, one.remitted_cents, one.ledger_cents))
    return (
        one.day,
        one.account_name,
        one.status,
        one.deposits,
        one.unmatched,
        *sums,
        one.closed_by_name,
    )
