"""Goals and interventions in the form of a care plan: lines typed, or pasted from a spreadsheet."""

from typing import TYPE_CHECKING, Any

from domain.care.plan import AIMS, ELEMENTS, GOAL_ENDS
from ui.care.plan_typed import ROWS
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.markup import (
    Child,
    Markup,
    button,
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
    from ui.care.plan_edit import EditPlan

HEADS = {
    "goals": {
        "words": "Goal, in the patient's words", "measure": "Measured by", "unit": "Unit", "start": "From",
        "aim": "Aim", "target": "Target", "by": "By", "latest": "Now", "measured_on": "Measured on", "end": "State",
    },
    "interventions": {"words": "What is done", "often": "How often", "responsible": "Who is responsible"},
}  # fmt: skip
_WIDTHS = {
    "unit": 74,
    "start": 80,
    "aim": 96,
    "target": 84,
    "by": 138,
    "latest": 80,
    "measured_on": 138,
    "end": 92,
}
_HINTS = {
    "words": "Better sugar", "measure": "HbA1c", "unit": "%", "start": "9.1", "target": "7.0", "latest": "8.2",
    "often": "weekly", "responsible": "Ann Hill, RN",
}  # fmt: skip
_CHOICES = {"aim": AIMS, "end": GOAL_ENDS}


def rows_of(page: "EditPlan", kind: str, add: str) -> Markup:
    heads = HEADS[kind]
    top = [th("#")] + [
        th(words, scope="col", style=f"width:{_WIDTHS[name]}px" if name in _WIDTHS else None)
        for name, words in heads.items()
    ]
    lines = [row for number in range(1, len(page.sheet.rows[kind]) + 1) for row in _line(page, kind, number)]
    body = div(
        table(
            thead(tr(top, th(span("Remove", cls="sr")))), tbody(lines), cls="lines", aria_label=ELEMENTS[kind]
        ),
        style="overflow-x:auto",
    )
    foot = div(
        action(add, f"add_{kind}", key="g" if kind == "goals" else "i", look="tiny"),
        span("Rows of a spreadsheet can be pasted into any line.", cls="faint"),
        cls="row",
        style="margin-top:8px",
    )
    return card(ELEMENTS[kind], body if lines else None, foot, error(page, kind))


def _line(page: "EditPlan", kind: str, number: int) -> list[Markup]:
    key = f"{kind}-{page.added}-{number}"
    row = tr(
        td(str(number), cls="number"),
        [_cell(page, kind, number, name) for name in HEADS[kind]],
        td(tool("×", "remove_row", number, f"Remove line {number}", kind=kind)),
        data_key_of=key,
        data_paste=f"paste_{kind}",
        data_number=str(number),
    )
    told = [(words, page.errors.get(f"{kind}.{number}.{name}")) for name, words in HEADS[kind].items()]
    notes = [small(f"{words}: {error}", cls="error") for words, error in told if error]
    if not notes:
        return [row]
    return [row, tr(td(), td(notes, colspan=str(len(HEADS[kind]))), data_key_of=f"{key}-faults")]


def _cell(page: "EditPlan", kind: str, number: int, name: str) -> Markup:
    path = f"{kind}.{number}.{name}"
    value = page.sheet.rows[kind][number - 1].get(name, "")
    same: dict[str, Any] = {
        "id": f"f-{path}",
        "name": path,
        "aria_label": f"Line {number}, {HEADS[kind][name].lower()}",
        "aria_invalid": "true" if path in page.errors else None,
    }
    if name in _CHOICES:
        known = [option(words, value=code, selected=code == value) for code, words in _CHOICES[name].items()]
        return td(select(known, **same))
    newest = page.fresh == kind and number == len(page.sheet.rows[kind]) and name == "words"
    control = input_(
        type="date" if name in ("by", "measured_on") else "text",
        value=value,
        placeholder=_HINTS.get(name) if (number == 1 and kind == "goals") or name != "words" else None,
        autocomplete="off",
        data_enter=f"add_{kind}" if name == list(ROWS[kind])[-1] else None,
        data_focus_now=f"{kind}-{page.added}" if newest else None,
        **same,
    )
    return td(control)


def tool(words: str, do: str, number: int, title: str, **arguments: str) -> Markup:
    extra = {f"data_{key}": value for key, value in arguments.items()}
    return button(
        words,
        type="button",
        cls="button quiet tiny",
        data_do=do,
        data_number=str(number),
        aria_label=title,
        **extra,
    )


def error(page: "EditPlan", name: str) -> Child:
    return small(page.errors[name], cls="error") if name in page.errors else None
