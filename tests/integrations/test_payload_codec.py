"""Payloads open only in the workflow that they were sealed for; a schedule's runs share what the schedule was given."""

import pytest
from cryptography.exceptions import InvalidTag
from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from integrations.temporal import PayloadSealed

TENANT = "01a201ca-2612-7177-b92c-3af3c522bfb0"
OTHER = "01a201ca-2612-7177-b92c-3af3c522bfb1"


def _bound(workflow_id: str) -> PayloadSealed:
    return PayloadSealed(b"k" * 32).with_context(
        WorkflowSerializationContext(namespace="default", workflow_id=workflow_id)
    )


@pytest.mark.parametrize("which", ["submissions", OTHER])
async def test_a_scheduled_run_opens_what_its_schedule_was_given(which: str) -> None:
    sealed = await _bound(f"{TENANT}/watch/{which}").encode([Payload(data=b"given")])
    run = _bound(f"{TENANT}/watch/{which}-2026-11-22T05:46:18Z")
    assert (await run.decode(sealed))[0].data == b"given"


async def test_another_tenant_or_another_workflow_opens_nothing() -> None:
    sealed = await _bound(f"{TENANT}/claim/{OTHER}").encode([Payload(data=b"given")])
    for elsewhere in (f"{OTHER}/claim/{OTHER}", f"{TENANT}/claim/{TENANT}"):
        with pytest.raises(InvalidTag):
            await _bound(elsewhere).decode(sealed)
