"""Reading decision tables: the list, one with its draft and versions, what differs, and what was decided."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from database.decision_engine import Broken, compiled
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import NotFound
from domain.rules.cases import Case
from domain.rules.catalogue import TABLES, TableKind
from domain.rules.columns import CellFault
from domain.rules.grid import Grid, differences, from_json
from policies.permissions import Permission
from services import door
from services.rules.drafts import cases_of, draft_view, table_kind
from services.rules.table_views import (
    DecisionLine,
    DifferenceView,
    TableLine,
    TableView,
    VersionLine,
    VersionView,
    case_facts,
    column_view,
    difference_view,
    grid_facts,
)

COUNTED_DAYS = 30
_VERSIONS = """
SELECT v.*, v.effective_from <= (now() AT TIME ZONE t.time_zone)::date AS begun
FROM rule_versions v JOIN tenants t ON t.id = v.tenant_id
WHERE v.tenant_id = current_tenant() AND v.table_code = $1 ORDER BY v.version DESC
"""
_GLOBAL = """
SELECT version, effective_from, content, kind FROM global_rule_versions
WHERE table_code = $1 AND effective_from <= now()::date ORDER BY effective_from DESC, version DESC LIMIT 1
"""
_COUNTS = """
SELECT table_code, count(*) AS every, count(*) FILTER (WHERE cardinality(met) > 0) AS by_table
FROM rule_decisions WHERE tenant_id = current_tenant() AND at > $1 GROUP BY table_code
"""
_FAULTS = """
SELECT DISTINCT ON (table_code, version) table_code, version, origin, place, message FROM rule_faults
WHERE tenant_id = current_tenant() ORDER BY table_code, version, at DESC
"""
_DECISIONS = """
SELECT * FROM rule_decisions WHERE tenant_id = current_tenant() AND ($1 = '' OR table_code = $1)
  AND ($2::uuid IS NULL OR subject_id = $2) AND ($3 = '' OR origin = $3) AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5
"""


@door.query(Permission.RULES_VIEW)
async def list_tables(session: Session) -> list[TableLine]:
    """Every table of the catalogue: whose version decides, since when, and how often it did in the last 30 days."""
    since = datetime.now(UTC) - timedelta(days=COUNTED_DAYS)
    counts = {row["table_code"]: row for row in await session.fetch(_COUNTS, since)}
    faults = await _faults(session)
    return [await _line(session, kind, counts.get(kind.code), faults) for kind in TABLES.values()]


@door.query(Permission.RULES_VIEW)
async def get_table(session: Session, code: str) -> TableView:
    """A table with its columns, its draft, the tests' results and every version."""
    kind = table_kind(code)
    lines = await version_lines(session, kind)
    origin, version, _ = await _deciding(session, kind, lines)
    faults = await _faults(session)
    return TableView(
        kind.code,
        kind.name,
        kind.purpose,
        kind.otherwise,
        kind.hit,
        [column_view(one) for one in kind.inputs],
        [column_view(one) for one in kind.outputs],
        origin,
        version,
        _fault_in_force(kind, lines, faults),
        await draft_view(session, kind),
        lines,
    )


@door.query(Permission.RULES_VIEW)
async def get_version(session: Session, code: str, version: int) -> VersionView:
    """One version with its grid and its tests, as it was published."""
    kind = table_kind(code)
    _, grid, tests = await stored_version(session, code, version)
    line = next(one for one in await version_lines(session, kind) if one.version == version)
    return VersionView(code, line, grid_facts(grid), [case_facts(one) for one in tests])


@door.query(Permission.RULES_VIEW)
async def compare(session: Session, code: str, before: int, after: int | None = None) -> list[DifferenceView]:
    """The rows that differ between two versions, or between a version and the draft."""
    kind = table_kind(code)
    _, old, _ = await stored_version(session, code, before)
    if after is None:
        row = await session.value(
            "SELECT content FROM rule_drafts WHERE tenant_id = current_tenant() AND table_code = $1",
            kind.code,
        )
        new = from_json(json.loads(row)) if row else old
    else:
        _, new, _ = await stored_version(session, code, after)
    return [difference_view(one) for one in differences(old, new)]


