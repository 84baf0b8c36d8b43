"""One task form: its fields with a preview as operators see it, its schema, its versions, and what was answered."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.paging import Page as Rows
from domain.refusals import FieldError, Refusal
from domain.rules.fields import Field, typed_values
from domain.rules.forms import Form, parsed, schema_of
from policies.permissions import Permission as P
from services.rules import forms
from services.rules.form_views import AnsweredLine, FormVersion, FormView
from ui.page import Event, Page, page, reject, there
from ui.parts.buttons import action, entry, more
from ui.parts.cards import head, tabs
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import field, long_text, summary_of
from ui.parts.markup import EMPTY, Child, Markup, div
from ui.parts.states import Loaded, notice
from ui.parts.table import address
from ui.rules import form_parts
from ui.rules.fields import names_of, typed_texts
from ui.rules.form_fields import at_its_field, field_inputs, field_of, typed_of
from ui.rules.form_list import ends_of, standing

PREVIEW = "preview."
_TABS = (("Fields", ""), ("JSON", "json"), ("Versions", "versions"), ("Answers", "answers"))


@page("/rules/forms/{form_id}")
class FormEditor(Page):
    """A form, as it is or as its next version is written."""

    nav = "rules"
    permission = P.RULES_VIEW

    view: FormView
    form: Form
    answers: Loaded[Rows[AnsweredLine]] | None = None
    picked = ""
    editing = ""
    tried: dict[str, Any] = {}
    schema_typed: str | None = None

    @property
    def name(self) -> str:
        return (self.form.title if self.loaded else "") or "Form"

    @property
    def editable(self) -> bool:
        """Whether this person may write the next version."""
        return self.may(P.RULES_MANAGE)

    @property
    def shown(self) -> FormVersion:
        """The version on the page: the draft, else the one in force, else the newest."""
        versions = self.view.versions
        return self.view.draft or next((one for one in versions if one.in_force), versions[0])

    async def load(self) -> None:
        self.view = await forms.get_form(self.actor, self.id("form_id"))
        self.form = parsed(self.shown.schema)
        if self.query.get("tab") == "answers":
            after = self.query.get("after")
            self.answers = await self.read(forms.list_answers, self.view.id, cursor=after)

    def body(self) -> Markup:
        parts = {
            "": form_parts.fields_and_preview,
            "json": form_parts.schema,
            "versions": form_parts.versions,
            "answers": form_parts.answered,
        }
        tab = self.query.get("tab", "")
        return div(
            head(
                (self.name, standing(self.view)),
                self._publish(),
                self._menu(),
                under=f"Asked when this ends: {ends_of(self.view)}",
                crumbs=(("Task forms", "/rules/forms"),),
            ),
            self._draft_words(),
            tabs(*((words, address(self.here, {}, tab=key), key == tab, None) for words, key in _TABS)),
            parts.get(tab, form_parts.fields_and_preview)(self),
        )

    def _publish(self) -> Child:
        if self.view.draft is None or not self.may(P.RULES_PUBLISH):
            return None
        return action("Publish", "ask_publish", look="filled", key="p", disabled=not self.form.fields)

    def _menu(self) -> Child:
        entries = []
        if self.editable:
            entries.append(entry("Title and explanation", "ask_words", key="w"))
        if self.may(P.RULES_PUBLISH) and self.view.line.number is not None and self.view.line.fields:
            entries.append(entry("Withdraw", "ask_withdraw", tone="bad"))
        return more(*entries) if entries else None

    def _draft_words(self) -> Child:
        draft = self.view.draft
        if draft is None:
            return None
        now = self.view.line.number
        words = (
            f"Version {now} stays in force until it is published."
            if now
            else "Nobody is asked before it is published."
        )
        return notice("info", f"You see the draft of version {draft.number}.", words)

    async def do_pick(self, event: Event) -> None:
        """Choose the field that keys move, change and remove."""
        self.picked = event.args.get("code", "")

    async def do_move(self, event: Event) -> None:
        """Move the chosen field up or down."""
        fields = list(self.form.fields)
        place = next((i for i, one in enumerate(fields) if one.code == self.picked), -1)
        to = place + (-1 if event.args.get("by") == "up" else 1)
        if place >= 0 and 0 <= to < len(fields):
            fields[place], fields[to] = fields[to], fields[place]
            await self._keep(fields)

    async def do_remove(self, event: Event) -> None:
        """Take the chosen field out of the draft."""
        await self._keep([one for one in self.form.fields if one.code != self.picked])
        self.picked = ""

    async def do_ask_field(self, event: Event) -> None:
        """Open the dialog for a new field, or for the chosen one."""
        one = next((one for one in self.form.fields if one.code == event.args.get("code")), None)
        self.editing = one.code if one else ""
        self.errors = {}
        self._field_dialog(typed_of(one) if one else {})

    async def do_field_typed(self, event: Event) -> None:
        """Another type: other limits are asked for."""
        self._field_dialog({**event.fields, "type": event.value})

    async def do_field(self, event: Event) -> None:
        """Keep a field in the draft."""
        try:
            self.errors = {}
            one = field_of(event, [other for other in self.form.fields if other.code != self.editing])
            known = [other.code for other in self.form.fields]
            fields = [one if other.code == self.editing else other for other in self.form.fields]
            await self._keep(fields if self.editing in known else [*fields, one])
        except Refusal as refusal:
            if not refusal.fields:
                raise
            self.wrong(refusal)
            self.errors = {at_its_field(name): words for name, words in self.errors.items()}
            self._field_dialog(dict(event.fields))
            return
        self.picked = one.code
        await self.do_close_dialog(event)

    def _field_dialog(self, typed: dict[str, Any]) -> None:
        words = "Change the field" if self.editing else "New field"
        self.dialog = form_window(words, "field", "Keep", field_inputs(typed, self.errors), look="wide")

    async def _keep(self, fields: list[Field]) -> None:
        placed = tuple(replace(one, order=place) for place, one in enumerate(fields, 1))
        await self._save(schema_of(replace(self.form, fields=placed)))

    async def _save(self, schema: dict[str, Any]) -> None:
        draft = self.view.draft
        version = draft.version if draft else None
        self.view = await forms.save_form_draft(self.actor, self.view.id, schema, version)
        self.form = parsed(self.shown.schema)

    async def do_ask_words(self, event: Event) -> None:
        """Ask for the title and the explanation above the fields."""
        body = div(
            field(
                "title",
                "Title",
                self.form.title,
                errors=self.errors,
                required=True,
                maxlength="120",
                look="wide",
            ),
            long_text(
                "description", "Explanation", self.form.description, errors=self.errors, maxlength="600"
            ),
            cls="fields",
        )
        self.dialog = form_window("Title and explanation", "words", "Keep", body)

    async def do_words(self, event: Event) -> None:
        """Keep the title and the explanation in the draft."""
        form = replace(self.form, title=event.text("title"), description=event.text("description"))
        await self._save(schema_of(form))
        await self.do_close_dialog(event)

    async def do_schema(self, event: Event) -> None:
        """Keep the draft as JSON."""
        self.schema_typed = event.text("schema")
        try:
            given = json.loads(self.schema_typed)
        except (ValueError, RecursionError):
            given = None
        if given is None:
            reject(FieldError("schema", "schema.unreadable", "This is not JSON."))
        self.errors = {}
        await self._save(given)
        self.schema_typed = None
        self.tell("ok", "Kept in the draft.")

    async def do_try(self, event: Event) -> None:
        """Check what was typed into the preview, as when an item ends."""
        self.tried = typed_texts(self.form.fields, event.fields, PREVIEW)
        given = typed_values(self.form.fields, event.fields, PREVIEW)
        found = await forms.try_form(self.actor, self.shown.schema, given)
        self.errors = {one.field.replace("answers.", PREVIEW, 1): one.message for one in found}
        if not found:
            self.tell("ok", "These answers would be kept.", "Nothing was stored.")

    async def do_ask_publish(self, event: Event) -> None:
        """Ask from which day, and why."""
        words = "Items that end from that day on ask for it; what ended before keeps its answers."
        self.dialog = form_window("Publish", "publish", "Publish", self._beginning(), explanation=words)

    async def do_publish(self, event: Event) -> None:
        """Put the draft into force from a day on."""
        draft = self.view.draft
        await forms.publish_form(
            self.actor, self.view.id, self._day(event), event.text("reason"), draft.version if draft else None
        )
        await self.do_close_dialog(event)
        self.tell("ok", "Published.")

    async def do_ask_withdraw(self, event: Event) -> None:
        """Ask from which day nothing is asked any more, and why."""
        words = "From that day on the work ends without this form. Its answers are kept."
        self.dialog = form_window("Withdraw", "withdraw", "Withdraw", self._beginning(), explanation=words)

    async def do_withdraw(self, event: Event) -> None:
        """Ask for nothing any more, from a day on."""
        await forms.withdraw_form(self.actor, self.view.id, self._day(event), event.text("reason"))
        await self.do_close_dialog(event)
        self.tell("ok", "Withdrawn.")

    async def do_take_up(self, event: Event) -> None:
        """Begin the draft from an older version."""
        wanted = event.id()
        chosen = there(next((one for one in self.view.versions if one.id == wanted), None))
        await self._save(chosen.schema)
        self.go(self.here)

    def _beginning(self) -> Markup:
        today = datetime.now(ZoneInfo(self.zone)).date().isoformat()
        kept = self.typed if self.errors else {}
        return div(
            field("effective_from", "From", kept.get("effective_from", today), kind="date", errors=self.errors, required=True),
            long_text("reason", "Reason", kept.get("reason", ""), errors=self.errors, required=True, autofocus=True),
            cls="fields",
        )  # fmt: skip

    def _day(self, event: Event) -> Any:
        found = date_of(event.text("effective_from"))
        if found is None:
            reject(FieldError("effective_from", "date.invalid", "Enter a day."))
        return found

    def faults(self) -> Markup:
        """What the preview's answers lack, on top, with links."""
        found = {name: words for name, words in self.errors.items() if name.startswith(PREVIEW)}
        return summary_of(found, names_of(self.form.fields, PREVIEW)) if found else EMPTY
