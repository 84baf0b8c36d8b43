"""The facts of a claim in cards, each finding at the field it concerns."""

from domain.codes import icd10cm
from domain.codes.places import PLACES_OF_SERVICE
from services.claims.views import ClaimView, FindingView, LineDraft, VersionView
from ui.claims import findings as found
from ui.parts import table
from ui.parts.cards import card
from ui.parts.chips import chip, copyable
from ui.parts.markup import Child, Markup, a, b, div, span, tbody, td, tfoot, th, thead, tr
from ui.parts.markup import table as table_
from ui.parts.money import amount
from ui.parts.table import Column, facts
from ui.parts.times import day, moment

RANKS = {"P": "Primary", "S": "Secondary", "T": "Tertiary"}
FREQUENCIES = {"1": "Original (1)", "7": "Replacement (7)", "8": "Void (8)"}
_ACCIDENTS = {"AA": "Auto accident", "EM": "Employment", "OA": "Other accident"}


def parties(claim: ClaimView, may_open_patient: bool) -> Markup:
    """Patient, coverage, payer, client and provider."""
    all_findings = claim.findings
    patient = (
        a(claim.patient_name, href=f"/patients/{claim.patient_id}")
        if may_open_patient
        else claim.patient_name
    )
    rendering = claim.rendering_name or claim.draft.rendering_npi or span("the client itself", cls="faint")
    npi = claim.draft.rendering_npi
    pairs = facts(
        ("Patient", _mark(patient, all_findings, "patient")),
        ("Member id", _mark(copyable(claim.member_id), all_findings, "coverage.member_id", "coverage.sub")),
        ("Payer", _mark(_payer(claim), all_findings, "coverage.payer")),
        ("Next payer", _next_payer(claim)) if claim.next_payer_name else None,
        (
            "Client (billing)",
            _mark(a(claim.client_name, href=f"/clients/{claim.client_id}"), all_findings, "billing"),
        ),
        (
            "Rendering provider",
            _mark(span(rendering, npi and claim.rendering_name and f" · {npi}"), all_findings, "rendering"),
        )
        if claim.draft.facts is None
        else None,
        ("Referring provider", claim.draft.referring_name or claim.draft.referring_npi)
        if claim.draft.referring_npi or claim.draft.referring_name
        else None,
    )
    wrong = [
        one
        for name in ("patient", "coverage", "provider")
        for one in found.of_card(all_findings, name)
        if not one.field.startswith("facts.")
    ]
    return card("Who", pairs, found.notes(wrong, where=True))


def _payer(claim: ClaimView) -> Markup:
    """The payer asked now, and its place when it is not the first."""
    place = claim.rank != "P" and span(" ", chip(RANKS[claim.rank], "info"))
    return span(a(claim.payer_name, href=f"/payers/{claim.payer_id}"), place)


def _next_payer(claim: ClaimView) -> Markup:
    """Who comes after the payer asked now, and why it cannot be billed."""
    return span(
        claim.next_payer_name, claim.next_payer_reason and span(f" · {claim.next_payer_reason}", cls="faint")
    )


def diagnoses(claim: ClaimView) -> Markup:
    """The diagnoses in their order, with what each means."""
    rows = [_diagnosis(claim, place, code) for place, code in enumerate(claim.draft.diagnoses, 1)]
    whole = found.notes(found.at(claim.findings, "diagnoses"))
    body = (
        table_(tbody(rows), cls="rows")
        if rows
        else div(span("No diagnosis was entered.", cls="faint"), cls="card-body")
    )
    return card("Diagnoses", body, whole, look="flush")


def _diagnosis(claim: ClaimView, place: int, code: str) -> Markup:
    mine = found.at(claim.findings, f"diagnoses.{place}")
    words = icd10cm.description(code) or span("not an ICD-10-CM code", cls="error")
    return tr(
        td(str(place), cls="tight faint"),
        td(b(icd10cm.dotted(code), cls=found.look_of(mine)), cls="tight"),
        td(words, found.notes(mine)),
    )


def lines(claim: ClaimView) -> Markup:
    """The service lines; a line's findings stand directly below it."""
    heads = ("#", "Service", "Place", "Procedure", "Modifiers", "Diagnoses", "Units", "Charge")
    right = {"Units", "Charge", "Service"}
    head = thead(tr([th(words, cls="right" if words in right else None, scope="col") for words in heads]))
    body = [row for number, line in enumerate(claim.draft.lines, 1) for row in _line(claim, number, line)]
    total = tr(td("Total charge", colspan="7"), td(amount(claim.charge_cents), cls="right"))
    whole = found.at(claim.findings, "lines") + found.at(claim.findings, "charge_cents")
    frame = div(table_(head, tbody(body), tfoot(total), cls="rows"), cls="table-frame")
    return card("Service lines", frame, found.notes(whole, where=False), look="flush")


