"""The form of a claim: who, diagnoses, service lines, the rest; faults and findings at their fields."""

from typing import TYPE_CHECKING, Any

from domain.codes.places import PLACES_OF_SERVICE
from policies.permissions import Permission as P
from ui.claims import bill_form
from ui.claims import findings as found
from ui.claims.bill_sheet import BillSheet
from ui.claims.form_diagnoses import diagnoses
from ui.claims.form_lines import lines
from ui.claims.form_parts import HEADS
from ui.claims.form_who import who
from ui.claims.sheet import HEAD_FIELDS, LINE_FIELDS
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.chips import claim_chip
from ui.parts.forms import check, choice, field, hidden, summary_of
from ui.parts.markup import (
    Child,
    Markup,
    b,
    button,
    details,
    div,
    form,
    kbd,
    span,
    strong,
    summary,
)
from ui.parts.money import dollars
from ui.parts.states import notice
from ui.parts.times import ago
from ui.rules.custom import PREFIX
from ui.rules.fields import names_of

if TYPE_CHECKING:
    from ui.claims.entry import Entry

_ACCIDENTS = (("AA", "Auto accident"), ("EM", "Employment"), ("OA", "Other accident"))


def whole(page: "Entry") -> Markup:
    """The page."""
    body = form(
        summary_of(page.errors, _names(page)),
        _cards(page),
        page.custom_part(),
        _save(page),
        data_do="save",
        data_input="typed",
        data_wait="700",
        data_key_of=f"claim-form-{page.sheet.patient_id or 'none'}",
        novalidate=True,
        data_rows_form=True,
    )
    return div(_head(page), _standing(page), body)


def _cards(page: "Entry") -> Child:
    if isinstance(page.sheet, BillSheet):
        return bill_form.parts(page, page.sheet)
    return [
        hidden("has_assignment", "1"),
        who(page),
        diagnoses(page, page.sheet),
        lines(page, page.sheet),
        _rest(page),
    ]


def _head(page: "Entry") -> Markup:
    claim = getattr(page, "claim", None)
    if claim is None:
        under = span("Everything is kept while you type. Paste rows from a spreadsheet into any line.")
        other = link(*page.other_form, look="quiet")
        return head(page.title, _discard(page), other, under=under, crumbs=(("Claims", "/claims"),))
    title = (f"Correct {claim.reference}", claim_chip(claim.status, claim.status_label, claim.tone))
    crumbs = (("Claims", "/claims"), (claim.reference, f"/claims/{claim.id}"))
    words = {
        "7": "Saved as a replacement (7) of what the payer decided.",
        "1": "Sent again as an original.",
    }
    return head(title, _discard(page), under=span(words.get(claim.correction, "")), crumbs=crumbs)


def _discard(page: "Entry") -> Child:
    return action("Discard the draft", "discard", look="quiet") if page.saved_at else None


def _standing(page: "Entry") -> Child:
    """What is wrong with the claim as a whole; findings of fields stand at their fields."""
    errors = [finding for finding in page.findings if finding.severity == "error"]
    if not errors:
        return None
    whole_claim = found.notes(found.of_card(page.findings, "claim"), where=True)
    count = "One finding keeps" if len(errors) == 1 else f"{len(errors)} findings keep"
    return div(
        notice("bad", f"{count} this claim from being sent.", "Each is marked at its field."), whole_claim
    )


def _names(page: "Entry") -> dict[str, str]:
    names = {"patient_id": "Patient:", "coverage_id": "Coverage:", "client_id": "Client:", "form": "Claim:"}
    names |= names_of(page.custom, PREFIX)
    if isinstance(page.sheet, BillSheet):
        return names | bill_form.names_of(page.sheet)
    for number in range(1, len(page.sheet.lines) + 1):
        names.update(
            {f"lines.{number}.{name}": f"Line {number}, {HEADS[name].lower()}:" for name in LINE_FIELDS}
        )
    return names


def _rest(page: "Entry") -> Markup:
    heads = page.sheet.heads
    filled = [name for name in HEAD_FIELDS if heads.get(name) and name not in _ELSEWHERE]
    wrong = [name for name in HEAD_FIELDS if name in page.errors or found.at(page.findings, name)]
    count = span(f"{len(filled)} filled" if filled else "usually empty", cls="faint")
    face = summary(strong("Referral, authorization, accident, dates"), count, cls="card-head")
    body = details(face, div(_rest_fields(page), cls="card-body"), open=bool(filled or wrong))
    return div(body, cls="card")


# Fields of the claim's head that stand elsewhere in the form, or always hold something.
_ELSEWHERE = frozenset({"rendering_id", "rendering_npi", "accepts_assignment", "place_of_service"})


def _rest_fields(page: "Entry") -> Markup:
    heads = page.sheet.heads
    places = [(code, f"{code} {words}") for code, words in PLACES_OF_SERVICE.items()]

    def text(name: str, words: str, **look: Any) -> Markup:
        return field(name, words, heads.get(name), errors=page.errors, **look)

    place = heads.get("place_of_service") or "11"
    return div(
        text("referring_name", "Referring provider", hint="Last, First"),
        text("referring_npi", "Referring NPI", hint="10 digits"),
        text("prior_authorization", "Prior authorization"),
        choice("place_of_service", "Place of service", places, place, errors=page.errors, required=True),
        choice("accident", "Accident", _ACCIDENTS, heads.get("accident"), errors=page.errors, prompt="None"),
        text("accident_date", "Accident date", kind="date"),
        text("accident_state", "Accident state", hint="Two letters", maxlength="2"),
        text("onset_date", "Onset of illness", kind="date"),
        check("accepts_assignment", "Accepts assignment", heads.get("accepts_assignment") == "true"),
        cls="fields",
    )


def _save(page: "Entry") -> Markup:
    told = "revenue_code" if isinstance(page.sheet, BillSheet) else "procedure"
    count = len([line for line in page.sheet.lines if line.get(told)])
    total = div(
        span("Total ", b(dollars(page.sheet.total_cents))),
        span(f"{count} {'line' if count == 1 else 'lines'}"),
        _saved(page),
        cls="total",
    )
    if hasattr(page, "claim"):
        return div(
            total,
            button("Save and check again", kbd("Ctrl ⏎"), type="submit", cls="button filled"),
            cls="savebar",
        )
    again = button("Save, then another", type="submit", cls="button", data_then="again")
    check_ = button("Save and check", type="submit", cls="button", data_then="check")
    release = (
        button("Save and release", kbd("Ctrl ⏎"), type="submit", cls="button filled", data_then="release")
        if page.may(P.CLAIMS_SUBMIT)
        else None
    )
    return div(total, again, check_, release, cls="savebar")


def _saved(page: "Entry") -> Child:
    if page.saved_at is None:
        return span("", data_saved=True, cls="faint")
    return span("Draft kept ", ago(page.saved_at, page.zone), cls="faint")
