"""What payers decide is learned soon after, once for a morning's remittances, and again when more come."""

from datetime import timedelta

from temporalio.client import WorkflowHistory
from temporalio.worker import Worker

from activities.insight import LearningTask, learn_denials
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.x12_answers import Clp, Payment, era
from workflows.insight import DenialLearning


async def test_many_remittances_are_learned_from_once(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((Clp(sent.number, 16_000, 0, cas=(("CO", "197", 16_000),)),))))
    asked = await here.rows("SELECT workflow_id, name FROM outbox WHERE workflow = 'DenialLearning'")
    tenant_id = here.tenant.tenant_id
    assert [tuple(row) for row in asked] == [(f"{tenant_id}/learning/{tenant_id}", "remitted")]
    await learned(here)
    assert await here.count("denial_models") == 1
    assert await there.count("denial_models") == 0


async def learned(here: Exchange) -> WorkflowHistory:
    """The history of one learning, told four times of remittances, on a clock that leaps over the waiting."""
    task = LearningTask(here.tenant.tenant_id)
    environment = await leaping_server()
    async with (
        environment,
        Worker(environment.client, task_queue="core", workflows=[DenialLearning], activities=[learn_denials]),
    ):
        learning = await environment.client.start_workflow(
            DenialLearning.run,
            task,
            id=f"{task.tenant_id}/learning/{task.tenant_id}",
            task_queue="core",
            start_signal="remitted",
            start_signal_args=[task],
        )
        for _ in range(3):
            await learning.signal(DenialLearning.remitted, task)
        await environment.sleep(timedelta(seconds=61))
        await learning.result()
        return await learning.fetch_history()
