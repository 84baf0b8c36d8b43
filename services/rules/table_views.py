"""Decision tables as the pages and the API show them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.rules.cases import Case
from domain.rules.catalogue import Hit, TableKind
from domain.rules.columns import Column
from domain.rules.grid import Difference, Grid, Row


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A fact that may be asked, or a value that may be answered."""

    key: str
    label: str
    type: str
    options: list[str]
    hint: str
    required: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One rule: its id, what it asks and answers as typed, and why."""

    id: str
    when: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class GridFacts:
    """A table's grid: `inputs` and `outputs` are keys of its columns in their order; `hit` is first or collect."""

    inputs: list[str]
    outputs: list[str]
    rows: list[GridRow]
    hit: Hit = Hit.FIRST


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A test: facts as typed (empty is unknown), and the answers expected; none: the default is to hold."""

    name: str
    facts: dict[str, str]
    expected: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a test came to: the rows met, counted from 1, what they answered, and what went wrong."""

    name: str
    passed: bool
    rows: list[int]
    answered: list[dict[str, Any]]
    message: str = ""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell. `row` is empty for the table as a whole; `side` is when, then or empty."""

    row: str
    side: str
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list. `state` is in_force, scheduled, past or broken (in force, but the one before decides)."""

    version: int
    kind: str
    state: str
    effective_from: date
    rows: int
    reason: str
    restores: int | None
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in the list. `origin` says whose version decides: own, global or default."""

    code: str
    name: str
    purpose: str
    otherwise: str
    origin: str
    version: int | None
    effective_from: date | None
    scheduled: date | None
    rows: int
    draft_differs: bool
    decisions: int
    by_table: int
    fault: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A table with its draft, what is wrong with it, and what its tests come to. `version` is the draft's ETag; `warnings`
    are what it would leave undone: they do not keep it from being published."""

    code: str
    version: int
    grid: GridFacts
    tests: list[CaseFacts]
    problems: list[CellProblem]
    results: list[CaseResult]
    differs: bool
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableView:
    """Everything about a table: its columns, its draft, its versions, and what is wrong with the one in force."""

    code: str
    name: str
    purpose: str
    otherwise: str
    hit: Hit
    inputs: list[ColumnView]
    outputs: list[ColumnView]
    origin: str
    version: int | None
    fault: str
    draft: DraftView
    versions: list[VersionLine]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with its grid and its tests."""

    code: str
    line: VersionLine
    grid: GridFacts
    tests: list[CaseFacts]


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A row that differs: added, changed, moved or removed; its cells before and after, by side and column."""

    what: str
    row: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as it was kept: by which version and rows, from which facts, with which answer."""

    id: UUID
    table: str
    origin: str
    version: int | None
    rows: list[int]
    facts: dict[str, Any]
    value: Any
    subject_type: str
    subject_id: UUID | None
    at: datetime


def column_view(one: Column) -> ColumnView:
    """A column of the catalogue."""
    return ColumnView(one.key, one.label, one.type.value, list(one.options), one.hint, one.required)


def grid_facts(grid: Grid) -> GridFacts:
    """A grid as shown."""
    rows = [GridRow(row.id, dict(row.when), dict(row.then), row.note) for row in grid.rows]
    return GridFacts(list(grid.inputs), list(grid.outputs), rows, grid.hit)


def grid_of(kind: TableKind, facts: GridFacts) -> Grid:
    """A grid as given; cells without text are left out."""
    rows = tuple(
        Row(row.id.strip(), _filled(row.when), _filled(row.then), row.note.strip()) for row in facts.rows
    )
    return Grid(tuple(facts.inputs), tuple(facts.outputs), rows, facts.hit)


def difference_view(one: Difference) -> DifferenceView:
    """A row that differs, as shown."""
    return DifferenceView(one.what, one.row, dict(one.before), dict(one.after))


def case_facts(case: Case) -> CaseFacts:
    """A test as shown."""
    return CaseFacts(case.name, dict(case.facts), [dict(one) for one in case.expected])


def case_of(facts: CaseFacts) -> Case:
    """A test as given."""
    return Case(facts.name.strip(), _filled(facts.facts), tuple(_filled(one) for one in facts.expected))


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {key: text.strip() for key, text in cells.items() if text.strip()}
