"""The steps of an enrolment: each fact moves it once, opens the next person's work and sets the alarm."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import courier
from activities.enrolment_messages import DecisionTask, EnrolmentInput, EventTask, LookTask, Standing
from activities.work import close_items, open_item
from database.enrolment_reads import requirement_of
from database.session import Session, tenant_session
from domain import work
from domain.enrolments import TRANSITIONS, Event, Requirement, Step, clock_event, days_until_alarm
from domain.enrolments import following as step_after
from domain.refusals import Conflict
from domain.tenancy import workflow_actor

WORKFLOW = "PayerEnrolment"
NOT_ENROLLED = "CL-PAY-007"

# What each fact writes into the enrolment: column and the name under which it was said.
_KEPT: Mapping[Event, tuple[tuple[str, str], ...]] = {
    Event.SIGNED: (("signed_on", "on"), ("signed_by", "signed_by")),
    Event.SUBMITTED: (("submitted_on", "on"), ("channel", "channel"), ("reference", "reference")),
    Event.ACKNOWLEDGED: (("acknowledged_on", "on"), ("reference", "reference")),
    Event.APPROVED: (("effective_from", "effective_from"), ("expires_on", "expires_on"), ("reference", "reference")),
    Event.REJECTED: (("reason", "reason"),),
    Event.REVALIDATED: (("expires_on", "expires_on"),),
    Event.WITHDRAWN: (("reason", "reason"),),
}  # fmt: skip
_DATES = frozenset({"signed_on", "submitted_on", "acknowledged_on", "effective_from", "expires_on"})
_TO_DO = {
    Step.REQUESTED: "begin with the forms",
    Step.PREPARING: "fill in the forms",
    Step.SIGNING: "have the forms signed",
    Step.SUBMITTING: "hand the forms in",
    Step.APPROVED: "approved: send a test or go live",
    Step.TESTING: "see the test through",
    Step.REVALIDATING: "ask the payer for a new term",
    Step.REJECTED: "rejected: correct and hand in again",
    Step.EXPIRED: "expired: enrol again",
}
_OPEN = "SELECT 1 FROM work_items WHERE subject_type = 'enrolment' AND subject_id = $1 AND status = 'open'"
_HELD = """
SELECT DISTINCT c.id, c.current_version FROM claims c
JOIN claim_findings f ON f.tenant_id = c.tenant_id AND f.claim_id = c.id AND f.version = c.current_version
WHERE c.tenant_id = current_tenant() AND c.client_id = $1 AND c.payer_id = $2 AND c.step = 'held' AND f.rule_id = $3
"""


@activity.defn
async def begin_enrolment(given: EnrolmentInput) -> Standing:
    """Open the first person's work; where it stands."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await _locked(session, given.enrolment_id)
        step = Step(row["step"])
        await _ask(session, row, step)
        return Standing(step, row["alarm_at"])


@activity.defn
async def advance_enrolment(task: EventTask) -> Standing:
    """Apply one fact, once. One that no longer fits changes nothing and is answered as refused."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await _locked(session, task.enrolment_id)
        known = await session.row("SELECT step FROM enrolment_steps WHERE event_id = $1", task.event_id)
        if known is not None:
            return Standing(Step(row["step"]), row["alarm_at"], refused=not known["step"])
        told = await session.row(
            "SELECT event, facts FROM enrolment_events WHERE id = $1 AND enrolment_id = $2",
            task.event_id,
            task.enrolment_id,
        )
        try:
            step = step_after(Step(row["step"]), Event(told["event"]))
        except Conflict:
            await _note_step(session, task.event_id, task.enrolment_id, "")
            return Standing(Step(row["step"]), row["alarm_at"], refused=True)
        standing = await _move(session, row, Event(told["event"]), step, json.loads(told["facts"]), task.now)
        await _note_step(session, task.event_id, task.enrolment_id, step)
    await courier.deliver(task.tenant_id, session.messages)
    return standing


@activity.defn
async def look_after_enrolment(task: LookTask) -> Standing:
    """Nothing came in time: the calendar moves the enrolment, or somebody is asked to ask the payer."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await _locked(session, task.enrolment_id)
        step, today = Step(row["step"]), await _today(session, task.now)
        if event := clock_event(step, today, row["expires_on"]):
            following = step_after(step, event)
            event_id = await session.value(
                "INSERT INTO enrolment_events (tenant_id, enrolment_id, event, step, actor_name, at)"
                " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                task.tenant_id, task.enrolment_id, event.value, step.value, WORKFLOW, task.now,
            )  # fmt: skip
            await _note_step(session, event_id, task.enrolment_id, following)
            return await _move(session, row, event, following, {}, task.now)
        if TRANSITIONS[step].person or step in (Step.SUBMITTED, Step.ACKNOWLEDGED):
            await _ask(session, row, step, silent=True, now=task.now)
        return await _set_alarm(session, row, step, task.now)


