"""The facts of an institutional claim in cards, each finding at the field it concerns."""

from datetime import date

from domain.codes import icd10cm
from domain.codes.institutional import FACILITIES
from domain.codes.revenue import words_of
from services.claims.institutional_views import InstitutionalDraft, PractitionerDraft, RevenueLineDraft
from services.claims.views import ClaimView
from ui.claims import findings as found
from ui.claims.bill_draft import bill_sheet
from ui.claims.bill_form import ADMISSION_TYPES, ROLES
from ui.claims.bill_form_codes import KINDS
from ui.claims.bill_form_codes import path_of as path_of_code
from ui.claims.bill_form_diagnoses import KINDS as DIAGNOSES
from ui.claims.bill_form_diagnoses import path_of as path_of_diagnosis
from ui.claims.bill_sheet import BillSheet, rate_text
from ui.parts.cards import card
from ui.parts.markup import Child, Markup, b, div, small, span, table, tbody, td, tfoot, th, thead, tr
from ui.parts.money import amount
from ui.parts.table import facts
from ui.parts.times import day, day_words

_ADMISSIONS = dict(ADMISSION_TYPES)


def cards(claim: ClaimView, bill: InstitutionalDraft) -> list[Child]:
    """The bill, its diagnoses, its codes and its revenue lines."""
    sheet = bill_sheet(claim.draft)
    return [
        _bill(claim, bill),
        _practitioners(claim, bill),
        _diagnoses(claim, sheet),
        _lines(claim, bill),
        _codes(claim, sheet),
    ]


def _bill(claim: ClaimView, bill: InstitutionalDraft) -> Markup:
    kind = f"{bill.facility_code}{claim.frequency} {FACILITIES.get(bill.facility_code, '')}".strip()
    pairs = facts(
        ("Type of bill", _mark(claim, kind, "facility_code", "frequency")),
        ("Statement", _mark(claim, _span(bill.statement_from, bill.statement_to), "statement_")),
        (
            "Admission",
            _mark(
                claim,
                span(day(bill.admission_date), " ", _hour(bill.admission_hour)),
                "admission_date",
                "admission_hour",
            ),
        )
        if bill.admission_date
        else None,
        (
            "Admission type",
            _mark(claim, _ADMISSIONS.get(bill.admission_type, bill.admission_type), "admission_type"),
        )
        if bill.admission_type
        else None,
        ("Point of origin", _mark(claim, bill.admission_source, "admission_source"))
        if bill.admission_source
        else None,
        ("Discharge status", _mark(claim, bill.patient_status, "patient_status")),
        ("Discharge hour", _mark(claim, _hour(bill.discharge_hour), "discharge_hour"))
        if bill.discharge_hour
        else None,
        ("DRG", _mark(claim, bill.drg, "drg")) if bill.drg else None,
        ("Billing note", bill.note) if bill.note else None,
    )
    return card("Bill", pairs, found.notes(found.of_card(claim.findings, "bill"), where=True))


def _hour(text: str) -> str:
    """`1415` as `14:15`; what is no hour stays as it was typed."""
    return f"{text[:2]}:{text[2:]}" if len(text) == 4 else text


def _practitioners(claim: ClaimView, bill: InstitutionalDraft) -> Child:
    given = [(role, words, getattr(bill, role)) for role, words in ROLES.items() if getattr(bill, role)]
    pairs = [(words, _mark(claim, _named(claim, role, one), role)) for role, words, one in given]
    wrong = [one for one in found.of_card(claim.findings, "provider") if one.field.startswith("facts.")]
    if not pairs and not wrong:
        return None
    return card("Practitioners", facts(*pairs) if pairs else None, found.notes(wrong, where=True))


def _named(claim: ClaimView, role: str, one: PractitionerDraft) -> str:
    name = claim.practitioners.get(role) or f"{one.last_name}, {one.first_name}".strip(", ")
    return " · ".join(part for part in (name, one.npi) if part)


