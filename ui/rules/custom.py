"""Custom fields at the records that have them: in their forms, beside them, and as filters of a list."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.refusals import Refusal
from domain.rules.custom_fields import LONGEST, Subject
from domain.rules.fields import Field, FieldType, typed_values
from services.rules import custom_fields, custom_values
from services.rules.custom_fields import CustomFieldView
from ui.page import Event, Page, there
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.forms import summary_of
from ui.parts.markup import Child, Markup, div, form, option, select
from ui.parts.table import facts
from ui.rules.fields import inputs, names_of, shown, texts_of, typed_texts

PREFIX = "custom."


def field_of(one: CustomFieldView) -> Field:
    """A custom field as the same thing as a field of a form."""
    longest = LONGEST if one.type is FieldType.TEXT else None
    return Field(
        one.code,
        one.type,
        one.name,
        one.hint,
        one.required,
        one.place,
        max_length=longest,
        choices=tuple(one.choices),
    )


class CustomFields(Page):
    """What a page adds for the custom fields of its record."""

    custom_subject: Subject | None = None
    custom: tuple[Field, ...] = ()
    custom_open = False
    custom_typed: Mapping[str, Any] | None = None

    async def load_custom(self) -> None:
        """Read which fields there are."""
        if self.custom_subject is not None:
            found = await self.read(custom_fields.list_custom_fields, self.custom_subject, True)
            self.custom = tuple(field_of(one) for one in found.value or [])

    def custom_inputs(self, values: Mapping[str, Any]) -> Markup:
        """The fields for the record's own form, filled."""
        texts = texts_of(self.custom, values)
        if self.errors and any(name.startswith(PREFIX) for name in self.typed):
            texts = typed_texts(self.custom, self.typed, PREFIX)
        return inputs(self.custom, texts, self.errors, PREFIX)

    def custom_values(self, event: Event) -> dict[str, Any] | None:
        """What was typed into them, None when there are none; what was emptied is cleared."""
        if not self.custom:
            return None
        typed = typed_values(self.custom, event.fields, PREFIX)
        return {one.code: typed.get(one.code) for one in self.custom}

    def custom_card(self, values: Mapping[str, Any], editable: bool) -> Child:
        """The values beside the record, editable in place."""
        if not self.custom:
            return None
        change = action("Change", "open_custom", look="tiny") if editable and not self.custom_open else None
        if self.custom_open and editable:
            return card("Further fields", self._custom_form(values))
        pairs = [(one.title, shown(one, values.get(one.code))) for one in self.custom]
        return card("Further fields", facts(*pairs), action=change)

    def _custom_form(self, values: Mapping[str, Any]) -> Markup:
        texts = texts_of(self.custom, values) if self.custom_typed is None else dict(self.custom_typed)
        faults = {name: words for name, words in self.errors.items() if name.startswith(PREFIX)}
        return form(
            summary_of(faults, names_of(self.custom, PREFIX)),
            inputs(self.custom, texts, self.errors, PREFIX),
            div(action("Cancel", "close_custom", look="quiet"), submit("Save"), cls="form-foot"),
            data_do="save_custom",
            novalidate=True,
        )

    def custom_record(self) -> UUID | None:
        """The record of the page; None while it is new, and where its own form keeps the fields."""
        return None

    async def do_open_custom(self, event: Event) -> None:
        """Change the values in place."""
        self.custom_open, self.errors = True, {}

    async def do_close_custom(self, event: Event) -> None:
        """Leave the values as they are."""
        self.custom_open, self.custom_typed, self.errors = False, None, {}

    async def do_save_custom(self, event: Event) -> None:
        """Keep the values."""
        record, values = there(self.custom_record()), self.custom_values(event)
        if values is None or self.custom_subject is None:
            return
        try:
            self.errors = {}
            await custom_values.set_values(self.actor, self.custom_subject, record, values)
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.custom_typed = typed_texts(self.custom, event.fields, PREFIX)
            self.wrong(refusal)
            return
        await self.do_close_custom(event)
        self.tell("ok", "Saved.")


def choice_filters(known: list[CustomFieldView], query: dict[str, str]) -> Child:
    """Selects that narrow a list by fields of few values; the address holds each as `custom.code`."""
    return [
        select(
            option(f"Any {one.name.lower()}", value="", selected=not query.get(f"{PREFIX}{one.code}")),
            [
                option(words, value=value, selected=query.get(f"{PREFIX}{one.code}") == value)
                for value, words in _values(one)
            ],
            name=f"{PREFIX}{one.code}",
            data_change="choose",
            aria_label=one.name,
        )
        for one in known
        if one.type in (FieldType.CHOICE, FieldType.BOOLEAN) and not one.phi
    ]


def custom_filters(query: dict[str, str]) -> dict[str, str]:
    """The values that an address asks for, by code."""
    return {key.removeprefix(PREFIX): text for key, text in query.items() if key.startswith(PREFIX) and text}


def _values(one: CustomFieldView) -> list[tuple[str, str]]:
    if one.type is FieldType.BOOLEAN:
        return [("true", f"{one.name}: yes"), ("false", f"{one.name}: no")]
    return [(choice, choice) for choice in one.choices]
