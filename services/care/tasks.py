"""Tasks of patients in care: made by hand or from a programme's templates, finished where the inbox finishes them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from activities import work_acts
from activities.care.tasks import DETAILS, NewTask, add_tasks
from activities.work import open_item
from database.care_reads import practice_of
from database.crypto import TenantKey
from database.identity import time_ordered_id
from database.session import Session
from domain.care.enrolment import Step
from domain.care.tasks import STATES, TASKS, TaskState, state_of
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, NotFound
from domain.work import ASSIGN, Kind
from policies.permissions import Permission
from services import door
from services.care.scope import mine, rosters
from services.clientele import checks
from services.clientele.checks import Faults
from services.tenancy.actors import holders

LONGEST_DETAILS = 1000
LATEST = timedelta(days=730)
_SELECT = """
SELECT t.*, w.status, w.decision, w.comment, w.priority, w.owner_id, w.due_at, w.finished_at,
    o.name AS owner_name, f.name AS finisher, e.reference, e.programme, e.coordinator_id, e.client_id, e.step
FROM care_tasks t
JOIN work_items w ON w.tenant_id = t.tenant_id AND w.id = t.work_item_id
JOIN care_enrolments e ON e.tenant_id = t.tenant_id AND e.id = t.enrolment_id
LEFT JOIN users o ON o.id = w.owner_id LEFT JOIN users f ON f.id = w.finished_by
WHERE t.tenant_id = current_tenant() AND ($1::uuid[] IS NULL OR e.coordinator_id = ANY($1))
"""
_COUNTS = """
SELECT t.enrolment_id, count(*) AS open, count(*) FILTER (WHERE w.due_at < $2) AS overdue FROM care_tasks t
JOIN work_items w ON w.tenant_id = t.tenant_id AND w.id = t.work_item_id
WHERE t.tenant_id = current_tenant() AND t.enrolment_id = ANY($1) AND w.status = 'open' GROUP BY t.enrolment_id
"""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task to be done. `what` is one of the catalogue's (`domain.care.tasks`), or `template_id` names one of the
    company's; anything of the patient belongs into `details`, which are sealed. Without an owner: the coordinator's."""

    due_on: date
    what: str = ""
    template_id: UUID | None = None
    details: str = ""
    priority: int = 3
    monthly: bool = False
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A patient's task (PHI). `item_id` is its work item; `comment` what was said when it was finished."""

    id: UUID
    item_id: UUID
    enrolment_id: UUID
    reference: str
    programme: str
    what: str
    details: str
    due_on: date
    late: bool
    monthly: bool
    priority: int
    state: str
    state_label: str
    tone: str
    owner_id: UUID | None
    owner_name: str
    finished_at: datetime | None
    finished_by: str
    comment: str


@door.query(Permission.CARE_VIEW, of="care_enrolments", phi=True)
async def tasks_of(session: Session, id: UUID) -> list[TaskView]:
    """A patient's tasks, at most 300: the open ones by their day, then those finished last."""
    await mine(session, id)
    rows = await session.fetch(
        f"{_SELECT} AND t.enrolment_id = $2 ORDER BY w.status <> 'open', CASE WHEN w.status = 'open' THEN t.due_on END,"
        " w.finished_at DESC, t.id LIMIT 300",
        None,
        id,
    )
    key = await session.key()
    return [_view(key, row) for row in rows]


