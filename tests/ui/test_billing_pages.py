"""Pages and downloads never show who bills care what was written about a patient; words are planted to see it."""

import pytest
import pytest_asyncio

from domain.tenancy import Actor
from tests.api.furnished import Furnished
from tests.fixtures.planted import WHO_BILLS, planted_in, told
from tests.ui.addresses import closed
from tests.ui.browsing import Browser
from tests.ui.conftest import Both, Visit

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(scope="module")
async def people(standing: Both) -> dict[str, Actor]:
    """The people who ask, by role; the coordinator has the patient."""
    return await told(standing[0])


async def _read(browser: Browser, made: Furnished) -> dict[str, set[str]]:
    """The planted words that each page or download tells, of those that tell any."""
    found = {
        one.path: planted_in((await one.ask(browser, made.ids)).text)
        for one in closed()
        if one.method == "GET" and ".xlsx" not in one.path
    }
    return {path: words for path, words in found.items() if words}


async def test_no_page_shows_who_bills_what_was_written(
    standing: Both, people: dict[str, Actor], visit: Visit
) -> None:
    browser = await visit(standing[0].tenant, people[WHO_BILLS[0]])
    assert await _read(browser, standing[0]) == {}


async def test_the_coordinators_pages_show_it(standing: Both, people: dict[str, Actor], visit: Visit) -> None:
    found = await _read(await visit(standing[0].tenant, people["Care Coordinator"]), standing[0])
    assert {"note", "reason", "consent", "plan", "outreach", "paper"} <= set().union(*found.values()), found


async def test_billing_opens_minutes_and_packet_and_only_the_own_tenants(
    standing: Both, people: dict[str, Actor], visit: Visit
) -> None:
    made, other = standing
    browser = await visit(made.tenant, people["Billing Staff"])
    page = await browser.get(f"/care/billing/{made.ids['patient_id']}?month=2026-10")
    assert page.status == 200 and f"/documents/{made.ids['packet_id']}" in page.text
    packet = await browser.get(f"/documents/{made.ids['packet_id']}")
    assert packet.status == 200 and made.mark in packet.text
    assert (await browser.get(f"/care/billing/{other.ids['patient_id']}")).status == 404


async def test_the_pdf_of_an_invoice_opens_from_its_page(
    standing: Both, people: dict[str, Actor], visit: Visit
) -> None:
    made = standing[0]
    browser = await visit(made.tenant, people["Billing Staff"])
    tab = await browser.open(f"/care/invoices/{made.ids['invoice_id']}")
    await tab.do("open_pdf")
    paper = await browser.get(await tab.leaves())
    assert (paper.status, paper.text[:5]) == (200, "%PDF-")


async def test_papers_of_somebody_elses_patient_are_not_there(
    standing: Both, people: dict[str, Actor], visit: Visit
) -> None:
    made = standing[0]
    mine = await visit(made.tenant, people["Care Coordinator"])
    colleague = await visit(made.tenant, await made.tenant.actor("Care Coordinator"))
    for document in ("packet_id", "document_id"):
        assert (await mine.get(f"/documents/{made.ids[document]}")).status == 200
        assert (await colleague.get(f"/documents/{made.ids[document]}")).status == 404
