"""Sheets that people brought, taken in portion by portion."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity

from activities.ports import ports
from database.session import tenant_session
from domain.tenancy import workflow_actor

WORKFLOW = "SheetImport"


@dataclass(frozen=True, slots=True)
class SheetTask:
    """Which sheet of which tenant."""

    tenant_id: UUID
    import_id: UUID


@dataclass(frozen=True, slots=True)
class SheetProgress:
    """Whether rows are left after a portion."""

    left: bool


@activity.defn
async def take_sheet_portion(task: SheetTask) -> SheetProgress:
    """Take the next rows in, in one transaction with their outcomes. They are written by what writes them when they
    are typed, which lives above this room: the composition root hands it in."""
    take = ports().take_sheet_portion
    if take is None:
        raise RuntimeError("this process was not given what takes sheets in")
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        return SheetProgress(await take(session, task.import_id))
