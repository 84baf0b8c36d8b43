"""The rule engine: a grid compiled once and asked many times. It is strict where the engine's own tables are not.

The engine's table node takes a cell that it cannot read, or that compares a text with a number, for one that is not met:
a broken rule would be silent. So each cell is compiled by itself, and what goes wrong is a Broken with its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import zen

from domain.rules.catalogue import Hit, TableKind
from domain.rules.cells import names_null
from domain.rules.columns import CellFault, Column, Type, fact_of
from domain.rules.grid import Grid, GridFault, Row, answers_of, column_of, faults, tests_of

# What each type looks like, to try a test on: one that fails on these would fail on a claim.
_SAMPLES: Mapping[Type, tuple[Any, ...]] = {
    Type.TEXT: ("A1", ""),
    Type.NUMBER: (3, 2.5),
    Type.CENTS: (12_500, 0),
    Type.DATE: ("2026-01-31",),
    Type.BOOLEAN: (True, False),
    Type.CHOICE: ("A1",),
    Type.LIST: (["A1", "B2"], []),
}


class Broken(Exception):
    """A table that cannot decide. `place` is a row and a column; neither it nor the message carries a value."""

    def __init__(self, code: str, place: str, message: str) -> None:
        super().__init__(f"{code} at {place or 'the table'}")
        self.code = code
        self.place = place
        self.message = message


@dataclass(frozen=True, slots=True)
class Met:
    """The rows that were met, counted from 1, and what each answers."""

    rows: tuple[int, ...]
    values: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Test:
    column: str
    compiled: Any
    meets_unknown: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    tests: tuple[_Test, ...]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A grid that can be asked. Made by `compiled`; holds nothing of a tenant but its rules."""

    hit: Hit
    inputs: tuple[Column, ...]
    rules: tuple[_Rule, ...]

    def decide(self, facts: Mapping[str, Any]) -> Met:
        """The rows met by these facts. Raises Broken when a fact is missing or of another type, or a test fails."""
        known = self._known(facts)
        rows: list[int] = []
        values: list[Mapping[str, Any]] = []
        for number, rule in enumerate(self.rules, 1):
            if all(_met(rule, number, test, known[test.column]) for test in rule.tests):
                rows.append(number)
                values.append(rule.answers)
                if self.hit is Hit.FIRST:
                    break
        return Met(tuple(rows), tuple(values))

    def _known(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        known = {}
        for column in self.inputs:
            if column.key not in facts:
                raise Broken("fact_missing", column.key, f"The fact {column.label} was not told.")
            try:
                known[column.key] = fact_of(column, facts[column.key])
            except CellFault as fault:
                raise Broken("fact_type", column.key, str(fault)) from None
        return known


def compiled(kind: TableKind, grid: Grid) -> Compiled:
    """The grid made ready. Raises Broken at the first cell that cannot be used, and where its rows do not go together."""
    try:
        inputs = tuple(column_of(kind.inputs, key) for key in grid.inputs)
    except CellFault as fault:
        raise Broken("column", "", str(fault)) from None
    rules = tuple(_rule(kind, grid, number, row) for number, row in enumerate(grid.rows, 1))
    for wrong in kind.check([rule.answers for rule in rules]) if kind.check else ():
        raise Broken("table", f"row {wrong.row + 1}, {wrong.column}", wrong.message)
    return Compiled(grid.hit, inputs, rules)


def cell_fault(column: Column, test: str) -> str:
    """What the engine finds wrong with a test, tried on values of the column's type; empty when nothing."""
    try:
        ready = zen.compile_unary_expression(test)
    except Exception as error:  # noqa: BLE001 - the engine's own errors have no class of their own
        return _plain(error)
    for sample in column.options[:1] or _SAMPLES[column.type]:
        value = [sample] if column.type is Type.LIST and isinstance(sample, str) else sample
        try:
            ready.evaluate({"$": value})
        except Exception as error:  # noqa: BLE001 - the same
            return f"This cannot be asked of a {column.type.value}: {_plain(error)}"
    return ""


def grid_faults(kind: TableKind, grid: Grid) -> tuple[GridFault, ...]:
    """Everything wrong with a grid: what the domain finds, and for the cells it can read, what the engine does."""
    found = list(faults(kind, grid))
    wrong = {(one.row, one.column) for one in found}
    for row in grid.rows:
        for key in grid.inputs:
            column = kind.input(key)
            if column is None or (row.id, key) in wrong:
                continue
            test = tests_of(kind, Grid((key,), (), (), grid.hit), row).get(key, "")
            if test and (message := cell_fault(column, test)):
                found.append(GridFault(row.id, "when", key, message))
    return tuple(found)


def _rule(kind: TableKind, grid: Grid, number: int, row: Row) -> _Rule:
    try:
        tests = tests_of(kind, grid, row)
        answers = answers_of(kind, grid, row)
    except CellFault as fault:
        raise Broken("cell", f"row {number}", str(fault)) from None
    made = []
    for column, test in tests.items():
        try:
            made.append(_Test(column, zen.compile_unary_expression(test), names_null(test)))
        except Exception as error:  # noqa: BLE001 - the engine's own errors have no class of their own
            raise Broken("syntax", f"row {number}, {column}", _plain(error)) from None
    return _Rule(row.id, tuple(made), answers)


def _met(rule: _Rule, number: int, test: _Test, value: Any) -> bool:
    """An unknown fact meets only tests that name null."""
    if value is None and not test.meets_unknown:
        return False
    try:
        return test.compiled.evaluate({"$": value}) is True
    except Exception as error:  # noqa: BLE001 - the same
        raise Broken("evaluation", f"row {number}, {test.column}", _plain(error)) from None


def _plain(error: Exception) -> str:
    """The engine's message without its stack, and without values: those stand in quotes."""
    text = str(error).split("\n", 1)[0]
    if "lexerError" in text or "parserError" in text or "compilerError" in text:
        return "This cannot be read as a test."
    return "The test does not fit the column's type."
