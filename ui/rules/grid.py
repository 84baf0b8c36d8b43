"""The grid of a table with its tests beside: what is wrong stands at its cell, the rows that decide a test are marked."""

from collections.abc import Iterable, Mapping

from domain.rules.catalogue import Hit
from services.rules.table_views import CaseResult, ColumnView, GridFacts, TableView
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.markup import (
    Child,
    Markup,
    button,
    div,
    input_,
    label,
    li,
    option,
    p,
    select,
    small,
    span,
    strong,
    ul,
)
from ui.rules.decisions import said
from ui.rules.model import RULES, TESTS, rules_sheet, tests_sheet
from ui.rules.sheet import Head, Look, heads_of, legend_of, sheet_markup, tools

_KEYS = "Type or Enter to edit, Tab and arrows to move, Ctrl C and V also with a spreadsheet, Ctrl Enter adds a row, Alt ↑ ↓ moves it, Ctrl Z undoes."
_HITS = (("first", "The first row that is met decides"), ("collect", "Every row that is met counts"))


def grid_markup(shown: TableView, test: int | None, *, writable: bool) -> Markup:
    """Rows and tests as sheets; results, faults and columns at the right. A table that is read whole has its rows alone."""
    if not shown.inputs:
        return div(_rules(shown, test, writable), _problems(shown), cls="stack")
    left = div(_rules(shown, test, writable), _tests(shown, writable), cls="stack")
    right = div(_results(shown, test), _problems(shown), _columns(shown, writable), cls="stack")
    return div(left, right, cls="columns")


def _rules(shown: TableView, test: int | None, writable: bool) -> Markup:
    grid = shown.draft.grid
    heads = [
        *heads_of(shown.inputs, grid.inputs, "when", "When"),
        *heads_of(shown.outputs, grid.outputs, "then", "Then" if shown.inputs else ""),
        Head("note", "Note", "", "why"),
    ]
    problems = {
        (one.row, f"{one.side}.{one.column}" if one.side else one.column): one.message
        for one in shown.draft.problems
    }
    look = Look(problems, _deciding(shown, test))
    sheet = sheet_markup(RULES, "Rows", rules_sheet(grid), heads, look, writable=writable)
    hint = None if grid.rows else p("No rows yet: ", shown.otherwise, cls="muted sheet-empty")
    return card("Rows", hint, sheet, writable and legend_of(_KEYS), action=tools(RULES) if writable else None, look="sheet-card")  # fmt: skip


def _tests(shown: TableView, writable: bool) -> Markup:
    sheet = tests_sheet(shown, shown.draft.tests)
    facts = [column.removeprefix("facts.") for column in sheet.columns if column.startswith("facts.")]
    heads = [
        Head("name", "Test", ""),
        *heads_of(shown.inputs, facts, "facts", "Facts"),
        *heads_of(shown.outputs, shown.draft.grid.outputs, "expected", "Expected"),
    ]
    ends: dict[str, Child] = {f"t{number}": _verdict(one) for number, one in enumerate(shown.draft.results)}
    look = Look(ends=ends, end_words="Result")
    hint = p("A test is facts and the answer expected of them; with nothing expected the default is to hold.", cls="faint sheet-empty")  # fmt: skip
    return card("Tests", hint, sheet_markup(TESTS, "Tests", sheet, heads, look, writable=writable), action=tools(TESTS) if writable else None, look="sheet-card")  # fmt: skip


def _deciding(shown: TableView, test: int | None) -> frozenset[str]:
    results, rows = shown.draft.results, shown.draft.grid.rows
    if test is None or test >= len(results):
        return frozenset()
    return frozenset(rows[number - 1].id for number in results[test].rows if number <= len(rows))


def _verdict(one: CaseResult) -> Markup:
    return chip("passes", "ok") if one.passed else chip("fails", "bad")


def _results(shown: TableView, test: int | None) -> Markup:
    results = shown.draft.results
    if not results:
        return card("Results", p("No tests yet. They are stored with the table and must pass before it is published.", cls="faint"))  # fmt: skip
    passed = sum(one.passed for one in results)
    title = f"{passed} of {len(results)} tests pass"
    answers = {one.key: one.label for one in shown.outputs}
    lines = [li(_result(number, one, answers, number == test)) for number, one in enumerate(results)]
    return card(title, ul(lines, cls="plain results"))


def _result(number: int, one: CaseResult, answers: Mapping[str, str], chosen: bool) -> Markup:
    rows = ", ".join(map(str, one.rows))
    decides = f"row {rows}" if one.rows else "no row: the default holds"
    answered = said(one.answered, answers)
    return button(
        span(_verdict(one), " ", strong(one.name)),
        small(one.message or f"{decides}{f' → {answered}' if answered else ''}"),
        type="button",
        cls="result",
        data_do="show_test",
        data_number=number,
        aria_pressed="true" if chosen else "false",
        title="Mark the rows that decide",
    )


def _problems(shown: TableView) -> Child:
    problems = shown.draft.problems
    if not problems:
        return None
    numbers = {row.id: number for number, row in enumerate(shown.draft.grid.rows, 1)}
    names = {column.key: column.label for column in (*shown.inputs, *shown.outputs)}
    lines = [
        li(
            strong(
                ", ".join(part for part in (_row_of(one.row, numbers), names.get(one.column, "")) if part),
                ": " if one.row else "",
            ),
            one.message,
        )
        for one in problems[:20]
    ]
    further = len(problems) > 20 and p(f"and {len(problems) - 20} more", cls="faint")
    words = "One cell needs" if len(problems) == 1 else f"{len(problems)} cells need"
    return card(f"{words} another look", ul(lines, cls="plain"), further, look="bad")


def _row_of(row: str, numbers: Mapping[str, int]) -> str:
    return f"Row {numbers[row]}" if row in numbers else ""


def _columns(shown: TableView, writable: bool) -> Child:
    grid = shown.draft.grid
    if not writable:
        return None
    hits = select(
        [option(words, value=key, selected=key == str(Hit(grid.hit))) for key, words in _HITS],
        name="hit",
        data_change="hit",
        aria_label="Which rows decide",
    )
    return card(
        "Columns",
        div(hits, cls="field wide"),
        _boxes("Facts that can be asked", "when", shown.inputs, grid),
        _boxes("Answers", "then", shown.outputs, grid),
    )


def _boxes(title: str, side: str, columns: Iterable[ColumnView], grid: GridFacts) -> Markup:
    chosen = grid.inputs if side == "when" else grid.outputs
    boxes = [
        label(
            input_(
                type="checkbox",
                name=f"{side}.{one.key}",
                checked=one.key in chosen,
                disabled=one.required,
                data_change="column",
                data_column=f"{side}.{one.key}",
            ),
            span(one.label, small(one.hint or one.type)),
            cls="check",
        )
        for one in columns
    ]
    return div(small(title, cls="faint"), div(boxes, cls="checks"), cls="column-boxes")
