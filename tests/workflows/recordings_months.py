"""Closes of months whose histories are recorded."""

from typing import Any

from temporalio.client import WorkflowHandle

from services.work import actions
from tests.fixtures.care_months import MonthDesk
from tests.fixtures.lifecycle import Walk, ended, eventually


async def care_month_closed(walk: Walk) -> WorkflowHandle[Any, Any]:
    """One patient is billed; another has no care plan and is excluded."""
    desk = await _closed(walk)
    view = await desk.stands("closed")
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/care_month/{view.line.id}")
    await ended(handle)
    return handle


async def care_patient_month_billed(walk: Walk) -> WorkflowHandle[Any, Any]:
    """Computed, evidence kept, claim made."""
    desk = await MonthDesk(walk).open()
    (patient_id,) = await desk.patients(1)
    await desk.close()
    await desk.stands("closed")
    row = (await desk.outcomes())[patient_id]
    handle = walk.temporal.get_workflow_handle(f"{walk.tenant.tenant_id}/care_patient_month/{row['id']}")
    await ended(handle)
    return handle


async def _closed(walk: Walk) -> MonthDesk:
    desk = await MonthDesk(walk).open()
    await desk.patients(1)
    await desk.patients(1, plan=False)
    await desk.close()
    await desk.stands("exceptions")
    item = (await eventually(lambda: walk.items("care_exception")))[0]
    await actions.take(walk.tenant.admin, item["id"])
    await actions.complete(walk.tenant.admin, item["id"], "exclude", "No plan")
    await desk.stands("closed")
    return desk
