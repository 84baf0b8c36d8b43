"""An approval's life, from the question to the word of whoever decides, and to what is done then."""

from datetime import timedelta

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
    from workflows.options import LOCAL
    from workflows.waiting import Requests, something_happens

Asked = ApprovalDecided | ApprovalNeedless


@workflow.defn
class Approval:
    """Asked → waiting, on one desk after the other → approved → done; or refused, taken back, overtaken.

    Managers decide by the update `decided`. Silence lays it before the next manager; the clock is the database's.
    """

    @workflow.init
    def __init__(self, approval: ApprovalInput) -> None:
        self._approval = approval
        self._position = ApprovalPosition(State.ASKED, [])
        self._requests: Requests[Asked] = Requests(lambda: self._position.state in ENDS)

    @workflow.run
    async def run(self, approval: ApprovalInput) -> None:
        self._position = await workflow.execute_local_activity(lay_before, self._task(), **LOCAL)
        while self._position.state in OPEN:
            if self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._position.ring_at):
                self._position = await workflow.execute_local_activity(pass_on, self._task(), **LOCAL)
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
            self._position = await workflow.execute_local_activity(take_decision, decision, **LOCAL)
        else:
            needless = ApprovalNeedlessTask(tenant_id, approval_id, now, asked)
            self._position = await workflow.execute_local_activity(end_needless, needless, **LOCAL)

    def _task(self) -> ApprovalTask:
        return ApprovalTask(self._approval.tenant_id, self._approval.approval_id, workflow.now())

    async def _ask(self, request: Asked) -> State:
        """Have the request carried out in its turn; one that came after the end changes nothing. What was approved and
        is done here is answered once it is done, so that whoever approved sees it."""
        await self._requests.done(request)
        await workflow.wait_condition(lambda: self._position.state is not State.APPROVED)
        return self._position.state
