"""The parts of a form's page: its fields beside the preview, the schema, the versions, the answers."""

import json
from typing import TYPE_CHECKING

from domain.paging import Page as Rows
from domain.rules.fields import Field, FieldType
from domain.rules.forms import parsed, schema_of
from services.rules.form_views import AnsweredLine, FormVersion
from ui.parts import table
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.exporting import export_menu
from ui.parts.forms import long_text, summary_of
from ui.parts.markup import Child, Markup, a, code, div, form, h3, p, small, span, strong
from ui.parts.states import empty, shown
from ui.parts.table import Column
from ui.parts.times import ago, day
from ui.rules.fields import answers, inputs, limits_of

if TYPE_CHECKING:
    from ui.rules.form_editor import FormEditor

_SUBSET = (
    "Flat properties of type string (format date, or enum for a choice), number, integer (format cents for money), boolean;"
    " with title, description, order, unit, minimum, maximum, maxLength, pattern. Anything else is refused by name."
)


def fields_and_preview(page: "FormEditor") -> Markup:
    """What the form asks, and how operators see it."""
    return div(_fields(page), _preview(page), cls="columns")


def _fields(page: "FormEditor") -> Markup:
    new = action("Add a field", "ask_field", key="a", look="tiny") if page.editable else None
    if not page.form.fields:
        words = (
            "Add what must be known when this work ends."
            if page.editable
            else "This version asks for nothing."
        )
        return card("Fields", empty("No field yet.", words, new))
    columns = [
        Column[Field]("Field", lambda one: _name(page, one), "wide"),
        Column[Field]("Type", _type, "tight"),
        Column[Field]("Limits", limits_of, "clip"),
        Column[Field]("Code", lambda one: code(one.code), "tight optional-column"),
    ]
    listed = table.rows(
        columns, page.form.fields, key=lambda one: one.code, current=page.picked, label="Fields"
    )
    return card("Fields", listed, _tools(page), action=new, look="flush")


def _name(page: "FormEditor", one: Field) -> Child:
    needed = span("required", cls="chip info") if one.required else None
    if not page.editable:
        return strong(one.title), " ", needed
    pick = action(
        one.title,
        "pick",
        look="quiet tiny",
        data_code=one.code,
        aria_pressed=str(page.picked == one.code).lower(),
    )
    return pick, needed


def _type(one: Field) -> Markup:
    return span(one.type.label, title=", ".join(one.choices) if one.type is FieldType.CHOICE else None)


def _tools(page: "FormEditor") -> Child:
    if not page.editable:
        return None
    chosen = next((one for one in page.form.fields if one.code == page.picked), None)
    if chosen is None:
        return p("Choose a field to change, move or remove it.", cls="faint card-body")
    return div(
        span(chosen.title, cls="muted"),
        action("Change", "ask_field", key="e", look="tiny", data_code=chosen.code),
        action("Up", "move", key="K", look="tiny", data_by="up"),
        action("Down", "move", key="J", look="tiny", data_by="down"),
        action("Remove", "remove", look="tiny danger"),
        cls="row card-body",
    )


def _preview(page: "FormEditor") -> Markup:
    body = form(
        h3(page.form.title),
        page.form.description and p(page.form.description, cls="muted"),
        page.faults(),
        inputs(page.form.fields, page.tried, page.errors, "preview."),
        div(submit("Try these answers", look="", disabled=not page.form.fields), cls="form-foot"),
        data_do="try",
        novalidate=True,
        cls="stack answers",
    )
    return card("As operators see it", body, small("Trying stores nothing.", cls="faint"))


def schema(page: "FormEditor") -> Markup:
    """The schema as JSON."""
    text = page.schema_typed or json.dumps(schema_of(page.form), indent=2, ensure_ascii=False)
    body = form(
        summary_of(page.errors),
        long_text(
            "schema", "JSON Schema 2020-12", text, rows=24, required=True, spellcheck="false", cls="mono"
        ),
        div(submit("Keep in the draft", look=""), cls="form-foot") if page.editable else None,
        data_do="schema",
        data_key_of=f"schema-{page.shown.id}-{page.shown.version}",
        inert=not page.editable,
    )
    return card("Schema", p(_SUBSET, cls="muted"), body)


def versions(page: "FormEditor") -> Markup:
    """Every version with its day, its reason, and who published it."""
    columns = [
        Column[FormVersion]("Version", lambda one: str(one.number), "tight"),
        Column[FormVersion]("Standing", _standing, "tight"),
        Column[FormVersion]("From", lambda one: day(one.effective_from), "right tight"),
        Column[FormVersion]("Fields", lambda one: str(len(parsed(one.schema).fields)), "right"),
        Column[FormVersion]("Reason", lambda one: one.reason, "clip wide"),
        Column[FormVersion]("By", lambda one: one.published_by_name or one.saved_by_name, "clip"),
        Column[FormVersion](
            "When", lambda one: ago(one.published_at or one.saved_at, page.zone), "right tight"
        ),
        Column[FormVersion]("", lambda one: _take_up(page, one), "right tight"),
    ]
    return table.rows(columns, page.view.versions, key=lambda one: one.id, label="Versions")


def _standing(one: FormVersion) -> Markup:
    if one.status == "draft":
        return chip("Draft", "info")
    return chip("In force", "ok") if one.in_force else chip("Published", "neutral")


def _take_up(page: "FormEditor", one: FormVersion) -> Child:
    if not page.editable or one.status == "draft" or not parsed(one.schema).fields:
        return None
    return action("Start from this", "take_up", look="tiny", data_id=str(one.id))


def answered(page: "FormEditor") -> Markup:
    """What was answered, for those who lead."""
    return shown(page.answers, lambda found: _answered(page, found)) if page.answers else div()


def _answered(page: "FormEditor", found: Rows[AnsweredLine]) -> Markup:
    if not found.items:
        return empty("Nothing was answered yet.", "Answers appear here as items end with this form.")
    columns = [
        Column[AnsweredLine](
            "Item", lambda one: a(one.title, href=f"/work?tab=all&item={one.work_item_id}"), "clip wide"
        ),
        Column[AnsweredLine]("Version", lambda one: str(one.number), "right tight"),
        Column[AnsweredLine]("Answers", lambda one: _said(page, one), "wide"),
        Column[AnsweredLine]("By", lambda one: one.answered_by_name, "clip"),
        Column[AnsweredLine]("When", lambda one: ago(one.answered_at, page.zone), "right tight"),
    ]
    out = export_menu("form-answers", form=str(page.view.id))
    return div(
        div(out, cls="filters"),
        table.rows(columns, found.items, key=lambda one: one.id, label="Answers"),
        table.pager(page.here, page.query, found.next, len(found.items)),
    )


def _said(page: "FormEditor", one: AnsweredLine) -> Markup:
    """All answers in a line, by the form as it was then."""
    then = next(
        (known for known in page.view.versions if known.number == one.number and known.status != "draft"),
        None,
    )
    fields = parsed(then.schema).fields if then else ()
    return span(
        [(span(f"{words}: ", cls="faint"), value, "  ") for words, value in answers(fields, one.answers)]
    )
