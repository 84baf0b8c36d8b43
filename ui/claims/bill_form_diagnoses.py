"""The form of an institutional claim: diagnoses of every kind with their present-on-admission indicators."""

from typing import TYPE_CHECKING

from domain.codes import icd10cm
from services.claims.views import Diagnosis
from ui.claims import findings as found
from ui.claims.bill_sheet import BillSheet
from ui.parts.cards import card
from ui.parts.markup import (
    Child,
    Markup,
    b,
    button,
    div,
    input_,
    option,
    p,
    select,
    span,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)

if TYPE_CHECKING:
    from ui.claims.entry import Entry

KINDS = {
    "diagnosis": "Diagnosis",
    "admitting": "Admitting",
    "reason": "Reason for visit",
    "external": "External cause",
}
POA = (("", "–"), ("Y", "Y yes"), ("N", "N no"), ("U", "U unknown"), ("W", "W undetermined"))
_ATTRIBUTES = {"admitting": "admitting", "reason": "reasons_for_visit", "external": "external_causes"}


def diagnoses(page: "Entry", sheet: BillSheet) -> Markup:
    """The diagnoses in their order, and the search for another."""
    rows = [row for at, one in enumerate(sheet.diagnoses, 1) for row in _row(page, sheet, at, one)]
    head = thead(tr([th(words, scope="col") for words in ("Kind", "Code", "Diagnosis", "POA", "")]))
    listed = div(table(head, tbody(rows), cls="rows"), cls="table-frame") if rows else None
    whole = [one for name in ("principal", "reasons_for_visit", "other_diagnoses", "external_causes", "admitting")
             for one in found.at(page.findings, f"facts.{name}") if not _shown(sheet, name)]  # fmt: skip
    return card("Diagnoses", listed, _search(page, sheet), found.notes(whole))


def path_of(sheet: BillSheet, at: int) -> str:
    """Where the diagnosis in a row stands in the facts, as findings name it."""
    kind = sheet.diagnoses[at - 1]["kind"]
    position = sum(one["kind"] == kind for one in sheet.diagnoses[:at])
    if kind == "diagnosis":
        return "facts.principal" if position == 1 else f"facts.other_diagnoses.{position - 1}"
    return "facts.admitting" if kind == "admitting" else f"facts.{_ATTRIBUTES[kind]}.{position}"


def _shown(sheet: BillSheet, name: str) -> bool:
    """Whether a finding of this field stands at a row already."""
    rows = {path_of(sheet, at) for at in range(1, len(sheet.diagnoses) + 1)}
    return f"facts.{name}" in rows


def _row(page: "Entry", sheet: BillSheet, at: int, one: dict[str, str]) -> list[Markup]:
    path, kind = path_of(sheet, at), one["kind"]
    mine = [
        finding for finding in page.findings if finding.field == path or finding.field.startswith(f"{path}.")
    ]
    words = icd10cm.description(one["code"]) or span("not an ICD-10-CM code", cls="error")
    name = "Principal" if path == "facts.principal" else KINDS[kind]
    key = f"{kind}:{one['code']}"
    row = tr(
        td(name, cls="tight faint"),
        td(b(icd10cm.dotted(one["code"]), cls=found.look_of(mine)), cls="tight"),
        td(words),
        td(_poa(at, one) if kind in ("diagnosis", "external") else "", cls="tight"),
        td(_buttons(path, kind, key, one["code"]), cls="right tight"),
        data_key_of=f"dx-{key}",
    )
    return [row, tr(td(), td(found.notes(mine), colspan="4"), cls="finding-row")] if mine else [row]


def _poa(at: int, one: dict[str, str]) -> Markup:
    options = [option(words, value=code, selected=code == one.get("poa", "")) for code, words in POA]
    name = f"diagnoses.{at}.poa"
    words = f"Present on admission, {one['code']}"
    return select(options, name=name, aria_label=words, style="min-width:132px")


def _buttons(path: str, kind: str, key: str, code: str) -> list[Child]:
    first = (
        kind != "admitting"
        and path != "facts.principal"
        and not path.endswith(".1" if kind != "diagnosis" else "principal")
        and button(
            "↑",
            type="button",
            cls="button quiet tiny",
            data_do="first_diagnosis",
            data_code=key,
            title="Make it the first",
            aria_label=f"Make {code} the first",
        )
    )
    remove = button(
        "×",
        type="button",
        cls="button quiet tiny",
        data_do="remove_diagnosis",
        data_code=key,
        title="Remove",
        aria_label=f"Remove {code}",
    )
    return [first, remove]


def _search(page: "Entry", sheet: BillSheet) -> Markup:
    kinds = [option(words, value=kind, selected=kind == sheet.adding) for kind, words in KINDS.items()]
    box = input_(
        id="f-diagnoses",
        name="diagnosis",
        type="text",
        placeholder="Code or words: I21.4, heart failure",
        autocomplete="off",
        data_input="find_diagnosis",
        data_wait="150",
        role="combobox",
        aria_label="Add a diagnosis",
        aria_expanded="false",
        data_key_of=f"dx-{page.added}",
        data_focus_now=str(page.added) if page.added and sheet.diagnoses else None,
    )
    suggest = div(box, _found(page), cls="field suggest double", data_suggest=True)
    return div(
        div(select(kinds, name="adding", aria_label="Kind of diagnosis to add"), cls="field"),
        suggest,
        cls="fields",
        style="margin-top:8px",
    )


def _found(page: "Entry") -> Child:
    if page.found_diagnoses is None:
        return None
    if not page.found_diagnoses:
        return div(p("No billable code begins like this or has these words.", cls="none"), cls="suggestions")
    options = [_option(one, place == 0) for place, one in enumerate(page.found_diagnoses)]
    return div(options, cls="suggestions", role="listbox")


def _option(one: Diagnosis, first: bool) -> Markup:
    return button(
        b(icd10cm.dotted(one.code)),
        span(one.description),
        type="button",
        role="option",
        aria_selected=str(first).lower(),
        data_do="add_diagnosis",
        data_code=one.code,
    )
