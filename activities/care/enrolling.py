"""The steps of an enrolment in care: each fact moves it once and opens the next person's work."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.care.tasks import begin_tasks, close_tasks
from activities.enrolment_messages import DecisionTask, EnrolmentInput, EventTask, LookTask, Standing
from activities.work import close_items, open_item
from activities.work_acts import COMMENT
from database.care_reads import SAID, practice_of
from database.session import Session, tenant_session
from domain import work
from domain.care.enrolment import TRANSITIONS, Event, Step
from domain.care.enrolment import following as step_after
from domain.care.month import Month
from domain.refusals import Conflict
from domain.tenancy import workflow_actor

WORKFLOW = "ProgrammeEnrolment"
SUBJECT = "care_enrolment"
_OWN = (work.Kind.CARE_ENROLMENT, work.Kind.CARE_PLAN)
ASKED_AGAIN = timedelta(days=5)
_TO_DO = {
    Step.REFERRED: "look at eligibility",
    Step.VISIT: "record the initiating visit",
    Step.CONSENT: "ask for consent",
    Step.PLANNING: "write the care plan",
}
_ROW = """
SELECT e.*, p.account_number, c.name AS client_name FROM care_enrolments e
JOIN patients p ON p.tenant_id = e.tenant_id AND p.id = e.patient_id
JOIN clients c ON c.tenant_id = e.tenant_id AND c.id = e.client_id WHERE e.id = $1 FOR UPDATE OF e
"""


@activity.defn
async def begin_care(given: EnrolmentInput) -> Standing:
    """Open the first person's work; where it stands."""
    async with tenant_session(workflow_actor(given.tenant_id, WORKFLOW)) as session:
        row = await session.row(_ROW, given.enrolment_id)
        await _ask(session, row)
        return Standing(Step(row["step"]), row["alarm_at"])


@activity.defn
async def advance_care(task: EventTask) -> Standing:
    """Apply one fact, once. One that no longer fits changes nothing and is answered as refused."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(_ROW, task.enrolment_id)
        known = await session.value(
            "SELECT step FROM care_enrolment_steps WHERE event_id = $1", task.event_id
        )
        if known is not None:
            return Standing(Step(row["step"]), row["alarm_at"], refused=not known)
        told = await session.row("SELECT event, said FROM care_enrolment_events WHERE id = $1", task.event_id)
        event = Event(told["event"])
        try:
            step = step_after(Step(row["step"]), event)
        except Conflict:
            await _note(session, task, "")
            return Standing(Step(row["step"]), row["alarm_at"], refused=True)
        said = (await session.key()).open_json(SAID, told["said"]) if told["said"] else {}
        await _note(session, task, step.value)
        return await _move(session, row, event, step, said)


@activity.defn
async def look_after_care(task: LookTask) -> Standing:
    """The alarm rang: the month of a revoked consent is over, or somebody is asked again."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(_ROW, task.enrolment_id)
        step = Step(row["step"])
        if step is Step.ENDING and row["alarm_at"] and task.now >= row["alarm_at"]:
            await _tell(session, row, Event.MONTH_OVER)
            return await _move(session, row, Event.MONTH_OVER, Step.ENDED, {})
        await session.execute(
            "UPDATE care_enrolments SET alarm_at = NULL WHERE id = $1 AND alarm_at <= $2", row["id"], task.now
        )
        await _ask(session, row, again=True)
        return Standing(step)


