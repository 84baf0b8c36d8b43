"""The task forms of a tenant: which work ends with one, and the way to a new one."""

from domain.work_kinds import KINDS
from policies.permissions import Permission as P
from services.rules import forms
from services.rules.form_views import FormFacts, FormView
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, summary_of
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day
from ui.rules.tabs import rules_tabs

_WORDS = "When an item of work ends, its form asks for what must be known then. The answers are kept encrypted with the item."


@page("/rules/forms")
class TaskForms(Page):
    """Every form, by kind of work."""

    title = "Task forms"
    nav = "rules"
    permission = P.RULES_VIEW

    found: list[FormView]

    async def load(self) -> None:
        self.found = await forms.list_forms(self.actor)

    def body(self) -> Markup:
        return div(
            head("Rules", self._new()),
            rules_tabs(self.path),
            p(_WORDS, cls="muted", style="margin-bottom: 12px"),
            self._list(),
        )

    def _new(self) -> Child:
        if not self.may(P.RULES_MANAGE):
            return None
        return action("New form", "ask_attach", look="filled", key="c")

    def _list(self) -> Markup:
        if not self.found:
            return empty(
                "No form yet.",
                "Attach one to a kind of work: for example, a denial that ends in an appeal asks for the call's reference.",
                self._new(),
            )
        return table.rows(
            _columns(),
            self.found,
            href=lambda one: f"/rules/forms/{one.id}",
            key=lambda one: one.id,
            label="Forms",
        )

    async def do_ask_attach(self, event: Event) -> None:
        """Ask for which work, and what the form is called."""
        taken = {(one.line.kind, one.line.decision) for one in self.found}
        body = div(
            summary_of(self.errors),
            choice(
                "ends",
                "Work that ends with it",
                _ends(taken),
                self.typed.get("ends", "") if self.errors else "",
                errors=self.errors,
                required=True,
                prompt="Choose",
                autofocus=True,
                look="wide",
            ),
            field(
                "title",
                "Title",
                self.typed.get("title", "") if self.errors else "",
                errors=self.errors,
                required=True,
                hint="as operators read it, such as: Call to the payer",
                maxlength="120",
                look="wide",
            ),
            cls="fields",
        )
        self.dialog = form_window("New form", "attach", "Begin a draft", body)

    async def do_attach(self, event: Event) -> None:
        """Attach the form and open it."""
        kind, _, decision = event.text("ends").partition("/")
        schema = {"type": "object", "title": event.text("title"), "properties": {}}
        self.errors = {}
        made = await forms.attach_form(self.actor, FormFacts(kind, schema, decision))
        await self.do_close_dialog(event)
        self.go(f"/rules/forms/{made.id}")


def _ends(taken: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every kind and every decision that has no form yet."""
    found = []
    for kind, rules in KINDS.items():
        if (str(kind), "") not in taken:
            found.append((str(kind), f"{rules.label}: however it ends"))
        found += [
            (f"{kind}/{one.code}", f"{rules.label}: {one.label}")
            for one in rules.decisions
            if (str(kind), one.code) not in taken
        ]
    return found


def ends_of(one: FormView) -> str:
    """With what a form is asked for, in words."""
    return f"{one.line.kind_label}: {one.line.decision_label or 'however it ends'}"


def standing(one: FormView) -> Markup:
    """Where a form stands: in force, coming, a draft."""
    line = one.line
    chips = []
    if line.number is not None:
        chips.append(chip(f"Version {line.number}", "ok") if line.fields else chip("Withdrawn", "neutral"))
    if line.drafted:
        chips.append(chip("Draft", "info"))
    if line.coming_from:
        chips.append(chip(f"From {line.coming_from.isoformat()}", "warn"))
    return span(chips, cls="row")


def _columns() -> list[Column[FormView]]:
    return [
        Column(
            "Form",
            lambda one: a(one.line.title or "Without a title", href=f"/rules/forms/{one.id}"),
            "clip wide",
        ),
        Column("Asked when this ends", ends_of, "clip wide"),
        Column("Fields", lambda one: str(one.line.fields), "right"),
        Column("Standing", standing, "tight"),
        Column("In force since", lambda one: day(one.line.in_force_from), "right tight"),
    ]
