"""Care management: a patient's enrolment in a programme, from referral to the end of its last month."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.care.enrolling import advance_care, begin_care, decide_care, look_after_care
    from activities.care.messages import (
        CareDecisionTask,
        CareFact,
        CareFactTask,
        CareInput,
        CareLookTask,
        CareStanding,
    )
    from activities.claims.messages import Decided
    from domain.care.enrolment import Step
    from workflows.options import QUICK
    from workflows.waiting import Requests, something_happens


@workflow.defn
class ProgrammeEnrolment:
    """Eligibility → initiating visit → consent → care plan → active, until the month of a revocation is over."""

    @workflow.init
    def __init__(self, care: CareInput) -> None:
        self._care = care
        self._standing = CareStanding(Step.REFERRED)
        self._requests: Requests[CareFact | Decided] = Requests(lambda: self._standing.step is Step.ENDED)
        self._refused: set[str] = set()

    @workflow.run
    async def run(self, care: CareInput) -> None:
        self._standing = await workflow.execute_activity(begin_care, care, **QUICK)
        while self._standing.step is not Step.ENDED:
            if self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._standing.alarm_at):
                task = CareLookTask(care.tenant_id, care.enrolment_id, workflow.now())
                self._standing = await workflow.execute_activity(look_after_care, task, **QUICK)
            elif workflow.info().is_continue_as_new_suggested() and not self._requests:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(care)  # care goes on for years
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def happened(self, fact: CareFact) -> Step:
        """Something happened to the enrolment; answers with the step it led to."""
        await self._ask(fact)
        if str(fact.event_id) in self._refused:
            raise ApplicationError(
                "Somebody was faster: the enrolment has moved on.", type="care_enrolment.overtaken"
            )
        return self._standing.step

    @workflow.update
    async def decided(self, decision: Decided) -> Step:
        """A work item of this enrolment was completed."""
        await self._ask(decision)
        return self._standing.step

    @happened.validator
    def _may_happen(self, fact: CareFact) -> None:
        self._refuse_when_ended()

    @decided.validator
    def _may_decide(self, decision: Decided) -> None:
        self._refuse_when_ended()

    async def _carry_out(self, asked: CareFact | Decided) -> None:
        tenant_id, enrolment_id, now = self._care.tenant_id, self._care.enrolment_id, workflow.now()
        if isinstance(asked, CareFact):
            task = CareFactTask(tenant_id, enrolment_id, asked.event_id, now)
            self._standing = await workflow.execute_activity(advance_care, task, **QUICK)
            if self._standing.refused:
                self._refused.add(str(asked.event_id))
            return
        decision = CareDecisionTask(
            tenant_id, enrolment_id, asked.work_item_id, asked.decision, now, asked.by
        )
        self._standing = await workflow.execute_activity(decide_care, decision, **QUICK)

    async def _ask(self, asked: CareFact | Decided) -> None:
        if not await self._requests.done(asked):
            self._refuse_when_ended()

    def _refuse_when_ended(self) -> None:
        if self._standing.step is Step.ENDED:
            raise ApplicationError("This enrolment has ended.", type="care_enrolment.ended")
