"""The claim form: service lines, typed or pasted from a spreadsheet."""

from typing import TYPE_CHECKING

from ui.claims import findings as found
from ui.claims.sheet import LINE_FIELDS, Sheet
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.markup import (
    Markup,
    div,
    input_,
    join,
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

from ui.claims.form_parts import HEADS, error

_WIDTHS = {
    "service_from": "138px", "service_to": "138px", "place_of_service": "62px", "procedure": "96px",
    "modifiers": "96px", "pointers": "84px", "units": "66px", "charge_cents": "104px",
}  # fmt: skip


_HINTS = {"procedure": "99213", "modifiers": "25 59", "pointers": "1,2", "charge_cents": "0.00"}


def lines(page: "Entry", sheet: Sheet) -> Markup:
    """The service lines."""
    heads = (
        [th("#")]
        + [th(words, style=f"width:{_WIDTHS[name]}", scope="col") for name, words in HEADS.items()]
        + [th(span("Remove", cls="sr"))]
    )
    rows = [row for number, line in enumerate(sheet.lines, 1) for row in _line(page, number, line)]
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
        error(page, "lines"),
        found.notes(found.at(page.findings, "lines")),
    )


def _line(page: "Entry", number: int, line: dict[str, str]) -> list[Markup]:
    cells = [_cell(page, number, name, line.get(name, "")) for name in LINE_FIELDS]
    remove = action(
        "×", "remove_line", look="quiet tiny", data_number=str(number), aria_label=f"Remove line {number}"
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
    notes = (_errors(page, number), found.notes(found.of_line(page.findings, number)))
    if not any(notes):
        return [row]
    return [row, tr(td(), td(*notes, colspan="9"), data_key_of=f"{key}-findings")]


def _errors(page: "Entry", number: int) -> Markup:
    """What could not be read in a line, below it: beside a field of 66 pixels there is no room for a sentence."""
    told = [(name, page.errors.get(f"lines.{number}.{name}")) for name in LINE_FIELDS]
    return join([small(f"{HEADS[name]}: {words}", cls="error") for name, words in told if words])


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
        aria_label=f"Line {number}, {HEADS[name].lower()}",
        aria_invalid="true" if wrong else None,
        inputmode="decimal" if name in ("units", "charge_cents") else None,
        data_enter="add_line" if last else None,
        list_="places" if name == "place_of_service" else None,
        data_focus_now=f"line-{page.added}"
        if newest and page.sheet.lines[-1].get("procedure") == ""
        else None,
    )
    look = "right" if name in ("units", "charge_cents") else None
    return td(control, cls=look)
