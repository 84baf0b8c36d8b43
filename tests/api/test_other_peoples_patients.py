"""Every route of care, as found in the API's own document, tried by a coordinator for somebody else's patient."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from policies.default_roles import CARE_COORDINATOR
from services.tenancy import roles
from tests.api.conftest import Visit
from tests.api.furnished import Furnished, furnish
from tests.api.operations import FIXED, Asked, operations
from tests.api.test_every_route_refuses import refusals_audited
from tests.fixtures.tenancy import TenantFixture

pytestmark = pytest.mark.slow

# Parameters of paths under /care that name nobody's patient. Any other one names a patient, or what is kept of one.
NOT_A_PATIENT = {
    "care_template_id": "what a programme's patients need",
    "client_id": "a practice",
    "user_id": "a colleague",
} | dict.fromkeys(FIXED, "names no record")


@pytest_asyncio.fixture
async def theirs(north: TenantFixture, south: TenantFixture, visit: Visit) -> Furnished:
    """A tenant with a patient on nobody's roster, and everything that is kept of one; another tenant stands beside."""
    await furnish(south, await visit(south, south.admin), "Southmark")
    return await furnish(north, await visit(north, north.admin), "Northmark")


@pytest_asyncio.fixture
async def coordinator(theirs: Furnished, visit: Visit) -> httpx.AsyncClient:
    """Somebody with a roster of their own, on which that patient is not."""
    await roles.add_suggested_role(theirs.tenant.admin, "Care Coordinator")
    return await visit(theirs.tenant, await theirs.tenant.actor("Care Coordinator"))


def of_care(api_app: Litestar) -> list[Asked]:
    """The operations of care."""
    document: dict[str, Any] = api_app.openapi_schema.to_schema()
    return [one for one in operations(document) if one.path.startswith("/care")]


def names_a_patient(one: Asked) -> bool:
    """Whether the path refers to a patient, or to what is kept of one."""
    return bool(set(one.parameters) - NOT_A_PATIENT.keys())


def wrong(one: Asked, answer: httpx.Response) -> Iterator[str]:
    """What is wrong with the answer: it is "not there", or "not allowed" where no patient of one's own would be either."""
    beyond = answer.status_code == 403 and not any(
        permission in answer.text for permission in CARE_COORDINATOR.permissions
    )
    if answer.status_code != 404 and not beyond:
        yield f"{one.method} {one.path}: {answer.status_code} {answer.text[:160]}"
    if "Northmark" in answer.text:
        yield f"{one.method} {one.path}: tells of the patient"


async def test_somebody_elses_patient_is_404_on_every_route_and_audited(
    api_app: Litestar, theirs: Furnished, coordinator: httpx.AsyncClient
) -> None:
    asked = [one for one in of_care(api_app) if names_a_patient(one)]
    assert len(asked) >= 18
    before, faults, absent = await refusals_audited(theirs.tenant), [], 0
    for one in asked:
        answer = await one.send(coordinator, theirs.ids, theirs.ids)
        faults += wrong(one, answer)
        absent += answer.status_code == 404
    assert not faults, "\n".join(faults)
    assert absent >= 15
    assert await refusals_audited(theirs.tenant) == before + len(asked)


async def test_no_list_of_care_shows_somebody_elses_patient(
    api_app: Litestar, theirs: Furnished, coordinator: httpx.AsyncClient
) -> None:
    lists = [one for one in of_care(api_app) if one.method == "GET" and not names_a_patient(one)]
    shown = [await one.send(coordinator, theirs.ids, theirs.ids) for one in lists]
    told = {str(theirs.ids[name]) for name in ("care_id", "patient_id", "care_task_id", "care_outreach_id")}
    found = [
        one.path for one, answer in zip(lists, shown, strict=True) if any(id in answer.text for id in told)
    ]
    assert found == []
    assert sum(answer.is_success for answer in shown) >= 5
