"""What people type into a cell becomes the engine's test, or a sentence that says what to write instead."""

import pytest

from database.decision_engine import Broken, cell_fault, compiled, grid_faults
from domain.rules.catalogue import PLAYBOOKS, SCRUBBING, TABLES, Hit
from domain.rules.cells import as_test
from domain.rules.columns import CellFault, Column, Type, fact_of, read_answer, write_answer
from domain.rules.grid import Grid, Row, as_json, differences, faults, from_json

TEXT = Column("t", "Text")
CHOICE = Column("c", "Choice", Type.CHOICE, ("hold", "warn"))
LIST = Column("l", "List", Type.LIST)
NUMBER = Column("n", "Number", Type.NUMBER)
CENTS = Column("m", "Money", Type.CENTS)
DATE = Column("d", "Day", Type.DATE)
FLAG = Column("f", "Flag", Type.BOOLEAN)


def met(column: Column, cell: str, value: object) -> bool:
    """Whether a fact meets a cell of a table with this one column."""
    kind = type(SCRUBBING)("x", "X", "", "", (column,), (Column("out", "Out"),))
    grid = Grid((column.key,), ("out",), (Row("r", {column.key: cell}, {"out": "yes"}),))
    return compiled(kind, grid).decide({column.key: value}).rows == (1,)


@pytest.mark.parametrize(
    ("column", "cell", "yes", "no"),
    [
        (TEXT, "60054", "60054", "60055"),
        (TEXT, "60054, 87726", "87726", "1"),
        (TEXT, "not 60054, 87726", "1", "60054"),
        (TEXT, '"60054"', "60054", "1"),
        (TEXT, 'startsWith($, "600")', "60054", "1"),
        (TEXT, 'in ["A", "B"]', "A", "C"),
        (TEXT, "null", None, "A"),
        (TEXT, "not null", "A", None),
        (CHOICE, "hold", "hold", "warn"),
        (LIST, "99214", ["99213", "99214"], ["99213"]),
        (LIST, "not 25, 59", ["26"], ["59"]),
        (LIST, "len($) > 1", ["a", "b"], ["a"]),
        (LIST, 'contains($, "25")', ["25"], []),
        (NUMBER, "> 5", 6, 5),
        (NUMBER, "10..20", 20, 21),
        (NUMBER, "[10..20)", 19.5, 20),
        (NUMBER, "1, 2", 2, 3),
        (CENTS, "> $1,250.00", 125_001, 125_000),
        (CENTS, "[$10..$20]", 1_500, 2_500),
        (CENTS, "< 100", 99, 100),
        (DATE, ">= 2026-02-01", "2026-02-01", "2026-01-31"),
        (DATE, "2026-01-01..2026-01-31", "2026-01-31", "2026-02-01"),
        (DATE, "2026-01-15", "2026-01-15", "2026-01-16"),
        (DATE, '< d("2026-01-15")', "2026-01-14", "2026-01-15"),
        (FLAG, "yes", True, False),
        (FLAG, "no", False, True),
    ],
)
def test_a_cell_is_met_by_what_it_says_and_by_nothing_else(
    column: Column, cell: str, yes: object, no: object
) -> None:
    assert met(column, cell, yes)
    assert not met(column, cell, no)


@pytest.mark.parametrize("column", [TEXT, CHOICE, LIST, NUMBER, CENTS, DATE, FLAG])
def test_an_empty_cell_asks_nothing_and_an_unknown_fact_meets_only_that(column: Column) -> None:
    assert as_test(column, " ") == as_test(column, "-") == ""
    assert met(column, "", None)


@pytest.mark.parametrize(
    ("column", "cell"), [(NUMBER, "> 5"), (TEXT, "not A"), (LIST, "A"), (DATE, "> 2026-01-01")]
)
def test_what_is_unknown_is_neither_met_nor_a_fault(column: Column, cell: str) -> None:
    assert not met(column, cell, None)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (TEXT, "> 60054"),
        (TEXT, "in [60054]"),
        (TEXT, "A,,B"),
        (CHOICE, "maybe"),
        (CHOICE, '"maybe"'),
        (NUMBER, '"5"'),
        (NUMBER, "five"),
        (NUMBER, "price > 5"),
        (DATE, "2026-02-30"),
        (DATE, '> d("nonsense")'),
        (DATE, "> 5"),
        (FLAG, "perhaps"),
        (TEXT, "A" * 401),
        (TEXT, "a\nb"),
    ],
)
def test_a_cell_that_would_silently_never_be_met_is_refused(column: Column, cell: str) -> None:
    with pytest.raises(CellFault):
        as_test(column, cell)


