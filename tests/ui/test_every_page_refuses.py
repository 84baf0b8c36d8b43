"""Every page, form and download, as registered, tried by those who may not: nothing is told, and it is audited."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.api.furnished import Furnished, told
from tests.fixtures.tenancy import TenantFixture
from tests.ui.addresses import FOR_EVERY_MEMBER, OTHERS, Closed, closed, pages
from tests.ui.browsing import Shown
from tests.ui.conftest import Both, Visit, without_rights

pytestmark = pytest.mark.slow


async def refusals(tenant: TenantFixture) -> int:
    """How many refusals the tenant's audit trail holds."""
    sql = "SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND outcome = 'refused'"
    count: int = await tenant.owner.fetchval(sql, tenant.tenant_id)
    return count


def wrong(one: Closed, answer: Shown, status: int, hidden: Furnished) -> Iterator[str]:
    """What is wrong with an answer that must be this refusal and tell nothing of a tenant."""
    if answer.status != status:
        yield f"{one.method} {one.path}: {answer.status} instead of {status}: {answer.text[-300:]}"
    told = [hidden.mark, *(str(value) for value in hidden.ids.values())]
    yield from (f"{one.method} {one.path}: tells {word}" for word in told if word in answer.text)
    designed = 'class="state' in answer.text or 'class="notice' in answer.text
    if one.page and status in (403, 404) and not designed:
        yield f"{one.path}: refused without the designed page: {answer.text[-300:]}"


def nameless(hidden: Furnished) -> Furnished:
    """The same tenant, known by its names alone."""
    return Furnished(hidden.tenant, hidden.mark)


async def test_under_a_wrong_subdomain_everything_is_404(standing: Both, visit: Visit) -> None:
    north, _ = standing
    faults: list[str] = []
    for subdomain, actor in (("nowhere", None), ("north.south", north.tenant.admin)):
        browser = await visit(subdomain, actor)
        for one in closed():
            if actor is None and not one.page:
                continue  # 401 comes first; a page has a sign-in to lead to, and so looks where
            faults += wrong(one, await one.ask(browser, north.ids), 404, north)
    assert faults == []


async def test_the_bare_domain_has_no_page_of_a_tenant(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit("", north.tenant.admin)
    for one in pages():
        answer = await one.ask(browser, north.ids)
        assert (answer.status, answer.location) == (303, "/tenants" if one.path == "/" else "/"), one.path
    for one in OTHERS:
        assert list(wrong(one, await one.ask(browser, north.ids), 404, north)) == []


async def test_nobody_signed_in_is_led_to_the_sign_in_and_back(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser, forged = await visit(north.tenant), await visit(north.tenant, token="forged")
    for one in closed():
        for answer in (await one.ask(browser, north.ids), await one.ask(forged, north.ids)):
            if one.page:
                back = "" if one.path == "/" else f"?back={one.address(north.ids).replace('/', '%2F')}"
                assert (answer.status, answer.location) == (303, f"/sign-in{back}"), one.path
            elif one.path.startswith(("/export/", "/documents/", "/attachments/")):
                assert (answer.status, answer.location) == (303, "/sign-in"), one.path
            else:
                assert answer.status == 401, one.path
            assert north.mark not in answer.text


async def test_without_a_membership_everything_is_403_and_audited(standing: Both, visit: Visit) -> None:
    north, south = standing
    stranger = await visit(north.tenant, south.tenant.admin)
    before = await refusals(north.tenant)
    faults: list[str] = []
    for one in closed():
        faults += wrong(one, await one.ask(stranger, north.ids), 403, north)
    assert faults == []
    assert await refusals(north.tenant) == before + len(closed())


async def test_without_the_permission_everything_is_403_and_audited(standing: Both, visit: Visit) -> None:
    north, _ = standing
    person = await without_rights(north.tenant)
    browser = await visit(north.tenant, person)
    own = north.ids | {"notification_id": await told(north.tenant, person, "An item is yours")}
    faults: list[str] = []
    for one in closed():
        before = await refusals(north.tenant)
        if one.permission is None:
            assert one.path in FOR_EVERY_MEMBER
            faults += wrong(one, await one.ask(browser, own), 200, north)
            if "/notifications/{" in one.path:
                faults += wrong(one, await one.ask(browser, north.ids), 404, nameless(north))
            continue
        faults += wrong(one, await one.ask(browser, north.ids), 403, north)
        if await refusals(north.tenant) == before:
            faults.append(f"{one.method} {one.path}: not audited")
    assert faults == []


async def test_another_tenants_ids_are_404_and_audited(standing: Both, visit: Visit) -> None:
    north, south = standing
    browser = await visit(north.tenant, north.tenant.admin)
    faults, known = [], [one for one in closed() if one.tells_ids()]
    assert len(known) >= 14
    for one in known:
        for ids in (south.ids, dict.fromkeys(south.ids, uuid4())):
            before = await refusals(north.tenant)
            faults += wrong(one, await one.ask(browser, ids), 404, south)
            if await refusals(north.tenant) == before:
                faults.append(f"{one.method} {one.path}: not audited")
    assert faults == []


async def test_with_every_right_everything_opens_and_shows_only_this_tenant(
    standing: Both, visit: Visit
) -> None:
    north, south = standing
    browser = await visit(north.tenant, north.tenant.admin)
    faults, showing = [], 0
    for one in closed():
        if not one.path.startswith(
            "/upload/"
        ):  # what is sent there is no file; tried with ids above and by itself elsewhere
            answer = await one.ask(browser, north.ids)
            # The trail of this tenant names what its people tried to reach, also in vain.
            faults += wrong(one, answer, 200, south if one.path != "/audit" else nameless(south))
            showing += north.mark in answer.text
    assert faults == []
    assert showing >= 25


async def test_ids_of_another_tenant_in_filters_reach_nothing(standing: Both, visit: Visit) -> None:
    north, south = standing
    browser = await visit(north.tenant, north.tenant.admin)
    there = south.ids
    faults: list[str] = []
    for address in (
        f"/claims?client={there['client_id']}&payer={there['payer_id']}&patient={there['patient_id']}",
        f"/claims/new?patient={there['patient_id']}",
        f"/patients?client={there['client_id']}",
        f"/patients/new?client_id={there['client_id']}",
        f"/files?connection={there['connection_id']}",
        f"/work?item={there['item_id']}",
        f"/remittances/{north.ids['remittance_id']}?match={there['remittance_claim_id']}",
        f"/audit?type=claims&id={there['claim_id']}",
        f"/export/claims.csv?patient={there['patient_id']}",
    ):
        answer = await browser.get(address)
        if answer.status not in (200, 404) or south.mark in answer.text:
            faults.append(f"{address}: {answer.status} {answer.text[-200:]}")
    assert faults == []
