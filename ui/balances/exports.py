"""Patients' balances as they leave."""

from typing import Any

from domain.paging import Page
from domain.tenancy import Actor
from services.balances import accounts
from services.balances.views import BalanceLine
from ui.balances.listing import shown_of
from ui.parts.money import decimal

HEADINGS = (
    "Patient",
    "Account",
    "Client",
    "Oldest service",
    "Statements",
    "Last statement",
    "Payers to answer",
    "Credit",
    "May be asked",
    "Balance",
)


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[BalanceLine]:
    """Balances of a filter."""
    return await accounts.list_balances(actor, show=shown_of(query), cursor=cursor, limit=size)


def cells(one: BalanceLine) -> tuple[Any, ...]:
    """A patient's row."""
    cents = (one.waiting_cents, one.credit_cents, one.billable_cents, one.balance_cents)
    return (
        one.name,
        one.account_number,
        one.client_name,
        one.oldest_on,
        one.statements,
        one.last_statement_on,
        *map(decimal, cents),
    )
