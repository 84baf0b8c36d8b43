"""The form of an institutional claim: who, the bill, practitioners, diagnoses, codes, revenue lines."""

from typing import TYPE_CHECKING, Any

from domain.codes.institutional import FACILITIES
from ui.claims import findings as found
from ui.claims.bill_form_codes import codes
from ui.claims.bill_form_diagnoses import diagnoses
from ui.claims.bill_form_lines import HEADS, lines
from ui.claims.bill_sheet import LINE_FIELDS, BillSheet
from ui.claims.form_who import who
from ui.parts.cards import card
from ui.parts.forms import check, choice, field, hidden
from ui.parts.markup import Child, Markup, details, div, span, strong, summary

if TYPE_CHECKING:
    from ui.claims.entry import Entry

# Our own words: those of the UB-04 are licensed.
FREQUENCIES = (
    ("1", "1 whole stay or visit"),
    ("2", "2 interim, the first"),
    ("3", "3 interim, continuing"),
    ("4", "4 interim, the last"),
    ("5", "5 late charges only"),
    ("0", "0 nothing to be paid"),
    ("9", "9 final of home health"),
)
ADMISSION_TYPES = (
    ("1", "1 emergency"),
    ("2", "2 urgent"),
    ("3", "3 elective"),
    ("4", "4 newborn"),
    ("5", "5 trauma"),
    ("9", "9 not available"),
)
ROLES = {
    "attending": "Attending",
    "operating": "Operating",
    "other_operating": "Other operating",
    "rendering": "Rendering",
    "referring": "Referring",
}
_SELDOM = ("other_operating", "rendering", "referring")


def parts(page: "Entry", sheet: BillSheet) -> list[Child]:
    """The cards of the form, in the order of the UB-04."""
    return [
        hidden("has_assignment", "1"),
        who(page),
        _bill(page, sheet),
        _practitioners(page, sheet),
        diagnoses(page, sheet),
        lines(page, sheet),
        codes(page, sheet),
        _rest(page, sheet),
    ]


def names_of(sheet: BillSheet) -> dict[str, str]:
    """The words of every field, for the summary of faults."""
    names = {f"facts.{name}": f"{words}:" for name, words in _WORDS.items()}
    names.update({f"facts.{role}": f"{words} provider:" for role, words in ROLES.items()})
    for number in range(1, len(sheet.lines) + 1):
        names.update(
            {f"facts.lines.{number}.{name}": f"Line {number}, {HEADS[name].lower()}:" for name in LINE_FIELDS}
        )
    for number in range(1, len(sheet.codes) + 1):
        names.update(
            {f"codes.{number}.{name}": f"Code {number}:" for name in ("code", "first", "last", "amount")}
        )
    return names


_WORDS = {
    "facility_code": "Type of bill",
    "frequency": "Frequency",
    "statement_from": "Statement from",
    "statement_to": "Through",
    "admission_date": "Admission",
    "admission_hour": "Admission hour",
    "admission_type": "Admission type",
    "admission_source": "Point of origin",
    "discharge_hour": "Discharge hour",
    "patient_status": "Discharge status",
    "drg": "DRG",
    "note": "Billing note",
}


def _bill(page: "Entry", sheet: BillSheet) -> Markup:
    """Type of bill, statement, admission and discharge."""
    facilities = [(code, f"{code} {words}") for code, words in FACILITIES.items()]
    fixed = hasattr(page, "claim") and page.claim.correction in ("7", "8")
    body = div(
        _choice(page, sheet, "facility_code", facilities, required=True, look="double"),
        _choice(page, sheet, "frequency", FREQUENCIES, required=True, disabled=fixed or None),
        _text(page, sheet, "statement_from", kind="date", required=True),
        _text(page, sheet, "statement_to", kind="date", required=True),
        _text(page, sheet, "patient_status", hint="two digits, FL 17", maxlength="2", required=True),
        _text(page, sheet, "admission_date", kind="date"),
        _text(page, sheet, "admission_hour", hint="HHMM", maxlength="4", inputmode="numeric"),
        _choice(page, sheet, "admission_type", ADMISSION_TYPES, prompt="None"),
        _text(page, sheet, "admission_source", hint="one sign, FL 15", maxlength="1"),
        _text(page, sheet, "discharge_hour", hint="HHMM", maxlength="4", inputmode="numeric"),
        _text(page, sheet, "drg", hint="three digits", maxlength="4"),
        cls="fields",
    )
    mine = [one for name in (*_WORDS, "") for one in found.at(page.findings, f"facts.{name}")]
    return card("Bill", body, found.notes(mine, where=True))


def _practitioners(page: "Entry", sheet: BillSheet) -> Markup:
    """Attending and operating always, the others when there is one."""
    filled = [role for role in _SELDOM if _given(sheet, role) or found.under(page.findings, f"facts.{role}")]
    seldom = [role for role in _SELDOM if role not in filled]
    more = details(
        summary(span("Other operating, rendering, referring", cls="faint"), cls="tiny"),
        [_practitioner(page, sheet, role) for role in seldom],
    )
    shown = [_practitioner(page, sheet, role) for role in ("attending", "operating", *filled)]
    mine = found.under(page.findings, *(f"facts.{role}" for role in ROLES))
    return card("Practitioners", shown, seldom and more, found.notes(mine, where=True))


def _practitioner(page: "Entry", sheet: BillSheet, role: str) -> Markup:
    """From the client's records, or by name and NPI."""
    path = f"facts.{role}"
    known = [(str(one.id), f"{one.last_name}, {one.first_name} · {one.npi}") for one in page.providers]
    heads = sheet.heads
    picked = choice(
        f"{path}.provider_id",
        ROLES[role],
        known,
        heads.get(f"{path}.provider_id"),
        errors={f"{path}.provider_id": page.errors[path]} if path in page.errors else None,
        prompt="None, or by name",
    )
    name = field(f"{path}.name", "or name", heads.get(f"{path}.name"), hint="Last, First")
    npi = field(f"{path}.npi", "and NPI", heads.get(f"{path}.npi"), hint="10 digits", inputmode="numeric")
    return div(picked, name, npi, cls="fields", style="margin-bottom:8px")


def _given(sheet: BillSheet, role: str) -> bool:
    return any(sheet.heads.get(f"facts.{role}.{part}") for part in ("provider_id", "npi", "name"))


def _rest(page: "Entry", sheet: BillSheet) -> Markup:
    heads = sheet.heads
    filled = [name for name in ("facts.note", "prior_authorization") if heads.get(name)]
    count = span(f"{len(filled)} filled" if filled else "usually empty", cls="faint")
    fields = div(
        field(
            "prior_authorization", "Prior authorization", heads.get("prior_authorization"), errors=page.errors
        ),
        _text(page, sheet, "note", hint="80 characters, goes to the payer", maxlength="80", look="double"),
        check("accepts_assignment", "Accepts assignment", heads.get("accepts_assignment") == "true"),
        cls="fields",
    )
    face = summary(strong("Authorization, note, assignment"), count, cls="card-head")
    return div(details(face, div(fields, cls="card-body"), open=bool(filled)), cls="card")


def _text(page: "Entry", sheet: BillSheet, name: str, **look: Any) -> Markup:
    path = f"facts.{name}"
    return field(path, _WORDS[name], sheet.heads.get(path), errors=page.errors, **look)


def _choice(page: "Entry", sheet: BillSheet, name: str, options: Any, **look: Any) -> Markup:
    path = f"facts.{name}"
    return choice(path, _WORDS[name], options, sheet.heads.get(path), errors=page.errors, **look)
