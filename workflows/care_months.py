"""Care management: the close of a month, with a process for each of its patients, and its start by schedule."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.care.month_claims import bill_patient
    from activities.care.month_freezing import freeze_month, next_patients
    from activities.care.month_messages import (
        CloseAsked,
        ExceptionDecided,
        ExceptionTask,
        MonthInput,
        MonthReopened,
        MonthStanding,
        MonthTask,
        PatientInput,
        PatientPortion,
        PatientStanding,
        PortionTask,
        ScheduledCloseInput,
        ScheduledCloseStanding,
        ScheduledCloseTask,
    )
    from activities.care.month_packets import make_packet
    from activities.care.month_patients import compute_patient, decide_exception, report_patient
    from activities.care.month_settling import settle_month
    from activities.care.month_starting import begin_scheduled_close
    from activities.claims.messages import Decided
    from domain.care.closing import Outcome, Step
    from workflows.options import QUICK, RETRY

# A month's rows are thousands; whoever is writing time of it is waited for.
WHOLE: dict[str, Any] = {"start_to_close_timeout": timedelta(minutes=2), "retry_policy": RETRY}
# Twelve attempts take some twenty minutes; then one patient must not hold up those behind it.
PATIENT: dict[str, Any] = {**WHOLE, "retry_policy": replace(RETRY, maximum_attempts=12)}
# What is one short transaction runs where the workflow is: it costs one event.
HERE: dict[str, Any] = {**PATIENT, "local_retry_threshold": timedelta(seconds=10)}
AT_ONCE = 8
MOST_TURNS = 5


@workflow.defn
class CareMonthEnd:
    """Freeze → compute and bill every patient, portion by portion → wait until the exceptions are decided → closed."""

    @workflow.init
    def __init__(self, month: MonthInput) -> None:
        self._month = month
        self._decisions: list[Decided] = list(month.decisions)
        self._seen = {one.work_item_id for one in month.decisions}
        self._changed: list[UUID] = list(month.changed)
        self._over = False
        self._next_revision = month.revision

    @workflow.run
    async def run(self, month: MonthInput) -> Step:
        standing = await self._frozen()
        if not standing.overtaken and standing.step is not Step.CLOSED:
            if not self._month.computed:
                await self._compute_all()
            standing = await self._settled()
            while standing.step is Step.EXCEPTIONS and not self._ended():
                await workflow.wait_condition(lambda: bool(self._decisions or self._changed) or self._ended())
                await self._carry_out()
                standing = await self._settled()
                await self._go_on_as_new()
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._next_revision > self._month.revision:
            workflow.continue_as_new(
                MonthInput(self._month.tenant_id, self._month.month_id, self._next_revision)
            )
        return standing.step

    @workflow.signal
    def close_asked(self, asked: CloseAsked) -> None:
        """The month is to be closed, to this revision."""
        self._next_revision = max(self._next_revision, asked.revision)

    @workflow.signal
    def reopened(self, reopening: MonthReopened) -> None:
        """A manager has let the month's time be changed again: this revision is over."""
        self._over = self._over or reopening.revision >= self._month.revision

    @workflow.signal
    def patient_changed(self, patient: PatientInput) -> None:
        """What stood against this patient was settled elsewhere: they are computed again in their turn."""
        self._changed.append(patient.patient_month_id)

    @workflow.update
    async def decided(self, decision: Decided) -> None:
        """Somebody decided on an exception. It is carried out in its turn; answers at once."""
        if decision.work_item_id not in self._seen:
            self._seen.add(decision.work_item_id)
            self._decisions.append(decision)

    @decided.validator
    def _may_decide(self, decision: Decided) -> None:
        if self._ended():
            raise ApplicationError("The month was reopened meanwhile.", type="care_month.reopened")

    # The steps.

    async def _frozen(self) -> MonthStanding:
        if self._month.frozen:
            return MonthStanding(Step.COMPUTING)
        standing: MonthStanding = await workflow.execute_activity(freeze_month, self._task(), **WHOLE)
        self._month = replace(self._month, frozen=True)
        return standing

    async def _compute_all(self) -> None:
        while True:
            month = self._month
            task = PortionTask(month.tenant_id, month.month_id, month.revision, month.after, month.done)
            portion: PatientPortion = await workflow.execute_activity(next_patients, task, **QUICK)
            ids = portion.patient_month_ids
            if not ids:
                break
            await self._patients(ids)
            self._month = replace(month, after=ids[-1], done=month.done + len(ids))
            await self._carry_out()
            await self._go_on_as_new()
        self._month = replace(self._month, computed=True)

    async def _patients(self, ids: list[UUID]) -> None:
        """Each patient in a process of its own, a few at a time."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(patient_month_id: UUID) -> None:
            async with room:
                await self._patient(patient_month_id)

        await asyncio.gather(*(one(patient_month_id) for patient_month_id in ids))

    async def _patient(self, patient_month_id: UUID) -> None:
        tenant_id = self._month.tenant_id
        await workflow.execute_child_workflow(
            CarePatientMonth.run,
            PatientInput(tenant_id, patient_month_id),
            id=f"{tenant_id}/care_patient_month/{patient_month_id}",
        )

    async def _carry_out(self) -> None:
        """The decisions that have come, in their order, and what changed: these patients are computed again."""
        while self._decisions and not self._ended():
            decision, month = self._decisions[0], self._month
            task = ExceptionTask(
                month.tenant_id,
                month.month_id,
                month.revision,
                decision.work_item_id,
                decision.decision,
                decision.by,
            )
            found: ExceptionDecided = await workflow.execute_activity(decide_exception, task, **QUICK)
            if found.patient_month_id is not None:
                await self._patient(found.patient_month_id)
            self._decisions.pop(0)
        while self._changed and not self._ended():
            await self._patient(self._changed[0])
            self._changed.pop(0)

    async def _settled(self) -> MonthStanding:
        standing: MonthStanding = await workflow.execute_activity(settle_month, self._task(), **WHOLE)
        return standing

    async def _go_on_as_new(self) -> None:
        """5,000 patients are more than one history holds."""
        if workflow.info().is_continue_as_new_suggested() and not self._ended():
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(
                replace(self._month, decisions=list(self._decisions), changed=list(self._changed))
            )

    def _ended(self) -> bool:
        return self._over or self._next_revision > self._month.revision

    def _task(self) -> MonthTask:
        return MonthTask(self._month.tenant_id, self._month.month_id, self._month.revision)


@workflow.defn
class CarePatientMonth:
    """Compute → evidence packet → claim; what stands against it becomes work, and this is run again once it is decided."""

    @workflow.run
    async def run(self, patient: PatientInput) -> Outcome:
        try:
            outcome = await self._through(patient)
        except ActivityError:
            outcome = Outcome.WAITING
        if outcome is not Outcome.WAITING:
            return outcome
        # It kept failing, or its facts kept changing: nobody would hear of a patient who waits.
        standing: PatientStanding = await workflow.execute_activity(report_patient, patient, **QUICK)
        return standing.outcome

    async def _through(self, patient: PatientInput) -> Outcome:
        standing = PatientStanding(Outcome.WAITING)
        for _ in range(MOST_TURNS):
            standing = await workflow.execute_local_activity(compute_patient, patient, **HERE)
            if standing.outcome is Outcome.BILLABLE:
                standing = await workflow.execute_activity(make_packet, patient, **PATIENT)
            if standing.outcome is not Outcome.WAITING:  # else its facts changed while the packet was made
                break
        if standing.claims:
            standing = await workflow.execute_local_activity(bill_patient, patient, **HERE)
        if standing.again:
            insisting = replace(patient, insist=True)
            standing = await workflow.execute_activity(bill_patient, insisting, **PATIENT)
        return standing.outcome


@workflow.defn
class ScheduledClose:
    """Wait until the month has ended for every practice; then have it closed, unless somebody began that before."""

    @workflow.run
    async def run(self, given: ScheduledCloseInput) -> UUID | None:
        while True:
            task = ScheduledCloseTask(given.tenant_id, workflow.now())
            standing: ScheduledCloseStanding = await workflow.execute_activity(
                begin_scheduled_close, task, **QUICK
            )
            if standing.not_before is None:
                return standing.month_id
            await workflow.sleep(max(standing.not_before - workflow.now(), timedelta(seconds=1)))
