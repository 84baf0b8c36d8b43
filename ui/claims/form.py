"""The form of a claim: who, diagnoses, service lines, the rest; faults and findings at their fields."""

from typing import TYPE_CHECKING

from domain.codes import icd10cm
from domain.codes.places import PLACES_OF_SERVICE
from policies.permissions import Permission as P
from services.claims.views import Diagnosis
from services.clientele.patients import PatientView
from ui.claims import findings as found
from ui.claims.sheet import HEAD_FIELDS, LINE_FIELDS
from ui.parts.buttons import action, link
from ui.parts.cards import card, head
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
    input_,
    kbd,
    label,
    p,
    small,
    span,
    strong,
    summary,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)
from ui.parts.money import dollars
from ui.parts.states import notice
from ui.parts.times import ago, day_words

if TYPE_CHECKING:
    from ui.claims.entry import Entry

_HEADS = {
    "service_from": "From",
    "service_to": "To",
    "place_of_service": "Place",
    "procedure": "Procedure",
    "modifiers": "Modifiers",
    "pointers": "Diagnoses",
    "units": "Units",
    "charge_cents": "Charge $",
}
_WIDTHS = {
    "service_from": "138px", "service_to": "138px", "place_of_service": "62px", "procedure": "96px",
    "modifiers": "96px", "pointers": "84px", "units": "66px", "charge_cents": "104px",
}  # fmt: skip
_HINTS = {"procedure": "99213", "modifiers": "25 59", "pointers": "1,2", "charge_cents": "0.00"}
_ACCIDENTS = (("AA", "Auto accident"), ("EM", "Employment"), ("OA", "Other accident"))


def whole(page: "Entry") -> Markup:
    """The page."""
    body = form(
        summary_of(page.errors, _names(page)),
        hidden("has_assignment", "1"),
        _who(page),
        _diagnoses(page),
        _lines(page),
        _rest(page),
        _save(page),
        data_do="save",
        data_input="typed",
        data_wait="700",
        data_key_of=f"claim-form-{page.sheet.patient_id or 'none'}",
        novalidate=True,
        data_rows_form=True,
    )
    return div(_head(page), _standing(page), body)


def _head(page: "Entry") -> Markup:
    claim = getattr(page, "claim", None)
    if claim is None:
        under = span(
            "Everything is kept while you type. Paste rows from a spreadsheet into any service line."
        )
        return head("New claim", _discard(page), under=under, crumbs=(("Claims", "/claims"),))
    title = (f"Correct {claim.reference}", claim_chip(claim.status, claim.status_label, claim.tone))
    crumbs = (("Claims", "/claims"), (claim.reference, f"/claims/{claim.id}"))
    words = {
        "7": "Saved as a replacement (7) of what the payer decided.",
        "1": "Sent again as an original (1).",
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
    for number in range(1, len(page.sheet.lines) + 1):
        names.update(
            {f"lines.{number}.{name}": f"Line {number}, {_HEADS[name].lower()}:" for name in LINE_FIELDS}
        )
    return names


def _who(page: "Entry") -> Markup:
    if page.patient is None:
        return card("Who", _patient_search(page))
    fixed = hasattr(page, "claim")
    who = page.patient
    born = f"born {day_words(who.birth_date)}" if who.birth_date else ""
    change = None if fixed else action("Change", "change_patient", look="quiet tiny")
    wrong = [
        one for name in ("patient", "coverage", "provider") for one in found.of_card(page.findings, name)
    ]
    return card(
        "Who",
        div(
            div(
                label("Patient"),
                div(b(who.name), span(f" {born} · {who.account_number} · {who.client_name}", cls="muted")),
                cls="field double",
            ),
            _coverage(page),
            _rendering(page),
            _rendering_npi(page),
            cls="fields",
        ),
        found.notes(wrong, where=True),
        action=change,
    )


def _patient_search(page: "Entry") -> Markup:
    box = div(
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
            aria_invalid="true" if "patient_id" in page.errors else None,
        ),
        _found_patients(page),
        page.errors.get("patient_id") and small(page.errors["patient_id"], cls="error"),
        cls="field suggest",
        data_suggest=True,
        style="max-width: 560px",
    )
    add = link("Add a patient", "/patients/new", look="quiet tiny") if page.may(P.PATIENTS_MANAGE) else None
    return div(box, add, cls="stack")


def _found_patients(page: "Entry") -> Child:
    if page.found_patients is None:
        return None
    if not page.found_patients:
        return div(p("No patient begins like this.", cls="none"), cls="suggestions")
    return div(
        [_patient(one, place == 0) for place, one in enumerate(page.found_patients)],
        cls="suggestions",
        role="listbox",
    )


