"""The claim form: who was treated, under which coverage, and by whom."""

from typing import TYPE_CHECKING

from policies.permissions import Permission as P
from ui.claims import findings as found
from ui.claims.bill_sheet import BillSheet
from ui.clientele.patient_search import patient_search
from ui.parts.buttons import action, link
from ui.parts.cards import card
from ui.parts.forms import choice, field, hidden
from ui.parts.markup import (
    Markup,
    b,
    div,
    label,
    small,
    span,
)
from ui.parts.times import day_words

if TYPE_CHECKING:
    from ui.claims.entry import Entry


def who(page: "Entry") -> Markup:
    """Patient, coverage and provider."""
    if page.patient is None:
        return card("Who", _patient_search(page))
    fixed = hasattr(page, "claim")
    one = page.patient
    born = f"born {day_words(one.birth_date)}" if one.birth_date else ""
    change = None if fixed else action("Change", "change_patient", look="quiet tiny")
    institutional = isinstance(page.sheet, BillSheet)
    wrong = [
        one
        for name in ("patient", "coverage", "provider")
        for one in found.of_card(page.findings, name)
        if not one.field.startswith("facts.")
    ]
    return card(
        "Who",
        div(
            div(
                label("Patient"),
                div(b(one.name), span(f" {born} · {one.account_number} · {one.client_name}", cls="muted")),
                cls="field double",
            ),
            _coverage(page),
            None if institutional else (_rendering(page), _rendering_npi(page)),
            cls="fields",
        ),
        found.notes(wrong, where=True),
        action=change,
    )


def _patient_search(page: "Entry") -> Markup:
    box = patient_search(page.found_patients, page.errors.get("patient_id", ""))
    add = link("Add a patient", "/patients/new", look="quiet tiny") if page.may(P.PATIENTS_MANAGE) else None
    return div(box, add, cls="stack")


def _coverage(page: "Entry") -> Markup:
    options = [
        (str(one.id), f"{one.payer_name} · {one.member_id} ({one.rank_label})") for one in page.coverages
    ]
    if not options:
        words = (
            small("This patient has no coverage in use.", cls="error"),
            " ",
            link("Add one", f"/patients/{page.sheet.patient_id}", look="tiny"),
        )
        return div(label("Coverage"), div(*words), cls="field")
    return choice(
        "coverage_id",
        "Coverage",
        options,
        page.sheet.coverage_id,
        errors=page.errors,
        required=True,
        disabled=hasattr(page, "claim"),
    )


def _rendering(page: "Entry") -> Markup:
    options = [(str(one.id), f"{one.last_name}, {one.first_name} · {one.npi}") for one in page.providers]
    return choice(
        "rendering_id",
        "Rendering provider",
        options,
        page.sheet.heads.get("rendering_id"),
        errors=page.errors,
        prompt="The client itself, or by NPI",
    )


def _rendering_npi(page: "Entry") -> Markup:
    if page.sheet.heads.get("rendering_id") and not found.at(page.findings, "rendering.npi"):
        return hidden("rendering_npi", "")
    return field(
        "rendering_npi",
        "or its NPI",
        page.sheet.heads.get("rendering_npi"),
        errors=page.errors,
        hint="10 digits",
        inputmode="numeric",
    )
