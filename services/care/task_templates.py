"""What a programme's patients need: templates that become tasks at consent, or for everybody at once when asked."""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from activities.care.tasks import add_tasks, of_template
from database.care_reads import practices_of
from database.identity import time_ordered_id
from database.session import Session
from domain.care.activities import PROGRAMMES
from domain.care.entries import Programme
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults

LONGEST_WHAT = 60
_SAVE = """
INSERT INTO care_task_templates (tenant_id, id, programme, what, due_days, monthly, priority, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, id) DO UPDATE SET programme = $3, what = $4, due_days = $5, monthly = $6, priority = $7, active = $8,
    version = care_task_templates.version + 1
WHERE care_task_templates.version = coalesce($9, care_task_templates.version)
"""


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A task for every patient of a programme, due so many days after consent, once or from then on every month.
    `what` stands in titles and notifications: words of the company, never of a patient."""

    programme: str
    what: str
    due_days: int = 7
    monthly: bool = False
    priority: int = 3
    active: bool = True


@dataclass(frozen=True, slots=True)
class TemplateView:
    """One template."""

    id: UUID
    programme: str
    programme_label: str
    what: str
    due_days: int
    monthly: bool
    priority: int
    active: bool
    version: int


@door.query(Permission.CARE_VIEW)
async def list_templates(session: Session, programme: str = "") -> list[TemplateView]:
    """The templates, or those of one programme, by programme and words."""
    rows = await session.fetch(
        "SELECT * FROM care_task_templates WHERE tenant_id = current_tenant() AND ($1 = '' OR programme = $1)"
        " ORDER BY programme, lower(what), id LIMIT 500",
        programme,
    )
    return [_view(row) for row in rows]


async def _shown(session: Session, template_id: UUID) -> TemplateView:
    return _view(await session.row("SELECT * FROM care_task_templates WHERE id = $1", template_id))


@door.answering(Permission.CARE_MANAGE, _shown)
async def add_template(session: Session, facts: TemplateFacts) -> UUID:
    """A new template. It holds for whoever consents from now on; `apply_template` gives it to those in care."""
    return await _saved(session, time_ordered_id(), facts, None)


@door.answering(Permission.CARE_MANAGE, _shown, of="care_task_templates")
async def change_template(
    session: Session, template_id: UUID, facts: TemplateFacts, expected_version: int | None = None
) -> UUID:
    """Change a template; tasks that were made from it stay as they are."""
    return await _saved(session, template_id, facts, expected_version)


@door.command(Permission.CARE_MANAGE, of="care_task_templates")
async def apply_template(session: Session, template_id: UUID) -> int:
    """Give the task to every patient in care in the programme who never had it; how many got it."""
    template = await session.row("SELECT * FROM care_task_templates WHERE id = $1", template_id)
    rows = await session.fetch(
        "SELECT e.* FROM care_enrolments e WHERE e.tenant_id = current_tenant() AND e.programme = $1"
        " AND e.step IN ('planning', 'active') AND NOT EXISTS (SELECT 1 FROM care_tasks t"
        " WHERE t.tenant_id = e.tenant_id AND t.enrolment_id = e.id AND t.template_id = $2)"
        " ORDER BY e.client_id, e.id LIMIT 5000",
        template["programme"],
        template_id,
    )
    made, practices = 0, await practices_of(session, sorted({row["client_id"] for row in rows}))
    for client_id, practice in practices.items():
        theirs = [row for row in rows if row["client_id"] == client_id]
        wanted = [(row, of_template(template, row["id"], practice.today)) for row in theirs]
        made += len(await add_tasks(session, wanted, practice))
    return made


async def _saved(session: Session, template_id: UUID, facts: TemplateFacts, version: int | None) -> UUID:
    what = checks.clean(facts.what)
    _faults_of(facts, what).refuse()
    values = {one.name: getattr(facts, one.name) for one in fields(facts)} | {"what": what}
    changed = await session.execute(_SAVE, session.tenant_id, template_id, *values.values(), version)
    records.must_have_changed(changed)
    return template_id


def _faults_of(facts: TemplateFacts, what: str) -> Faults:
    faults = Faults("care_task_template")
    faults.one_of("programme", facts.programme, PROGRAMMES, f"Choose one of: {', '.join(PROGRAMMES)}.")
    faults.text("what", what, LONGEST_WHAT, missing="Say what is to be done, in a few words.")
    if not 0 <= facts.due_days <= 365:
        faults.add("due_days", "due_days.out_of_range", "Use 0 to 365 days.")
    if not 1 <= facts.priority <= 5:
        faults.add("priority", "priority.out_of_range", "Choose 1 (first) to 5 (last).")
    return faults


def _view(row: Any) -> TemplateView:
    same = ("id", "programme", "what", "due_days", "monthly", "priority", "active", "version")
    label = PROGRAMMES[Programme(row["programme"])]
    return TemplateView(**{name: row[name] for name in same}, programme_label=label)
