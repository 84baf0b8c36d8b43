"""A sheet as markup: cells that are edited in place (see assets/sheet.js), each with its type and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.rules.sheets import Sheet
from services.rules.table_views import ColumnView
from ui.parts.markup import Child, Markup, button, div, p, small, span, table, tbody, td, th, thead, tr

Problems = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Head:
    """A column as headed: its words, the group that it stands in, its type, and what may be typed."""

    key: str
    words: str
    group: str
    type: str = ""
    options: Sequence[str] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are shown: problems by row and column, rows that decide the chosen test, and a last cell of each."""

    problems: Problems = field(default_factory=dict)
    deciding: frozenset[str] = frozenset()
    ends: Mapping[str, Child] = field(default_factory=dict)
    end_words: str = ""


def sheet_markup(
    name: str, label: str, sheet: Sheet, heads: Sequence[Head], look: Look, *, writable: bool
) -> Markup:
    """A sheet that takes the keys of a spreadsheet while it has the focus."""
    first = sheet.columns[0] if sheet.columns else ""
    return div(
        div(
            table(
                thead(_groups(heads, bool(look.end_words)), tr(th("#", cls="n"), [_head(one) for one in heads], _end_head(look))),
                tbody([_row(name, number, row.id, row.cells, heads, look) for number, row in enumerate(sheet.rows, 1)]),
            ),
            button("", type="button", hidden=True, data_do="edit", data_sheet_name=name, data_sheet_send=True, tabindex="-1"),
            cls="sheet",
            tabindex="0",
            role="grid",
            aria_label=label,
            data_sheet=name,
            data_first=first,
            data_readonly=not writable,
            data_key_of=f"sheet-{name}",
        ),
        p("", cls="sheet-says", data_sheet_says=name, role="status"),
    )  # fmt: skip


def tools(name: str) -> Markup:
    """The buttons of a sheet's rows; each has its keys in the sheet."""
    acts = (
        ("insert", "Add row", "Ctrl Enter"),
        ("up", "Up", "Alt ↑"),
        ("down", "Down", "Alt ↓"),
        ("delete", "Delete row", "Ctrl Backspace"),
    )
    return div(
        [
            button(
                words, type="button", cls="button quiet", title=keys, data_sheet_do=act, data_sheet_for=name
            )
            for act, words, keys in acts
        ],
        cls="sheet-tools",
    )


def heads_of(columns: Sequence[ColumnView], keys: Sequence[str], side: str, group: str) -> list[Head]:
    """The heads of these columns of a table."""
    known = {column.key: column for column in columns}
    return [
        Head(f"{side}.{key}", known[key].label, group, known[key].type, known[key].options, known[key].hint)
        if key in known
        else Head(f"{side}.{key}", key, group)
        for key in keys
    ]


def _groups(heads: Sequence[Head], end: bool) -> Markup:
    spans: list[list[Head]] = []
    for one in heads:
        if spans and spans[-1][0].group == one.group:
            spans[-1].append(one)
        else:
            spans.append([one])
    cells = [th(part[0].group, colspan=str(len(part)), cls="group") for part in spans]
    return tr(th("", cls="n"), cells, th("", cls="group") if end else None, cls="groups")


def _head(one: Head) -> Markup:
    title = ", ".join(one.options) if one.options else one.hint
    return th(one.words, small(one.type), scope="col", title=title or None)


def _end_head(look: Look) -> Child:
    return th(look.end_words, scope="col") if look.end_words else None


def _row(
    name: str, number: int, row: str, cells: Mapping[str, str], heads: Sequence[Head], look: Look
) -> Markup:
    shown = [
        _cell(name, row, one, cells.get(one.key, ""), look.problems.get((row, one.key), "")) for one in heads
    ]
    return tr(
        th(str(number), scope="row", cls="n"),
        shown,
        td(look.ends.get(row, ""), cls="end") if look.end_words else None,
        data_row=row,
        data_key_of=f"{name}-{row}",
        cls="decides" if row in look.deciding else None,
    )


def _cell(name: str, row: str, one: Head, text: str, problem: str) -> Markup:
    look = " ".join(
        part
        for part in ("when" if one.key.startswith(("when.", "facts.")) else "", "wrong" if problem else "")
        if part
    )
    return td(
        text,
        id=f"{name}-{row}-{one.key}",
        cls=look or None,
        role="gridcell",
        data_col=one.key,
        data_options="|".join(one.options) or None,
        data_problem=problem or None,
        aria_invalid="true" if problem else None,
        title=problem or (text if len(text) > 24 else None),
    )  # fmt: skip


def legend_of(text: str) -> Markup:
    """A line of what the keys do."""
    return p(span(text), cls="faint sheet-legend")
