"""The fields that a tenant adds to its records: by kind of record, in their order, with who may see them."""

from typing import Any

from domain.refusals import Refusal
from domain.rules.custom_fields import Subject
from domain.rules.fields import FieldType
from policies.permissions import Permission as P
from services.rules import custom_fields as service
from services.rules.custom_fields import CustomFieldFacts, CustomFieldView, NewCustomField
from ui.page import Event, Page, page
from ui.parts import table
from ui.parts.buttons import action, entry, more
from ui.parts.cards import head
from ui.parts.chips import chip, filter_chip
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, long_text, summary_of
from ui.parts.markup import Child, Markup, code, div, p, span, strong
from ui.parts.states import empty
from ui.parts.table import Column, address
from ui.rules.form_fields import TYPES, code_from
from ui.rules.tabs import rules_tabs

_WORDS = "They stand on the records' pages and forms, in the API, and in exports. PHI is encrypted and cannot be searched."


@page("/rules/fields")
class CustomFieldList(Page):
    """Custom fields of one kind of record."""

    title = "Fields"
    nav = "rules"
    permission = P.RULES_VIEW

    found: list[CustomFieldView]
    editing: CustomFieldView | None = None

    @property
    def subject(self) -> Subject:
        """The kind of record that is shown."""
        asked = self.query.get("of", "")
        return Subject(asked) if asked in set(Subject) else Subject.CLAIM

    async def load(self) -> None:
        self.found = await service.defined_fields(self.actor, self.subject)

    def body(self) -> Markup:
        chips = [
            filter_chip(one.label, address(self.path, self.query, of=str(one)), on=one is self.subject)
            for one in Subject
        ]
        return div(
            head("Rules", self._new()),
            rules_tabs(self.path),
            p(_WORDS, cls="muted", style="margin-bottom: 12px"),
            div(chips, cls="filters"),
            self._list(),
        )

    def _new(self) -> Child:
        if not self.may(P.RULES_MANAGE):
            return None
        return action("New field", "ask_custom", look="filled", key="c")

    def _list(self) -> Markup:
        if not self.found:
            words = "Add what your company keeps about them and the product does not: a region, a contract number."
            return empty(f"{self.subject.label} have no field of yours.", words, self._new())
        columns = [
            Column[CustomFieldView]("Field", _name, "clip wide"),
            Column[CustomFieldView]("Type", _type, "clip"),
            Column[CustomFieldView]("Code", lambda one: code(one.code), "tight"),
            Column[CustomFieldView](
                "Filled in", lambda one: "required" if one.required else "optional", "tight"
            ),
            Column[CustomFieldView]("Seen by", _seen, "tight"),
            Column[CustomFieldView]("Standing", _standing, "tight"),
            Column[CustomFieldView]("", self._row_menu, "right tight"),
        ]
        return table.rows(columns, self.found, key=lambda one: one.id, label="Fields")

    def _row_menu(self, one: CustomFieldView) -> Child:
        if not self.may(P.RULES_MANAGE):
            return None
        ident = {"data_id": str(one.id)}
        place = self.found.index(one) + 1
        entries = [entry("Change", "ask_custom", **ident)]
        if place > 1:
            entries.append(entry("Move up", "move", data_number=str(place - 1), **ident))
        if place < len(self.found):
            entries.append(entry("Move down", "move", data_number=str(place + 1), **ident))
        if one.active:
            entries.append(entry("Take out of use", "ask_deactivate", tone="bad", **ident))
        else:
            entries.append(entry("Take back into use", "reactivate", **ident))
        return more(*entries, label=f"What can be done with {one.name}")

    async def do_ask_custom(self, event: Event) -> None:
        """Open the dialog for a new field, or for one there is."""
        wanted = event.args.get("id", "")
        self.editing = next((one for one in self.found if str(one.id) == wanted), None)
        self.errors = {}
        self._ask(_typed_of(self.editing) if self.editing else {})

    async def do_custom_typed(self, event: Event) -> None:
        """Another type: a choice lists what can be chosen."""
        self._ask({**event.fields, "type": event.value})

    def _ask(self, typed: dict[str, Any]) -> None:
        words = (
            f"Change {self.editing.name}" if self.editing else f"New field of {self.subject.label.lower()}"
        )
        self.dialog = form_window(words, "custom", "Keep", _inputs(typed, self.errors, self.editing))

    async def do_custom(self, event: Event) -> None:
        """Keep the field."""
        facts = _facts(event, self.editing)
        try:
            self.errors = {}
            if self.editing:
                version = self.editing.version
                await service.change_custom_field(self.actor, self.editing.id, facts, version)
            else:
                name = event.text("code") or code_from(facts.name, {one.code for one in self.found})
                await service.add_custom_field(self.actor, NewCustomField(self.subject, name, facts))
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            self._ask(dict(event.fields))
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Kept.")

    async def do_move(self, event: Event) -> None:
        """Put a field at another place."""
        await service.move_custom_field(self.actor, event.id(), event.number("number", 1))

    async def do_ask_deactivate(self, event: Event) -> None:
        """Ask why a field goes out of use."""
        reason = long_text("reason", "Reason", "", errors=self.errors, required=True, autofocus=True)
        words = "It is no longer shown. The values that records have are kept, and come back with it."
        self.dialog = form_window(
            "Take out of use",
            "deactivate",
            "Take out of use",
            div(reason, cls="fields"),
            explanation=words,
            id=str(event.id()),
        )

    async def do_deactivate(self, event: Event) -> None:
        """Take a field out of use with a reason."""
        self.errors = {}
        await service.deactivate_custom_field(self.actor, event.id(), event.text("reason"))
        await self.do_close_dialog(event)

    async def do_reactivate(self, event: Event) -> None:
        """Take a field back into use."""
        await service.reactivate_custom_field(self.actor, event.id())
        self.tell("ok", "In use again.")


