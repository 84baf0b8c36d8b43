"""The lists that leave as CSV: `/export/NAME.csv` with the filters of the page it stands on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.paging import Page
from domain.tenancy import Actor
from services.claims import catalogue
from services.claims.views import ClaimLine
from services.insight import payers, underpayments
from services.insight.payers import PayerBehaviour
from services.insight.underpayments import Underpayment
from ui.claims import export as claims
from ui.claims.listing import filters_of
from ui.page import optional_identifier
from ui.parts.money import plain
from ui.parts.spreadsheets import csv_of

Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Export:
    """One list: its headings, its pages for an asker and a filter, and the cells of a row."""

    headings: tuple[str, ...]
    pages: Callable[[Actor, Query, str | None, int], Awaitable[Page[Any]]]
    cells: Callable[[Any], Iterable[object]]

    async def refuse_early(self, actor: Actor, query: Query) -> None:
        """Ask for one row, so that a refusal comes before the answer has begun."""
        await self.pages(actor, query, None, 1)

    def rows(self, actor: Actor, query: Query) -> AsyncIterator[str]:
        """The CSV, page by page."""
        return csv_of(self.headings, lambda cursor, size: self.pages(actor, query, cursor, size), self.cells)


async def _claims(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[ClaimLine]:
    return await catalogue.list_claims(actor, **filters_of(query), cursor=cursor, limit=size)


async def _payers(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[PayerBehaviour]:
    asked = query.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 90
    return Page(await payers.payers_behaviour(actor, days=days))


def _payer(line: PayerBehaviour) -> tuple[object, ...]:
    rated = line.denial_rate
    figures = (plain(line.refused_cents), plain(line.charged_cents), plain(line.paid_cents))
    days = ("" if one is None else one for one in (line.median_days, line.slow_days))
    return line.name, line.number, rated.whole, rated.part, *figures, *days, line.rejected


async def _underpayments(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[Underpayment]:
    return await underpayments.underpayments(
        actor,
        payer_id=optional_identifier(query.get("payer", "")),
        in_time=query.get("in_time") == "1",
        cursor=cursor,
        limit=size,
    )


def _underpayment(line: Underpayment) -> tuple[object, ...]:
    code = " ".join((line.procedure, *line.modifiers))
    dates = (line.service_from.isoformat(), line.paid_on.isoformat())
    figures = (plain(line.allowed_cents), plain(line.contracted_cents), plain(line.recoverable_cents))
    return line.reference, line.line, line.payer_name, code, *dates, *figures, line.appeal_until.isoformat()


EXPORTS: dict[str, Export] = {
    "claims": Export(claims.HEADINGS, _claims, claims.cells),
    "payers": Export(
        (
            "Payer",
            "Payer id",
            "Decided",
            "Denied",
            "Refused",
            "Charged",
            "Paid",
            "Median days",
            "90 % within days",
            "Rejected",
        ),
        _payers,
        _payer,
    ),
    "underpayments": Export(
        (
            "Claim",
            "Line",
            "Payer",
            "Procedure",
            "Service",
            "Paid on",
            "Allowed",
            "Contract",
            "Recoverable",
            "Appeal until",
        ),
        _underpayments,
        _underpayment,
    ),
}
