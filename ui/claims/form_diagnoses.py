"""The claim form: diagnoses in their order, searched by code and words."""

from typing import TYPE_CHECKING

from domain.codes import icd10cm
from services.claims.views import Diagnosis
from ui.claims import findings as found
from ui.claims.sheet import Sheet
from ui.parts.cards import card
from ui.parts.markup import (
    Child,
    Markup,
    b,
    button,
    div,
    input_,
    p,
    span,
)

if TYPE_CHECKING:
    from ui.claims.entry import Entry

from ui.claims.form_parts import error


def diagnoses(page: "Entry", sheet: Sheet) -> Markup:
    """The diagnoses and the search for another."""
    tags = [_diagnosis(page, place, code) for place, code in enumerate(sheet.diagnoses, 1)]
    whole_list = found.notes(found.at(page.findings, "diagnoses"))
    search = div(
        input_(
            id="f-diagnoses",
            name="diagnosis",
            type="text",
            placeholder="Code or words: E11.9, type 2 diabetes",
            autocomplete="off",
            data_input="find_diagnosis",
            data_wait="150",
            role="combobox",
            aria_label="Add a diagnosis",
            aria_expanded="false",
            data_key_of=f"dx-{page.added}",
            data_focus_now=str(page.added) if page.added and tags else None,
        ),
        _found_diagnoses(page),
        cls="field suggest",
        data_suggest=True,
        style="max-width: 560px",
    )
    notes = [
        found.notes(found.at(page.findings, f"diagnoses.{place}"), where=True)
        for place in range(1, len(tags) + 1)
    ]
    full = len(tags) >= 12 and p("Twelve diagnoses: the most a claim carries.", cls="faint")
    return card(
        "Diagnoses",
        div(tags, cls="codes") if tags else None,
        notes,
        whole_list,
        error(page, "diagnoses"),
        full or search,
    )


def _diagnosis(page: "Entry", place: int, code: str) -> Markup:
    wrong = found.at(page.findings, f"diagnoses.{place}")
    words = icd10cm.description(code) or "not an ICD-10-CM code"
    first = place > 1 and button(
        "↑",
        type="button",
        data_do="first_diagnosis",
        data_code=code,
        title="Make it the first",
        aria_label=f"Make {code} the first",
    )
    remove = button(
        "×",
        type="button",
        data_do="remove_diagnosis",
        data_code=code,
        title="Remove",
        aria_label=f"Remove {code}",
    )
    return span(
        span(str(place), cls="faint"),
        b(icd10cm.dotted(code)),
        span(words, cls="words", title=words),
        first,
        remove,
        cls=f"codetag {found.look_of(wrong) or ''}".strip(),
    )


def _found_diagnoses(page: "Entry") -> Child:
    if page.found_diagnoses is None:
        return None
    if not page.found_diagnoses:
        return div(p("No billable code begins like this or has these words.", cls="none"), cls="suggestions")
    return div(
        [_option(one, place == 0) for place, one in enumerate(page.found_diagnoses)],
        cls="suggestions",
        role="listbox",
    )


def _option(one: Diagnosis, first: bool) -> Markup:
    words = (b(icd10cm.dotted(one.code)), span(one.description))
    return button(
        *words,
        type="button",
        role="option",
        aria_selected=str(first).lower(),
        data_do="add_diagnosis",
        data_code=one.code,
    )
