"""Moving a person's work, or patients: approved, moved in portions, and back again at the end of a time or when undone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.care.carrying import move_patients, take_roster_event
    from activities.reassignment.messages import (
        MoveApproved,
        MoveInput,
        MovePosition,
        MoveTask,
        MoveTold,
    )
    from activities.reassignment.moving import move_portion, take_event
    from domain.reassignment.process import PORTIONED, STAGES, Event, State
    from workflows.options import LOCAL, RETRY
    from workflows.waiting import Requests, something_happens

Asked = MoveApproved | MoveTold


@workflow.defn
class Reassignment:
    """Planned → (waits for approval) → moving → moved for good, or with others until a day → returned → closed.

    Items change hands one by one, each only if it is still where the plan found it. Undoing is possible until the close.
    """

    # The two steps in which moves of patients differ.
    _take: Callable[..., Any] = staticmethod(take_event)
    _hand_over: Callable[..., Any] = staticmethod(move_portion)

    @workflow.init
    def __init__(self, move: MoveInput) -> None:
        self._move = move
        self._position = MovePosition(State.PLANNED)
        self._requests: Requests[Asked] = Requests(lambda: self._position.state is State.CLOSED)

    @workflow.run
    async def run(self, move: MoveInput) -> None:
        await self._happen(Event.ASKED if move.asks else Event.APPROVED)
        while self._position.state is not State.CLOSED:
            if self._position.state in PORTIONED:
                await self._portion()
            elif self._requests:
                await self._requests.carry_out_next(self._carry_out)
            elif not await something_happens(lambda: self._requests, self._position.ring_at):
                await self._happen(Event.DUE if self._position.state is State.LENT else Event.SETTLED)
        await workflow.wait_condition(workflow.all_handlers_finished)

    # What people and the approval may say.

    @workflow.update
    async def approved(self, told: MoveApproved) -> State:
        """The approval was decided; answers where the move then stands."""
        return await self._ask(told)

    @approved.validator
    def _may_be_approved(self, told: MoveApproved) -> None:
        self._refuse_out_of_place(Event.APPROVED)

    @workflow.update
    async def happened(self, told: MoveTold) -> State:
        """A person cancels, ends early or undoes; answers where the move then stands."""
        return await self._ask(told)

    @happened.validator
    def _may_happen(self, told: MoveTold) -> None:
        self._refuse_out_of_place(Event(told.event))

    def _refuse_out_of_place(self, event: Event) -> None:
        if event not in STAGES[self._position.state].events and self._position.state not in PORTIONED:
            raise ApplicationError(
                "The move has gone on: this is not possible any more.", type="reassignment.event_out_of_place"
            )

    # The steps.

    async def _happen(self, event: Event, asked: Asked | None = None) -> None:
        move = self._move
        by = asked.by if asked else None
        task = MoveTask(move.tenant_id, move.reassignment_id, workflow.now(), event.value, by)
        self._position = await workflow.execute_local_activity(self._take, task, **LOCAL)

    async def _carry_out(self, asked: Asked) -> None:
        """One request at a time, in the order they came."""
        if isinstance(asked, MoveApproved):
            await self._happen(Event.APPROVED if asked.approved else Event.REFUSED, asked)
        else:
            await self._happen(Event(asked.event), asked)

    async def _portion(self) -> None:
        task = MoveTask(self._move.tenant_id, self._move.reassignment_id, workflow.now())
        self._position = await workflow.execute_activity(
            self._hand_over,
            task,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RETRY,
        )

    async def _ask(self, request: Asked) -> State:
        """Have the request carried out in its turn; one that came after the end changes nothing."""
        await self._requests.done(request)
        return self._position.state


@workflow.defn
class RosterMove(Reassignment):
    """The same for patients in care who change their coordinator; it is always approved first."""

    _take = staticmethod(take_roster_event)
    _hand_over = staticmethod(move_patients)

    @workflow.init
    def __init__(self, move: MoveInput) -> None:
        super().__init__(move)

    @workflow.run
    async def run(self, move: MoveInput) -> None:
        await super().run(move)
