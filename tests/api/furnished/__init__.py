"""A tenant with one of everything, made through the API where the API makes it."""

import httpx

from tests.api.furnished import asked, care, claims, day, months, work
from tests.api.furnished.tenant import Furnished
from tests.api.furnished.work import told
from tests.fixtures.tenancy import TenantFixture

__all__ = ["Furnished", "furnish", "told"]


async def furnish(tenant: TenantFixture, admin: httpx.AsyncClient, mark: str) -> Furnished:
    """One client, provider, payer, patient, coverage, fee schedule, connection, claim, file, batch, item, role, token."""
    made = Furnished(tenant, mark)
    for asks in (asked.masters, asked.claims, asked.people, asked.deposits, asked.workforce):
        await asks(made, admin)
    for makes in (work.at_work, claims.exchanged, claims.remitted, claims.paid, claims.denied):
        await makes(made)
    for makes in (work.inbox, work.audited, work.incident, work.floating):
        await makes(made)
    await asked.forms(made, admin)
    for makes in (care.in_care, months.a_month, day.a_day, work.approvals):
        await makes(made)
    return made
