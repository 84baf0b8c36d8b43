"""Attempts, tasks and everybody in care as spreadsheets."""

from domain.care.outreach import Outcome
from domain.paging import Page
from domain.tenancy import Actor
from services.care import enrolments, outreach, tasks
from services.care.outreach import OutreachView
from services.care.tasks import TaskView
from services.care.views import CareLine
from ui.care.enrolments import care_filters
from ui.page import optional_identifier

OUTREACH = ("Patient", "Programme", "When", "By", "How", "Outcome", "Note", "Taken back because")
TASKS = (
    "Enrolment",
    "Programme",
    "What",
    "Details",
    "Due",
    "Overdue",
    "Priority",
    "State",
    "Whose",
    "Finished",
    "Said",
)
ENROLMENTS = ("Enrolment", "Patient", "Account", "Programme", "Step", "Practice", "Coordinator")


async def outreach_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[OutreachView]:
    """Of one patient, or of everybody whom the asker sees."""
    if care := optional_identifier(query.get("care", "")):
        return await outreach.outreach_of(actor, care, cursor, size)
    wanted = query.get("outcome", "")
    return await outreach.list_outreach(actor, wanted if wanted in set(Outcome) else "", cursor, size)


def outreach_cells(one: OutreachView) -> tuple[object, ...]:
    """The cells of a row."""
    how = (one.by_name, one.channel_label, one.outcome_label, one.note, one.removed)
    return one.patient_name, one.programme.upper(), one.at, *how


async def task_pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Page[TaskView]:
    """All tasks, or those that are open."""
    return await tasks.list_tasks(actor, query.get("state", ""), cursor, size)


def task_cells(one: TaskView) -> tuple[object, ...]:
    """The cells of a row."""
    end = (one.priority, one.state_label, one.owner_name, one.finished_at, one.comment)
    return one.reference, one.programme.upper(), one.what, one.details, one.due_on, one.late, *end


async def enrolment_pages(
    actor: Actor, query: dict[str, str], cursor: str | None, size: int
) -> Page[CareLine]:
    """Everybody in care whom the page's filters show."""
    return await enrolments.list_care(actor, **care_filters(query), cursor=cursor, limit=size)


def enrolment_cells(one: CareLine) -> tuple[object, ...]:
    """The cells of a row."""
    names = (one.reference, one.patient_name, one.account_number, one.programme.upper(), one.step_label)
    return *names, one.client_name, one.coordinator_name
