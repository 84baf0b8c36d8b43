"""A claim's life, from its first scrub to the day nothing is owed any more."""

from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.claims.appealing import follow_appeal
    from activities.claims.coordinating import bill_next_payer
    from activities.claims.following import decide, end_claim, follow_up, hold_claim, look_for_silence
    from activities.claims.handing import hand_to_batch
    from activities.claims.messages import (
        Answered,
        Appealed,
        AppealEnded,
        AppealTask,
        ClaimInput,
        ClaimTask,
        Corrected,
        Decided,
        DecisionTask,
        Ended,
        HeldBack,
        LookTask,
        Position,
        Released,
        Reopened,
    )
    from activities.claims.reopening import reopen_claim
    from activities.claims.resending import copy_for_resending
    from activities.claims.scrubbing import scrub_claim
    from domain.claims.states import Event, Step, allowed
    from workflows.options import LOCAL
    from workflows.waiting import Requests, something_happens

Asked = Corrected | Ended | HeldBack | Decided | Appealed | AppealEnded


@workflow.defn
class ClaimLifecycle:
    """Scrub → (held until corrected) → released → batched → answered → settled, or worked as rejection or denial.

    Acknowledgements are stored by the poller in bulk and only a rejection or a remittance is signalled, so a clean
    claim costs few events; what the database says is followed up, the signal itself carries no facts.
    """

    @workflow.init
    def __init__(self, claim: ClaimInput) -> None:
        self._claim = claim
        self._version = claim.version
        self._position = Position(Step.CODING)
        # A reopened claim was released once: its correction goes out without being released again.
        released = claim.released or claim.reopened
        self._released: Released | None = Released(claim.tenant_id) if released else None
        self._handed = claim.reopened
        self._requests: Requests[Asked] = Requests(lambda: self._position.step is Step.CLOSED)
        self._answers: set[str] = set()
        self._unread = claim.reopened
        self._reopening: Reopened | None = None

    @workflow.run
    async def run(self, claim: ClaimInput) -> None:
        if not claim.reopened:
            await self._scrub()
        # An answer that comes while the claim is being closed is still read: it may open the claim again.
        while self._unread or self._reopening or self._position.step is not Step.CLOSED:
            if self._unread:
                await self._follow_up()
            elif self._reopening:
                await self._reopen(self._reopening)
            elif self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif self._ready_for_batch():
                await self._hand_to_batch()
            elif not await something_happens(self._something_to_do, self._position.look_at):
                await self._look_for_silence()
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people and partners may say.

    @workflow.update
    async def corrected(self, correction: Corrected) -> Step:
        """A new version is stored; answers when it has been scrubbed."""
        return await self._ask(correction)

    @corrected.validator
    def _newer_version(self, correction: Corrected) -> None:
        if correction.version <= self._version:
            raise ApplicationError("A newer correction was made already.", type="claim.version_overtaken")
        self._refuse_when_closed()

    @workflow.update
    async def released(self, release: Released) -> Step:
        """A person lets the claim go; answers when it is in the batch's reach."""
        self._released = release
        await workflow.wait_condition(lambda: self._handed or self._position.step in (Step.HELD, Step.CLOSED))
        if not self._handed:
            self._released = None
            self._refuse_when_closed()
            raise ApplicationError("The claim is held: correct its findings first.", type="claim.held")
        return self._position.step

    @released.validator
    def _not_yet_released(self, release: Released) -> None:
        if self._handed:
            raise ApplicationError("The claim was released already.", type="claim.released_already")
        if self._position.step is Step.HELD:
            raise ApplicationError("The claim is held: correct its findings first.", type="claim.held")
        self._refuse_when_closed()

    @workflow.update
    async def held(self, hold: HeldBack) -> Step:
        """A person stops the claim before it is batched."""
        return await self._ask(hold)

    @workflow.update
    async def ended(self, end: Ended) -> Step:
        """A person closes or withdraws the claim."""
        return await self._ask(end)

    @workflow.update
    async def decided(self, decision: Decided) -> Step:
        """A work item of this claim was completed."""
        return await self._ask(decision)

    @workflow.update
    async def appeal_opened(self, appeal: Appealed) -> Step:
        """The appeal's own process has begun."""
        return await self._ask(appeal)

    @workflow.update
    async def appeal_ended(self, appeal: AppealEnded) -> Step:
        """The appeal is over: back to denial work, or on waiting for the corrected 835."""
        return await self._ask(appeal)

    @appeal_opened.validator
    def _may_appeal(self, appeal: Appealed) -> None:
        self._refuse_when_closed()
        step = self._position.step
        if step is not Step.APPEALED and Event.APPEALED not in allowed(step):
            raise ApplicationError("Only what a payer has decided can be appealed.", type="claim.not_decided")

    @appeal_ended.validator
    def _may_end_appeal(self, appeal: AppealEnded) -> None:
        self._refuse_when_closed()

    @held.validator
    def _may_hold(self, hold: HeldBack) -> None:
        self._refuse_when_closed()

    @ended.validator
    def _may_end(self, end: Ended) -> None:
        self._refuse_when_closed()

    @decided.validator
    def _may_decide(self, decision: Decided) -> None:
        self._refuse_when_closed()

    @workflow.signal
    def answered(self, answer: Answered) -> None:
        """A rejection or a remittance is stored. The same fact delivered twice is read once."""
        if answer.fact_id not in self._answers:
            self._answers.add(answer.fact_id)
            self._unread = True

    @workflow.signal
    def reopened(self, request: Reopened) -> None:
        """A person opens the closed claim again."""
        self._reopening = request

    # The steps.

    async def _scrub(self) -> None:
        self._handed = False
        self._position = await workflow.execute_local_activity(scrub_claim, self._task(), **LOCAL)

    async def _hand_to_batch(self) -> None:
        by = self._released.by if self._released else None
        self._position = await workflow.execute_local_activity(
            hand_to_batch,
            ClaimTask(self._claim.tenant_id, self._claim.claim_id, self._version, by),
            **LOCAL,
        )
        self._handed = self._position.step is not Step.HELD

    async def _follow_up(self) -> None:
        self._unread = False
        await self._take(await workflow.execute_local_activity(follow_up, self._task(), **LOCAL))

    async def _take(self, position: Position) -> None:
        """Stand where an activity has brought the claim. A version made for the next payer is scrubbed, and goes out
        without being released again."""
        self._position = position
        if position.version is not None and position.version != self._version:
            self._version = position.version
            if position.step is Step.SCRUBBING:
                self._released = Released(self._claim.tenant_id)
                await self._scrub()
        if self._position.step is Step.HELD:
            self._handed = False  # the encoder refused it: its batch went without it

    async def _look_for_silence(self) -> None:
        claim = self._claim
        task = LookTask(claim.tenant_id, claim.claim_id, self._version, workflow.now())
        self._position = await workflow.execute_local_activity(look_for_silence, task, **LOCAL)

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        if isinstance(asked, Corrected):
            self._version = asked.version
            await self._scrub()
        elif isinstance(asked, HeldBack):
            self._released = None
            self._position = await workflow.execute_local_activity(hold_claim, self._task(), **LOCAL)
        elif isinstance(asked, Ended):
            task = self._decision(workflow.uuid4(), asked.event, asked.by)
            self._position = await workflow.execute_local_activity(end_claim, task, **LOCAL)
        elif isinstance(asked, Decided):
            await self._act_on(asked)
        else:
            outcome = asked.outcome if isinstance(asked, AppealEnded) else ""
            appeal = AppealTask(
                self._claim.tenant_id, self._claim.claim_id, self._version, asked.appeal_id, outcome, asked.by
            )
            self._position = await workflow.execute_local_activity(follow_appeal, appeal, **LOCAL)

    async def _act_on(self, decided: Decided) -> None:
        task = self._decision(decided.work_item_id, decided.decision, decided.by)
        if decided.decision == "recheck":
            await self._scrub()
        elif decided.decision == "resend":
            self._version = await workflow.execute_local_activity(copy_for_resending, task, **LOCAL)
            await self._scrub()
        elif decided.decision in ("bill_next_payer", "replace_next_payer"):
            await self._take(await workflow.execute_local_activity(bill_next_payer, task, **LOCAL))
        else:
            self._position = await workflow.execute_local_activity(decide, task, **LOCAL)

    async def _reopen(self, request: Reopened) -> None:
        self._reopening = None
        task = self._decision(request.request_id, "reopen", request.by)
        self._position = await workflow.execute_local_activity(reopen_claim, task, **LOCAL)

    # Waiting.

    def _something_to_do(self) -> bool:
        return bool(self._unread or self._requests or self._ready_for_batch())

    async def _ask(self, request: Asked) -> Step:
        """Have the request carried out in its turn. One that an earlier request overtook by closing the claim is refused."""
        if not await self._requests.done(request):
            self._refuse_when_closed()
        return self._position.step

    def _ready_for_batch(self) -> bool:
        return self._position.step is Step.READY and self._released is not None and not self._handed

    def _refuse_when_closed(self) -> None:
        if self._position.step is Step.CLOSED:
            raise ApplicationError("This claim is closed.", type="claim.closed")

    def _task(self) -> ClaimTask:
        return ClaimTask(self._claim.tenant_id, self._claim.claim_id, self._version)

    def _decision(self, work_item_id: UUID, decision: str, by: UUID | None) -> DecisionTask:
        claim = self._claim
        return DecisionTask(
            claim.tenant_id, claim.claim_id, self._version, work_item_id, decision, by, workflow.now()
        )
