"""The form of an institutional claim: procedures, conditions, occurrences, spans and values in one table."""

from typing import TYPE_CHECKING

from ui.claims import findings as found
from ui.claims.bill_sheet import BillSheet
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.markup import (
    Markup,
    div,
    input_,
    option,
    select,
    small,
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
    "procedure": "Procedure (ICD-10-PCS)",
    "condition": "Condition",
    "occurrence": "Occurrence",
    "span": "Occurrence span",
    "value": "Value",
}
# What a code of each kind comes with.
_ASKED = {
    "procedure": ("first",),
    "condition": (),
    "occurrence": ("first",),
    "span": ("first", "last"),
    "value": ("amount",),
}
_ATTRIBUTES = {
    "condition": "conditions",
    "occurrence": "occurrences",
    "span": "occurrence_spans",
    "value": "values",
}
_HEADS = {"code": "Code", "first": "Day or from", "last": "Through", "amount": "Amount"}
_WHOLE = (
    "conditions",
    "occurrences",
    "occurrence_spans",
    "values",
    "other_procedures",
    "principal_procedure",
)


def codes(page: "Entry", sheet: BillSheet) -> Markup:
    """One row for each code; numbers only, their texts are licensed."""
    heads = [
        th("Kind", scope="col"),
        *(th(words, scope="col") for words in _HEADS.values()),
        th(span("Remove", cls="sr")),
    ]
    rows = [row for at, one in enumerate(sheet.codes, 1) for row in _row(page, sheet, at, one)]
    listed = div(table(thead(tr(heads)), tbody(rows), cls="lines"), style="overflow-x:auto") if rows else None
    foot = div(
        action("Add a code", "add_code", look="tiny"),
        span("Conditions, occurrences, spans, values and inpatient procedures by number.", cls="faint"),
        cls="row",
        style="margin-top:8px",
    )
    shown = {path_of(sheet, at) for at in range(1, len(sheet.codes) + 1)}
    whole = [
        one for name in _WHOLE for one in found.at(page.findings, f"facts.{name}") if one.field not in shown
    ]
    return card("Codes and procedures", listed, foot, found.notes(whole))


def path_of(sheet: BillSheet, at: int) -> str:
    """Where the code in a row stands in the facts, as findings name it."""
    kind = sheet.codes[at - 1]["kind"]
    position = sum(one["kind"] == kind and bool(one["code"].strip()) for one in sheet.codes[:at])
    if kind == "procedure":
        return "facts.principal_procedure" if position <= 1 else f"facts.other_procedures.{position - 1}"
    return f"facts.{_ATTRIBUTES[kind]}.{position}"


def _row(page: "Entry", sheet: BillSheet, at: int, one: dict[str, str]) -> list[Markup]:
    path = path_of(sheet, at)
    mine = [
        finding for finding in page.findings if finding.field == path or finding.field.startswith(f"{path}.")
    ]
    kinds = [option(words, value=kind, selected=kind == one["kind"]) for kind, words in KINDS.items()]
    asked = _ASKED[one["kind"]]
    cells = [
        _cell(page, sheet, at, name, bool(mine)) if name in ("code", *asked) else td() for name in _HEADS
    ]
    remove = action(
        "×", "remove_code", look="quiet tiny", data_number=str(at), aria_label=f"Remove code {at}"
    )
    name = f"codes.{at}.kind"
    row = tr(
        td(select(kinds, id=f"f-{name}", name=name, aria_label=f"Code {at}, kind", style="min-width:215px")),
        cells,
        td(remove),
        data_key_of=f"code-{page.added}-{at}",
    )
    faults = [
        small(f"{words}: {page.errors[place]}", cls="error")
        for name, words in _HEADS.items()
        for place in (f"codes.{at}.{name}", path if name == "code" else "")
        if place in page.errors
    ]
    if not mine and not faults:
        return [row]
    return [row, tr(td(faults, found.notes(mine), colspan="6"))]


def _cell(page: "Entry", sheet: BillSheet, at: int, name: str, wrong: bool) -> Markup:
    path, value = f"codes.{at}.{name}", sheet.codes[at - 1].get(name, "")
    newest = name == "code" and at == len(sheet.codes) and page.added and not value
    last = name == (_ASKED[sheet.codes[at - 1]["kind"]] or ("code",))[-1]
    control = input_(
        id=f"f-{path}",
        name=path,
        type="date" if name in ("first", "last") else "text",
        value=value,
        autocomplete="off",
        aria_label=f"Code {at}, {_HEADS[name].lower()}",
        aria_invalid="true" if path in page.errors or (wrong and name == "code") else None,
        inputmode="decimal" if name == "amount" else None,
        data_enter="add_code" if last else None,
        data_focus_now=f"code-{page.added}" if newest else None,
    )
    return td(control, cls="right" if name == "amount" else None)
