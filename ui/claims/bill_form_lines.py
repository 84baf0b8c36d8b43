"""The form of an institutional claim: revenue lines, typed or pasted from a spreadsheet."""

from typing import TYPE_CHECKING

from domain.codes.revenue import GROUPS, words_of
from ui.claims import findings as found
from ui.claims.bill_sheet import LINE_FIELDS, BillSheet
from ui.claims.form_parts import error
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.markup import (
    Markup,
    div,
    input_,
    join,
    option,
    select,
    small,
    span,
    table,
    tag,
    tbody,
    td,
    th,
    thead,
    tr,
)

if TYPE_CHECKING:
    from ui.claims.entry import Entry

HEADS = {
    "revenue_code": "Revenue",
    "procedure": "HCPCS",
    "modifiers": "Modifiers",
    "service_from": "From",
    "service_to": "To",
    "units": "Units",
    "unit": "Unit",
    "rate": "Rate $",
    "charge_cents": "Charge $",
    "non_covered_cents": "Not covered $",
}
_WIDTHS = {
    "revenue_code": "84px", "procedure": "92px", "modifiers": "84px", "service_from": "138px", "service_to": "138px",
    "units": "60px", "unit": "84px", "rate": "92px", "charge_cents": "104px", "non_covered_cents": "96px",
}  # fmt: skip
_HINTS = {"revenue_code": "0450", "procedure": "99283", "modifiers": "25", "charge_cents": "0.00"}
_RIGHT = frozenset({"units", "rate", "charge_cents", "non_covered_cents"})
# Narrow windows move the lines inside their card. Words for screen readers are placed absolutely: without a position here
# they would widen the whole page.
_SIDEWAYS = "overflow-x:auto;position:relative"
_UNITS = (("UN", "units"), ("DA", "days"))


def lines(page: "Entry", sheet: BillSheet) -> Markup:
    """The revenue lines. The list of revenue codes narrows as their number is typed."""
    heads = (
        [th("#")]
        + [th(words, style=f"width:{_WIDTHS[name]}", scope="col") for name, words in HEADS.items()]
        + [th(span("Remove", cls="sr"))]
    )
    rows = [row for number, line in enumerate(sheet.lines, 1) for row in _line(page, sheet, number, line)]
    foot = div(
        action("Add a line", "add_line", key="+", look="tiny"),
        span("Enter in the charge adds the next line. A rate makes the charge of its units.", cls="faint"),
        cls="row",
        style="margin-top:8px",
    )
    codes = tag(
        "datalist", [option(words, value=f"{group}0") for group, words in GROUPS.items()], id="revenue-codes"
    )
    return card(
        "Revenue lines",
        div(
            table(thead(tr(heads)), tbody(rows), cls="lines", style="min-width:1000px"),
            style=_SIDEWAYS,
        ),
        codes,
        foot,
        error(page, "facts.lines"),
        found.notes(found.at(page.findings, "facts.lines")),
    )


def _line(page: "Entry", sheet: BillSheet, number: int, line: dict[str, str]) -> list[Markup]:
    remove = action(
        "×", "remove_line", look="quiet tiny", data_number=str(number), aria_label=f"Remove line {number}"
    )
    key = f"line-{page.added}-{number}"
    row = tr(
        td(str(number), cls="number"),
        [_cell(page, sheet, number, name, line.get(name, "")) for name in LINE_FIELDS],
        td(remove),
        data_key_of=key,
        data_paste="paste",
        data_number=str(number),
    )
    notes = (_errors(page, number), found.notes(found.under(page.findings, f"facts.lines.{number}.")))
    if not any(notes):
        return [row]
    return [row, tr(td(), td(*notes, colspan="11"), data_key_of=f"{key}-findings")]


def _errors(page: "Entry", number: int) -> Markup:
    told = [(name, page.errors.get(f"facts.lines.{number}.{name}")) for name in LINE_FIELDS]
    return join([small(f"{HEADS[name]}: {words}", cls="error") for name, words in told if words])


def _cell(page: "Entry", sheet: BillSheet, number: int, name: str, value: str) -> Markup:
    path = f"facts.lines.{number}.{name}"
    if name == "unit":
        options = [option(words, value=code, selected=code == value) for code, words in _UNITS]
        return td(select(options, id=f"f-{path}", name=path, aria_label=f"Line {number}, unit"))
    wrong = path in page.errors or any(one.severity == "error" for one in found.at(page.findings, path))
    newest = number == len(sheet.lines) and page.added and name == "revenue_code" and number > 1 and not value
    control = input_(
        id=f"f-{path}",
        name=path,
        type="date" if name in ("service_from", "service_to") else "text",
        value=value,
        placeholder=_HINTS.get(name),
        autocomplete="off",
        aria_label=f"Line {number}, {HEADS[name].lower()}",
        aria_invalid="true" if wrong else None,
        title=words_of(value) or None if name == "revenue_code" else None,
        inputmode="decimal" if name in _RIGHT else None,
        data_enter="add_line" if name == "charge_cents" else None,
        list_="revenue-codes" if name == "revenue_code" else None,
        data_focus_now=f"line-{page.added}" if newest else None,
    )
    return td(control, cls="right" if name in _RIGHT else None)
