"""A process that waits until somebody mends it: a clearinghouse whose folder was typed wrongly, and a claim on its way."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

from cli.demonstration.capturing import draft_of
from cli.demonstration.masters import House, admit
from cli.demonstration.plan import Ending, Fault, PlannedClaim
from cli.demonstration.records import DemoPatient
from services.claims.capture import create
from services.claims.views import LineDraft
from services.clientele import connections
from services.clientele.connection_facts import ConnectionFacts
from services.clientele.payers import PayerFacts, add_payer

PARTNER = "Wheatland Claims Exchange"
_TYPED = "inbuond"
_PAYER = PayerFacts("Prairie Wind Employers Trust", "PWET9")
_NUMBER = 900  # far from those of the plan


async def leave_something_broken(house: House) -> bool:
    """Add the partner and send a claim its way; False when that was done before, or in another company.

    Whoever opens the incident is led to the connection; once the folder is called `inbound` the claim goes out.
    """
    admin = await house.admin()
    there = (await connections.list_connections(admin)).items
    if house.company.subdomain != "prairie" or any(one.name == PARTNER for one in there):
        return False
    made = await connections.add_practice_connection(admin, PARTNER)
    same = {
        one.name: getattr(made, one.name) for one in fields(ConnectionFacts) if one.name != "access_token"
    }
    facts = replace(ConnectionFacts(**same), inbound_folder=_TYPED)
    await connections.change_connection(admin, made.id, facts, made.version)
    payer = await add_payer(admin, replace(_PAYER, connection_id=made.id))
    house.payers.append(payer.id)
    await _claim(house)
    return True


async def _claim(house: House) -> None:
    patient = DemoPatient(
        _NUMBER,
        "Thorvaldsen",
        "Ingrid",
        date(1979, 3, 8),
        "F",
        "12 Mill Road",
        0,
        len(house.payers) - 1,
        "PWE40042",
    )
    await admit(house, [patient])
    day = house.since - timedelta(days=4)
    line = LineDraft("99213", 13_800, Decimal(1), day, day, (1,))
    claim = PlannedClaim(_NUMBER, patient, day, (line,), ("J06.9",), Fault.NONE, True, Ending.LEAVE)
    biller = await house.actor(house.company.holding("Biller")[0])
    await create(biller, draft_of(house, claim), release=True)