@door.query(Permission.RULES_VIEW)
async def list_decisions(
    session: Session,
    table: str = "",
    subject_id: UUID | None = None,
    origin: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[DecisionLine]:
    """What was decided, the newest first: by which version and rows, from which facts."""
    limit = page_size(limit)
    after = uuid_in(cursor) if cursor else None
    rows = await session.fetch(_DECISIONS, table, subject_id, origin, after, limit + 1)
    lines = [_decision(row) for row in rows[:limit]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > limit else None)


async def version_lines(session: Session, kind: TableKind) -> list[VersionLine]:
    """Every version of the tenant's table, the newest first, each with where it stands today."""
    rows = await session.fetch(_VERSIONS, kind.code)
    begun = [row for row in rows if row["begun"]]
    now = max(begun, key=lambda row: (row["effective_from"], row["version"]), default=None)
    return [_version(kind, row, now) for row in rows]


async def stored_version(session: Session, code: str, version: int) -> tuple[Any, Grid, tuple[Case, ...]]:
    """A version as stored, its grid and its tests, or the refusal."""
    row = await session.row(
        "SELECT * FROM rule_versions WHERE tenant_id = current_tenant() AND table_code = $1 AND version = $2",
        code,
        version,
    )
    if row is None:
        raise NotFound("version.unknown", "There is no such version.", "Choose one of the list.")
    try:
        return row, _grid(row["content"]), cases_of(row["tests"])
    except CellFault:
        return row, Grid((), ()), ()


def _grid(content: str) -> Grid:
    stored = json.loads(content)
    return from_json(stored) if stored else Grid((), ())


def _version(kind: TableKind, row: Any, now: Any) -> VersionLine:
    state = "past" if row["begun"] else "scheduled"
    if now is not None and row["version"] == now["version"]:
        state = "in_force" if row["kind"] == "withdrawn" or _decides(kind, row["content"]) else "broken"
    return VersionLine(
        row["version"],
        row["kind"],
        state,
        row["effective_from"],
        len(json.loads(row["content"]).get("rows", ())) if row["content"].startswith("{") else 0,
        row["reason"],
        row["restores"],
        row["published_by_name"],
        row["published_at"],
    )


def _decides(kind: TableKind, content: str) -> bool:
    try:
        compiled(kind, _grid(content))
    except (Broken, CellFault):
        return False
    return True


async def _deciding(
    session: Session, kind: TableKind, lines: list[VersionLine]
) -> tuple[str, int | None, date | None]:
    """Whose version decides today: own, global or default."""
    now = next((line for line in lines if line.state in ("in_force", "broken")), None)
    if now is not None and now.kind != "withdrawn":
        return "own", now.version, now.effective_from
    row = await session.row(_GLOBAL, kind.code)
    if row is not None and row["kind"] != "withdrawn":
        return "global", row["version"], row["effective_from"]
    return "default", None, None


async def _faults(session: Session) -> dict[tuple[str, int], str]:
    rows = await session.fetch(_FAULTS)
    return {(row["table_code"], row["version"]): f"{row['place']}: {row['message']}" for row in rows}


def _fault_in_force(kind: TableKind, lines: list[VersionLine], faults: dict[tuple[str, int], str]) -> str:
    """What the version in force could not do, while it is in force."""
    now = next((line for line in lines if line.state in ("in_force", "broken")), None)
    if now is None:
        return ""
    known = faults.get((kind.code, now.version), "")
    return known or ("It cannot be read." if now.state == "broken" else "")


async def _line(
    session: Session, kind: TableKind, counts: Any, faults: dict[tuple[str, int], str]
) -> TableLine:
    lines = await version_lines(session, kind)
    origin, version, since = await _deciding(session, kind, lines)
    draft = await draft_view(session, kind)
    planned = [line.effective_from for line in lines if line.state == "scheduled"]
    rows = next((line.rows for line in lines if line.version == version), 0) if origin == "own" else 0
    return TableLine(
        kind.code,
        kind.name,
        kind.purpose,
        kind.otherwise,
        origin,
        version,
        since,
        min(planned, default=None),
        rows,
        draft.differs,
        counts["every"] if counts else 0,
        counts["by_table"] if counts else 0,
        _fault_in_force(kind, lines, faults),
    )


def _decision(row: Any) -> DecisionLine:
    return DecisionLine(
        row["id"],
        row["table_code"],
        row["origin"],
        row["version"],
        list(row["met"]),
        json.loads(row["facts"]),
        json.loads(row["value"]),
        row["subject_type"],
        row["subject_id"],
        row["at"],
    )
