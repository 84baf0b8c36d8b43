"""The platform's own decision tables: what decides for every company that has published none of its own.

They are written by the platform's staff on the server, from the file that a table's page exports. Nothing is changed:
each is one more version with its reason, and the audit trail of every company says so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from database.session import each_tenant, platform_session
from domain.refusals import Conflict, Invalid
from domain.rules import cases
from domain.rules.cases import Case
from domain.rules.catalogue import TABLES, TableKind
from domain.rules.columns import CellFault
from domain.rules.grid import Grid, as_json, differences, first_grid, from_json
from services import door
from services.rules.drafts import cases_of, must_be_keepable, problems_of, results_of, table_kind
from services.rules.publishing import checked_reason, must_be_good, must_begin_soon
from services.rules.table_views import CaseResult, CellProblem, DifferenceView, difference_view

_PURPOSE = "global rules"
LARGEST_BYTES = 2_000_000
LONGEST_NAME = 120
_BEGUN = """
SELECT DISTINCT ON (table_code) * FROM global_rule_versions WHERE effective_from <= now()::date
ORDER BY table_code, effective_from DESC, version DESC
"""
_PLANNED = """
SELECT table_code, min(effective_from) AS on FROM global_rule_versions WHERE effective_from > now()::date GROUP BY table_code
"""
_NEXT = "SELECT coalesce(max(version), 0) + 1 FROM global_rule_versions WHERE table_code = $1"
_ADD = """
INSERT INTO global_rule_versions (table_code, version, kind, content, tests, effective_from, reason, published_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
"""
_OWN = """
SELECT kind <> 'withdrawn' FROM rule_versions WHERE tenant_id = current_tenant() AND table_code = $1
AND effective_from <= now()::date ORDER BY effective_from DESC, version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class PlatformTable:
    """A table of the catalogue and the platform's version in force, if there is one; `planned` is when the next begins."""

    code: str
    name: str
    version: int | None
    effective_from: date | None
    reason: str
    published_by: str
    published_at: datetime | None
    planned: date | None


@dataclass(frozen=True, slots=True)
class PlatformDraft:
    """What a file would become: its version, what is wrong, what its tests come to, what differs from the version in
    force, and for how many of all companies it would decide today. `refusal` is why it may not be published, or empty."""

    code: str
    name: str
    version: int
    rows: int
    problems: list[CellProblem]
    results: list[CaseResult]
    differences: list[DifferenceView]
    decides_for: int
    companies: int
    refusal: str


@dataclass(frozen=True, slots=True)
class _File:
    kind: TableKind
    grid: Grid
    tests: tuple[Case, ...]


@door.public("the platform's staff ask on the server, where there is no tenant; the tables are no tenant's")
async def platform_tables() -> list[PlatformTable]:
    """Every table of the catalogue with the platform's version in force."""
    async with platform_session() as connection:
        begun = {row["table_code"]: row for row in await connection.fetch(_BEGUN)}
        planned = {row["table_code"]: row["on"] for row in await connection.fetch(_PLANNED)}
    return [_table(kind, begun.get(kind.code), planned.get(kind.code)) for kind in TABLES.values()]


@door.public("the platform's staff ask on the server, where there is no tenant; the tables are no tenant's")
async def platform_table(code: str) -> str:
    """The file to begin from: the platform's version in force, else what holds without one."""
    kind = table_kind(code)
    async with platform_session() as connection:
        grid, tests = await _in_force(connection, kind)
    kept = [cases.as_json(one) for one in tests]
    return json.dumps({"table": code, "grid": as_json(grid), "tests": kept}, ensure_ascii=False, indent=2)


@door.public(
    "the platform's staff ask on the server, where there is no tenant; nothing of a tenant's data is shown"
)
async def look_for_all(text: str) -> PlatformDraft:
    """What a file would become, without publishing it."""
    file = _read(text)
    async with platform_session(purpose=_PURPOSE) as connection:
        return await _looked(connection, file)


@door.public("the platform's staff publish on the server; every tenant's audit trail says that they did")
async def publish_for_all(text: str, reason: str, by: str, effective_from: date | None = None) -> int:
    """Publish a file from a day on, today unless another is given; its version. Refused while a cell is wrong or a test
    fails."""
    file, words, who = _read(text), checked_reason(reason), _checked_name(by)
    async with platform_session(purpose=_PURPOSE) as connection:
        await _alone(connection, file.kind.code)
        must_be_good(*_judged(file), len(file.grid.rows))
        content = json.dumps(as_json(file.grid))
        tests = json.dumps([cases.as_json(one) for one in file.tests])
        return await _add(connection, file.kind, "published", content, tests, effective_from, words, who)


@door.public("the platform's staff withdraw on the server; every tenant's audit trail says that they did")
async def withdraw_for_all(code: str, reason: str, by: str, effective_from: date | None = None) -> int:
    """Take the platform's table out of force from a day on: what holds without one decides again. The new version."""
    kind, words, who = table_kind(code), checked_reason(reason), _checked_name(by)
    async with platform_session(purpose=_PURPOSE) as connection:
        await _alone(connection, code)
        newest = await connection.fetchval(
            "SELECT kind FROM global_rule_versions WHERE table_code = $1 ORDER BY version DESC LIMIT 1", code
        )
        if newest in (None, "withdrawn"):
            raise Conflict(
                "table.not_published",
                "The platform has no such table in force.",
                "There is nothing to withdraw.",
            )
        return await _add(connection, kind, "withdrawn", "{}", "[]", effective_from, words, who)


async def _add(
    connection: Any,
    kind: TableKind,
    how: str,
    content: str,
    tests: str,
    day: date | None,
    reason: str,
    by: str,
) -> int:
    """One more version, and the row of it in every company's audit trail."""
    today: date = await connection.fetchval("SELECT now()::date")
    must_begin_soon(day or today, today, earlier=kind.kept_by_months)
    version: int = await connection.fetchval(_NEXT, kind.code)
    made = await connection.fetchval(_ADD, kind.code, version, how, content, tests, day or today, reason, by)
    detail = {"table": kind.code, "version": version, "kind": how, "effective_from": day or today, "by": by}
    action = f"rules.platform_tables.{'withdraw' if how == 'withdrawn' else 'publish'}_for_all"
    async for session in each_tenant(connection):
        await session.audit(action, "global_rule_versions", made, detail=detail)
    return version


async def _looked(connection: Any, file: _File) -> PlatformDraft:
    kind, grid = file.kind, file.grid
    before, _ = await _in_force(connection, kind)
    problems, results = _judged(file)
    own = [await session.value(_OWN, kind.code) async for session in each_tenant(connection)]
    return PlatformDraft(
        kind.code,
        kind.name,
        await connection.fetchval(_NEXT, kind.code),
        len(grid.rows),
        problems,
        results,
        [difference_view(one) for one in differences(before, grid)],
        sum(not one for one in own),
        len(own),
        _refusal(problems, results, len(grid.rows)),
    )


def _judged(file: _File) -> tuple[list[CellProblem], list[CaseResult]]:
    return problems_of(file.kind, file.grid), results_of(file.kind, file.grid, file.tests)


def _refusal(problems: list[CellProblem], results: list[CaseResult], rows: int) -> str:
    try:
        must_be_good(problems, results, rows)
    except Invalid as refusal:
        return f"{refusal.title} {refusal.what_to_do}"
    return ""


async def _in_force(connection: Any, kind: TableKind) -> tuple[Grid, Sequence[Case]]:
    """The platform's version in force with its tests, else what holds without one."""
    row = next((one for one in await connection.fetch(_BEGUN) if one["table_code"] == kind.code), None)
    if row is not None and row["kind"] != "withdrawn":
        try:
            return from_json(json.loads(row["content"])), cases_of(row["tests"])
        except CellFault:
            pass  # it is passed over when deciding too
    return first_grid(kind), ()


async def _alone(connection: Any, code: str) -> None:
    """One publisher of a table at a time; the lock goes with the transaction."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('global rules ' || $1))", code)


def _read(text: str) -> _File:
    """A table as a page exports it, the draft or a version; a refusal where it is none."""
    try:
        stored: Any = json.loads(text) if len(text) <= LARGEST_BYTES else None
        part = stored.get("draft", stored)
        tests = tuple(cases.from_json(one) for one in part.get("tests", ()))
        file = _File(table_kind(str(stored.get("table", ""))), from_json(part["grid"]), tests)
    except (ValueError, KeyError, TypeError, AttributeError, CellFault):
        raise Invalid(
            "table.unreadable",
            "This file is no decision table.",
            "Give the JSON that `caseload rules table CODE`, or a table's page, writes.",
        ) from None
    must_be_keepable(file.grid, file.tests)
    return file


def _checked_name(by: str) -> str:
    name = by.strip()
    if 1 <= len(name) <= LONGEST_NAME and name.isprintable():
        return name
    raise Invalid("publisher.missing", "Nobody is named who publishes.", "Say who you are.")


def _table(kind: TableKind, row: Any, planned: date | None) -> PlatformTable:
    if row is None or row["kind"] == "withdrawn":
        return PlatformTable(kind.code, kind.name, None, None, "", "", None, planned)
    return PlatformTable(
        kind.code, kind.name, row["version"], row["effective_from"], row["reason"], row["published_by_name"],
        row["published_at"], planned,
    )  # fmt: skip
