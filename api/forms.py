"""Task forms with their versions and answers, and the custom fields of records."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.rules.custom_fields import Subject
from domain.tenancy import Actor
from services.rules import custom_fields, custom_values, forms
from services.rules.custom_fields import CustomFieldFacts, CustomFieldView, NewCustomField
from services.rules.form_views import AnsweredLine, AnswerFault, FormFacts, FormView


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The next version of a form: the declared subset of JSON Schema 2020-12. A property is flat; types are string (with
    `format: date` a day, with `enum` a choice), number, integer (with `format: cents` an amount) and boolean."""

    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beginning:
    """From which day, today or later, and why."""

    effective_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class FormTrial:
    """A schema, and answers to try on it."""

    schema: dict[str, Any]
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order, 1 first."""

    place: int


class Forms(Controller):
    """Task forms: what is filled in when an item of work ends."""

    path = "/forms"
    tags = ("Rules",)

    @get("/")
    async def list_forms(self, actor: Actor) -> list[FormView]:
        """Every form with its versions."""
        return await forms.list_forms(actor)

    @post("/")
    async def attach_form(self, actor: Actor, data: FormFacts) -> FormView:
        """Attach a form to a kind of work, or to one of its decisions; it begins as a draft."""
        return await forms.attach_form(actor, data)

    @post("/try", status_code=200)
    async def try_form(self, actor: Actor, data: FormTrial) -> list[AnswerFault]:
        """What a form would refuse of these answers; nothing is kept."""
        return await forms.try_form(actor, data.schema, data.answers)

    @get("/{form_id:uuid}")
    async def get_form(self, actor: Actor, form_id: UUID) -> FormView:
        """One form with its versions, the newest first."""
        return await forms.get_form(actor, form_id)

    @put("/{form_id:uuid}/draft")
    async def save_form_draft(
        self, actor: Actor, form_id: UUID, data: FormDraft, expected_version: int | None
    ) -> FormView:
        """Keep the next version as a draft. Keywords outside the subset are refused by name."""
        return await forms.save_form_draft(actor, form_id, data.schema, expected_version)

    @post("/{form_id:uuid}/publish", status_code=200)
    async def publish_form(
        self, actor: Actor, form_id: UUID, data: Beginning, expected_version: int | None
    ) -> FormView:
        """Put the draft into force from a day on."""
        return await forms.publish_form(actor, form_id, data.effective_from, data.reason, expected_version)

    @post("/{form_id:uuid}/withdraw", status_code=200)
    async def withdraw_form(self, actor: Actor, form_id: UUID, data: Beginning) -> FormView:
        """Ask for nothing any more, from a day on."""
        return await forms.withdraw_form(actor, form_id, data.effective_from, data.reason)

    @get("/{form_id:uuid}/answers")
    async def list_answers(
        self, actor: Actor, form_id: UUID, cursor: str | None = None, limit: int = 50
    ) -> Page[AnsweredLine]:
        """What was answered, the newest first. Reading it is audited."""
        return await forms.list_answers(actor, form_id, cursor=cursor, limit=limit)


class CustomFields(Controller):
    """Fields that a tenant adds to claims, patients, clients, payers and employees."""

    path = "/custom-fields"
    tags = ("Rules",)

    @get("/")
    async def list_custom_fields(
        self, actor: Actor, subject_type: Subject | None = None, active: bool | None = None
    ) -> list[CustomFieldView]:
        """The fields, by kind of record and in their order."""
        return await custom_fields.list_custom_fields(actor, subject_type, active)

    @get("/defined")
    async def list_defined_fields(self, actor: Actor, subject_type: Subject) -> list[CustomFieldView]:
        """Every field of a kind of record, also those out of use."""
        return await custom_fields.defined_fields(actor, subject_type)

    @post("/")
    async def add_custom_field(self, actor: Actor, data: NewCustomField) -> CustomFieldView:
        """Add a field."""
        return await custom_fields.add_custom_field(actor, data)

    @put("/{custom_field_id:uuid}")
    async def change_custom_field(
        self, actor: Actor, custom_field_id: UUID, data: CustomFieldFacts, expected_version: int | None
    ) -> CustomFieldView:
        """Change a field. Once values are kept its type stays."""
        return await custom_fields.change_custom_field(actor, custom_field_id, data, expected_version)

    @post("/{custom_field_id:uuid}/move", status_code=200)
    async def move_custom_field(
        self, actor: Actor, custom_field_id: UUID, data: Place
    ) -> list[CustomFieldView]:
        """Put a field at a place among its own."""
        return await custom_fields.move_custom_field(actor, custom_field_id, data.place)

    @post("/{custom_field_id:uuid}/deactivate", status_code=200)
    async def deactivate_custom_field(
        self, actor: Actor, custom_field_id: UUID, data: Reason
    ) -> CustomFieldView:
        """Take a field out of use; its values are kept."""
        return await custom_fields.deactivate_custom_field(actor, custom_field_id, data.reason)

    @post("/{custom_field_id:uuid}/reactivate", status_code=200)
    async def reactivate_custom_field(self, actor: Actor, custom_field_id: UUID) -> CustomFieldView:
        """Take a field back into use."""
        return await custom_fields.reactivate_custom_field(actor, custom_field_id)

    @put("/values/{subject_type:str}/{subject_id:uuid}")
    async def set_custom_values(
        self, actor: Actor, subject_type: Subject, subject_id: UUID, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Set values of a record by the codes of the fields: those named are replaced, null clears one."""
        return await custom_values.set_values(actor, subject_type, subject_id, data)
