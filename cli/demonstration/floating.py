"""The float pool of a demo company: one person who lends a hand to a client now, one who is asked, one who declined."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cli.demonstration.cast import Person
from cli.demonstration.masters import House
from domain.refusals import Refusal
from domain.tenancy import Actor
from domain.work import Kind
from services.clientele import clients
from services.workforce import float_answers, float_planning, float_proposals
from services.workforce.float_views import FloatFacts

OFFERED_WITHIN_SECONDS = 15
_ZONE = ZoneInfo("America/New_York")


async def lend(house: House) -> bool:
    """Fill the float pool; False when that was done before, or when nobody could lend a hand."""
    admin, billers = await house.admin(), house.company.holding("Biller")
    if len(billers) < 2 or (await float_planning.list_floats(admin, limit=1)).items:
        return False
    listed = await clients.list_clients(admin, limit=2, active=True)
    if len(listed.items) < 2:
        return False
    now = datetime.now(UTC)
    friday = datetime.combine(now.date() + timedelta(days=11 - now.weekday()), time(17), _ZONE)
    first, second = [client.id for client in listed.items]
    note = "Their holds pile up since Monday; thank you!"
    running = await _asked(house, admin, billers[0], now, friday, client_id=first, note=note)
    await float_answers.accept_float(await house.actor(billers[0]), running)
    monday = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), time(9), _ZONE)
    declined = await _asked(
        house, admin, billers[-1], monday, monday + timedelta(days=2), kinds=(Kind.HOLD.value,)
    )
    await float_answers.decline_float(await house.actor(billers[-1]), declined, "I am on leave that week.")
    later = monday + timedelta(days=14)
    await _asked(house, admin, billers[1], later, later + timedelta(days=4, hours=8), client_id=second)
    await float_proposals.propose_for(admin.tenant_id)
    return True


async def _asked(
    house: House,
    admin: Actor,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    *,
    client_id: UUID | None = None,
    kinds: tuple[str, ...] = (),
    note: str = "",
) -> UUID:
    """An assignment once it is offered."""
    floater = await house.actor(person)
    assert floater.user_id
    facts = FloatFacts(floater.user_id, starts_at, ends_at, client_id, kinds, note=note)
    made = await float_planning.assign_float(admin, facts)
    for _ in range(OFFERED_WITHIN_SECONDS * 10):
        if (await float_planning.get_float(admin, made.id)).line.state != "proposed":
            return made.id
        await asyncio.sleep(0.1)
    raise Refusal("float.not_offered", "The offer was not made in time.", "Look whether the worker runs.")
