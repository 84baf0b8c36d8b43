"""An appeal's life, from the draft of its letter to the last level's decision."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.denials.appealing import act_on_item, begin_appeal, read_remittance, ring, take_fact
    from activities.denials.messages import (
        AnswerTask,
        AppealInput,
        AppealPosition,
        AppealTask,
        FactTask,
        Happened,
        ItemDecided,
        ItemTask,
        RemittanceCame,
    )
    from domain.denials.appeal import TRANSITIONS, Event, Stage
    from workflows.options import LOCAL
    from workflows.waiting import Requests, something_happens

Asked = Happened | ItemDecided


@workflow.defn
class AppealLifecycle:
    """Drafted → (approved) → sent → acknowledged → decided, level after level while a window is open.

    People tell what happened; the payer's remittance ends it by itself; the clocks warn before a window closes, close what
    passed it, and raise the alarm at silence.
    """

    @workflow.init
    def __init__(self, appeal: AppealInput) -> None:
        self._appeal = appeal
        self._position = AppealPosition(Stage.DRAFTED)
        self._requests: Requests[Asked] = Requests(lambda: self._position.stage is Stage.CLOSED)
        self._heard: set[str] = set()
        self._unread: list[str] = []

    @workflow.run
    async def run(self, appeal: AppealInput) -> None:
        task = AppealTask(appeal.tenant_id, appeal.appeal_id, workflow.now())
        self._position = await workflow.execute_local_activity(begin_appeal, task, **LOCAL)
        while self._position.stage is not Stage.CLOSED:
            if self._unread:
                await self._read_remittance(self._unread.pop(0))
            elif self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._unread or self._requests, self._position.ring_at):
                await self._ring()
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people and payers may say.

    @workflow.update
    async def happened(self, fact: Happened) -> Stage:
        """A person tells what happened; answers where the appeal then stands."""
        return await self._ask(fact)

    @happened.validator
    def _may_happen(self, fact: Happened) -> None:
        if Event(fact.event) not in TRANSITIONS[self._position.stage]:
            raise ApplicationError(
                "The appeal has moved on: this is not possible any more.", type="appeal.event_out_of_place"
            )

    @workflow.update
    async def decided(self, decision: ItemDecided) -> Stage:
        """A work item of this appeal was completed."""
        return await self._ask(decision)

    @decided.validator
    def _may_decide(self, decision: ItemDecided) -> None:
        if self._position.stage is Stage.CLOSED:
            raise ApplicationError("This appeal is closed.", type="appeal.closed")

    @workflow.signal
    def answered(self, remittance: RemittanceCame) -> None:
        """A remittance was posted for the claim. The same one told twice is read once."""
        if remittance.fact_id not in self._heard:
            self._heard.add(remittance.fact_id)
            self._unread.append(remittance.fact_id)

    # The steps.

    async def _read_remittance(self, fact_id: str) -> None:
        appeal = self._appeal
        task = AnswerTask(appeal.tenant_id, appeal.appeal_id, workflow.now(), fact_id)
        self._position = await workflow.execute_local_activity(read_remittance, task, **LOCAL)

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        appeal, now = self._appeal, workflow.now()
        if isinstance(asked, Happened):
            fact = FactTask(appeal.tenant_id, appeal.appeal_id, now, asked)
            self._position = await workflow.execute_local_activity(take_fact, fact, **LOCAL)
        else:
            item = ItemTask(appeal.tenant_id, appeal.appeal_id, now, asked)
            self._position = await workflow.execute_local_activity(act_on_item, item, **LOCAL)

    async def _ring(self) -> None:
        task = AppealTask(self._appeal.tenant_id, self._appeal.appeal_id, workflow.now())
        self._position = await workflow.execute_local_activity(ring, task, **LOCAL)

    async def _ask(self, request: Asked) -> Stage:
        """Have the request carried out in its turn; one that came after the end changes nothing."""
        await self._requests.done(request)
        return self._position.stage
