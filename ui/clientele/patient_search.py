"""Choosing a patient by what is typed: the page's `do_find_patient` searches, its `do_choose_patient` takes one."""

from collections.abc import Sequence

from services.care.finding import Candidate
from services.clientele.patients import PatientView
from ui.parts.markup import Child, Markup, button, div, input_, label, p, small, span, strong
from ui.parts.times import day_words

Found = PatientView | Candidate


def patient_search(found: Sequence[Found] | None, error: str = "") -> Markup:
    """The field with what was found below it; None: nothing was asked for yet."""
    return div(
        label("Patient", for_="f-patient_id"),
        input_(
            id="f-patient_id",
            type="text",
            placeholder="Beginning of a name, birth date or member id",
            autocomplete="off",
            data_input="find_patient",
            data_wait="150",
            autofocus=True,
            role="combobox",
            aria_expanded="false",
            aria_invalid="true" if error else None,
        ),
        _found(found),
        small(error, cls="error") if error else None,
        cls="field suggest",
        data_suggest=True,
        style="max-width: 560px",
    )


def _found(found: Sequence[Found] | None) -> Child:
    if found is None:
        return None
    if not found:
        return div(p("No patient begins like this.", cls="none"), cls="suggestions")
    lines = [_line(one, place == 0) for place, one in enumerate(found)]
    return div(lines, cls="suggestions", role="listbox")


def _line(one: Found, first: bool) -> Markup:
    born = day_words(one.birth_date) if one.birth_date else ""
    words = (strong(one.name), span(f"{born} · {one.account_number} · {one.client_name}", cls="muted"))
    return button(
        *words,
        type="button",
        role="option",
        aria_selected=str(first).lower(),
        data_do="choose_patient",
        data_id=str(one.id),
    )
