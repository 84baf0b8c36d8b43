"""What every patient of a programme needs: the templates of tasks among the settings of care."""

from domain.care.activities import PROGRAMMES
from services.care import task_templates
from services.care.task_templates import TemplateFacts, TemplateView
from ui.page import Event, Page
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field
from ui.parts.markup import EMPTY, Markup, div, p
from ui.parts.table import Column
from ui.work.kinds import PRIORITIES


class SetsTemplates(Page):
    """A page on which templates are set."""

    templates: list[TemplateView]

    async def load_templates(self) -> None:
        """Read them."""
        self.templates = await task_templates.list_templates(self.actor)

    async def do_ask_template(self, event: Event) -> None:
        """Ask for a template: a new one, or with its id what it is to be."""
        known = next((one for one in self.templates if str(one.id) == event.args.get("id")), None)
        given = self.typed if self.errors else _given(known)
        priorities = [(str(number), f"{number} {words}") for number, words in PRIORITIES.items()]
        body = div(
            choice("programme", "Programme", PROGRAMMES.items(), given.get("programme", "ccm"), errors=self.errors, required=True),
            field("what", "What", given.get("what", ""), errors=self.errors, required=True, hint="such as Monthly call"),
            field("due_days", "Due after consent", given.get("due_days", "7"), kind="number", unit="days",
                  errors=self.errors, required=True),
            choice("priority", "Priority", priorities, given.get("priority", "3"), errors=self.errors, required=True),
            check("monthly", "Every month from then on", given.get("monthly") == "true"),
            check("active", "In use", given.get("active", "true") == "true"),
            cls="fields",
        )  # fmt: skip
        words = "The words stand in titles and notifications: never name a patient in them."
        version = known.version if known else 0
        self.dialog = form_window(
            "Task of a programme",
            "template",
            "Save",
            body,
            explanation=words,
            id=event.args.get("id", ""),
            version=version,
        )

    async def do_template(self, event: Event) -> None:
        """Save it."""
        facts = TemplateFacts(
            event.text("programme"), event.text("what"), _number(event.text("due_days")), event.ticked("monthly"),
            _number(event.text("priority")), event.ticked("active"),
        )  # fmt: skip
        if event.args.get("id"):
            await task_templates.change_template(self.actor, event.id(), facts, event.number("version", 0))
        else:
            await task_templates.add_template(self.actor, facts)
        self.dialog, self.errors, self.typed = EMPTY, {}, {}

    async def do_apply_template(self, event: Event) -> None:
        """Give it to everybody in care who never had it."""
        given = await task_templates.apply_template(self.actor, event.id())
        self.tell("ok", f"{given:,} patients were given the task.")


def templates_card(found: list[TemplateView]) -> Markup:
    """The templates by programme."""
    new = action("New template", "ask_template", look="", key="w")
    if not found:
        words = "Nothing is asked of everybody yet. A template becomes a task of each patient who consents."
        return card("Tasks of programmes", p(words, cls="muted"), action=new)
    columns = [
        Column[TemplateView]("Programme", lambda one: one.programme.upper(), "tight"),
        Column[TemplateView]("What", lambda one: one.what, "clip wide"),
        Column[TemplateView]("Due", lambda one: f"{one.due_days} days after consent", "right tight"),
        Column[TemplateView]("Comes back", lambda one: "every month" if one.monthly else "once", "tight"),
        Column[TemplateView](
            "", lambda one: chip("In use", "ok") if one.active else chip("Off", "neutral"), "tight"
        ),
        Column[TemplateView]("", _ways, "right tight"),
    ]
    rows = table.rows(columns, found, key=lambda one: one.id, label="Tasks of programmes")
    return card("Tasks of programmes", rows, action=new, look="flush")


def _ways(one: TemplateView) -> Markup:
    change = action("Change", "ask_template", look="quiet", data_id=str(one.id))
    return div(
        change,
        more(entry("Give to everybody in care", "apply_template", data_id=str(one.id))),
        cls="row-acts",
    )


def _given(one: TemplateView | None) -> dict[str, str]:
    if one is None:
        return {}
    flags = {"monthly": str(one.monthly).lower(), "active": str(one.active).lower()}
    texts = {"programme": one.programme, "what": one.what}
    return texts | flags | {"due_days": str(one.due_days), "priority": str(one.priority)}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