@activity.defn
async def decide_care(task: DecisionTask) -> Standing:
    """Somebody decided from the queue: end the enrolment, or be asked again later."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        row = await session.row(_ROW, task.enrolment_id)
        step = Step(row["step"])
        if task.decision == "withdraw" and Event.WITHDRAWN in TRANSITIONS[step].events:
            await _tell(session, row, Event.WITHDRAWN, task.by, await _comment(session, task.work_item_id))
            return await _move(session, row, Event.WITHDRAWN, Step.ENDED, {})
        if step in (Step.ENDING, Step.ENDED):
            return Standing(step, row["alarm_at"])  # it ends with its month, whatever was still asked
        alarm = task.now + ASKED_AGAIN
        await session.execute("UPDATE care_enrolments SET alarm_at = $2 WHERE id = $1", row["id"], alarm)
        return Standing(step, alarm)


async def end_by_force(session: Session, enrolment_id: UUID, reason: str) -> None:
    """Its process was cancelled: it ends today. One that ends with its month keeps its last day."""
    row = await session.row(_ROW, enrolment_id)
    if row["step"] == Step.ENDED:
        return
    event = Event.MONTH_OVER if row["step"] == Step.ENDING else Event.WITHDRAWN
    await _tell(session, row, event, session.actor.user_id, reason)
    await _move(session, row, event, Step.ENDED, {})


async def _move(session: Session, row: Any, event: Event, step: Step, said: Mapping[str, Any]) -> Standing:
    values = await _written(session, row, event, said)
    places = "".join(f", {column} = ${number}" for number, column in enumerate(values, 3))
    await session.execute(
        f"UPDATE care_enrolments SET step = $2, version = version + 1{places} WHERE id = $1",
        row["id"],
        step.value,
        *values.values(),
    )
    fresh = await session.row(_ROW, row["id"])
    await close_items(session, SUBJECT, row["id"], _OWN, decision=event.value)
    if event is Event.CONSENTED:
        await begin_tasks(session, fresh)
    if step is Step.ENDED:
        await close_tasks(session, row["id"])
    await _ask(session, fresh)
    return Standing(step, fresh["alarm_at"])


async def _written(session: Session, row: Any, event: Event, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact writes into the enrolment."""
    practice = await practice_of(session, row["client_id"])
    today = practice.today
    on = date.fromisoformat(said["on"]) if said.get("on") else today
    if event is Event.ELIGIBLE:
        return {name: said.get(name, default) for name, default in _FOUND.items()}
    if event is Event.CONSENTED:
        return {"consented_on": on, "plan_due_on": on + timedelta(days=practice.plan_due_days)}
    if event is Event.REVOKED:
        month = Month(on.year, on.month, practice.zone)
        return {"ends_on": month.last, "alarm_at": datetime.fromtimestamp(month.window[1], UTC)}
    if event in (Event.PLANNED, Event.REVISED):
        review = date.fromisoformat(said["review_on"])
        active = TRANSITIONS[Step(row["step"])].events[event] is Step.ACTIVE
        return {"review_on": review} | ({"alarm_at": _at(practice.zone, review)} if active else {})
    if event in (Event.WITHDRAWN, Event.DECLINED, Event.NOT_ELIGIBLE):
        return {"ends_on": today, "alarm_at": None}
    return {"alarm_at": None}


_FOUND: Mapping[str, Any] = {"conditions": 0, "complex_decisions": False, "qmb": False}


async def _ask(session: Session, row: Any, *, again: bool = False) -> None:
    """Open what a person must do now, the coordinator's where there is one. `again`: after silence, or on the day of the
    plan's review, which asks for nothing before."""
    step = Step(row["step"])
    if TRANSITIONS[step].person:
        due = row["plan_due_on"] if step is Step.PLANNING else None
        await _open(session, row, work.Kind.CARE_ENROLMENT, _TO_DO[step], due, again=again)
    elif again and step is Step.ACTIVE:
        to_do = "look it over and store what changed"
        await _open(session, row, work.Kind.CARE_PLAN, to_do, row["review_on"], again=True)


async def _open(
    session: Session, row: Any, kind: work.Kind, to_do: str, due: date | None, *, again: bool
) -> None:
    """One item for each version of the enrolment, due at the end of a day at the practice."""
    zone = (await practice_of(session, row["client_id"])).zone
    await open_item(
        session,
        f"{kind}:{row['id']}:{row['version']}",
        kind,
        work.title(kind, f"{row['reference']}, {row['programme'].upper()}", to_do),
        subject_type=SUBJECT,
        subject_id=row["id"],
        workflow_id=f"{session.tenant_id}/care_enrolment/{row['id']}",
        detail={"step": row["step"]},
        due_at=_at(zone, due, 17) if due else None,
        owner_id=row["coordinator_id"],
        again=again,
    )


def _at(zone: str, day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))


async def _comment(session: Session, item_id: UUID) -> str:
    """What was said when a work item was finished."""
    sealed = await session.value("SELECT comment FROM work_items WHERE id = $1", item_id)
    return (await session.key()).open(COMMENT, sealed).decode() if sealed else ""


async def _tell(session: Session, row: Any, event: Event, by: UUID | None = None, reason: str = "") -> None:
    """A fact that no page of the enrolment told, applied already: the clock's, or somebody's decision elsewhere."""
    event_id = await session.value(
        "INSERT INTO care_enrolment_events (tenant_id, enrolment_id, event, step, said, actor_id, actor_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, coalesce((SELECT name FROM users WHERE id = $6), $7)) RETURNING id",
        session.tenant_id,
        row["id"],
        event.value,
        row["step"],
        (await session.key()).seal_json(SAID, {"reason": reason}) if reason else None,
        by,
        session.actor.name,
    )
    await session.execute(_NOTE, session.tenant_id, event_id, row["id"], Step.ENDED.value)


_NOTE = "INSERT INTO care_enrolment_steps (tenant_id, event_id, enrolment_id, step) VALUES ($1, $2, $3, $4)"


async def _note(session: Session, task: EventTask, step: str) -> None:
    await session.execute(_NOTE, task.tenant_id, task.event_id, task.enrolment_id, step)
