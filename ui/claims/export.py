"""Claims as CSV."""

from collections.abc import AsyncIterator
from typing import Any

from domain.tenancy import Actor
from services.claims import catalogue
from services.claims.views import ClaimLine
from ui.parts import spreadsheets
from ui.parts.money import plain
from ui.parts.spreadsheets import Extra

HEADINGS = (
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


def csv_of(actor: Actor, filters: dict[str, Any], added: list[Extra]) -> AsyncIterator[str]:
    """The claims of a filter that no address may hold, with the columns that the tenant added."""
    return spreadsheets.csv_of(
        (*HEADINGS, *(one.heading for one in added)),
        lambda cursor, size: catalogue.list_claims(actor, **filters, cursor=cursor, limit=size),
        lambda line: (*cells(line), *(one.cell(line) for one in added)),
    )


def cells(line: ClaimLine) -> tuple[str, ...]:
    """A claim's row."""
    texts = (
        line.reference,
        line.claim_number,
        line.status_label,
        line.patient_name,
        line.payer_name,
        line.client_name,
    )
    figures = (plain(line.charge_cents), plain(line.paid_cents), plain(line.balance_cents))
    return (*texts, line.service_from.isoformat(), *figures, line.owner_name)
