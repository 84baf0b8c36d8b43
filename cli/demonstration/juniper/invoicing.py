"""What the practices pay, the invoices of the months that are closed, and what became of them: paid, in part, late, not at
all, too much, by a check that bounced, and one that was wrong and is credited."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from cli.demonstration.juniper.rhythm import last_day, months_until
from cli.demonstration.masters import House
from database.session import tenant_session
from domain.tenancy import Actor
from services.care import invoices, issuing, payments, terms
from services.care.invoice_views import InvoiceRow
from services.care.invoices import CreditFacts
from services.care.payments import PaymentFacts
from services.care.terms import TermsFacts

_ISSUED_AFTER, _PAID_AFTER = timedelta(days=6), timedelta(days=17)
# What each practice pays, in the order of the practices, from the first of the months on.
_TERMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("programme", {"rates": {"ccm": 3_900, "pcm": 4_200, "apcm": 1_100}, "due_days": 60}),
    ("code", {"rates": {"99490": 3_600, "99439": 2_400, "99426": 3_800, "99427": 2_500, "G0557": 1_200}}),
    ("charges", {"basis_points": 6_000}),
    ("programme", {"rates": {"ccm": 4_100, "pcm": 4_400}, "minimum_cents": 900_000, "due_days": 45}),
    ("charges", {"basis_points": 6_250, "due_days": 60}),
    ("programme", {"rates": {"ccm": 4_000, "pcm": 4_300, "apcm": 1_000}, "due_days": 45}),
)
# The share of an invoice that was paid, in per cent, by practice and by months before the last that is closed. All others
# were paid whole, and those of the last month not yet.
_PAID = {(0, 0): 40, (1, 1): 60, (2, 2): 0, (2, 1): 0, (3, 0): 100, (5, 1): 104}
_BOUNCED = (0, 1)
_WRONG, _RIGHT_SHARE = (
    4,
    5_800,
)  # whose share was invoiced wrongly in the last month, and what had been agreed


async def invoice(house: House) -> None:
    """Terms, then month by month its invoices and what was paid of them. What is there already stays."""
    biller = await house.actor(house.company.holding("Billing Staff")[0])
    months = months_until(house.since)[:-2]
    for client_id, (basis, more) in zip(house.clients, _TERMS, strict=True):
        if not await terms.list_terms(biller, client_id):
            await terms.set_terms(biller, client_id, TermsFacts(months[0], basis, **more))
    for back, first in reversed(list(enumerate(reversed(months)))):
        if not (await invoices.list_invoices(biller, month=first, limit=1)).items:
            await _issue(biller, first)
        rows = (await invoices.list_invoices(biller, "open", month=first)).items
        await _pay(house, biller, back, [one for one in rows if not one.paid_cents])
    await _correct(house, biller, months[-1])


async def _issue(biller: Actor, first: date) -> None:
    """As on the day on which it was due then: the service itself issues as of now."""
    at = datetime.combine(last_day(first) + _ISSUED_AFTER, time(16), UTC)
    async with tenant_session(biller) as session:
        made = await issuing.issue(session, first, at)
        detail = {"month": f"{first:%Y-%m}", "invoices": len(made)}
        await session.audit("demonstration.care_invoices", "tenants", session.tenant_id, detail=detail)


async def _pay(house: House, biller: Actor, back: int, rows: Sequence[InvoiceRow]) -> None:
    for row in rows:
        which = (house.clients.index(row.client_id), back)
        cents = row.balance_cents * _PAID.get(which, 100 if back else 0) // 100
        if not cents:
            continue
        received = row.issued_on + _PAID_AFTER
        facts = PaymentFacts(row.client_id, received, cents, f"ACH {row.number:04d}-{which[0] + 1}", row.id)
        if which == _BOUNCED:
            check = await payments.record_payment(
                biller, replace(facts, reference=f"Check {4_470 + row.number}")
            )
            await payments.reverse_payment(biller, check.id, "Returned by the bank: account closed")
            facts = replace(facts, received_on=received + timedelta(days=9))
        await payments.record_payment(biller, facts)


async def _correct(house: House, biller: Actor, last: date) -> None:
    """The share that was agreed is lower: terms set right, the invoice credited and the month issued anew."""
    client_id: UUID = house.clients[_WRONG]
    if len(await terms.list_terms(biller, client_id)) > 1:
        return
    agreed = TermsFacts(last, "charges", basis_points=_RIGHT_SHARE, due_days=60)
    await terms.set_terms(biller, client_id, agreed)
    for wrong in (await invoices.list_invoices(biller, "open", client_id, last)).items:
        reason = "From this month on 58 per cent were agreed, not 62.5."
        await invoices.credit_invoice(biller, wrong.id, CreditFacts(reason))
    await issuing.issue_month(biller, last)
