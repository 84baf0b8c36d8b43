"""The form of an absence, for a manager and for the person."""

from collections.abc import Iterable
from uuid import UUID

from domain.refusals import FieldError
from services.workforce.absences import KINDS, AbsenceFacts, AbsenceView
from ui.page import Event, optional_identifier, reject
from ui.parts.chips import chip
from ui.parts.dates import date_of
from ui.parts.forms import Errors, choice, field
from ui.parts.markup import Child, Markup, div, span
from ui.parts.table import Column
from ui.parts.times import day

_TONES = {"leave": "info", "sick": "warn", "training": "neutral", "other": "neutral"}


def absence_fields(
    first: Child, colleagues: Iterable[tuple[str, str]], event: Event, errors: Errors
) -> Markup:
    """The fields of a new absence, filled with what was typed."""
    return div(
        first,
        choice("kind", "Kind", KINDS.items(), event.text("kind") or "leave", required=True, errors=errors),
        field("starts_on", "From", event.text("starts_on"), kind="date", required=True, errors=errors),
        field(
            "ends_on",
            "Until, that day included",
            event.text("ends_on"),
            kind="date",
            required=True,
            errors=errors,
        ),
        choice(
            "substitute_id",
            "Substitute",
            colleagues,
            event.text("substitute_id"),
            prompt="nobody",
            hint="sees the work meanwhile",
            errors=errors,
        ),
        cls="fields",
    )


def absence_of(employee_id: UUID, event: Event) -> AbsenceFacts:
    """What was typed; days that cannot be read are refused."""
    begins, ends = date_of(event.text("starts_on")), date_of(event.text("ends_on"))
    if begins is None or ends is None:
        name = "starts_on" if begins is None else "ends_on"
        reject(FieldError(name, "date.missing", "Enter the day."))
    assert begins and ends  # refused above
    substitute = optional_identifier(event.text("substitute_id"))
    return AbsenceFacts(employee_id, begins, ends, event.text("kind") or "leave", substitute)


def absence_columns() -> list[Column[AbsenceView]]:
    """When, what for, and who stands in."""
    return [
        Column[AbsenceView]("From", lambda one: day(one.starts_on), "tight"),
        Column[AbsenceView]("Until", lambda one: day(one.ends_on), "tight"),
        Column[AbsenceView]("Kind", lambda one: chip(one.kind_label, _TONES[one.kind]), "tight"),
        Column[AbsenceView](
            "Substitute", lambda one: one.substitute_name or span("nobody", cls="faint"), "clip"
        ),
    ]