@door.query(Permission.CARE_VIEW, phi=True)
async def list_tasks(
    session: Session, state: str = "open", cursor: str | None = None, limit: int = PAGE
) -> Page[TaskView]:
    """The tasks of one's own roster, or for managers of everybody; open, or all with an empty state."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_SELECT} AND ($2 = '' OR w.status = $2) AND ($3::uuid IS NULL OR t.id < $3)"
        f" ORDER BY t.id DESC LIMIT {size + 1}",
        await rosters(session),
        "open" if state == "open" else "",
        uuid_in(cursor) if cursor else None,
    )
    key = await session.key()
    lines = [_view(key, row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


async def _shown(session: Session, task_id: UUID) -> TaskView:
    return _view(await session.key(), await session.row(f"{_SELECT} AND t.id = $2", None, task_id))


@door.answering(Permission.CARE_RECORD, _shown, of="care_enrolments")
async def add_task(session: Session, id: UUID, facts: TaskFacts) -> UUID:
    """Give a patient a task; managers may give it to somebody else than the coordinator."""
    enrolment = await mine(session, id)
    if Step(enrolment["step"]) is Step.ENDED:
        raise _ended()
    practice = await practice_of(session, enrolment["client_id"])
    what, details = await _checked(session, facts, enrolment["programme"], practice.today)
    task = NewTask(
        f"care_task:{time_ordered_id()}", what, facts.due_on, facts.priority,
        facts.due_on.day if facts.monthly else None,
        (await session.key()).seal(DETAILS, details.encode()) if details else None, facts.template_id,
    )  # fmt: skip
    if facts.owner_id is not None and facts.owner_id != session.actor.user_id:
        door.also(session, Permission.CARE_MANAGE)
    (made,) = await add_tasks(session, [(enrolment, task)], practice, owned=facts.owner_id is None)
    if facts.owner_id is not None:
        await _hand(session, made, facts.owner_id)
    return made


async def _hand(session: Session, task_id: UUID, owner_id: UUID) -> None:
    """Into the hands of somebody who can do care tasks, who is told."""
    name = (await holders(session, {Permission.CARE_RECORD, Permission.WORK_TAKE})).get(owner_id)
    if name is None:
        faults = Faults("care_task")
        faults.add("owner_id", "user_id.cannot_take", "Choose somebody whose roles allow care tasks.")
        faults.refuse()
    item_id = await session.value("SELECT work_item_id FROM care_tasks WHERE id = $1", task_id)
    await work_acts.hand_over(session, item_id, owner_id, name or "", delegated=False)


@door.answering(Permission.CARE_RECORD, _shown, of="care_tasks")
async def finish_task(session: Session, task_id: UUID, done: bool, reason: str = "") -> UUID:
    """Say that a task is done, or with the reason that it was not. A monthly one comes back."""
    task = await _mine(session, task_id)
    leads = ASSIGN in session.actor.permissions
    if task["status"] == "open" and task["owner_id"] != session.actor.user_id and not leads:
        await work_acts.take(session, task["work_item_id"])
    decision = TaskState.DONE if done else TaskState.NOT_DONE
    await work_acts.complete(session, task["work_item_id"], decision.value, reason)
    return task_id


@door.answering(Permission.CARE_RECORD, _shown, of="care_tasks")
async def reopen_task(session: Session, task_id: UUID, reason: str) -> UUID:
    """It was not done after all: it waits again, with why."""
    # Who reopens it at the same moment waits here, and finds it open.
    await session.execute("SELECT 1 FROM care_tasks WHERE id = $1 FOR UPDATE", task_id)
    task = await _mine(session, task_id)
    why = checks.reason_of(reason)
    if task["status"] == "open":
        raise Conflict("care_task.open", "This task is open.", "Finish it, or leave it.")
    if Step(task["step"]) is Step.ENDED:
        raise _ended()
    row = await session.row("SELECT * FROM work_items WHERE id = $1", task["work_item_id"])
    item_id = await open_item(
        session, f"care_task:again:{time_ordered_id()}", Kind.CARE_TASK, row["title"],
        subject_type=row["subject_type"], subject_id=row["subject_id"], priority=row["priority"],
        due_at=row["due_at"], owner_id=row["owner_id"] or task["coordinator_id"],
    )  # fmt: skip
    sealed = (await session.key()).seal(work_acts.RETURN_COMMENT, why.encode())
    await session.execute("UPDATE work_items SET return_comment = $2 WHERE id = $1", item_id, sealed)
    await session.execute("UPDATE care_tasks SET work_item_id = $2 WHERE id = $1", task_id, item_id)
    return task_id


async def open_counts(session: Session, enrolment_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many tasks are open, and overdue, of each enrolment that has any."""
    rows = await session.fetch(_COUNTS, list(enrolment_ids), datetime.now(UTC))
    return {row["enrolment_id"]: (row["open"], row["overdue"]) for row in rows}


def _ended() -> Conflict:
    return Conflict("care_task.ended", "This enrolment has ended.", "Begin a new enrolment first.")


async def _mine(session: Session, task_id: UUID) -> Any:
    row = await session.row(f"{_SELECT} AND t.id = $2", await rosters(session), task_id)
    if row is None:
        raise NotFound(
            "not_found",
            "There is no task here under this id, or it is not yours.",
            "Ask whoever leads you to put the patient on your roster.",
        )
    return row


async def _checked(session: Session, facts: TaskFacts, programme: str, today: date) -> tuple[str, str]:
    """What the task is called and its details, or the refusal that names each fault."""
    faults, details = Faults("care_task"), checks.clean(facts.details)
    what = TASKS.get(facts.what, "")
    if facts.template_id is not None:
        what = await session.value(
            "SELECT what FROM care_task_templates WHERE tenant_id = current_tenant() AND id = $1 AND programme = $2"
            " AND active",
            facts.template_id,
            programme,
        )
    if not what:
        faults.add("what", "what.unknown", "Choose what is to be done.")
    faults.text("details", details, LONGEST_DETAILS)
    if not today <= facts.due_on <= today + LATEST:
        faults.add("due_on", "due_on.out_of_range", "Choose a day from today to two years ahead.")
    if not 1 <= facts.priority <= 5:
        faults.add("priority", "priority.out_of_range", "Choose 1 (first) to 5 (last).")
    faults.refuse()
    return what, details


def _view(key: TenantKey, row: Any) -> TaskView:
    state = state_of(row["status"], row["decision"])
    label, tone = STATES[state]
    same = ("id", "enrolment_id", "reference", "programme", "what", "due_on", "priority", "owner_id")
    return TaskView(
        **{name: row[name] for name in (*same, "finished_at")},
        item_id=row["work_item_id"],
        details=key.open(DETAILS, row["details"]).decode() if row["details"] else "",
        late=state is TaskState.OPEN and row["due_at"] < datetime.now(UTC),
        monthly=row["monthly_day"] is not None,
        state=state.value,
        state_label=label,
        tone=tone,
        owner_name=row["owner_name"] or "",
        finished_by=row["finisher"] or "",
        comment=key.open(work_acts.COMMENT, row["comment"]).decode() if row["comment"] else "",
    )
