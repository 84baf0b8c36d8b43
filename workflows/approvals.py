"""An approval's life, from the question to the word of whoever decides, and to what is done then."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.approvals.deciding import end_needless, lay_before, pass_on, take_decision
    from activities.approvals.effects import carry_out
    from activities.approvals.messages import (
        ApprovalDecided,
        ApprovalDecisionTask,
        ApprovalInput,
        ApprovalNeedless,
        ApprovalNeedlessTask,
        ApprovalPosition,
        ApprovalTask,
    )
    from domain.approvals.process import ENDS, OPEN, State

Asked = ApprovalDecided | ApprovalNeedless

# As a claim's steps: each is one short transaction, run by the worker that holds the workflow.
OPTIONS: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
    "local_retry_threshold": timedelta(seconds=10),
}


@workflow.defn
class Approval:
    """Asked → waiting, on one desk after the other → approved → done; or refused, taken back, overtaken.

    Managers decide by the update `decided`. Silence lays it before the next manager; the clock is the database's.
    """

    @workflow.init
    def __init__(self, approval: ApprovalInput) -> None:
        self._approval = approval
        self._position = ApprovalPosition(State.ASKED, [])
        self._tasks: list[Asked] = []

    @workflow.run
    async def run(self, approval: ApprovalInput) -> None:
        self._position = await workflow.execute_local_activity(lay_before, self._task(), **OPTIONS)
        while self._position.state in OPEN:
            if self._tasks:
                await self._carry_out(self._tasks[0])
                self._tasks.pop(0)
            elif not await self._something_happens(self._position.ring_at):
                self._position = await workflow.execute_local_activity(pass_on, self._task(), **OPTIONS)
        if self._position.effect:
            # Posting a whole remittance takes its time; it is one transaction all the same.
            self._position = await workflow.execute_activity(
                carry_out,
                self._task(),
                start_to_close_timeout=timedelta(minutes=10),
                retry_policy=RetryPolicy(maximum_interval=timedelta(minutes=5)),
            )
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people and processes may say.

    @workflow.update
    async def decided(self, decision: ApprovalDecided) -> State:
        """A manager completed the work item of this approval; answers where it then stands."""
        return await self._ask(decision)

    @decided.validator
    def _may_decide(self, decision: ApprovalDecided) -> None:
        self._refuse_when_ended()
        if decision.by is None or decision.by in self._position.excluded:
            raise ApplicationError(
                "Whoever asked, whose work it is, or who decided before does not decide.",
                type="approval.not_another",
            )

    @workflow.update
    async def needless(self, told: ApprovalNeedless) -> State:
        """The asker took it back, or what it was about was settled in another way."""
        return await self._ask(told)

    @needless.validator
    def _may_end(self, told: ApprovalNeedless) -> None:
        self._refuse_when_ended()

    def _refuse_when_ended(self) -> None:
        if self._position.state not in OPEN:
            raise ApplicationError("This has been decided.", type="approval.ended")

    # The steps.

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        tenant_id, approval_id, now = self._approval.tenant_id, self._approval.approval_id, workflow.now()
        if isinstance(asked, ApprovalDecided):
            decision = ApprovalDecisionTask(tenant_id, approval_id, now, asked)
            self._position = await workflow.execute_local_activity(take_decision, decision, **OPTIONS)
        else:
            needless = ApprovalNeedlessTask(tenant_id, approval_id, now, asked)
            self._position = await workflow.execute_local_activity(end_needless, needless, **OPTIONS)

    def _task(self) -> ApprovalTask:
        return ApprovalTask(self._approval.tenant_id, self._approval.approval_id, workflow.now())

    # Waiting.

    async def _something_happens(self, until: datetime | None) -> bool:
        """Wait for a message; False when the clock rings first."""
        wait = None if until is None else max(until - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(lambda: bool(self._tasks), timeout=wait)
        except TimeoutError:
            return False
        return True

    async def _ask(self, request: Asked) -> State:
        """Have the request carried out in its turn; one that came after the end changes nothing. What was approved and
        is done here is answered once it is done, so that whoever approved sees it."""
        self._tasks.append(request)
        await workflow.wait_condition(
            lambda: (
                self._position.state in ENDS
                or (request not in self._tasks and self._position.state is not State.APPROVED)
            )
        )
        return self._position.state
