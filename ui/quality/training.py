"""Training that audits call for: who is under the target in what, what is planned, and what was done."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.refusals import FieldError, Refusal
from policies.permissions import Permission as P
from services.quality import training
from services.quality.training import TrainingFacts, TrainingLine, TrainingList
from ui.page import Event, Page, identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import field, hidden, long_text
from ui.parts.markup import Child, Markup, a, div, p, span
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.parts.times import day
from ui.quality.rates import quality_tabs, rate

_HERE = "/quality/training"
MONTHS = (3, 6, 12, 24)
_STATES = {"needed": ("Needed", "bad"), "planned": ("Planned", "info"), "done": ("Done", "ok")}


def months_of(query: dict[str, str]) -> int:
    """Over how many months audits are looked at; a year unless another period is asked for."""
    asked = query.get("months", "")
    return int(asked) if asked in {str(one) for one in MONTHS} else 12


@page(_HERE)
class Training(Page):
    """Who needs training in what, with what is planned about it."""

    title = "Training"
    nav = "quality"
    permission = P.AUDITS_PLAN
    watches = frozenset({"qa_audits"})

    found: TrainingList

    async def load(self) -> None:
        self.months = months_of(self.query)
        self.found = await training.list_training(self.actor, self.months)

    def body(self) -> Markup:
        export = export_menu("training-needs", self.query, key="e")
        chips = [
            filter_chip(f"{one} months", address(_HERE, self.query, months=str(one)), on=self.months == one)
            for one in MONTHS
        ]
        words = (
            f"Somebody is listed whose claims without an error of a category are under {100 * self.found.target:.0f} %."
            " Certain: even the upper end of the 95 % interval is. Planned training stays until it is done."
        )
        return div(
            head("Quality", export), quality_tabs(_HERE), div(chips, cls="filters"), self._list(), p(words, cls="faint")
        )  # fmt: skip

    def _list(self) -> Markup:
        if not self.found.lines:
            return empty(
                "Nobody needs training.", "Who is under the target in completed audits appears here."
            )
        columns = [
            Column[TrainingLine](
                "Person", lambda one: a(one.name, href=f"/quality?person={one.employee_id}"), "wide clip"
            ),
            Column[TrainingLine]("In", lambda one: one.label, "tight"),
            Column[TrainingLine](
                "Claims right", lambda one: rate(one.right) if one.right else span("–", cls="faint"), "right"
            ),
            Column[TrainingLine]("", lambda one: one.sure and chip("Certain", "bad"), "tight"),
            Column[TrainingLine]("State", _state, "tight"),
            Column[TrainingLine](
                "Note", lambda one: one.note or span("–", cls="faint"), "clip optional-column"
            ),
            Column[TrainingLine]("", self._act, "right tight"),
        ]
        return table.rows(
            columns, self.found.lines, key=lambda one: f"{one.employee_id}-{one.category}", label="Training"
        )

    def _act(self, one: TrainingLine) -> Child:
        if one.state == "planned":
            return action("Done", "done", look="tiny", data_id=str(one.training_id))
        words = "Plan" if one.state == "needed" else "Plan again"
        return action(
            words, "ask_plan", look="tiny", data_person=str(one.employee_id), data_category=one.category
        )

    async def do_ask_plan(self, event: Event) -> None:
        """Ask by when."""
        who, category = event.args.get("person", ""), event.args.get("category", "")
        line = next(
            (o for o in self.found.lines if (str(o.employee_id), o.category) == (who, category)), None
        )
        self._dialog(who, category, f"{line.name}, {line.label}" if line else "")

    def _dialog(self, who: str, category: str, words: str) -> None:
        soon = (datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=14)).isoformat()
        typed = self.typed
        self.dialog = form_window(
            f"Plan training: {words}" if words else "Plan training",
            "plan",
            "Plan",
            self.errors.get("form") and p(self.errors["form"], cls="error"),
            div(
                hidden("employee_id", who),
                hidden("category", category),
                field(
                    "due_on", "By", typed.get("due_on", soon), errors=self.errors, kind="date", required=True
                ),
                long_text("note", "What", typed.get("note", ""), errors=self.errors, hint="Kept encrypted"),
                cls="fields",
            ),
        )

    async def do_plan(self, event: Event) -> None:
        """Plan it."""
        self.typed, self.errors = dict(event.fields), {}
        who, category = event.text("employee_id"), event.text("category")
        try:
            due_on = date_of(event.text("due_on"))
            reject(FieldError("due_on", "date.invalid", "Enter a date.") if due_on is None else None)
            assert due_on is not None  # refused above
            facts = TrainingFacts(identifier(who), category, due_on, event.text("note"))
            await training.plan_training(self.actor, facts)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            self._dialog(who, category, "")
            return
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", "The training is planned.")

    async def do_done(self, event: Event) -> None:
        """Mark it as done."""
        await training.finish_training(self.actor, event.id())
        self.tell("ok", "Marked as done.", "It stays in the list until audits show no need any more.")


def _state(one: TrainingLine) -> Child:
    words, tone = _STATES[one.state]
    when = one.done_on or one.due_on
    return span(
        chip(words, tone), " ", when and span("by " if one.state == "planned" else "", day(when), cls="faint")
    )
