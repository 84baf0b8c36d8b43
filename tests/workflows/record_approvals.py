"""Records the histories that the replay test reads: `python -m pytest tests/workflows/record_approvals.py`."""

import json
from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from services.approvals import deciding
from services.reassignment import asking
from tests.fixtures.approving import leaping
from tests.fixtures.company import company_of
from tests.fixtures.denied import today
from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES
from tests.workflows.test_approvals import asked, at, until_due
from tests.workflows.test_reassignment import at as moved_to
from tests.workflows.test_reassignment import decided, facts


async def _keep(environment: WorkflowEnvironment, identifier: str, name: str) -> None:
    process: WorkflowHandle[Any, Any] = environment.client.get_workflow_handle(identifier)
    await process.result()
    history = await process.fetch_history()
    kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
    (HISTORIES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")


async def test_record_an_approval(north: TenantFixture) -> None:
    """One that nobody decided in time, approved on two levels."""
    company = await company_of(north)
    async with leaping() as environment:
        approval = await asked(company, company.biller, levels=2)
        await until_due(environment, await at(company, approval, "waiting", company.lead.name))
        await at(company, approval, "waiting", company.head.name)
        await deciding.decide_approval(company.head, approval, "approve")
        await at(company, approval, "waiting", company.lead.name)
        await deciding.decide_approval(company.lead, approval, "approve")
        await _keep(environment, f"{north.tenant_id}/approval/{approval}", "approval_escalated_two_levels")


async def test_record_a_move(north: TenantFixture) -> None:
    """One until a day, approved, that returns by itself."""
    company = await company_of(north)
    for number in range(60):
        await company.item(f"{number}", company.biller)
    until = today() + timedelta(days=10)
    async with leaping() as environment:
        move = await asking.ask_move(company.lead, facts(company.biller, "temporary", returns_on=until))
        await decided(company, move, company.head)
        lent = await moved_to(company.lead, move.id, "lent")
        assert lent.until_moment
        now = await environment.get_current_time()
        await environment.sleep(lent.until_moment - now + timedelta(minutes=1))
        await moved_to(company.lead, move.id, "closed")
        await _keep(environment, f"{north.tenant_id}/reassignment/{move.id}", "work_moved_until_a_day")