def _line(claim: ClaimView, number: int, line: LineDraft) -> list[Markup]:
    mine = found.of_line(claim.findings, number)

    def cell(field: str, value: Child, look: str = "") -> Markup:
        return td(
            span(value, cls=found.look_of(found.at(claim.findings, f"lines.{number}.{field}"))),
            cls=look or None,
        )

    dates = (
        day(line.service_from)
        if line.service_from == line.service_to
        else span(day(line.service_from), " – ", day(line.service_to))
    )
    place = PLACES_OF_SERVICE.get(line.place_of_service, "")
    row = tr(
        td(str(number), cls="faint tight"),
        cell("service_from", dates, "right"),
        cell("place_of_service", span(line.place_of_service, title=place)),
        cell("procedure", b(line.procedure)),
        cell("modifiers", " ".join(line.modifiers) or span("–", cls="faint")),
        cell("pointers", ", ".join(str(pointer) for pointer in line.pointers) or span("none", cls="faint")),
        cell("units", f"{line.units.normalize():f}", "right"),
        cell("charge_cents", amount(line.charge_cents), "right"),
        cls="has-finding" if mine else None,
    )
    if not mine:
        return [row]
    return [row, tr(td(), td(found.notes(mine), colspan="7"), cls="finding-row")]


def more_facts(claim: ClaimView) -> Markup:
    """What is seldom there: authorisation, accident, onset, assignment."""
    draft = claim.draft
    pairs = facts(
        ("Frequency", FREQUENCIES.get(claim.frequency, claim.frequency)),
        (
            "Place of service",
            f"{draft.place_of_service} {PLACES_OF_SERVICE.get(draft.place_of_service, '')}".strip(),
        )
        if draft.facts is None
        else None,
        ("Prior authorization", copyable(draft.prior_authorization)) if draft.prior_authorization else None,
        ("Accident", f"{_ACCIDENTS.get(draft.accident, draft.accident)} {draft.accident_state}".strip())
        if draft.accident
        else None,
        ("Accident date", day(draft.accident_date)) if draft.accident_date else None,
        ("Onset", day(draft.onset_date)) if draft.onset_date else None,
        ("Accepts assignment", "Yes" if draft.accepts_assignment else "No"),
    )
    return card(
        "Claim",
        pairs,
        claim.correction_reason and div(span(claim.correction_reason, cls="faint"), style="margin-top:12px"),
    )


def versions(claim: ClaimView, zone: str) -> Child:
    """Every submission of this claim; shown once there is more than one."""
    if len(claim.versions) < 2:
        return None
    columns = [
        Column[VersionView]("Version", lambda one: str(one.version), "tight"),
        Column[VersionView](
            "Kind",
            lambda one: span(
                FREQUENCIES.get(one.frequency, one.frequency),
                " ",
                one.version == claim.current_version and chip("current", "info"),
            ),
            "tight",
        ),
        Column[VersionView]("Payer", _payer_of),
        Column[VersionView]("Claim number", _numbers_of, "tight"),
        Column[VersionView]("Charge", lambda one: amount(one.charge_cents), "right"),
        Column[VersionView]("Sent", lambda one: moment(one.submitted_at, zone), "right"),
    ]
    return card(
        "Submissions",
        table.rows(columns, reversed(claim.versions), label="Submissions"),
        look="flush",
        action=a("Compare side by side", href=f"/claims/{claim.id}/versions"),
    )


def _numbers_of(one: VersionView) -> Markup:
    """CLM01, and the payer's number that a replacement or void refers to (REF*F8)."""
    refers = one.payer_claim_control_number
    return div(
        copyable(one.claim_number),
        refers and div(span("of ", cls="faint"), copyable(refers), title="Refers to (REF*F8)"),
    )


def _payer_of(one: VersionView) -> Markup:
    """Whom a version asks, and why it was never sent by us."""
    return span(
        f"{one.payer_name} ",
        chip(RANKS[one.rank], "neutral"),
        one.forwarded and span(" ", chip("passed on by the payer", "info")),
        one.withdrawn_at is not None and span(" ", chip("too late", "warn")),
    )


def _mark(value: Child, findings: list[FindingView], *prefixes: str) -> Markup:
    return span(value, cls=found.look_of(found.under(findings, *prefixes)))
