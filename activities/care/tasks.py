"""Tasks of patients: each a row and a work item; monthly ones come back with the end of the former, never by polling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.work import Opening, close_items, open_items
from database.care_reads import Practice, practice_of
from database.session import Session
from domain import work
from domain.care.enrolment import CONSENTED, Step
from domain.care.tasks import comes_back
from domain.work import Kind

SUBJECT = "care_enrolment"
DETAILS = "care_tasks.details"
_DUE_HOUR = 17
_INSERT = """
INSERT INTO care_tasks (tenant_id, enrolment_id, what, details, due_on, monthly_day, template_id, former_id,
    work_item_id, created_by)
SELECT $1, t.enrolment_id, t.what, t.details, t.due_on, t.monthly_day, t.template_id, t.former_id, w.id, $2
FROM unnest($3::text[], $4::uuid[], $5::text[], $6::bytea[], $7::date[], $8::smallint[], $9::uuid[], $10::uuid[])
    AS t (key, enrolment_id, what, details, due_on, monthly_day, template_id, former_id)
JOIN work_items w ON w.tenant_id = $1 AND w.key = t.key
ON CONFLICT DO NOTHING RETURNING id
"""
_HAND_OVER = """
WITH given AS (
    UPDATE work_items w SET owner_id = $3, taken_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE now() END,
        return_to = NULL, float_id = NULL, float_from = NULL, version = w.version + 1
    WHERE w.tenant_id = $1 AND w.subject_type = 'care_enrolment' AND w.subject_id = ANY($2) AND w.status = 'open'
        AND w.owner_id IS DISTINCT FROM $3 RETURNING w.id)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_id, actor_name, kind, detail)
SELECT $1, id, $4, $5, 'assigned', coalesce('to ' || (SELECT name FROM users WHERE id = $3), 'to nobody') FROM given
"""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task about to be opened. `key` makes opening it twice once; `details` is sealed; `what` holds no PHI."""

    key: str
    what: str
    due_on: date
    priority: int = 3
    monthly_day: int | None = None
    details: bytes | None = None
    template_id: UUID | None = None
    former_id: UUID | None = None


async def add_tasks(
    session: Session, wanted: Sequence[tuple[Any, NewTask]], practice: Practice, *, owned: bool = True
) -> list[UUID]:
    """Open tasks of enrolments (rows of care_enrolments) of one practice, each with its work item, in a few statements
    however many they are; the ids of the new ones. They are the coordinators' unless `owned` is false."""
    if not wanted:
        return []
    await open_items(session, [_opening(row, task, practice, owned=owned) for row, task in wanted])
    columns = ("what", "details", "due_on", "monthly_day", "template_id", "former_id")
    rows = await session.fetch(
        _INSERT,
        session.tenant_id,
        session.actor.user_id,
        [task.key for _, task in wanted],
        [row["id"] for row, _ in wanted],
        *([getattr(task, name) for _, task in wanted] for name in columns),
    )
    return [row["id"] for row in rows]


def _opening(row: Any, task: NewTask, practice: Practice, *, owned: bool) -> Opening:
    day = task.due_on
    return Opening(
        task.key,
        Kind.CARE_TASK,
        work.title(Kind.CARE_TASK, f"{row['reference']}, {row['programme'].upper()}", task.what),
        SUBJECT,
        row["id"],
        priority=task.priority,
        due_at=datetime(day.year, day.month, day.day, _DUE_HOUR, tzinfo=ZoneInfo(practice.zone)),
        owner_id=row["coordinator_id"] if owned else None,
    )


async def begin_tasks(session: Session, enrolment: Any) -> None:
    """Consent was given: the tasks that the company wants for everybody in the programme."""
    rows = await session.fetch(
        "SELECT * FROM care_task_templates WHERE tenant_id = current_tenant() AND programme = $1 AND active"
        " ORDER BY id LIMIT 100",
        enrolment["programme"],
    )
    practice = await practice_of(session, enrolment["client_id"])
    await add_tasks(
        session, [(enrolment, of_template(row, enrolment["id"], practice.today)) for row in rows], practice
    )


def of_template(row: Any, enrolment_id: UUID, on: date) -> NewTask:
    """What a template asks of an enrolment from a day on; the same one opened again stays one."""
    due_on = on + timedelta(days=row["due_days"])
    monthly_day = due_on.day if row["monthly"] else None
    key = f"care_task:{enrolment_id}:{row['id']}"
    return NewTask(key, row["what"], due_on, row["priority"], monthly_day, template_id=row["id"])


async def task_ended(session: Session, item_id: UUID) -> None:
    """The work item of a task was finished: a monthly task comes back, while the patient is in care."""
    task = await session.row("SELECT * FROM care_tasks WHERE work_item_id = $1", item_id)
    if task is None or task["monthly_day"] is None:
        return
    enrolment = await session.row("SELECT * FROM care_enrolments WHERE id = $1", task["enrolment_id"])
    if Step(enrolment["step"]) not in CONSENTED:
        return
    practice = await practice_of(session, enrolment["client_id"])
    due_on = comes_back(task["due_on"], task["monthly_day"], practice.today)
    if enrolment["ends_on"] and due_on > enrolment["ends_on"]:
        return
    priority = await session.value("SELECT priority FROM work_items WHERE id = $1", item_id)
    following = NewTask(
        f"care_task:after:{task['id']}", task["what"], due_on, priority, task["monthly_day"],
        task["details"], task["template_id"], task["id"],
    )  # fmt: skip
    await add_tasks(session, [(enrolment, following)], practice)


async def close_tasks(session: Session, enrolment_id: UUID) -> None:
    """The enrolment has ended: what is open of it is not needed any more."""
    await close_items(session, SUBJECT, enrolment_id, [Kind.CARE_TASK])


async def hand_work_over(session: Session, enrolment_ids: Sequence[UUID], to: UUID | None) -> None:
    """Patients changed hands: what is open of them goes along, or to nobody."""
    await session.execute(
        _HAND_OVER,
        session.tenant_id,
        list(enrolment_ids),
        to,
        session.actor.user_id,
        session.actor.name,
    )
