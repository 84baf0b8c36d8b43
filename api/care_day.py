"""A coordinator's day: attempts to reach patients, and their tasks."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.care import outreach, task_templates, tasks
from services.care.outreach import OutreachFacts, OutreachView
from services.care.task_templates import TemplateFacts, TemplateView
from services.care.tasks import TaskFacts, TaskView


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """Whether it was done; the reason when it was not."""

    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """How many patients were given the task."""

    given: int


class CareOutreach(Controller):
    """Attempts to reach patients. They are never changed; one recorded by mistake is taken back with a reason."""

    path = "/care"
    tags = ("Care",)

    @get("/outreach")
    async def list_outreach(
        self, actor: Actor, outcome: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[OutreachView]:
        """Attempts of one's own roster, or for managers of all, the newest first."""
        return await outreach.list_outreach(actor, outcome, cursor, limit)

    @get("/enrolments/{care_id:uuid}/outreach")
    async def outreach_of(
        self, actor: Actor, care_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[OutreachView]:
        """Attempts to reach one patient, the newest first."""
        return await outreach.outreach_of(actor, care_id, cursor, limit)

    @post("/enrolments/{care_id:uuid}/outreach")
    async def record_outreach(self, actor: Actor, care_id: UUID, data: OutreachFacts) -> OutreachView:
        """Keep an attempt, and start or stop one's clock with it if asked to."""
        return await outreach.record_outreach(actor, care_id, data)

    @post("/outreach/{care_outreach_id:uuid}/remove", status_code=200)
    async def remove_outreach(self, actor: Actor, care_outreach_id: UUID, data: Reason) -> OutreachView:
        """Take back an attempt of one's own."""
        return await outreach.remove_outreach(actor, care_outreach_id, data.reason)


class CareTasks(Controller):
    """Tasks of patients in care; each is a work item of the one inbox."""

    path = "/care"
    tags = ("Care",)

    @get("/tasks")
    async def list_care_tasks(
        self, actor: Actor, open_only: bool = True, cursor: str | None = None, limit: int = 50
    ) -> Page[TaskView]:
        """Tasks of one's own roster, or for managers of everybody, the newest first."""
        return await tasks.list_tasks(actor, "open" if open_only else "", cursor, limit)

    @get("/enrolments/{care_id:uuid}/tasks")
    async def tasks_of(self, actor: Actor, care_id: UUID) -> list[TaskView]:
        """A patient's tasks, the open ones first."""
        return await tasks.tasks_of(actor, care_id)

    @post("/enrolments/{care_id:uuid}/tasks")
    async def add_care_task(self, actor: Actor, care_id: UUID, data: TaskFacts) -> TaskView:
        """Give a patient a task."""
        return await tasks.add_task(actor, care_id, data)

    @post("/tasks/{care_task_id:uuid}/finish", status_code=200)
    async def finish_care_task(self, actor: Actor, care_task_id: UUID, data: TaskEnd) -> TaskView:
        """Say that it is done, or why it was not."""
        return await tasks.finish_task(actor, care_task_id, data.done, data.reason)

    @post("/tasks/{care_task_id:uuid}/reopen", status_code=200)
    async def reopen_care_task(self, actor: Actor, care_task_id: UUID, data: Reason) -> TaskView:
        """It was not done after all."""
        return await tasks.reopen_task(actor, care_task_id, data.reason)


class CareTaskTemplates(Controller):
    """What each programme's patients need."""

    path = "/care/settings/tasks"
    tags = ("Care",)

    @get("/")
    async def list_task_templates(self, actor: Actor, programme: str = "") -> list[TemplateView]:
        """The templates, by programme."""
        return await task_templates.list_templates(actor, programme)

    @post("/")
    async def add_task_template(self, actor: Actor, data: TemplateFacts) -> TemplateView:
        """A new template, for whoever consents from now on."""
        return await task_templates.add_template(actor, data)

    @put("/{care_template_id:uuid}")
    async def change_task_template(
        self, actor: Actor, care_template_id: UUID, data: TemplateFacts, expected_version: int | None
    ) -> TemplateView:
        """Change a template; tasks made from it stay."""
        return await task_templates.change_template(actor, care_template_id, data, expected_version)

    @post("/{care_template_id:uuid}/apply", status_code=200)
    async def apply_task_template(self, actor: Actor, care_template_id: UUID) -> Given:
        """Give the task to everybody in care who never had it."""
        return Given(await task_templates.apply_template(actor, care_template_id))