@pytest.mark.parametrize(
    ("column", "cell"), [(NUMBER, "> > 3"), (NUMBER, "[1..5"), (TEXT, 'matches($, "(")')]
)
def test_what_the_engine_cannot_read_is_told(column: Column, cell: str) -> None:
    assert cell_fault(column, as_test(column, cell))


def test_answers_are_typed_and_written_back_as_people_type_them() -> None:
    column = Column("m", "Money", Type.CENTS)
    assert read_answer(column, "$12.50") == 1250
    assert read_answer(FLAG, "Yes") is True and write_answer(FLAG, True) == "yes"
    assert read_answer(LIST, "a, b") == ["a", "b"] and write_answer(LIST, ["a", "b"]) == "a, b"
    assert read_answer(NUMBER, "2.5") == 2.5 and read_answer(NUMBER, "3.0") == 3
    with pytest.raises(CellFault, match="between 1 and 5"):
        read_answer(Column("p", "Priority", Type.NUMBER, low=1, high=5), "6")
    with pytest.raises(CellFault, match="must be filled in"):
        read_answer(Column("p", "Priority", required=True), " ")


def test_a_fact_of_another_type_is_no_fact() -> None:
    assert fact_of(DATE, "2026-01-31") == "2026-01-31"
    for column, value in (
        (NUMBER, "x"),
        (NUMBER, True),
        (CENTS, 1.5),
        (FLAG, 1),
        (LIST, "a"),
        (TEXT, 5),
        (DATE, "x"),
    ):
        with pytest.raises(CellFault):
            fact_of(column, value)


def test_every_table_of_the_catalogue_has_columns_with_keys_of_their_own() -> None:
    for kind in TABLES.values():
        for columns in (kind.inputs, kind.outputs):
            assert len({column.key for column in columns}) == len(columns)


def test_a_grid_comes_back_from_json_as_it_went() -> None:
    grid = Grid(("payer_id",), ("id",), (Row("a", {"payer_id": "1"}, {"id": "X"}, "why"),), Hit.COLLECT)
    assert from_json(as_json(grid)) == grid
    for odd in (
        {},
        {"rows": 5, "inputs": [], "outputs": [], "hit": "first"},
        {"rows": [], "inputs": [], "outputs": [], "hit": "x"},
    ):
        with pytest.raises(CellFault):
            from_json(odd)


def test_faults_of_a_grid_name_row_column_and_what_to_write() -> None:
    rows = (
        Row("a", {"payer_id": "> 5"}, {"id": "X", "severity": "hold"}),
        Row("b", {"charge_cents": "> > 1"}, {"id": "X", "severity": "hold", "message": "m"}),
        Row("c"),
    )
    grid = Grid(("payer_id", "charge_cents", "nothing"), ("id", "severity", "message"), rows, Hit.COLLECT)
    found = {(one.row, one.column) for one in grid_faults(SCRUBBING, grid)}
    assert {("a", "payer_id"), ("a", "message"), ("b", "charge_cents"), ("c", ""), ("", "nothing")} <= found
    assert {one.column for one in faults(SCRUBBING, Grid((), ("id",)))} == {"severity", "message"}


def test_differences_say_which_rows_were_added_changed_moved_and_removed() -> None:
    a, b, c = (Row(name, {"denial_class": "coding"}, {"priority": "2"}) for name in "abc")
    before = Grid(("denial_class",), ("priority",), (a, b, c))
    after = Grid(("denial_class",), ("priority",), (Row("n"), b, Row("a", {}, {"priority": "1"})))
    assert [(one.what, one.row) for one in differences(before, after)] == [
        ("added", "n"), ("moved", "b"), ("changed", "a"), ("removed", "c")
    ]  # fmt: skip


def test_a_fact_that_was_not_told_breaks_the_table_and_names_it() -> None:
    grid = Grid(("denial_class",), ("priority",), (Row("a", {}, {"priority": "1"}),))
    with pytest.raises(Broken) as broken:
        compiled(PLAYBOOKS, grid).decide({})
    assert (broken.value.code, broken.value.place) == ("fact_missing", "denial_class")


def test_the_first_row_decides_or_all_of_them_are_collected() -> None:
    rows = (
        Row("a", {"amount_cents": "> $900"}, {"priority": "1"}),
        *(Row(x, {}, {"priority": x}) for x in "23"),
    )
    facts = {"amount_cents": 5_000}
    first = compiled(PLAYBOOKS, Grid(("amount_cents",), ("priority",), rows)).decide(facts)
    every = compiled(PLAYBOOKS, Grid(("amount_cents",), ("priority",), rows, Hit.COLLECT)).decide(facts)
    assert first.rows == (2,) and first.values == ({"priority": 2},)
    assert every.rows == (2, 3)