def _inputs(typed: dict[str, Any], errors: dict[str, str], now: CustomFieldView | None) -> Markup:
    kind = typed.get("type", FieldType.TEXT)
    fixed = now is not None and now.used
    code_hint = "small letters, for programs; empty: made from the name"
    listed = [
        field("name", "Name", typed.get("name", ""), errors=errors, required=True, autofocus=True, maxlength="120"),
        choice(
            "type", "Type", TYPES, kind, errors=errors, required=True, disabled=fixed, data_change="custom_typed",
            hint="stays: values are kept already" if fixed else "",
        ),
        None if now else field("code", "Code", typed.get("code", ""), errors=errors, hint=code_hint, maxlength="40"),
        field("hint", "Explanation", typed.get("hint", ""), errors=errors, maxlength="300", look="wide"),
        long_text("choices", "Choices", typed.get("choices", ""), errors=errors, required=True, hint="one a line", rows=5)
        if kind == FieldType.CHOICE
        else None,
        div(check("required", "Must be filled in", typed.get("required") == "true"), cls="field"),
        div(
            check("phi", "Holds PHI", typed.get("phi") == "true", disabled=fixed, hint="encrypted; for those who may see patients"),
            cls="field",
        ),
    ]  # fmt: skip
    return div(summary_of(errors), div(listed, cls="fields"))


def _facts(event: Event, now: CustomFieldView | None) -> CustomFieldFacts:
    """What was typed; what can no longer change is not sent by the browser and stays as it is."""
    fixed = now is not None and now.used
    kind = now.type if now and fixed else _type_in(event)
    phi = now.phi if now and fixed else event.ticked("phi")
    listed = [line.strip() for line in event.text("choices").splitlines() if line.strip()]
    choices = listed if kind is FieldType.CHOICE else []
    return CustomFieldFacts(
        event.text("name"), kind, event.text("hint"), choices, event.ticked("required"), phi
    )


def _type_in(event: Event) -> FieldType:
    return FieldType(event.text("type")) if event.text("type") in set(FieldType) else FieldType.TEXT


def _typed_of(one: CustomFieldView) -> dict[str, Any]:
    ticked = {name: "true" if getattr(one, name) else "" for name in ("required", "phi")}
    choices = "\n".join(one.choices)
    return {"name": one.name, "type": str(one.type), "hint": one.hint, "choices": choices, **ticked}


def _name(one: CustomFieldView) -> Child:
    return strong(one.name), span(one.hint, cls="sub")


def _type(one: CustomFieldView) -> Child:
    return f"{one.type_label}: {', '.join(one.choices)}" if one.choices else one.type_label


def _seen(one: CustomFieldView) -> Markup:
    return (
        chip("PHI", "warn", "Encrypted; seen by those who may see patients")
        if one.phi
        else span("everybody", cls="faint")
    )


def _standing(one: CustomFieldView) -> Markup:
    if not one.active:
        return chip("Out of use", "neutral", one.inactive_reason)
    return chip("In use", "ok", "Records hold values of it" if one.used else "")
