"""The clocks of processes that look again by themselves: days pass in milliseconds, everything else is real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities import ports
from activities.clientele.messages import Again, TrialInput
from activities.deposits.messages import WatchInput
from activities.edi.messages import ConnectionInput, Gather
from activities.registry import ACTIVITIES
from integrations.clearinghouse import HttpPracticeDesk
from services.clientele import trials
from services.deposits import accounts, entry
from services.deposits.accounts import AccountFacts
from services.deposits.entry import DepositFacts
from tests.fixtures.clearinghouse import Partner
from tests.fixtures.clientele import begin_trial, set_up
from tests.fixtures.denied import today
from tests.fixtures.exchange import Exchange
from tests.fixtures.leaping import leaping_server
from tests.fixtures.lifecycle import eventually
from tests.workflows.histories import commands, history_of
from workflows import clientele
from workflows.clientele import ConnectionTrial
from workflows.deposits import DepositWatch
from workflows.edi import SubmissionBatch

ACTS = [one for queue in ACTIVITIES.values() for one in queue]


@asynccontextmanager
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock is ours to move, and a worker."""
    environment = await leaping_server()
    async with (
        environment,
        Worker(
            environment.client,
            task_queue="core",
            workflows=[DepositWatch, SubmissionBatch, ConnectionTrial],
            activities=ACTS,
            # Constants of a workflow are changed below, which the sandbox would not see.
            workflow_runner=UnsandboxedWorkflowRunner(),
        ),
    ):
        yield environment


async def test_a_deposit_without_a_remittance_becomes_work_when_its_days_are_over(
    here: Exchange, there: Exchange
) -> None:
    admin, tenant_id = here.tenant.admin, here.tenant.tenant_id
    account = await accounts.add_account(admin, AccountFacts("Operating"))
    await entry.enter_deposit(admin, DepositFacts(account.id, today(), 5_000, "check", "NOWHERE1"))
    async with skipping() as environment:
        watch = await environment.client.start_workflow(
            DepositWatch.run,
            WatchInput(tenant_id),
            id=f"{tenant_id}/deposits/{tenant_id}",
            task_queue="core",
        )

        async def looked() -> bool:
            return "timer_started" in commands(await history_of(watch))

        await eventually(looked)
        assert not await here.items("deposit")
        await environment.sleep(timedelta(days=30))
        await watch.result()
    assert len(await here.items("deposit")) == 1
    assert not await there.items("deposit")


async def test_claims_that_are_ready_within_the_gathering_time_are_asked_for_once(
    here: Exchange, there: Exchange
) -> None:
    tenant_id = here.tenant.tenant_id
    task = ConnectionInput(tenant_id, here.connection_id, gather_seconds=3600.0)
    async with skipping() as environment:
        batch = await environment.client.start_workflow(
            SubmissionBatch.run,
            task,
            id=f"{tenant_id}/batch/{here.connection_id}",
            task_queue="core",
            start_signal="gather",
            start_signal_args=[Gather(tenant_id)],
        )
        for _ in range(3):
            await batch.signal(SubmissionBatch.gather, Gather(tenant_id))
        await environment.sleep(timedelta(minutes=59))
        assert commands(await history_of(batch)) == ["timer_started"]
        await batch.result()
        assert commands(await history_of(batch)) == [
            "timer_started",
            "gather_batch",
            "workflow_execution_completed",
        ]


async def test_a_trial_that_nobody_answers_for_a_day_asks_a_person(
    here: Exchange, there: Exchange, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clientele, "LONGEST_LOOK", timedelta(hours=4))
    ports.install(replace(ports.ports(), desk=HttpPracticeDesk(partner.control_url)))
    connection = await set_up(here, partner)
    begun = await begin_trial(here, connection)
    tenant_id = here.tenant.tenant_id
    async with skipping() as environment:
        trial = await environment.client.start_workflow(
            ConnectionTrial.run,
            TrialInput(tenant_id, begun.id),
            id=f"{tenant_id}/trial/{begun.id}",
            task_queue="core",
        )

        async def asks() -> Any:
            return (await trials.latest_trial(here.tenant.admin, connection)).status == "waiting"

        await environment.sleep(timedelta(hours=23))
        assert not await asks()
        await environment.sleep(timedelta(hours=6))
        await eventually(asks)
        told = await trials.latest_trial(here.tenant.admin, connection)
        assert told is not None and told.code == "no_answer"
        await trial.execute_update(ConnectionTrial.again, Again(tenant_id, end=True))
        assert await trial.result() == "ended"
