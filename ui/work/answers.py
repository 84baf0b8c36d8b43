"""The form with which an item ends: shown for the decision chosen, kept as it is typed, and read back afterwards."""

from typing import Any
from uuid import UUID

from domain.rules.fields import Value, typed_values
from domain.rules.forms import Form, parsed
from services.work import drafts
from services.work.views import WorkView
from ui.page import Event, Page
from ui.parts.forms import summary_of
from ui.parts.markup import Child, Markup, div, h3, p, section, strong
from ui.parts.states import Loaded
from ui.parts.table import facts
from ui.rules.fields import answers, inputs, names_of, typed_texts

PREFIX = "answers."


class ItemForm(Page):
    """What is typed into the form of the open item; mixed into the queue."""

    item: Loaded[WorkView] | None = None
    answering: UUID | None = None
    typed_answers: dict[str, Any]

    async def load_answers(self) -> None:
        """Take up what was typed into the form of this item before, once it is opened."""
        item = self.item.value if self.item else None
        if item is None:
            self.answering, self.typed_answers = None, {}
        elif item.id != self.answering:
            kept = await self.read(drafts.draft, _draft_of(item.id)) if "complete" in item.actions else None
            self.answering = item.id
            self.typed_answers = dict(kept.value.fields) if kept and kept.value else {}

    async def do_answering(self, event: Event) -> None:
        """Keep what is being typed, and show the form of the decision that is chosen."""
        # A last keystroke may arrive when the next item is open already.
        if self.answering is not None and event.args.get("id") == str(self.answering):
            self.typed_answers = dict(event.fields)
            await drafts.save_draft(self.actor, _draft_of(self.answering), self.typed_answers)
            item = self.item.value if self.item else None
            self.unchanged = item is not None and not item.forms

    def form_of(self, decision: str) -> Form | None:
        """The form with which a decision ends the open item: its own, else that of the kind."""
        item = self.item.value if self.item else None
        by_decision = {one.decision: one.schema for one in item.forms} if item else {}
        schema = by_decision.get(decision) or by_decision.get("")
        return parsed(schema) if schema else None

    def answered(self, event: Event, decision: str) -> dict[str, Value] | None:
        """The answers as typed, None when this decision has no form."""
        form = self.form_of(decision)
        if form is None:
            return None
        self.typed_answers = dict(event.fields)
        return typed_values(form.fields, event.fields, PREFIX)

    async def forget_answers(self, item_id: UUID) -> None:
        """Drop the draft of an item that is finished."""
        if self.answering == item_id:
            await drafts.drop_draft(self.actor, _draft_of(item_id))
            self.answering = None


def answer_fields(page: ItemForm) -> Child:
    """The form of the decision chosen; that of the kind as long as none is."""
    form = page.form_of(str(page.typed_answers.get("decision", "")))
    if form is None:
        return None
    faults = {name: words for name, words in page.errors.items() if name.startswith(PREFIX)}
    return section(
        h3(form.title or "Form"),
        form.description and p(form.description, cls="muted"),
        summary_of(faults, names_of(form.fields, PREFIX)),
        inputs(form.fields, typed_texts(form.fields, page.typed_answers, PREFIX), page.errors, PREFIX),
        cls="stack answers",
    )


def answers_shown(item: WorkView) -> Child:
    """What was answered when the item ended."""
    if item.answered is None:
        return None
    form = parsed(item.answered.schema)
    pairs = answers(form.fields, item.answered.answers)
    words = f"{form.title}, version {item.answered.number}, by {item.answered.answered_by_name}"
    listed: Markup = facts(*pairs, look="one") if pairs else p("Nothing was filled in.", cls="faint")
    return div(p(strong(words)), listed, cls="stack")


def _draft_of(item_id: UUID) -> str:
    return f"work/{item_id}"
