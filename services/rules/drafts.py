"""Drafts of decision tables: kept as typed, with everything that is wrong and what their tests come to."""

import json
from collections.abc import Sequence
from typing import Any

from database.decision_engine import Broken, Compiled, compiled, grid_faults
from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.rules import cases
from domain.rules.cases import Case
from domain.rules.catalogue import TABLES, TableKind
from domain.rules.columns import CellFault
from domain.rules.grid import MOST_ROWS, Grid, as_json, first_grid, from_json
from policies.permissions import Permission
from services import door
from services.rules.table_views import (
    CaseFacts,
    CaseResult,
    CellProblem,
    DraftView,
    GridFacts,
    case_facts,
    case_of,
    grid_facts,
    grid_of,
)
from services.rules.warnings import warnings_of

_DRAFT = "SELECT * FROM rule_drafts WHERE tenant_id = current_tenant() AND table_code = $1"
_NEWEST = """
SELECT version, content, tests, kind FROM rule_versions
WHERE tenant_id = current_tenant() AND table_code = $1 ORDER BY version DESC LIMIT 1
"""
_GLOBAL = """
SELECT content, tests, kind FROM global_rule_versions WHERE table_code = $1 AND effective_from <= now()::date
ORDER BY effective_from DESC, version DESC LIMIT 1
"""
_KEEP = """
INSERT INTO rule_drafts (tenant_id, table_code, content, tests, based_on, updated_by)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, table_code) DO UPDATE SET content = EXCLUDED.content, tests = EXCLUDED.tests,
    updated_by = EXCLUDED.updated_by, updated_at = now(), version = rule_drafts.version + 1
WHERE rule_drafts.version = coalesce($7, rule_drafts.version)
RETURNING version
"""


@door.command(Permission.RULES_MANAGE)
async def save_draft(
    session: Session,
    code: str,
    grid: GridFacts,
    tests: list[CaseFacts],
    expected_version: int | None = None,
) -> DraftView:
    """Keep the draft as it stands, faults and all; what is wrong is told, and only publishing is refused for it."""
    kind = table_kind(code)
    made = grid_of(kind, grid)
    kept = tuple(case_of(one) for one in tests)
    must_be_keepable(made, kept)
    based_on = await session.value(_NEWEST, code)
    version = await session.value(
        _KEEP,
        session.tenant_id,
        code,
        json.dumps(as_json(made)),
        json.dumps([cases.as_json(one) for one in kept]),
        based_on,
        session.actor.user_id,
        expected_version,
    )
    if version is None:
        raise Conflict(
            "draft.changed",
            "Somebody else changed this draft meanwhile.",
            "Reload it and make your change again.",
        )
    return await draft_view(session, kind)


async def draft_view(session: Session, kind: TableKind) -> DraftView:
    """The draft of a table; without one, what it would begin from."""
    row = await session.row(_DRAFT, kind.code)
    beginning, tests = await beginning_of(session, kind)
    version = row["version"] if row else 0
    grid = beginning
    if row:
        grid, tests = from_json(json.loads(row["content"])), cases_of(row["tests"])
    return DraftView(
        kind.code,
        version,
        grid_facts(grid),
        [case_facts(one) for one in tests],
        problems_of(kind, grid),
        results_of(kind, grid, tests),
        differs=grid != beginning,
        warnings=await warnings_of(session, kind, grid),
    )


async def beginning_of(session: Session, kind: TableKind) -> tuple[Grid, tuple[Case, ...]]:
    """What a draft begins from: the newest own version, else the platform's, else what holds without one."""
    for row in (await session.row(_NEWEST, kind.code), await session.row(_GLOBAL, kind.code)):
        if row is not None and row["kind"] != "withdrawn":
            try:
                return from_json(json.loads(row["content"])), cases_of(row["tests"])
            except CellFault:
                continue  # it is passed over when deciding too
    return first_grid(kind), ()


def table_kind(code: str) -> TableKind:
    """The table of the catalogue under a code, or the refusal."""
    if code not in TABLES:
        raise NotFound("table.unknown", "There is no such decision table.", "Choose one under Rules.")
    return TABLES[code]


def problems_of(kind: TableKind, grid: Grid) -> list[CellProblem]:
    """What is wrong with a grid, cell by cell."""
    return [CellProblem(one.row, one.side, one.column, one.message) for one in grid_faults(kind, grid)]


def cases_of(stored: str) -> tuple[Case, ...]:
    """The tests as stored."""
    return tuple(cases.from_json(one) for one in json.loads(stored))


def results_of(kind: TableKind, grid: Grid, tests: Sequence[Case]) -> list[CaseResult]:
    """What every test comes to with this grid; a grid that cannot decide fails them all."""
    try:
        ready = compiled(kind, grid)
    except Broken as broken:
        return [CaseResult(one.name, False, [], [], f"{broken.place}: {broken.message}") for one in tests]
    return [_result(kind, ready, one) for one in tests]


def _result(kind: TableKind, ready: Compiled, case: Case) -> CaseResult:
    if fault := cases.case_fault(kind, case):
        return CaseResult(case.name, False, [], [], fault)
    try:
        met = ready.decide(cases.facts_of(kind, case))
    except Broken as broken:
        return CaseResult(case.name, False, [], [], f"{broken.place}: {broken.message}")
    answered: list[dict[str, Any]] = [dict(one) for one in met.values]
    passed = cases.passes(ready.hit, cases.expected_of(kind, case), answered)
    return CaseResult(case.name, passed, list(met.rows), answered)


def must_be_keepable(grid: Grid, tests: Sequence[Case]) -> None:
    """Only what cannot be stored at all is refused while somebody types."""
    ids = [row.id for row in grid.rows]
    fault = None
    if len(ids) > MOST_ROWS or len(tests) > cases.MOST_CASES:
        fault = f"A table holds at most {MOST_ROWS} rows and {cases.MOST_CASES} tests."
    elif len(set(ids)) < len(ids) or not all(0 < len(one) <= 40 for one in ids):
        fault = "Every row needs an id of its own, of at most 40 characters."
    elif "\\u0000" in json.dumps([as_json(grid), [cases.as_json(one) for one in tests]]):
        fault = "Write plain text."
    if fault:
        raise Invalid(
            "table.refused",
            "The table cannot be kept so.",
            fault,
            fields=(FieldError("grid", "grid", fault),),
        )
