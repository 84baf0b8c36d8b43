"""Denial playbooks: what each class asks for, from which day on, and its letter with a look at how it reads."""

from datetime import date

from domain.denials.classes import ROUTE_WORDS
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission as P
from services.denials import playbooks
from services.denials.playbooks import LetterField, PlaybookFacts, PlaybookHistory, PlaybookView
from ui.denials.listing import class_of, denial_tabs
from ui.page import Event, Page, page, reject, there
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.dialogs import window
from ui.parts.forms import choice, field, group, long_text, summary_of
from ui.parts.markup import Markup, a, code, div, form, li, p, pre, small, span, ul
from ui.parts.money import amount, cents_of, plain
from ui.parts.table import Column, facts
from ui.parts.times import day


@page("/playbooks")
class Playbooks(Page):
    """The playbook of every class; one of them opened by `class`."""

    title = "Denial playbooks"
    nav = "denials"
    permission = P.CLAIMS_VIEW

    every: list[PlaybookView]
    one: PlaybookHistory | None = None
    fields: list[LetterField]

    async def load(self) -> None:
        chosen = class_of(self.query)
        self.one = await playbooks.get_playbook(self.actor, chosen) if chosen else None
        if self.one is None:
            self.every = await playbooks.list_playbooks(self.actor)
        else:
            self.fields = await playbooks.letter_fields(self.actor)

    def body(self) -> Markup:
        if self.one is not None:
            return self._class(self.one)
        columns = [
            Column[PlaybookView]("Class", lambda one: a(one.class_label, href=_href(one)), "clip wide"),
            Column[PlaybookView](
                "Preventable", lambda one: chip("preventable", "warn") if one.preventable else span("no", cls="faint"), "tight"
            ),
            Column[PlaybookView]("Recommended", lambda one: one.route_label, "clip"),
            Column[PlaybookView]("Steps", lambda one: str(len(one.steps)), "right"),
            Column[PlaybookView]("Due in", lambda one: f"{one.due_days} d", "right"),
            Column[PlaybookView]("First from", lambda one: amount(one.first_cents), "right optional-column"),
            Column[PlaybookView]("Approval over", lambda one: amount(one.approval_cents), "right"),
            Column[PlaybookView](
                "In force", lambda one: day(one.effective_from) if one.own else span("default", cls="faint"), "right tight"
            ),
        ]  # fmt: skip
        words = p(
            "What is done about each class of denials. A change holds from a day on; until then the last one stays in force.",
            cls="muted",
            style="margin-bottom: 12px",
        )
        rows = table.rows(columns, self.every, href=_href, key=lambda one: one.class_code, label="Playbooks")
        return div(head("Denial playbooks"), denial_tabs("/playbooks"), words, rows)

    def _class(self, found: PlaybookHistory) -> Markup:
        one = found.current
        crumbs = (("Denial playbooks", "/playbooks"),)
        mark = chip("own", "info") if one.own else chip("default", "neutral")
        left = self._form(one) if self.may(P.PLAYBOOKS_MANAGE) else self._read(one)
        right = div(self._fields(), self._history(found))
        return div(head((one.class_label, mark), crumbs=crumbs), div(left, right, cls="columns"))

    def _value(self, name: str, stored: str) -> str:
        return str(self.typed.get(name, "")) if self.errors else stored

    def _form(self, one: PlaybookView) -> Markup:
        errors, value = self.errors, self._value
        today = date.today().isoformat()  # noqa: DTZ011 - a proposal in the field; the service knows the tenant's day
        work = group(
            "What is done",
            choice("route", "Recommended", [(key.value, words) for key, words in ROUTE_WORDS.items()], value("route", one.route), errors=errors),
            field("due_days", "Due in days", value("due_days", str(one.due_days)), errors=errors, required=True),
            field("high", "High from", value("high", plain(one.high_cents)), unit="$", errors=errors),
            field("first", "First from", value("first", plain(one.first_cents)), unit="$", errors=errors),
            field(
                "approval", "Appeals need approval over", value("approval", plain(one.approval_cents) if one.approval_cents is not None else ""),
                unit="$", errors=errors, hint="Empty: never",
            ),
            field("effective_from", "From", value("effective_from", today), kind="date", errors=errors, required=True),
            long_text("steps", "Checklist", value("steps", "\n".join(one.steps)), rows=6, errors=errors, hint="One step on each line"),
        )  # fmt: skip
        letter = group(
            "The letter",
            long_text(
                "letter", "Template", value("letter", one.letter), rows=22, errors=errors, hint="Fields in double braces; `- ` begins a point, `# ` a heading"
            ),
        )  # fmt: skip
        foot = div(
            action("See it filled", "sample", key="v"),
            submit("Keep from this day on", key="c"),
            cls="form-foot",
        )
        key = f"playbook-{one.class_code}-{one.id}"
        return form(summary_of(errors), work, letter, foot, data_do="save", data_key_of=key, cls="stack")

    def _read(self, one: PlaybookView) -> Markup:
        return div(
            card(
                "What is done",
                facts(("Recommended", one.route_label), ("Due in", f"{one.due_days} days")),
                ul([li(step) for step in one.steps]),
            ),
            card("The letter", pre(one.letter, cls="letter")),
        )

    def _fields(self) -> Markup:
        rows = [li(code("{{" + one.name + "}}"), " ", small(one.words)) for one in self.fields]
        return card("Fields of letters", ul(rows, cls="plain"))

    def _history(self, found: PlaybookHistory) -> Markup:
        if not found.rows:
            return card("Changes", p("None: the default is in force.", cls="faint"))
        rows = [
            li(
                day(row.effective_from),
                f" {row.route_label}, {len(row.steps)} steps",
                row.id == found.current.id and small(" in force", cls="faint"),
            )
            for row in found.rows
        ]
        return card("Changes", ul(rows, cls="plain"))

    async def do_sample(self, event: Event) -> None:
        """Show the letter filled with the facts of nobody."""
        try:
            self.errors = {}
            sample = await playbooks.sample_letter(self.actor, event.text("letter"))
        except Invalid as refusal:
            self.typed = dict(event.fields)
            self.wrong(refusal)
            return
        self.dialog = window("The letter, about nobody", pre(sample.text, cls="letter"), look="large")

    async def do_save(self, event: Event) -> None:
        """Keep the playbook from its day on."""
        chosen = there(self.one).current.class_code
        try:
            self.errors = {}
            await playbooks.save_playbook(self.actor, chosen, _typed(event))
        except Invalid as refusal:
            self.typed = dict(event.fields)
            self.wrong(refusal)
            return
        self.tell("ok", "Kept.", "The last one stays in force until its day.")


def _href(one: PlaybookView) -> str:
    return f"/playbooks?class={one.class_code}"


def _typed(event: Event) -> PlaybookFacts:
    begins = date_of(event.text("effective_from"))
    days = event.text("due_days")
    high, high_fault = cents_of(event.text("high"), "high")
    first, first_fault = cents_of(event.text("first"), "first")
    limit = event.text("approval")
    approval, approval_fault = cents_of(limit, "approval") if limit else (0, None)
    reject(
        None if begins else FieldError("effective_from", "date.invalid", "Enter the date."),
        None if days.isascii() and days.isdigit() and len(days) < 4 else FieldError("due_days", "due_days.invalid", "Enter days."),
        high_fault,
        first_fault,
        approval_fault,
    )  # fmt: skip
    assert begins is not None
    return PlaybookFacts(
        route=event.text("route"),
        steps=event.text("steps").splitlines(),
        letter=event.text("letter"),
        effective_from=begins,
        due_days=int(days),
        high_cents=high,
        first_cents=first,
        approval_cents=approval if limit else None,
    )
