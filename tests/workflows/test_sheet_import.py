"""A sheet of more rows than one portion: a worker that dies in the middle, a stop that is taken back while it is told, and
every row taken in once."""

from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities import ports, sheets
from activities.sheets import SheetTask
from database.session import Session
from domain.tenancy import Actor
from services.clientele import clients
from services.clientele.clients import ClientFacts
from services.sheets import imports
from services.sheets.taking import PORTION, take_portion
from services.sheets.views import SheetView
from tests.fixtures.exchange import CLIENT
from tests.fixtures.leaping import leaping_server
from tests.fixtures.tenancy import TenantFixture
from workflows.sheets import SheetImport

ROWS = PORTION + 7


@pytest.fixture
def dying() -> Any:
    """What takes portions in, which dies once after it has written a whole one. Then it finds the sheet stopped, and
    somebody has it go on before it has said so."""
    died: list[bool] = []

    async def take(session: Session, import_id: Any) -> bool:
        died.append(True)
        if len(died) == 2:
            process = activity.client().get_workflow_handle(str(activity.info().workflow_id))
            await process.signal(SheetImport.go_on, SheetTask(session.tenant_id, import_id))
            return False
        left = await take_portion(session, import_id)
        if len(died) == 1:
            raise ApplicationError("the worker was killed before it could commit")
        return left

    ports.install(ports.Ports(payments=None, take_sheet_portion=take))  # type: ignore[arg-type]
    yield died
    ports.install(None)


async def test_a_sheet_is_taken_in_row_by_row_once_though_a_worker_dies_and_a_stop_is_taken_back(
    north: TenantFixture, south: TenantFixture, dying: list[bool]
) -> None:
    made = await staged(north.admin)
    history = await worked(north, made.id)
    done = await imports.get_sheet(north.admin, made.id)
    assert (done.line.status, done.line.added, done.line.done, done.line.refused) == ("taken", ROWS, ROWS, 0)
    count = "SELECT count(*) FROM patients WHERE tenant_id = $1"
    assert await north.owner.fetchval(count, north.tenant_id) == ROWS
    assert await north.owner.fetchval(count, south.tenant_id) == 0
    assert len(dying) == 4
    assert sum(event.HasField("activity_task_scheduled_event_attributes") for event in history.events) == 3


async def staged(actor: Actor) -> SheetView:
    """A roster that needs two portions."""
    await clients.add_client(actor, ClientFacts(**{name: getattr(CLIENT, name) for name in CLIENT.__slots__}))
    lines = ["MRN,Last name,First name,DOB,Sex,Street,City,State,Zip"]
    lines += [f"R-{n},Person{n},Ann,1950-01-{n % 28 + 1:02},F,1 Main,Dayton,OH,45402" for n in range(ROWS)]
    made = await imports.stage_sheet(actor, "patients", "roster.csv", "\n".join(lines).encode())
    assert (made.fault_count, made.new_count) == (0, ROWS)
    return await imports.take_in_sheet(actor, made.id)


async def worked(tenant: TenantFixture, import_id: Any) -> WorkflowHistory:
    """The history of the process that takes it in."""
    task = SheetTask(tenant.tenant_id, import_id)
    environment = await leaping_server()
    take = sheets.take_sheet_portion
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=[SheetImport], activities=[take]),
    ):
        process = await environment.client.start_workflow(
            SheetImport.run, task, id=f"{task.tenant_id}/sheet/{import_id}", task_queue="core"
        )
        await process.result()
        return await process.fetch_history()
