"""Claims as CSV: exactly what a filter shows, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Any

from domain.tenancy import Actor
from services.claims import catalogue
from services.claims.views import ClaimLine
from ui.parts.money import plain

_HEADINGS = (
    "Claim",
    "Claim number",
    "Status",
    "Patient",
    "Payer",
    "Client",
    "Service from",
    "Charge",
    "Paid",
    "Balance",
    "With",
)
_PAGE = 200


async def csv_of(actor: Actor, filters: dict[str, Any]) -> AsyncIterator[str]:
    """Page by page, so that a hundred thousand claims cost no more memory than two hundred."""
    yield "\ufeff" + _csv([_HEADINGS])
    cursor: str | None = None
    while True:
        found = await catalogue.list_claims(actor, **filters, cursor=cursor, limit=_PAGE)
        yield _csv(_cells(line) for line in found.items)
        cursor = found.next
        if cursor is None:
            return


def _cells(line: ClaimLine) -> tuple[str, ...]:
    texts = (
        line.reference,
        line.claim_number,
        line.status_label,
        line.patient_name,
        line.payer_name,
        line.client_name,
    )
    figures = (plain(line.charge_cents), plain(line.paid_cents), plain(line.balance_cents))
    return (*map(_harmless, texts), line.service_from.isoformat(), *figures, _harmless(line.owner_name))


def _harmless(text: str) -> str:
    """A spreadsheet runs what begins like a formula: such text gets an apostrophe in front."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
