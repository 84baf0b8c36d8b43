"""What payers ask for before they take a transaction: dated rows, and the form that adds one."""

from datetime import date
from typing import Any

from domain.enrolments import TRANSACTIONS
from domain.paging import Page as Rows
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.clientele import payers, requirements
from services.clientele.enrolment_views import RequirementFacts, RequirementView
from ui.clientele.enrolments import tabs_of, today
from ui.page import Event, Page, identifier, page, reject
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, long_text
from ui.parts.markup import Markup, div
from ui.parts.states import Loaded, empty
from ui.parts.table import Column
from ui.parts.times import day

_MEASURED = (("submission", "the day of submission"), ("service", "the day of service"))


@page("/enrolments/rules")
class EnrolmentRules(Page):
    """What payers ask for."""

    title = "What payers ask for"
    nav = "enrolments"
    permission = P.ENROLMENTS_VIEW

    found: list[RequirementView]
    payers: Loaded[Rows[Any]]

    async def load(self) -> None:
        self.found = await requirements.list_requirements(self.actor)
        self.payers = await self.read(payers.list_payers, limit=200, active=True)

    def body(self) -> Markup:
        new = (
            action("New rule", "ask_rule", look="filled", key="c") if self.may(P.ENROLMENTS_MANAGE) else None
        )
        return div(head("Enrolments", new), tabs_of(self.path), self._list(new))

    def _list(self, new: Markup | None) -> Markup:
        if not self.found:
            words = "A rule says from which day a payer takes a transaction from enrolled clients only. Claims of others are held."
            return empty("No payer asks for an enrolment.", words, new)
        columns = [
            Column[RequirementView]("Payer", lambda one: one.payer_name, "clip wide"),
            Column[RequirementView]("Transaction", lambda one: TRANSACTIONS[one.transaction], "clip"),
            Column[RequirementView]("From", lambda one: day(one.effective_from), "right tight"),
            Column[RequirementView](
                "Enrolment",
                lambda one: chip("Needed", "warn") if one.required else chip("Not needed", "neutral"),
                "tight",
            ),
            Column[RequirementView]("Judged by", lambda one: dict(_MEASURED)[one.measured_by], "tight"),
            Column[RequirementView]("Answer within", lambda one: f"{one.answer_days} days", "right tight"),
            Column[RequirementView](
                "Forms", lambda one: ", ".join(one.paperwork) or "–", "clip optional-column"
            ),
        ]
        return table.rows(columns, self.found, key=lambda one: one.id, label=self.title)

    async def do_ask_rule(self, event: Event) -> None:
        """Ask for the rule."""
        typed = self.typed if self.errors else {}
        fields = div(self._whom(typed), self._terms(typed), cls="fields")
        words = "It counts from that day on. What was in force before stays on record."
        self.dialog = form_window("What the payer asks for", "rule", "Add", fields, explanation=words)

    def _whom(self, typed: dict[str, Any]) -> tuple[Markup, ...]:
        errors = self.errors
        options = [(str(one.id), one.name) for one in self.payers.value.items] if self.payers.value else []
        return (
            choice(
                "payer_id",
                "Payer",
                options,
                typed.get("payer_id", ""),
                errors=errors,
                required=True,
                prompt="Choose",
            ),
            choice(
                "transaction",
                "Transaction",
                TRANSACTIONS.items(),
                typed.get("transaction", ""),
                errors=errors,
                required=True,
            ),
        )

    def _terms(self, typed: dict[str, Any]) -> tuple[Markup, ...]:
        errors = self.errors
        return (
            field(
                "effective_from",
                "From",
                typed.get("effective_from", today(self.zone)),
                kind="date",
                errors=errors,
                required=True,
            ),
            choice(
                "required",
                "Enrolment",
                (("true", "Needed"), ("false", "Not needed")),
                typed.get("required", "true"),
            ),
            choice(
                "measured_by", "Judged by", _MEASURED, typed.get("measured_by", "submission"), errors=errors
            ),
            field(
                "answer_days",
                "Payer answers within",
                typed.get("answer_days", "30"),
                unit="days",
                errors=errors,
                required=True,
            ),
            field(
                "reminder_days",
                "Remind before the end",
                typed.get("reminder_days", "60"),
                unit="days",
                errors=errors,
                required=True,
            ),
            long_text("paperwork", "Forms, one a line", str(typed.get("paperwork", "")), errors=errors),
        )

    async def do_rule(self, event: Event) -> None:
        """Add it."""
        await requirements.add_requirement(self.actor, _facts(event))
        await self.do_close_dialog(event)
        self.tell("ok", "Added.", "Claims are judged by it from their next scrub.")


def _facts(event: Event) -> RequirementFacts:
    reject(None if event.text("payer_id") else FieldError("payer_id", "payer_id.missing", "Choose a payer."))
    try:
        begins = date.fromisoformat(event.text("effective_from"))
        answer, reminder = (int(event.text(name)) for name in ("answer_days", "reminder_days"))
    except ValueError:
        reject(FieldError("effective_from", "date.invalid", "Enter a date, and numbers of days."))
        raise
    return RequirementFacts(
        identifier(event.text("payer_id")),
        event.text("transaction"),
        begins,
        event.text("required") != "false",
        event.text("measured_by") or "submission",
        answer,
        reminder,
        event.text("paperwork").splitlines(),
    )
