"""The settings of care as spreadsheets: practices, credentials, and the tasks that programmes bring."""

from domain.paging import Page
from domain.tenancy import Actor
from services.care import practices, task_templates
from services.care.practices import CredentialView, PracticeLine
from services.care.task_templates import TemplateView
from ui.care.settings import SERVED

Query = dict[str, str]
PRACTICES = (
    "Practice",
    "Time zone",
    "Date of service",
    "Practitioner's time as staff's",
    "Asks after seconds away",
    "Back-dated after seconds",
    "Care plan due after days",
    "Reached at any hour",
)
CREDENTIALS = ("Person", "Is", "From")
TEMPLATES = ("Programme", "What", "Due after days", "Every month", "Priority", "In use")


async def practice_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[PracticeLine]:
    """Page by page, as the list is."""
    return await practices.list_practices(actor, cursor, size)


def practice_cells(one: PracticeLine) -> tuple[object, ...]:
    """The cells of a row."""
    wishes = one.wishes
    days = (wishes.idle_seconds, wishes.back_dated_after_seconds, wishes.plan_due_days)
    served = SERVED[wishes.service_date.value]
    return one.client_name, wishes.zone, served, wishes.practitioner_as_staff, *days, wishes.contact_line


async def credential_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[CredentialView]:
    """All at once: they are people of one company."""
    return Page(await practices.list_credentials(actor))


def credential_cells(one: CredentialView) -> tuple[object, ...]:
    """The cells of a row."""
    return one.name, one.label, one.since


async def template_pages(actor: Actor, query: Query, cursor: str | None, size: int) -> Page[TemplateView]:
    """All at once: they are few."""
    return Page(await task_templates.list_templates(actor))


def template_cells(one: TemplateView) -> tuple[object, ...]:
    """The cells of a row."""
    return one.programme_label, one.what, one.due_days, one.monthly, one.priority, one.active
