"""A float assignment's life, from the offer to the moment at which its work has left the person."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.workforce.float_assigning import act_on_offer, offer_float, ring_float, take_float_told
    from activities.workforce.float_messages import (
        FloatInput,
        FloatPosition,
        FloatTask,
        FloatTold,
        FloatToldTask,
        OfferDecided,
        OfferTask,
    )
    from domain.workforce.float_process import OVER, STAGES, Event, State
    from workflows.options import LOCAL
    from workflows.waiting import Requests, something_happens

Asked = FloatTold | OfferDecided

_ANSWERS = frozenset({Event.ACCEPTED, Event.DECLINED})


@workflow.defn
class FloatAssignment:
    """Proposed → offered → accepted, or declined → active → extended → ended, or ended early.

    People tell what happened; clocks ask again for an answer, begin the assignment, and end it by itself.
    """

    @workflow.init
    def __init__(self, assignment: FloatInput) -> None:
        self._assignment = assignment
        self._position = FloatPosition(State.PROPOSED)
        self._requests: Requests[Asked] = Requests(lambda: self._position.state in OVER)

    @workflow.run
    async def run(self, assignment: FloatInput) -> None:
        self._position = await workflow.execute_local_activity(offer_float, self._task(), **LOCAL)
        while self._position.state not in OVER:
            if self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._position.ring_at):
                self._position = await workflow.execute_local_activity(ring_float, self._task(), **LOCAL)
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people may say.

    @workflow.update
    async def happened(self, fact: FloatTold) -> State:
        """A person tells what happened; answers where the assignment then stands."""
        return await self._ask(fact)

    @happened.validator
    def _may_happen(self, fact: FloatTold) -> None:
        self._must_fit(Event(fact.event), fact)

    @workflow.update
    async def decided(self, decision: OfferDecided) -> State:
        """The work item of the offer was completed."""
        return await self._ask(decision)

    @decided.validator
    def _may_decide(self, decision: OfferDecided) -> None:
        self._must_fit(Event(decision.decision), decision)

    def _must_fit(self, event: Event, told: Asked) -> None:
        """It can happen now, and only the person answers for themselves."""
        if event not in STAGES[self._position.state].events:
            raise ApplicationError(
                "The assignment has moved on: this is not possible any more.", type="float.event_out_of_place"
            )
        if event in _ANSWERS and told.by != self._assignment.user_id:
            raise ApplicationError(
                "Only the person who is asked accepts or declines.", type="float.not_yours"
            )

    # The steps.

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        of, now = self._assignment, workflow.now()
        if isinstance(asked, FloatTold):
            told = FloatToldTask(of.tenant_id, of.assignment_id, now, asked)
            self._position = await workflow.execute_local_activity(take_float_told, told, **LOCAL)
        else:
            answer = OfferTask(of.tenant_id, of.assignment_id, now, asked)
            self._position = await workflow.execute_local_activity(act_on_offer, answer, **LOCAL)

    def _task(self) -> FloatTask:
        return FloatTask(self._assignment.tenant_id, self._assignment.assignment_id, workflow.now())

    async def _ask(self, request: Asked) -> State:
        """Have the request carried out in its turn; one that came after the end changes nothing."""
        await self._requests.done(request)
        return self._position.state
