"""One item of a move: a compare-and-set, so that what changed hands meanwhile is told and never stolen."""

from typing import Any
from uuid import UUID

from database.approval_states import holders_of
from database.reassignment_states import MoveState
from database.session import Session
from domain.reassignment.process import Mode

Able = dict[UUID, set[str]]
"""Which permissions of the items each receiver holds now."""

_OWNER = """
UPDATE work_items SET owner_id = $2, taken_at = CASE WHEN $2::uuid IS NULL THEN NULL ELSE now() END,
    return_to = CASE WHEN $4 OR return_to = $2 THEN NULL ELSE return_to END, version = version + 1
WHERE id = $1 AND status = 'open' AND owner_id = $3 RETURNING version
"""
_RETURN_TO = """
UPDATE work_items SET return_to = CASE WHEN owner_id = $2 THEN NULL ELSE $2 END, version = version + 1
WHERE id = $1 AND status = 'open' AND return_to = $3 RETURNING version
"""
_BACK = {
    "owner": """
        UPDATE work_items SET owner_id = $2, taken_at = now(), version = version + 1 WHERE id = $1 AND status = 'open'
            AND owner_id IS NOT DISTINCT FROM $3 AND ($4::integer IS NULL OR version = $4) RETURNING version
        """,
    "return_to": """
        UPDATE work_items SET return_to = $2, version = version + 1 WHERE id = $1 AND status = 'open'
            AND return_to IS NOT DISTINCT FROM $3 AND ($4::integer IS NULL OR version = $4) RETURNING version
        """,
}
_NOW = """
SELECT w.status, w.permission, w.excluded, w.return_to, coalesce(o.name, '') AS owner, coalesce(f.name, '') AS finisher
FROM work_items w LEFT JOIN users o ON o.id = w.owner_id LEFT JOIN users f ON f.id = w.finished_by WHERE w.id = $1
"""
_NOTE = """
INSERT INTO work_item_events (tenant_id, work_item_id, actor_id, actor_name, kind, detail)
SELECT $1, $2, $3, (SELECT name FROM users WHERE id = $3), $4, $5
"""
_LEFT_OVER = """
WITH freed AS (
    UPDATE work_items SET owner_id = NULL, return_to = NULL, taken_at = NULL, version = version + 1
    WHERE tenant_id = current_tenant() AND status = 'open' AND owner_id = $1 RETURNING id, version),
kept AS (
    INSERT INTO reassignment_rows (tenant_id, reassignment_id, place, work_item_id, part, why, code, moved_version)
    SELECT current_tenant(), $2, $3 + row_number() OVER (ORDER BY id), id, 'owner', 'Came after the plan: back to the queue',
        '', version FROM freed ON CONFLICT (tenant_id, reassignment_id, work_item_id, part) DO NOTHING RETURNING work_item_id)
INSERT INTO work_item_events (tenant_id, work_item_id, actor_name, kind, detail)
SELECT current_tenant(), id, $4, 'moved', $5 FROM freed
"""


async def receivers(session: Session, move_id: UUID) -> Able:
    """Who of those that a move names may still work what they are given."""
    rows = await session.fetch(
        "SELECT DISTINCT w.permission FROM reassignment_rows r JOIN work_items w ON w.tenant_id = r.tenant_id"
        " AND w.id = r.work_item_id WHERE r.tenant_id = current_tenant() AND r.reassignment_id = $1",
        move_id,
    )
    able: Able = {}
    for row in rows:
        for user_id in await holders_of(session, row["permission"]):
            able.setdefault(user_id, set()).add(row["permission"])
    return able


async def give(session: Session, state: MoveState, row: Any, able: Able) -> bool:
    """Move one item to whom the plan names, if it is still where it was; whether it moved."""
    item_id, to, now = row["work_item_id"], row["to_user_id"], await session.row(_NOW, row["work_item_id"])
    why = row["why"]
    if to is not None and (now["permission"] not in able.get(to, set()) or to in now["excluded"]):
        to, why = None, "Who was to get it may not work it any more: back to the queue"
    if row["part"] == "return_to":
        version = await session.value(_RETURN_TO, item_id, to, state.from_user_id)
    else:
        handed_back = state.mode is not Mode.TEMPORARY
        version = await session.value(_OWNER, item_id, to, state.from_user_id, handed_back)
    if version is None:
        await _keep(session, row, *_instead(now), None, to, why)
        return False
    name = await session.value("SELECT name FROM users WHERE id = $1", to)
    await _keep(session, row, "", "", version, to, why)
    detail = f"{state.reference}, from {state.from_name} to {name or 'the queue'}"
    await session.execute(_NOTE, session.tenant_id, item_id, state.requested_by, "moved", detail)
    return True


async def give_back(
    session: Session, state: MoveState, row: Any, names: dict[UUID, str], *, untouched: bool
) -> bool:
    """Bring one item back, if whoever got it still holds it unfinished (with `untouched`: as it was left)."""
    now = await session.row(_NOW, row["work_item_id"])
    back_to = state.from_user_id if await _works_here(session, state.from_user_id) else None
    version = await session.value(
        _BACK[row["part"]],
        row["work_item_id"],
        back_to,
        row["to_user_id"],
        row["moved_version"] if untouched else None,
    )
    if version is None:
        code, message = _instead(now)
        if code == "work.changed_hands" and now["owner"] == names.get(row["to_user_id"]):
            code, message = "work.touched", f"{now['owner']} has begun with it."
        await _keep_back(session, row, code, message)
        return False
    await _keep_back(session, row, "", "")
    detail = f"{state.reference}, back to {state.from_name if back_to else 'the queue'}"
    await session.execute(_NOTE, session.tenant_id, row["work_item_id"], state.requested_by, "moved", detail)
    return True


async def left_over(session: Session, state: MoveState) -> int:
    """What came into a leaver's hands since the plan goes back to the queue; how many items."""
    last = await session.value(
        "SELECT max(place) FROM reassignment_rows WHERE reassignment_id = $1", state.id
    )
    detail = f"{state.reference}, from {state.from_name} to the queue"
    return await session.execute(
        _LEFT_OVER, state.from_user_id, state.id, last or 0, session.actor.name, detail
    )


def _instead(now: Any) -> tuple[str, str]:
    """What has become of an item that is not where it was."""
    if now["status"] != "open":
        by = f" by {now['finisher']}" if now["finisher"] else ""
        return "work.finished", f"Finished meanwhile{by}."
    return "work.changed_hands", f"With {now['owner']} now." if now["owner"] else "In the queue now."


async def _works_here(session: Session, user_id: UUID) -> bool:
    return bool(
        await session.value("SELECT 1 FROM memberships WHERE user_id = $1 AND status = 'active'", user_id)
    )


async def _keep(
    session: Session, row: Any, code: str, message: str, version: int | None, to: UUID | None, why: str
) -> None:
    await session.execute(
        "UPDATE reassignment_rows SET code = $3, message = $4, moved_version = $5, to_user_id = $6, why = $7"
        " WHERE reassignment_id = $1 AND place = $2",
        row["reassignment_id"],
        row["place"],
        code,
        message,
        version,
        to,
        why,
    )


async def _keep_back(session: Session, row: Any, code: str, message: str) -> None:
    await session.execute(
        "UPDATE reassignment_rows SET back_code = $3, back_message = $4 WHERE reassignment_id = $1 AND place = $2",
        row["reassignment_id"],
        row["place"],
        code,
        message,
    )
