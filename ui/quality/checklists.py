"""The checklists that audits ask by: each with its versions, and the form that makes the next one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.quality.checklist import CATEGORY_WORDS, SEVERITY_WORDS, Category, Severity
from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.quality import checklists
from services.quality.checklists import ChecklistFacts, ChecklistView
from services.quality.views import QuestionView
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, link, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.forms import choice, field, hidden, summary_of
from ui.parts.markup import Child, Markup, details, div, form, h3, p, span, summary
from ui.parts.table import Column
from ui.parts.times import day
from ui.quality.rates import category_words, quality_tabs, severity_chip

_HERE = "/quality/checklists"
_CRUMBS = (("Checklists", _HERE),)
_CATEGORIES = [(one.value, CATEGORY_WORDS[one]) for one in Category]
_SEVERITIES = [(one.value, SEVERITY_WORDS[one][0]) for one in Severity]
_WEIGHTS = [(str(one), str(one)) for one in range(1, 11)]
_ADDED = 3


@page(_HERE)
class Checklists(Page):
    """What audits ask, will ask and asked before."""

    title = "Audit checklists"
    nav = "quality"
    permission = P.CLAIMS_VIEW

    found: list[ChecklistView]

    async def load(self) -> None:
        self.found = await checklists.list_checklists(self.actor)

    def body(self) -> Markup:
        new = link("New checklist", f"{_HERE}/edit", look="filled", key="c") if self._may() else None
        names = list(dict.fromkeys(one.name for one in self.found))
        return div(head("Quality", new), quality_tabs(_HERE), [self._named(name) for name in names])

    def _may(self) -> bool:
        return self.may(P.AUDITS_PLAN)

    def _named(self, name: str) -> Markup:
        """The version in force on top, else the newest; what is to come and what was before under it."""
        versions = [one for one in self.found if one.name == name]
        top = next((one for one in versions if one.in_force), versions[0])
        others = [one for one in versions if one is not top]
        base = str(top.id) if top.id else "default"
        edit = self._may() and link("New version", f"{_HERE}/edit?of={base}", look="tiny")
        older = others and details(
            summary(f"{len(others)} other version{'s' if len(others) > 1 else ''}"),
            [div(h3(_begins(one)), _questions(one)) for one in others],
            cls="card-body",
        )
        return card(name, _questions(top), older, action=span(self._mark(top), " ", edit), look="flush")

    def _mark(self, one: ChecklistView) -> Markup:
        return chip("In force", "ok", _words(one)) if one.in_force else _begins(one)


@page("/quality/checklists/edit")
class ChecklistEdit(Page):
    """A new checklist, or the next version of one: what was there is kept as it was."""

    title = "Checklist"
    nav = "quality"
    permission = P.AUDITS_PLAN

    base: ChecklistView | None

    async def load(self) -> None:
        asked = self.query.get("of", "")
        known = await checklists.list_checklists(self.actor)
        self.base = next((one for one in known if asked and asked == str(one.id or "default")), None)

    def body(self) -> Markup:
        title = f"New version of {self.base.name}" if self.base and self.base.id else "New checklist"
        own = self.base.name if self.base and self.base.id else ""
        tomorrow = (datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=1)).isoformat()
        return div(
            head(title, crumbs=(("Quality", "/quality"), *_CRUMBS)),
            form(
                summary_of(self.errors),
                div(
                    field("name", "Name", self._was("name", own), errors=self.errors, required=True, readonly=bool(own)),
                    field("effective_from", "In force from", self._was("effective_from", tomorrow), errors=self.errors, kind="date", required=True),
                    cls="fields",
                ),
                p("Audits keep the questions that they were planned with. A question without words is left out.", cls="faint"),
                div([self._question(number, one) for number, one in enumerate(self._rows(), 1)], cls="stack"),
                div(action("Add questions", "add"), submit("Keep this version"), cls="form-foot"),
                data_do="keep", data_rows_form=True,
            ),
        )  # fmt: skip

    def _rows(self) -> list[QuestionView]:
        """What was typed, else the questions of the version before with room for more."""
        if self.typed:
            return _typed(self.typed)
        known = list(self.base.questions) if self.base else []
        return [*known, *([_blank()] * _ADDED)]

    def _question(self, number: int, one: QuestionView) -> Markup:
        start, wrong = f"questions.{number}", self.errors
        return div(
            field(f"{start}.text", f"Question {number}", one.text, errors=wrong, look="wide"),
            choice(f"{start}.category", "Category", _CATEGORIES, one.category, errors=wrong, required=True),
            choice(
                f"{start}.severity", "When not met", _SEVERITIES, one.severity, errors=wrong, required=True
            ),
            choice(f"{start}.weight", "Weight", _WEIGHTS, str(one.weight), errors=wrong, required=True),
            # The key stays what it was, so that answers of two versions can be compared.
            hidden(f"{start}.key", one.key),
            cls="fields question",
            data_key_of=f"question-{number}",
        )

    def _was(self, name: str, otherwise: str) -> str:
        return str(self.typed.get(name, otherwise))

    async def do_add(self, event: Event) -> None:
        """Room for more questions; what was typed stays."""
        rows = [*_typed(event.fields), *([_blank()] * _ADDED)]
        self.typed = {**event.fields, **_fields(rows)}

    async def do_keep(self, event: Event) -> None:
        """Keep it as a version of its own."""
        self.typed, self.errors = dict(event.fields), {}
        begins = date_of(event.text("effective_from"))
        reject(
            FieldError("effective_from", "date.invalid", "Enter a date.") if begins is None else None,
        )
        assert begins is not None  # refused above
        asked = [one for one in _typed(event.fields) if one.text.strip()]
        # Rows without words are left out, so that a fault is told at the number that the form then shows.
        self.typed = {**self.typed, **_fields(asked), **_emptied(event.fields, len(asked))}
        try:
            kept = await checklists.add_checklist(
                self.actor, ChecklistFacts(event.text("name"), begins, asked)
            )
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            return
        self.tell("ok", f"{kept.name} is kept.", f"It holds from {kept.effective_from}.")
        self.go(_HERE)


def _questions(one: ChecklistView) -> Markup:
    columns = [
        Column[QuestionView]("Question", lambda q: q.text, "wide"),
        Column[QuestionView]("Category", lambda q: category_words(q.category), "tight"),
        Column[QuestionView]("When not met", lambda q: severity_chip(q.severity), "tight"),
        Column[QuestionView]("Weight", lambda q: str(q.weight), "right"),
    ]
    return table.rows(columns, one.questions, label=one.name)


def _begins(one: ChecklistView) -> Markup:
    return span("from ", day(one.effective_from)) if one.effective_from else span("built in", cls="faint")


def _words(one: ChecklistView) -> str:
    return f"from {one.effective_from}" if one.effective_from else "built in"


def _blank() -> QuestionView:
    return QuestionView("", "", Category.CODING.value)


def _typed(fields: dict[str, Child]) -> list[QuestionView]:
    """The rows of the form as questions; a key is made from the number where none was written."""
    numbers = sorted({int(part) for name in fields if (part := _number_of(name))})
    return [_row(fields, number) for number in numbers]


def _row(fields: dict[str, Child], number: int) -> QuestionView:
    def was(name: str, otherwise: str = "") -> str:
        return str(fields.get(f"questions.{number}.{name}", otherwise)).strip()

    weight = was("weight", "1")
    text = was("text")
    return QuestionView(
        was("key") or (f"question_{number}" if text else ""),
        text,
        was("category", Category.CODING.value),
        int(weight) if weight.isascii() and weight.isdigit() and len(weight) < 4 else 0,
        was("severity", Severity.MINOR.value),
    )


def _number_of(name: str) -> str:
    parts = name.split(".")
    fits = len(parts) == 3 and parts[0] == "questions" and parts[1].isascii() and parts[1].isdigit()
    return parts[1] if fits and len(parts[1]) < 4 else ""


def _fields(rows: list[QuestionView]) -> dict[str, str]:
    return {
        f"questions.{number}.{name}": str(value)
        for number, one in enumerate(rows, 1)
        for name, value in (
            ("key", one.key),
            ("text", one.text),
            ("category", one.category),
            ("severity", one.severity),
            ("weight", one.weight),
        )
    }


def _emptied(fields: dict[str, Child], kept: int) -> dict[str, str]:
    """What stood in rows beyond those kept."""
    return {
        name: ""
        for name in fields
        if (number := _number_of(name)) and int(number) > kept and name.endswith((".text", ".key"))
    }
