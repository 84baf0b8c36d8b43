"""Putting a decision table into force from a day on, back to an earlier version, and out of force. Nothing is changed:
each is one more version, with its reason."""

import json
from collections.abc import Sequence
from datetime import date

from database.session import Session
from domain.refusals import Conflict, FieldError, Invalid
from domain.rules import cases
from domain.rules.catalogue import TableKind
from domain.rules.grid import as_json
from policies.permissions import Permission
from services import door
from services.rules.days import today_of
from services.rules.drafts import draft_view, problems_of, results_of, table_kind
from services.rules.reading import stored_version, version_lines
from services.rules.table_views import CaseResult, CellProblem, DraftView, VersionLine, case_of, grid_of

LONGEST_REASON = 500
LONGEST_AHEAD = 366
_NEXT = """
SELECT coalesce(max(version), 0) + 1 FROM rule_versions WHERE tenant_id = current_tenant() AND table_code = $1
"""
_ADD = """
INSERT INTO rule_versions (tenant_id, table_code, version, kind, content, tests, effective_from, reason, restores,
    published_by, published_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


@door.command(Permission.RULES_PUBLISH)
async def publish(
    session: Session,
    code: str,
    effective_from: date,
    reason: str,
    expected_version: int | None = None,
) -> VersionLine:
    """Publish the draft from a day on. Refused while a cell is wrong or a test fails, naming which."""
    kind = table_kind(code)
    await _alone(session, code)
    draft = await draft_view(session, kind)
    if expected_version is not None and draft.version != expected_version:
        raise Conflict(
            "draft.changed", "The draft changed meanwhile.", "Look at it again before it is published."
        )
    if draft.version == 0:
        raise Conflict("draft.missing", "There is no draft of this table.", "Change a row first.")
    must_be_good(draft.problems, draft.results, len(draft.grid.rows))
    grid = grid_of(kind, draft.grid)
    tests = json.dumps([cases.as_json(case_of(one)) for one in draft.tests])
    return await _add(session, kind, "published", json.dumps(as_json(grid)), tests, effective_from, reason)


@door.command(Permission.RULES_PUBLISH)
async def restore(
    session: Session, code: str, version: int, reason: str, effective_from: date | None = None
) -> VersionLine:
    """Roll back: publish an earlier version again, today unless another day is given. Its own tests must still pass."""
    kind = table_kind(code)
    await _alone(session, code)
    row, grid, tests = await stored_version(session, code, version)
    if row["kind"] == "withdrawn":
        raise Conflict("version.empty", "That version took the table out of force.", "Choose one with rows.")
    if problems_of(kind, grid) or not all(one.passed for one in results_of(kind, grid, tests)):
        raise Conflict(
            "version.broken", f"Version {version} would not decide today.", "Take it as a draft and mend it."
        )
    kept = json.dumps([cases.as_json(one) for one in tests])
    day = effective_from or await today_of(session)
    return await _add(
        session, kind, "restored", json.dumps(as_json(grid)), kept, day, reason, restores=version
    )


@door.command(Permission.RULES_PUBLISH)
async def withdraw(
    session: Session, code: str, reason: str, effective_from: date | None = None
) -> VersionLine:
    """Take the tenant's own table out of force: the platform's table or the default decides again."""
    kind = table_kind(code)
    await _alone(session, code)
    lines = await version_lines(session, kind)
    if not lines or lines[0].kind == "withdrawn":
        raise Conflict(
            "table.not_published", "No table of yours is in force.", "There is nothing to withdraw."
        )
    day = effective_from or await today_of(session)
    return await _add(session, kind, "withdrawn", "{}", "[]", day, reason)


@door.command(Permission.RULES_MANAGE)
async def take_as_draft(session: Session, code: str, version: int) -> DraftView:
    """Begin the draft again from a version, with its tests."""
    kind = table_kind(code)
    row, grid, tests = await stored_version(session, code, version)
    if row["kind"] == "withdrawn":
        raise Conflict("version.empty", "That version took the table out of force.", "Choose one with rows.")
    await session.execute(
        "INSERT INTO rule_drafts (tenant_id, table_code, content, tests, based_on, updated_by)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, table_code) DO UPDATE SET content = EXCLUDED.content,"
        " tests = EXCLUDED.tests, based_on = EXCLUDED.based_on, updated_by = EXCLUDED.updated_by, updated_at = now(),"
        " version = rule_drafts.version + 1",
        session.tenant_id,
        code,
        json.dumps(as_json(grid)),
        json.dumps([cases.as_json(one) for one in tests]),
        version,
        session.actor.user_id,
    )
    return await draft_view(session, kind)


async def _alone(session: Session, code: str) -> None:
    """One publisher of a table at a time; the lock goes with the transaction."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtext('rules ' || $1 || $2))", str(session.tenant_id), code
    )


async def _add(
    session: Session,
    kind: TableKind,
    how: str,
    content: str,
    tests: str,
    effective_from: date,
    reason: str,
    *,
    restores: int | None = None,
) -> VersionLine:
    words = checked_reason(reason)
    must_begin_soon(effective_from, await today_of(session), earlier=kind.kept_by_months)
    number: int = await session.value(_NEXT, kind.code)
    await session.execute(
        _ADD, session.tenant_id, kind.code, number, how, content, tests, effective_from, words, restores,
        session.actor.user_id, session.actor.name,
    )  # fmt: skip
    return next(line for line in await version_lines(session, kind) if line.version == number)


def must_be_good(problems: Sequence[CellProblem], results: Sequence[CaseResult], rows: int) -> None:
    """Refuse to publish while a cell is wrong, a test fails or nothing would decide, naming which."""
    if problems:
        first = problems[0]
        raise _refused(f"{len(problems)} cells need another look. {first.message}")
    failing = [one.name for one in results if not one.passed]
    if failing:
        raise _refused(f"These tests do not pass: {', '.join(failing[:5])}.")
    if not rows:
        raise _refused("The table has no rows. Withdraw it instead, so that the default decides.")


def _refused(message: str) -> Invalid:
    return Invalid(
        "table.not_ready",
        "The table cannot be published.",
        message,
        fields=(FieldError("grid", "grid", message),),
    )


def must_begin_soon(day: date, today: date, *, earlier: bool = False) -> None:
    """Refuse a day that is too far ahead, or past; `earlier`: of a table that closed months keep, up to a year past."""
    ahead = (day - today).days
    if (-LONGEST_AHEAD if earlier else 0) <= ahead <= LONGEST_AHEAD:
        return
    words = "Choose today or a day within a year."
    if earlier:
        words = "Choose a day of the last year or the next: months that were closed keep what they were closed with."
    fault = FieldError("effective_from", "date.out_of_range", words)
    raise Invalid("version.day", "A version cannot begin on that day.", fault.message, fields=(fault,))


def checked_reason(reason: str) -> str:
    """The reason without spaces around it, or the refusal."""
    words = reason.strip()
    if 1 <= len(words) <= LONGEST_REASON and "\0" not in words:
        return words
    fault = FieldError("reason", "reason.missing", "Say in a few words why; nothing about a patient.")
    raise Invalid("version.reason", "A version needs its reason.", fault.message, fields=(fault,))
