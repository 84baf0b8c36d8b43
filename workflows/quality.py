"""An audit's life, from the drawing of its sample to the answer of the person who was audited."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.quality.auditing import act_on_audit_item, draw_sample, ring_audit, take_told
    from activities.quality.messages import (
        AuditInput,
        AuditPosition,
        AuditTask,
        AuditTold,
        ItemDecided,
        ItemTask,
        ToldTask,
    )
    from domain.quality.process import STAGES, Event, State
    from workflows.options import LOCAL
    from workflows.waiting import Requests, something_happens

Asked = AuditTold | ItemDecided

_ANSWERS = frozenset({Event.ACKNOWLEDGED, Event.DISPUTED})
_DECISIONS = frozenset({Event.UPHELD, Event.OVERTURNED})


@workflow.defn
class QaAudit:
    """Planned → sampled → in review → completed → notified → acknowledged, or disputed and decided → closed.

    People tell what happened; clocks remind the auditor, the audited and who decides, and end a wait that nobody answers.
    """

    @workflow.init
    def __init__(self, audit: AuditInput) -> None:
        self._audit = audit
        self._position = AuditPosition(State.PLANNED)
        self._requests: Requests[Asked] = Requests(lambda: self._position.state is State.CLOSED)

    @workflow.run
    async def run(self, audit: AuditInput) -> None:
        self._position = await workflow.execute_local_activity(draw_sample, self._task(), **LOCAL)
        while self._position.state is not State.CLOSED:
            if self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._position.ring_at):
                self._position = await workflow.execute_local_activity(ring_audit, self._task(), **LOCAL)
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people may say.

    @workflow.update
    async def happened(self, fact: AuditTold) -> State:
        """A person tells what happened; answers where the audit then stands."""
        return await self._ask(fact)

    @happened.validator
    def _may_happen(self, fact: AuditTold) -> None:
        event = Event(fact.event)
        if event not in STAGES[self._position.state].events:
            raise ApplicationError(
                "The audit has moved on: this is not possible any more.", type="quality.event_out_of_place"
            )
        self._must_be_the_right_person(event, fact)

    @workflow.update
    async def decided(self, decision: ItemDecided) -> State:
        """A work item of this audit was completed."""
        return await self._ask(decision)

    @decided.validator
    def _may_decide(self, decision: ItemDecided) -> None:
        if self._position.state is State.CLOSED:
            raise ApplicationError("This audit is closed.", type="quality.closed")
        self._must_be_the_right_person(Event(decision.decision), decision)

    def _must_be_the_right_person(self, event: Event, told: Asked) -> None:
        """Only the audited answers; neither they nor the auditor decide on the dispute."""
        audit = self._audit
        if event in _ANSWERS and told.by != audit.employee_id:
            raise ApplicationError("Only the audited person answers.", type="quality.not_yours")
        if event in _DECISIONS and told.by in (audit.employee_id, audit.auditor_id):
            raise ApplicationError(
                "Neither the auditor nor the audited person decides on a dispute.", type="quality.not_a_third"
            )

    # The steps.

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        audit, now = self._audit, workflow.now()
        if isinstance(asked, AuditTold):
            told = ToldTask(audit.tenant_id, audit.audit_id, now, asked)
            self._position = await workflow.execute_local_activity(take_told, told, **LOCAL)
        else:
            item = ItemTask(audit.tenant_id, audit.audit_id, now, asked)
            self._position = await workflow.execute_local_activity(act_on_audit_item, item, **LOCAL)

    def _task(self) -> AuditTask:
        return AuditTask(self._audit.tenant_id, self._audit.audit_id, workflow.now())

    async def _ask(self, request: Asked) -> State:
        """Have the request carried out in its turn; one that came after the end changes nothing."""
        await self._requests.done(request)
        return self._position.state
