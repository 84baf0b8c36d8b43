"""Tests stored with a table: facts as typed, and the answer that is expected of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.rules.catalogue import Hit, TableKind
from domain.rules.columns import CellFault, Column, read_answer
from domain.rules.grid import column_of

MOST_CASES = 200
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Case:
    """One test. Facts left empty are unknown; each of `expected` is a row's answers, of which those typed count.

    Nothing expected means that no row is met and the default holds.
    """

    name: str
    facts: Mapping[str, str]
    expected: tuple[Mapping[str, str], ...] = ()


def facts_of(kind: TableKind, case: Case) -> dict[str, Any]:
    """The case's facts as a caller would tell them, those left empty as unknown. Raises CellFault."""
    known = {column.key for column in kind.inputs}
    for key in case.facts:
        if key not in known:
            raise CellFault(f"There is no fact {key} for this table.")
    return {
        column.key: read_answer(_plain(column), case.facts.get(key, ""))
        for key, column in ((one.key, one) for one in kind.inputs)
    }


def expected_of(kind: TableKind, case: Case) -> list[dict[str, Any]]:
    """The answers expected, typed; those left empty are not looked at. Raises CellFault."""
    return [
        {
            key: read_answer(_plain(column_of(kind.outputs, key)), typed)
            for key, typed in one.items()
            if typed.strip()
        }
        for one in case.expected
    ]


def passes(hit: Hit, expected: Sequence[Mapping[str, Any]], met: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the rows met answer as expected: the first alone, or all of them whatever their order."""
    if hit is Hit.FIRST or len(expected) < 2:
        return bool(expected) == bool(met) and (not expected or any(_agrees(expected[0], one) for one in met))
    left = list(met)
    for wanted in expected:
        found = next((one for one in left if _agrees(wanted, one)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def case_fault(kind: TableKind, case: Case) -> str:
    """What is wrong with a case, empty when nothing."""
    if not 1 <= len(case.name) <= LONGEST_NAME or "\0" in case.name:
        return f"Give the test a name of at most {LONGEST_NAME} characters."
    try:
        facts_of(kind, case)
        expected_of(kind, case)
    except CellFault as fault:
        return str(fault)
    return ""


def as_json(case: Case) -> dict[str, Any]:
    """The case as it is stored."""
    return {"name": case.name, "facts": dict(case.facts), "expected": [dict(one) for one in case.expected]}


def from_json(stored: Mapping[str, Any]) -> Case:
    """The case from what was stored. Raises CellFault when it is none."""
    try:
        return Case(
            str(stored["name"]).strip(),
            {str(key): str(text) for key, text in stored["facts"].items() if str(text).strip()},
            tuple({str(key): str(text) for key, text in one.items()} for one in stored.get("expected", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CellFault("This is not a test of a decision table.") from error


def _agrees(wanted: Mapping[str, Any], answered: Mapping[str, Any]) -> bool:
    return all(answered.get(key) == value for key, value in wanted.items())


def _plain(column: Column) -> Column:
    """In a test nothing must be filled in, and facts may lie outside of what an answer may be."""
    return replace(column, required=False, low=None, high=None)
