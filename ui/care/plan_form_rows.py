"""Goals and interventions in the form of a care plan: typed, or pasted from a spreadsheet, each fault at its field."""

from typing import TYPE_CHECKING, Any

from domain.care.plan import AIMS, ELEMENTS, GOAL_ENDS
from ui.care.plan_typed import ROWS
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.markup import Child, Markup, button, div, input_, label, option, select, small, span

if TYPE_CHECKING:
    from ui.care.plan_edit import EditPlan

HEADS = {
    "goals": {
        "words": "Goal, in the patient's words", "measure": "Measured by", "unit": "Unit", "aim": "Aim",
        "start": "From", "target": "Target", "by": "By", "latest": "Now", "measured_on": "Measured on", "end": "State",
    },
    "interventions": {"words": "What is done", "often": "How often", "responsible": "Who is responsible"},
}  # fmt: skip
# Of the 24 columns that a line has.
_SPANS = {
    "goals": {
        "words": 10, "measure": 7, "unit": 3, "aim": 4, "start": 3, "target": 4, "by": 5, "latest": 3,
        "measured_on": 5, "end": 4,
    },
    "interventions": {"words": 12, "often": 5, "responsible": 7},
}  # fmt: skip
_HINTS = {
    "measure": "HbA1c",
    "unit": "%",
    "start": "9.1",
    "target": "7.0",
    "latest": "8.2",
    "often": "weekly",
}
_CHOICES = {"aim": AIMS, "end": GOAL_ENDS}
_DAYS = ("by", "measured_on")


def rows_of(page: "EditPlan", kind: str, add: str) -> Markup:
    """The card of one kind of rows."""
    lines = [_line(page, kind, number) for number in range(1, len(page.sheet.rows[kind]) + 1)]
    foot = div(
        action(add, f"add_{kind}", key="g" if kind == "goals" else "i", look="tiny"),
        span("Rows of a spreadsheet can be pasted into any line.", cls="faint"),
        cls="row",
        style="margin-top:8px",
    )
    return card(ELEMENTS[kind], lines, foot, error(page, kind))


def _line(page: "EditPlan", kind: str, number: int) -> Markup:
    fields = [_field(page, kind, number, name) for name in HEADS[kind]]
    return div(
        span(str(number), cls="number"),
        div(fields, cls="plan-fields"),
        tool("×", "remove_row", number, f"Remove line {number}", kind=kind),
        cls="plan-line",
        data_key_of=f"{kind}-{page.added}-{number}",
        data_paste=f"paste_{kind}",
        data_number=str(number),
    )


def _field(page: "EditPlan", kind: str, number: int, name: str) -> Markup:
    path = f"{kind}.{number}.{name}"
    wrong = path in page.errors
    return div(
        label(HEADS[kind][name], for_=f"f-{path}"),
        _control(page, kind, number, name, path),
        wrong and small(page.errors[path], id=f"e-{path}", cls="error"),
        cls="field wrong" if wrong else "field",
        style=f"grid-column: span {_SPANS[kind][name]}",
    )


def _control(page: "EditPlan", kind: str, number: int, name: str, path: str) -> Markup:
    value = page.sheet.rows[kind][number - 1].get(name, "")
    wrong = path in page.errors
    same: dict[str, Any] = {
        "id": f"f-{path}",
        "name": path,
        "aria_invalid": "true" if wrong else None,
        "aria_describedby": f"e-{path}" if wrong else None,
    }
    if name in _CHOICES:
        known = [option(words, value=code, selected=code == value) for code, words in _CHOICES[name].items()]
        return select(known, **same)
    newest = page.fresh == kind and number == len(page.sheet.rows[kind]) and name == "words"
    return input_(
        type="date" if name in _DAYS else "text",
        value=value,
        placeholder=_HINTS.get(name),
        autocomplete="off",
        data_enter=f"add_{kind}" if name == ROWS[kind][-1] else None,
        data_focus_now=f"{kind}-{page.added}" if newest else None,
        **same,
    )


def tool(words: str, do: str, number: int, title: str, **arguments: str) -> Markup:
    """A small button that acts on one line."""
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
    """What is wrong with a part of the form as a whole."""
    return small(page.errors[name], cls="error") if name in page.errors else None
