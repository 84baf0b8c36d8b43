"""A table's grid: columns that were chosen, rows with what they ask and answer; its faults and differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.rules.catalogue import Hit, TableKind
from domain.rules.cells import as_test
from domain.rules.columns import CellFault, Column, read_answer, write_answer

MOST_ROWS = 500
LONGEST_NOTE = 200
WHEN, THEN = "when", "then"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `id` stays with it through versions; cells are kept as typed, those without text are left out."""

    id: str
    when: Mapping[str, str] = field(default_factory=dict)
    then: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as edited: `inputs` and `outputs` are keys of its kind, in the order shown."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    hit: Hit = Hit.FIRST


@dataclass(frozen=True, slots=True)
class GridFault:
    """What is wrong with a cell. `row` is its id, empty for the table; `side` is when, then or empty."""

    row: str
    side: str
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that differs between two versions: added, removed, moved or changed, with its cells before and after."""

    what: str
    row: str
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)


def first_grid(kind: TableKind) -> Grid:
    """A grid to begin with: the first facts, every answer, and the rows that hold without a version of one's own."""
    rows = tuple(
        Row(
            f"s{number}",
            {},
            {key: write_answer(column_of(kind.outputs, key), one) for key, one in row.items()},
        )
        for number, row in enumerate(kind.standard, 1)
    )
    return Grid(
        tuple(one.key for one in kind.inputs[:3]), tuple(one.key for one in kind.outputs), rows, kind.hit
    )


def as_json(grid: Grid) -> dict[str, Any]:
    """The grid as it is stored and exported."""
    return {
        "hit": str(grid.hit),
        "inputs": list(grid.inputs),
        "outputs": list(grid.outputs),
        "rows": [
            {"id": row.id, WHEN: dict(row.when), THEN: dict(row.then), "note": row.note} for row in grid.rows
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Grid:
    """The grid from what was stored. Raises CellFault when it is not one."""
    try:
        rows = tuple(
            Row(str(one["id"]), _filled(one.get(WHEN)), _filled(one.get(THEN)), str(one.get("note") or ""))
            for one in stored["rows"]
        )
        return Grid(
            tuple(str(one) for one in stored["inputs"]),
            tuple(str(one) for one in stored["outputs"]),
            rows,
            Hit(stored["hit"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CellFault("This is not a decision table.") from error


def faults(kind: TableKind, grid: Grid) -> tuple[GridFault, ...]:
    """Everything that the domain finds wrong. Whether the engine can read a test is asked of the engine."""
    found = (
        *_shape_faults(kind, grid),
        *(fault for row in grid.rows for fault in _row_faults(kind, grid, row)),
    )
    return found or tuple(_faults_together(kind, grid))


def tests_of(kind: TableKind, grid: Grid, row: Row) -> dict[str, str]:
    """The engine's tests of a row by column, in the order of columns; empty cells are left out. Raises CellFault."""
    written = {key: as_test(column_of(kind.inputs, key), row.when.get(key, "")) for key in grid.inputs}
    return {key: test for key, test in written.items() if test}


def answers_of(kind: TableKind, grid: Grid, row: Row) -> dict[str, Any]:
    """What a row answers, typed; empty answers are left out. Raises CellFault."""
    read = {key: read_answer(column_of(kind.outputs, key), row.then.get(key, "")) for key in grid.outputs}
    return {key: value for key, value in read.items() if value is not None}


def column_of(columns: Iterable[Column], key: str) -> Column:
    """The column under a key. Raises CellFault when the catalogue has none."""
    for column in columns:
        if column.key == key:
            return column
    raise CellFault(f"There is no column {key} for this table.")


def differences(before: Grid, after: Grid) -> tuple[Difference, ...]:
    """What became of each row, in the order of the newer grid; removed ones come last."""
    old = {row.id: row for row in before.rows}
    new = {row.id for row in after.rows}
    kept_before = [row.id for row in before.rows if row.id in new]
    kept_after = [row.id for row in after.rows if row.id in old]
    moved = {one for one, other in zip(kept_after, kept_before, strict=True) if one != other}
    found = []
    for row in after.rows:
        if row.id not in old:
            found.append(Difference("added", row.id, after=_cells(row)))
        elif _cells(old[row.id]) != _cells(row):
            found.append(Difference("changed", row.id, _cells(old[row.id]), _cells(row)))
        elif row.id in moved:
            found.append(Difference("moved", row.id, _cells(row), _cells(row)))
    gone = [Difference("removed", row.id, _cells(row)) for row in before.rows if row.id not in new]
    return (*found, *gone)


def _cells(row: Row) -> dict[str, str]:
    cells = {f"{WHEN}.{key}": text for key, text in row.when.items()}
    cells |= {f"{THEN}.{key}": text for key, text in row.then.items()}
    return cells | ({"note": row.note} if row.note else {})


def _filled(cells: Any) -> dict[str, str]:
    return {str(key): str(text).strip() for key, text in (cells or {}).items() if str(text).strip()}


def _shape_faults(kind: TableKind, grid: Grid) -> Iterable[GridFault]:
    if len(grid.rows) > MOST_ROWS:
        yield GridFault("", "", "", f"A table holds at most {MOST_ROWS} rows.")
    if not grid.outputs:
        yield GridFault("", "", "", "Choose at least one answer.")
    if len({row.id for row in grid.rows}) < len(grid.rows):
        yield GridFault("", "", "", "Two rows have the same id.")
    for side, keys, columns in ((WHEN, grid.inputs, kind.inputs), (THEN, grid.outputs, kind.outputs)):
        known = {column.key for column in columns}
        for key in keys:
            if key not in known or keys.count(key) > 1:
                yield GridFault("", side, key, f"The column {key} is not there, or is there twice.")
    for column in kind.outputs:
        if column.required and column.key not in grid.outputs:
            yield GridFault("", THEN, column.key, f"The answer {column.label} is needed.")


def _row_faults(kind: TableKind, grid: Grid, row: Row) -> Iterable[GridFault]:
    for key in grid.inputs:
        column = kind.input(key)
        if column and (message := _message(as_test, column, row.when.get(key, ""))):
            yield GridFault(row.id, WHEN, key, message)
    for key in grid.outputs:
        column = kind.output(key)
        if column and (message := _message(read_answer, column, row.then.get(key, ""))):
            yield GridFault(row.id, THEN, key, message)
    if len(row.note) > LONGEST_NOTE or "\0" in row.note:
        yield GridFault(row.id, "", "note", f"Write at most {LONGEST_NOTE} characters.")
    if not any(row.then.get(key) for key in grid.outputs):
        yield GridFault(row.id, THEN, "", "This row answers nothing.")


def _faults_together(kind: TableKind, grid: Grid) -> Iterable[GridFault]:
    """What is wrong with rows that are each well written."""
    if kind.check:
        for fault in kind.check([answers_of(kind, grid, row) for row in grid.rows]):
            yield GridFault(grid.rows[fault.row].id, THEN, fault.column, fault.message)


def _message(read: Any, column: Column, typed: str) -> str:
    try:
        read(column, typed)
    except CellFault as fault:
        return str(fault)
    return ""
