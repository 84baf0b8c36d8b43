"""How payers behave, and what they paid below contract, as they leave."""

from domain.paging import Page
from domain.tenancy import Actor
from services.insight import payers, underpayments
from services.insight.payers import PayerBehaviour
from services.insight.underpayments import Underpayment
from ui.page import optional_identifier
from ui.parts.money import decimal

Query = dict[str, str]
PAYERS = ("Payer", "Payer id", "Decided", "Denied", "Refused", "Charged", "Paid", "Median days", "90 % within days", "Rejected")  # fmt: skip
UNDERPAYMENTS = ("Claim", "Line", "Payer", "Procedure", "Service", "Paid on", "Allowed", "Contract", "Recoverable", "Appeal until")  # fmt: skip


async def payer_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[PayerBehaviour]:
    """Every payer at once: they are few."""
    asked = query.get("days", "")
    days = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 90
    return Page(await payers.payers_behaviour(actor, days=days))


def payer_cells(line: PayerBehaviour) -> tuple[object, ...]:
    """The cells of a row."""
    rated = line.denial_rate
    figures = map(decimal, (line.refused_cents, line.charged_cents, line.paid_cents))
    days = (line.median_days, line.slow_days)
    return line.name, line.number, rated.whole, rated.part, *figures, *days, line.rejected


async def underpayment_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[Underpayment]:
    """The lines of a filter."""
    return await underpayments.underpayments(
        actor,
        payer_id=optional_identifier(query.get("payer", "")),
        in_time=query.get("in_time") == "1",
        cursor=cursor,
        limit=size,
    )


def underpayment_cells(line: Underpayment) -> tuple[object, ...]:
    """The cells of a row."""
    code = " ".join((line.procedure, *line.modifiers))
    dates = (line.service_from, line.paid_on)
    figures = map(decimal, (line.allowed_cents, line.contracted_cents, line.recoverable_cents))
    return line.reference, line.line, line.payer_name, code, *dates, *figures, line.appeal_until