def _diagnoses(claim: ClaimView, sheet: BillSheet) -> Markup:
    rows = []
    for at, one in enumerate(sheet.diagnoses, 1):
        path = path_of_diagnosis(sheet, at)
        mine = [item for item in claim.findings if item.field == path or item.field.startswith(f"{path}.")]
        name = "Principal" if path == "facts.principal" else DIAGNOSES[one["kind"]]
        words = icd10cm.description(one["code"]) or span("not an ICD-10-CM code", cls="error")
        poa = one["poa"] and span(one["poa"], title="Present on admission")
        code = b(icd10cm.dotted(one["code"]), cls=found.look_of(mine))
        rows.append(
            tr(td(name, cls="tight faint"), td(code, cls="tight"), td(words, found.notes(mine)), td(poa))
        )
    shown = {path_of_diagnosis(sheet, at) for at in range(1, len(sheet.diagnoses) + 1)}
    rest = [one for one in found.of_card(claim.findings, "diagnoses") if not _within(one.field, shown)]
    head = thead(tr([th(words, scope="col") for words in ("Kind", "Code", "Diagnosis", "POA")]))
    body = (
        table(head, tbody(rows), cls="rows")
        if rows
        else div(span("No diagnosis was entered.", cls="faint"), cls="card-body")
    )
    return card("Diagnoses", body, found.notes(rest), look="flush")


def _within(field: str, paths: set[str]) -> bool:
    return any(field == path or field.startswith(f"{path}.") for path in paths)


def _lines(claim: ClaimView, bill: InstitutionalDraft) -> Markup:
    names = ("#", "Revenue", "HCPCS", "Service", "Units", "Charge")
    right = {"Service", "Units", "Charge"}
    head = thead(tr([th(words, cls="right" if words in right else None, scope="col") for words in names]))
    body = [row for number, line in enumerate(bill.lines, 1) for row in _line(claim, number, line)]
    total = tr(td("Total charge", colspan="5"), td(amount(claim.charge_cents), cls="right"))
    frame = div(table(head, tbody(body), tfoot(total), cls="rows"), cls="table-frame")
    return card("Revenue lines", frame, found.notes(found.at(claim.findings, "facts.lines")), look="flush")


def _line(claim: ClaimView, number: int, line: RevenueLineDraft) -> list[Markup]:
    path = f"facts.lines.{number}."
    mine = found.under(claim.findings, path)

    def marked(field: str, value: Child) -> Markup:
        return span(value, cls=found.look_of(found.at(claim.findings, f"{path}{field}")))

    none = span("–", cls="faint")
    group = span(words_of(line.revenue_code), cls="faint")
    served = _span(line.service_from, line.service_to) if line.service_from else none
    row = tr(
        td(str(number), cls="faint tight"),
        td(marked("revenue_code", b(line.revenue_code)), " ", group),
        td(
            marked("procedure", b(line.procedure) if line.procedure else none),
            " ",
            marked("modifiers", " ".join(line.modifiers)),
        ),
        td(marked("service_from", served), cls="right"),
        td(marked("units", _units(line)), cls="right"),
        td(marked("charge_cents", amount(line.charge_cents)), _not_covered(line), cls="right"),
        cls="has-finding" if mine else None,
    )
    if not mine:
        return [row]
    return [row, tr(td(), td(found.notes(mine), colspan="5"), cls="finding-row")]


def _units(line: RevenueLineDraft) -> str:
    """`4 days × 1200.00`, or the number of units."""
    rate = rate_text(line.charge_cents, line.units, line.unit)
    count = f"{line.units.normalize():f}{' days' if line.unit == 'DA' else ''}"
    return f"{count} × {rate}" if rate else count


def _not_covered(line: RevenueLineDraft) -> Child:
    if not line.non_covered_cents:
        return None
    return div(small("not covered ", amount(line.non_covered_cents)), cls="faint")


def _codes(claim: ClaimView, sheet: BillSheet) -> Child:
    paths = {path_of_code(sheet, at) for at in range(1, len(sheet.codes) + 1)}
    rest = [one for one in found.of_card(claim.findings, "codes") if not _within(one.field, paths)]
    rows = []
    for at, one in enumerate(sheet.codes, 1):
        path = path_of_code(sheet, at)
        mine = [item for item in claim.findings if item.field == path or item.field.startswith(f"{path}.")]
        told = " – ".join(day_words(date.fromisoformat(one[name])) for name in ("first", "last") if one[name])
        rows.append(
            tr(
                td(KINDS[one["kind"]], cls="tight faint"),
                td(b(one["code"], cls=found.look_of(mine)), cls="tight"),
                td(told or one["amount"], found.notes(mine)),
            )
        )
    if not rows and not rest:
        return None
    return card(
        "Codes and procedures",
        table(tbody(rows), cls="rows") if rows else None,
        found.notes(rest),
        look="flush",
    )


def _span(first: date | None, last: date | None) -> Child:
    if first is None or last is None or first == last:
        return day(first or last)
    return span(day(first), " – ", day(last))


def _mark(claim: ClaimView, value: Child, *fields: str) -> Markup:
    return span(value, cls=found.look_of(found.under(claim.findings, *(f"facts.{name}" for name in fields))))