@activity.defn
async def decide_enrolment(task: DecisionTask) -> Standing:
    """Somebody decided from the queue: wait once more, or end the enrolment."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await _locked(session, task.enrolment_id)
        step = Step(row["step"])
        if task.decision == "withdraw" and step is not Step.ENDED:
            said = {"reason": "Given up from the queue"}
            await session.execute(
                "INSERT INTO enrolment_events (tenant_id, enrolment_id, event, step, facts, actor_id, actor_name)"
                " VALUES ($1, $2, 'withdrawn', $3, $4, $5, $6)",
                task.tenant_id, row["id"], step.value, json.dumps(said), task.by, WORKFLOW,
            )  # fmt: skip
            return await _move(session, row, Event.WITHDRAWN, Step.ENDED, said, task.now)
        requirement = await _requirement(session, row, task.now)
        alarm = task.now + timedelta(days=requirement.answer_days)
        await session.execute("UPDATE enrolments SET alarm_at = $2 WHERE id = $1", row["id"], alarm)
        return Standing(step, alarm)


async def _locked(session: Session, enrolment_id: UUID) -> Any:
    return await session.row(
        "SELECT e.*, c.name AS client_name, p.name AS payer_name FROM enrolments e"
        " JOIN clients c ON c.tenant_id = e.tenant_id AND c.id = e.client_id"
        " JOIN payers p ON p.tenant_id = e.tenant_id AND p.id = e.payer_id WHERE e.id = $1 FOR UPDATE OF e",
        enrolment_id,
    )


async def _move(
    session: Session, row: Any, event: Event, step: Step, said: Mapping[str, Any], now: datetime
) -> Standing:
    values = {column: _value(column, said[name]) for column, name in _KEPT.get(event, ()) if said.get(name)}
    if event is Event.SUBMITTED:
        values["submissions"] = row["submissions"] + 1
    if event in (Event.REJECTED, Event.WITHDRAWN):
        values["effective_from"], values["expires_on"] = None, None
    if event is Event.APPROVED:
        values.setdefault("expires_on", None)
        values["reason"] = ""
    places = "".join(f", {column} = ${number}" for number, column in enumerate(values, 3))
    await session.execute(
        f"UPDATE enrolments SET step = $2, version = version + 1, updated_at = now(){places} WHERE id = $1",
        row["id"],
        step.value,
        *values.values(),
    )
    fresh = await _locked(session, row["id"])
    await close_items(session, "enrolment", row["id"], [work.Kind.ENROLMENT], decision=event.value)
    await _ask(session, fresh, step)
    if event in (Event.APPROVED, Event.WENT_LIVE, Event.REVALIDATED):
        await _recheck_claims(session, fresh)
    return await _set_alarm(session, fresh, step, now)


async def _ask(
    session: Session, row: Any, step: Step, *, silent: bool = False, now: datetime | None = None
) -> None:
    """Open the item of whoever must act now, or of whoever is to ask a payer that keeps silent; one at a time."""
    if not silent and not TRANSITIONS[step].person:
        return
    if await session.value(_OPEN, row["id"]):
        return
    what = f"{row['client_name']} with {row['payer_name']}, {row['transaction']}"
    reason = f"no word from the payer since {TRANSITIONS[step].label.lower()}" if silent else _TO_DO[step]
    await open_item(
        session,
        f"enrolment:{row['id']}:{row['version']}{f':{now:%Y%m%d%H}' if silent and now else ''}",
        work.Kind.ENROLMENT,
        work.title(work.Kind.ENROLMENT, what, reason),
        subject_type="enrolment",
        subject_id=row["id"],
        workflow_id=f"{session.tenant_id}/enrolment/{row['id']}",
        detail={"step": step.value},
    )


async def _set_alarm(session: Session, row: Any, step: Step, now: datetime) -> Standing:
    requirement = await _requirement(session, row, now)
    days = days_until_alarm(step, requirement, await _today(session, now), row["expires_on"])
    alarm = None if days is None else now + timedelta(days=days)
    await session.execute("UPDATE enrolments SET alarm_at = $2 WHERE id = $1", row["id"], alarm)
    return Standing(step, alarm)


async def _requirement(session: Session, row: Any, now: datetime) -> Requirement:
    found = await requirement_of(session, row["payer_id"], row["transaction"], await _today(session, now))
    return found or Requirement(False)


async def _recheck_claims(session: Session, row: Any) -> None:
    """Claims that were held for want of this enrolment are scrubbed again."""
    if row["transaction"] not in ("837P", "837I"):
        return
    for claim in await session.fetch(_HELD, row["client_id"], row["payer_id"], NOT_ENROLLED):
        await close_items(session, "claim", claim["id"], [work.Kind.HOLD])
        await session.tell(
            "update",
            f"{session.tenant_id}/claim/{claim['id']}",
            "decided",
            {"tenant_id": session.tenant_id, "work_item_id": row["id"], "decision": "recheck", "by": None},
        )


async def _note_step(session: Session, event_id: UUID, enrolment_id: UUID, step: str) -> None:
    await session.execute(
        "INSERT INTO enrolment_steps (tenant_id, event_id, enrolment_id, step) VALUES ($1, $2, $3, $4)",
        session.tenant_id,
        event_id,
        enrolment_id,
        str(step),
    )


def _value(column: str, said: str) -> Any:
    return date.fromisoformat(said) if column in _DATES else said


async def _today(session: Session, now: datetime) -> date:
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    return now.astimezone(UTC).astimezone(ZoneInfo(zone)).date()
