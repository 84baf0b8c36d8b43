"""Fills the care company: what people would do through the services, and the months behind it in bulk."""

from datetime import datetime

from cli.demonstration.juniper.admitting import PLAN_DUE_DAYS, admit, admitted
from cli.demonstration.juniper.closing import close_months
from cli.demonstration.juniper.company import CLIENTS, FEES, PAYERS, PLACES
from cli.demonstration.juniper.hiring import Staff, hire
from cli.demonstration.juniper.invoicing import invoice
from cli.demonstration.juniper.patients import patients
from cli.demonstration.juniper.recording import record_month
from cli.demonstration.juniper.rhythm import months_until
from cli.demonstration.masters import House, furnish
from database.session import Session, tenant_session
from services.care import practices
from services.care.forecasts import forecast_now
from services.care.practices import PracticeFacts


async def fill(house: House, now: datetime) -> int:
    """Everything that is not there yet, as of the day of the registration; how many time entries were added.

    The services know only now, so what lies in the past goes through the tenant's session in bulk: sealed as they
    seal it, one transaction a month, and one audit row for each that says how many.
    """
    today = house.since
    await furnish(house, CLIENTS, PAYERS, FEES)
    await _practices(house)
    staff = await hire(house, today)
    await _rosters(house, staff)
    everybody = admitted(house, staff, patients(today), (await house.admin()).tenant_id)
    await admit(house, everybody, today)
    added = [await record_month(house, staff, everybody, first, now) for first in months_until(today)]
    await close_months(house, everybody)
    await invoice(house)
    if any(added):
        await forecast_now(await house.admin())
    return sum(added)


async def _practices(house: House) -> None:
    """Each practice's month begins at its own midnight."""
    admin = await house.admin()
    for client_id, place in zip(house.clients, PLACES, strict=True):
        if not (await practices.get_practice(admin, client_id)).version:
            facts = PracticeFacts(place.zone, plan_due_days=PLAN_DUE_DAYS, contact_line="808 555 0199")
            await practices.save_practice(admin, client_id, facts)


async def _rosters(house: House, staff: Staff) -> None:
    async with tenant_session(await house.admin()) as session:
        await _licences(session, staff)


async def _licences(session: Session, staff: Staff) -> None:
    """How many patients a coordinator takes at most, and the states whose licence they hold."""
    each = len(staff.coordinators) // len(PLACES)
    for number, user in enumerate(staff.coordinators):
        place = number // each
        states = {PLACES[place].state, PLACES[(place + number % 3) % len(PLACES)].state}
        await session.execute(
            "INSERT INTO care_coordinators (tenant_id, user_id, most_patients, states) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING",
            session.tenant_id,
            user,
            60 + number % 4 * 5,
            sorted(states),
        )
