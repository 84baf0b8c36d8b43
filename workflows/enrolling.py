"""What enrolments, with payers and in care, have in common: what people tell is taken in turn, the alarm asks after silence."""

from collections.abc import Callable
from typing import Any, ClassVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.claims.messages import Decided
    from activities.enrolment_messages import (
        DecisionTask,
        EnrolmentInput,
        EventTask,
        Happened,
        LookTask,
        Standing,
    )
    from workflows.options import QUICK
    from workflows.waiting import Requests, something_happens


class Enrolling:
    """An enrolment until it has ended. What differs from kind to kind: its steps, and how its refusals are called."""

    _begin: Callable[..., Any]
    _advance: Callable[..., Any]
    _look: Callable[..., Any]
    _decide: Callable[..., Any]
    _code: ClassVar[str]

    def __init__(self, enrolment: EnrolmentInput) -> None:
        self._enrolment = enrolment
        self._standing = Standing("")
        self._requests: Requests[Happened | Decided] = Requests(lambda: self._standing.ended)
        self._refused: set[str] = set()

    async def _until_it_ends(self) -> None:
        self._standing = await workflow.execute_activity(self._begin, self._enrolment, **QUICK)
        while not self._standing.ended:
            if self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._standing.alarm_at):
                task = LookTask(self._enrolment.tenant_id, self._enrolment.enrolment_id, workflow.now())
                self._standing = await workflow.execute_activity(self._look, task, **QUICK)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def happened(self, fact: Happened) -> str:
        """Something happened to the enrolment; answers with the step it led to."""
        await self._ask(fact)
        if str(fact.event_id) in self._refused:
            raise ApplicationError(
                "Somebody was faster: the enrolment has moved on.", type=f"{self._code}.overtaken"
            )
        return self._standing.step

    @workflow.update
    async def decided(self, decision: Decided) -> str:
        """A work item of this enrolment was completed."""
        await self._ask(decision)
        return self._standing.step

    @happened.validator
    def _may_happen(self, fact: Happened) -> None:
        self._refuse_when_ended()

    @decided.validator
    def _may_decide(self, decision: Decided) -> None:
        self._refuse_when_ended()

    async def _carry_out(self, asked: Happened | Decided) -> None:
        tenant_id, enrolment_id, now = self._enrolment.tenant_id, self._enrolment.enrolment_id, workflow.now()
        if isinstance(asked, Happened):
            task = EventTask(tenant_id, enrolment_id, asked.event_id, now)
            self._standing = await workflow.execute_activity(self._advance, task, **QUICK)
            if self._standing.refused:
                self._refused.add(str(asked.event_id))
            return
        decision = DecisionTask(tenant_id, enrolment_id, asked.work_item_id, asked.decision, now, asked.by)
        self._standing = await workflow.execute_activity(self._decide, decision, **QUICK)

    async def _ask(self, asked: Happened | Decided) -> None:
        if not await self._requests.done(asked):
            self._refuse_when_ended()

    def _refuse_when_ended(self) -> None:
        if self._standing.ended:
            raise ApplicationError("This enrolment has ended.", type=f"{self._code}.ended")
