"""A patient's tasks on a page: made, done, told why not, and waiting again; the inbox shows the same ones."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.care.tasks import TASKS
from domain.refusals import FieldError
from services.care import task_templates, tasks
from services.care.task_templates import TemplateView
from services.care.tasks import TaskFacts, TaskView
from services.care.views import CareLine, CareView
from ui.page import Event, Page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, long_text
from ui.parts.markup import EMPTY, Child, Markup, a, div, p, small, span
from ui.parts.table import Column
from ui.parts.times import day
from ui.work.kinds import PRIORITIES

SHOWN = 20


class HasTasks(Page):
    """A page of one patient's tasks."""

    one: CareView

    async def do_ask_task(self, event: Event) -> None:
        """Ask for a new task."""
        templates = await task_templates.list_templates(self.actor, self.one.programme)
        given = self.typed if self.errors else {}
        priorities = [(str(number), f"{number} {words}") for number, words in PRIORITIES.items()]
        in_a_week = (datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=7)).isoformat()
        body = div(
            choice(
                "what", "What", _choices(templates), given.get("what", ""), errors=self.errors, required=True
            ),
            field(
                "due_on",
                "Due",
                given.get("due_on", in_a_week),
                kind="date",
                required=True,
                errors=self.errors,
            ),
            choice(
                "priority",
                "Priority",
                priorities,
                given.get("priority", "3"),
                errors=self.errors,
                required=True,
            ),
            check("monthly", "Every month from then on", given.get("monthly") == "true"),
            long_text("details", "Details", str(given.get("details", "")), rows=2, errors=self.errors),
            cls="fields",
        )
        words = (
            "What concerns the patient belongs into the details: titles and notifications never show them."
        )
        self.dialog = form_window("New task", "task", "Add", body, explanation=words)

    async def do_task(self, event: Event) -> None:
        """Add it."""
        await tasks.add_task(self.actor, self.one.id, _facts(event))
        self.dialog, self.errors, self.typed = EMPTY, {}, {}

    async def do_task_done(self, event: Event) -> None:
        """It is done."""
        await tasks.finish_task(self.actor, event.id(), True)

    async def do_ask_task_undone(self, event: Event) -> None:
        """Ask why it was not done."""
        self._ask_why("Why was it not done?", "task_undone", "Not done", event)

    async def do_task_undone(self, event: Event) -> None:
        """It was not done."""
        await tasks.finish_task(self.actor, event.id(), False, event.text("reason"))
        self.dialog = EMPTY

    async def do_ask_task_again(self, event: Event) -> None:
        """Ask why a finished one waits again."""
        self._ask_why("Why does it wait again?", "task_again", "Open again", event)

    async def do_task_again(self, event: Event) -> None:
        """It waits again."""
        await tasks.reopen_task(self.actor, event.id(), event.text("reason"))
        self.dialog = EMPTY

    def _ask_why(self, title: str, do: str, words: str, event: Event) -> None:
        why = long_text("reason", "Why", errors=self.errors, required=True)
        self.dialog = form_window(title, do, words, why, id=event.args.get("id", ""))


def tasks_card(found: list[TaskView], *, records: bool, adds: bool) -> Markup:
    """A patient's tasks, the open ones first; only the latest of those that are finished."""
    new = action("New task", "ask_task", look="", key="t") if adds else None
    if not found:
        return card("Tasks", p("Nothing is to be done.", cls="faint"), action=new)
    columns = [
        Column[TaskView]("What", _what, "clip wide"),
        Column[TaskView]("Due", lambda one: day(one.due_on), "right tight"),
        Column[TaskView](
            "Whose", lambda one: one.owner_name or small("nobody yet", cls="faint"), "clip optional-column"
        ),
        Column[TaskView]("State", _state, "tight"),
        Column[TaskView]("", lambda one: _ways(one) if records else None, "right tight"),
    ]
    rows = table.rows(columns, found[:SHOWN], key=lambda one: one.id, label="Tasks")
    rest = (
        small(f"{len(found) - SHOWN} older ones are in the export.", cls="faint pad")
        if len(found) > SHOWN
        else None
    )
    return card("Tasks", rows, rest, action=new, look="flush", ident="tasks")


def tasks_cell(one: CareLine) -> Child:
    """How many tasks wait, on the roster."""
    if not one.open_tasks:
        return small("–", cls="faint")
    late = chip(f"{one.overdue_tasks} overdue", "bad") if one.overdue_tasks else None
    return a(f"{one.open_tasks} open ", late, href=f"/care/{one.id}#tasks")


def _what(one: TaskView) -> Child:
    monthly = small(" · every month") if one.monthly else None
    return span(one.what, monthly, one.details and small(f" · {one.details}"))


def _state(one: TaskView) -> Child:
    if one.late:
        return chip("Overdue", "bad")
    told = f"{one.finished_by}: {one.comment}".strip(": ") if one.finished_by else ""
    return chip(one.state_label, one.tone, told)


def _ways(one: TaskView) -> Child:
    if one.state == "open":
        done = action("Done", "task_done", look="quiet", data_id=str(one.id), aria_label=f"Done: {one.what}")
        undone = more(
            entry("Not done…", "ask_task_undone", tone="bad", data_id=str(one.id)), label="Change this task"
        )
        return div(done, undone, cls="row-acts")
    return more(entry("Open again…", "ask_task_again", data_id=str(one.id)), label="Change this task")


def _choices(templates: list[TemplateView]) -> list[tuple[str, str]]:
    own = [(str(one.id), one.what) for one in templates if one.active]
    taken = {words.lower() for _, words in own}
    return own + [(code, words) for code, words in TASKS.items() if words.lower() not in taken]


def _facts(event: Event) -> TaskFacts:
    what = event.text("what")
    template = None if what in TASKS else _template(what)
    try:
        due_on = date.fromisoformat(event.text("due_on"))
    except ValueError:
        reject(FieldError("due_on", "date.invalid", "Enter a date."))
        raise
    number = event.text("priority")
    return TaskFacts(
        due_on, "" if template else what, template, event.text("details"), int(number) if number.isdigit() else 0,
        event.ticked("monthly"),
    )  # fmt: skip


def _template(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
