"""Enrolments with payers, and trials of new connections."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.clientele.enrolling import (
        advance_enrolment,
        begin_enrolment,
        decide_enrolment,
        look_after_enrolment,
    )
    from activities.clientele.messages import Again, Looked, TrialFailed, TrialInput
    from activities.clientele.trying import (
        REFUSED,
        look_for_answers,
        prepare_trial,
        renew_trial,
        report_trial,
        upload_trial,
    )
    from activities.enrolment_messages import EnrolmentInput
    from workflows.enrolling import Enrolling
    from workflows.options import QUICK


# Somebody is watching: a step that fails for some minutes is told to them instead of being tried for ever.
TRIED: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=5),
    "heartbeat_timeout": timedelta(seconds=15),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=5),
}
FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=1), timedelta(minutes=1)
# Clearinghouses answer a test file within minutes; after a day somebody should ask.
ANSWERED_WITHIN = timedelta(days=1)


@workflow.defn
class PayerEnrolment(Enrolling):
    """Forms → signature → submission → the payer's answer → approved → live → revalidated, until it ends.

    People tell what happened; the clock reminds of what did not.
    """

    _begin = staticmethod(begin_enrolment)
    _advance = staticmethod(advance_enrolment)
    _look = staticmethod(look_after_enrolment)
    _decide = staticmethod(decide_enrolment)
    _code = "enrolment"

    @workflow.init
    def __init__(self, enrolment: EnrolmentInput) -> None:
        super().__init__(enrolment)

    @workflow.run
    async def run(self, enrolment: EnrolmentInput) -> None:
        await self._until_it_ends()


@workflow.defn
class ConnectionTrial:
    """Write a test file → upload it → wait for its TA1, 999 and 277CA until one accepts it.

    A step that fails waits for a person, who mends and says again; nothing before it is repeated.
    """

    @workflow.init
    def __init__(self, trial: TrialInput) -> None:
        self._trial = trial
        self._again: Again | None = None

    @workflow.run
    async def run(self, trial: TrialInput) -> str:
        while True:
            try:
                await workflow.execute_activity(prepare_trial, trial, **TRIED)
                await workflow.execute_activity(upload_trial, trial, **TRIED)
                found = await self._answers()
            except ActivityError as error:
                found = Looked(code=_code(error))
            if found.accepted:
                break
            if not await self._mended(found.code):
                break
            if found.code == "rejected":
                await workflow.execute_activity(renew_trial, trial, **QUICK)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "accepted" if found.accepted else "ended"

    @workflow.update
    async def again(self, again: Again) -> None:
        """Somebody mended what was wrong, or gives the trial up."""
        self._again = again

    async def _answers(self) -> Looked:
        """Look more and more seldom until an answer decides, a person gives up, or a day has passed."""
        pause, until = FIRST_LOOK, workflow.now() + ANSWERED_WITHIN
        while workflow.now() < until:
            found: Looked = await workflow.execute_activity(look_for_answers, self._trial, **TRIED)
            if found.accepted or found.code:
                return found
            if self._again is not None:
                if self._again.end:
                    return Looked(code="no_answer")
                self._again, pause = None, FIRST_LOOK
            try:
                await workflow.wait_condition(lambda: self._again is not None, timeout=pause)
            except TimeoutError:
                pause = min(pause * 2, LONGEST_LOOK)
        return Looked(code="no_answer")

    async def _mended(self, code: str) -> bool:
        """Tell what is wrong and wait for a person; False when they give the trial up."""
        await self._report(code)
        await workflow.wait_condition(lambda: self._again is not None)
        assert self._again is not None
        end, self._again = self._again.end, None
        await self._report("ended" if end else "")
        return not end

    async def _report(self, code: str) -> None:
        failed = TrialFailed(self._trial.tenant_id, self._trial.trial_id, code)
        await workflow.execute_activity(report_trial, failed, **QUICK)


def _code(error: ActivityError) -> str:
    """What to tell of a failed step: the mailbox's own code; of anything else only that it failed."""
    cause = error.cause
    known = isinstance(cause, ApplicationError) and cause.type in (REFUSED, "mailbox.failed")
    return cause.message if isinstance(cause, ApplicationError) and known else "failed"
