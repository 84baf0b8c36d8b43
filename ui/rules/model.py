"""A table's draft as two sheets, one of rows and one of tests, and back."""

from collections.abc import Sequence

from domain.rules.sheets import Sheet, SheetRow
from services.rules.table_views import CaseFacts, GridFacts, GridRow, TableView

RULES, TESTS = "rules", "tests"


def rules_sheet(grid: GridFacts) -> Sheet:
    """The rows as cells: what they ask, what they answer, and why."""
    columns = (*(f"when.{key}" for key in grid.inputs), *(f"then.{key}" for key in grid.outputs), "note")
    return Sheet(columns, tuple(SheetRow(row.id, _cells(row)) for row in grid.rows))


def grid_of(sheet: Sheet, grid: GridFacts) -> GridFacts:
    """The grid with the sheet's rows. Cells of columns that are not shown now are kept for when they are again."""
    hidden = {row.id: row for row in grid.rows}
    rows = []
    for row in sheet.rows:
        old = hidden.get(row.id, GridRow(row.id))
        when = {key: text for key, text in old.when.items() if key not in grid.inputs}
        then = {key: text for key, text in old.then.items() if key not in grid.outputs}
        rows.append(
            GridRow(
                row.id,
                when | _side(row, "when"),
                then | _side(row, "then"),
                row.cells.get("note", ""),
            )
        )
    return GridFacts(grid.inputs, grid.outputs, rows, grid.hit)


def tests_sheet(table: TableView, tests: Sequence[CaseFacts]) -> Sheet:
    """The tests as cells: a name, the facts that the grid asks or a test tells, and the answers expected."""
    grid = table.draft.grid
    told = {key for one in tests for key in one.facts} | set(grid.inputs)
    facts = [column.key for column in table.inputs if column.key in told]
    columns = ("name", *(f"facts.{key}" for key in facts), *(f"expected.{key}" for key in grid.outputs))
    rows = [
        SheetRow(
            f"t{number}",
            {"name": one.name}
            | {f"facts.{key}": text for key, text in one.facts.items()}
            | {f"expected.{key}": text for key, text in (one.expected or [{}])[0].items()},
        )
        for number, one in enumerate(tests)
    ]
    return Sheet(columns, tuple(rows))


def cases_of(sheet: Sheet, tests: Sequence[CaseFacts]) -> list[CaseFacts]:
    """The tests of a sheet. Nothing expected means the default; further rows expected of a test stay with it."""
    before = {f"t{number}": one for number, one in enumerate(tests)}
    found: list[CaseFacts] = []
    for row in sheet.rows:
        expected = _side(row, "expected")
        old = before.get(row.id)
        further = old.expected[1:] if old else []
        name = row.cells.get("name", "") or f"Test {len(found) + 1}"
        found.append(CaseFacts(name, _side(row, "facts"), [expected, *further] if expected else []))
    return found


def _cells(row: GridRow) -> dict[str, str]:
    cells = {f"when.{key}": text for key, text in row.when.items()}
    cells |= {f"then.{key}": text for key, text in row.then.items()}
    return cells | ({"note": row.note} if row.note else {})


def _side(row: SheetRow, side: str) -> dict[str, str]:
    prefix = f"{side}."
    return {
        key.removeprefix(prefix): text for key, text in row.cells.items() if key.startswith(prefix) and text
    }