def _patient(one: PatientView, first: bool) -> Markup:
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
    fixed = {"disabled": True} if hasattr(page, "claim") else {}
    return choice(
        "coverage_id", "Coverage", options, page.sheet.coverage_id, errors=page.errors, required=True, **fixed
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


def _diagnoses(page: "Entry") -> Markup:
    tags = [_diagnosis(page, place, code) for place, code in enumerate(page.sheet.diagnoses, 1)]
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
        _error(page, "diagnoses"),
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


def _lines(page: "Entry") -> Markup:
    heads = (
        [th("#")]
        + [th(words, style=f"width:{_WIDTHS[name]}", scope="col") for name, words in _HEADS.items()]
        + [th(span("Remove", cls="sr"))]
    )
    rows = [row for number, line in enumerate(page.sheet.lines, 1) for row in _line(page, number, line)]
    foot = action("Add a line", "add_line", key="+", look="tiny")
    sheet_ = div(table(thead(tr(heads)), tbody(rows), cls="lines"), style="overflow-x:auto")
    return card(
        "Service lines",
        sheet_,
        div(
            foot,
            span("Enter in the charge adds the next line.", cls="faint"),
            cls="row",
            style="margin-top:8px",
        ),
        _error(page, "lines"),
        found.notes(found.at(page.findings, "lines")),
    )


def _line(page: "Entry", number: int, line: dict[str, str]) -> list[Markup]:
    cells = [_cell(page, number, name, line.get(name, "")) for name in LINE_FIELDS]
    remove = button(
        "×",
        type="button",
        cls="button quiet tiny",
        data_do="remove_line",
        data_number=str(number),
        aria_label=f"Remove line {number}",
    )
    key = f"line-{page.added}-{number}"
    row = tr(
        td(str(number), cls="number"),
        cells,
        td(remove),
        data_key_of=key,
        data_paste="paste",
        data_number=str(number),
    )
    mine = found.of_line(page.findings, number)
    if not mine:
        return [row]
    return [row, tr(td(), td(found.notes(mine), colspan="9"), data_key_of=f"{key}-findings")]


def _cell(page: "Entry", number: int, name: str, value: str) -> Markup:
    path = f"lines.{number}.{name}"
    error = page.errors.get(path)
    wrong = bool(error) or any(finding.severity == "error" for finding in found.at(page.findings, path))
    kind = "date" if name in ("service_from", "service_to") else "text"
    last = name == "charge_cents"
    newest = number == len(page.sheet.lines) and page.added and name == "procedure" and number > 1
    control = input_(
        id=f"f-{path}",
        name=path,
        type=kind,
        value=value,
        placeholder=_HINTS.get(name),
        autocomplete="off",
        aria_label=f"Line {number}, {_HEADS[name].lower()}",
        aria_invalid="true" if wrong else None,
        inputmode="decimal" if name in ("units", "charge_cents") else None,
        data_enter="add_line" if last else None,
        list_="places" if name == "place_of_service" else None,
        data_focus_now=f"line-{page.added}"
        if newest and page.sheet.lines[-1].get("procedure") == ""
        else None,
    )
    look = "right" if name in ("units", "charge_cents") else None
    return td(control, error and small(error, cls="error"), cls=look)


def _rest(page: "Entry") -> Markup:
    heads = page.sheet.heads
    filled = [
        name
        for name in HEAD_FIELDS
        if heads.get(name)
        and name not in ("rendering_id", "rendering_npi", "accepts_assignment", "place_of_service")
    ]
    wrong = [name for name in HEAD_FIELDS if name in page.errors or found.at(page.findings, name)]
    fields = div(
        field(
            "referring_name",
            "Referring provider",
            heads.get("referring_name"),
            errors=page.errors,
            hint="Last, First",
        ),
        field(
            "referring_npi", "Referring NPI", heads.get("referring_npi"), errors=page.errors, hint="10 digits"
        ),
        field(
            "prior_authorization", "Prior authorization", heads.get("prior_authorization"), errors=page.errors
        ),
        choice(
            "place_of_service",
            "Place of service",
            [(code, f"{code} {words}") for code, words in PLACES_OF_SERVICE.items()],
            heads.get("place_of_service") or "11",
            errors=page.errors,
            required=True,
        ),
        choice("accident", "Accident", _ACCIDENTS, heads.get("accident"), errors=page.errors, prompt="None"),
        field("accident_date", "Accident date", heads.get("accident_date"), errors=page.errors, kind="date"),
        field(
            "accident_state",
            "Accident state",
            heads.get("accident_state"),
            errors=page.errors,
            hint="Two letters",
            maxlength="2",
        ),
        field("onset_date", "Onset of illness", heads.get("onset_date"), errors=page.errors, kind="date"),
        check("accepts_assignment", "Accepts assignment", heads.get("accepts_assignment") == "true"),
        cls="fields",
    )
    words = "Referral, authorization, accident, dates"
    body = details(
        summary(
            strong(words),
            span(f"{len(filled)} filled" if filled else "usually empty", cls="faint"),
            cls="card-head",
        ),
        div(fields, cls="card-body"),
        open=bool(filled or wrong),
    )
    return div(body, cls="card")


def _save(page: "Entry") -> Markup:
    count = len([line for line in page.sheet.lines if line.get("procedure")])
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


def _error(page: "Entry", name: str) -> Child:
    return small(page.errors[name], cls="error") if name in page.errors else None
