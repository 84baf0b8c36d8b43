"""Claims as they leave."""

from typing import Any

from domain.tenancy import Actor
from services.claims import catalogue
from services.claims.views import ClaimLine
from ui.parts.money import decimal
from ui.parts.spreadsheets import Extra, csv_of
from ui.parts.workbook import xlsx_of

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


async def _csv(actor: Actor, filters: dict[str, Any], added: list[Extra]) -> bytes:
    return "".join([part async for part in csv_of(*_parts(actor, filters, added))]).encode()


async def _xlsx(actor: Actor, filters: dict[str, Any], added: list[Extra]) -> bytes:
    parts = _parts(actor, filters, added)
    return b"".join([part async for part in xlsx_of("claims", actor.time_zone, *parts)])


FILES = {"csv": _csv, "xlsx": _xlsx}
"""The claims of a filter that no address may hold, with the columns that the tenant added."""


def _parts(actor: Actor, filters: dict[str, Any], added: list[Extra]) -> tuple[Any, Any, Any]:
    return (
        (*HEADINGS, *(one.heading for one in added)),
        lambda cursor, size: catalogue.list_claims(actor, **filters, cursor=cursor, limit=size),
        lambda line: (*cells(line), *(one.cell(line) for one in added)),
    )


def cells(line: ClaimLine) -> tuple[object, ...]:
    """A claim's row."""
    texts = (
        line.reference,
        line.claim_number,
        line.status_label,
        line.patient_name,
        line.payer_name,
        line.client_name,
    )
    figures = map(decimal, (line.charge_cents, line.paid_cents, line.balance_cents))
    return (*texts, line.service_from, *figures, line.owner_name)
