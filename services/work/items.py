"""One item as the actor of an open session sees it: what every action on it answers with."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from activities.candidates import reads_words
from activities.rules.answers import answers_of, forms_in_force
from activities.work_acts import absent_of, holding_of
from database.session import Session
from domain import work
from domain.rules.forms import schema_of
from services.work.views import About, FormAnswered, FormAsked, TogetherLine, WorkView, view_of

# In the order of WorkLine's fields.
LINE = (
    "w.id, w.kind, w.title, w.priority, w.status, w.due_at, w.follow_up_at, w.created_at, w.owner_id,"
    " coalesce(u.name, '') AS owner_name, w.return_comment IS NOT NULL AS returned, w.subject_type, w.subject_id, w.version"
)
MOST_TOGETHER = 50
_ITEM = f"""
SELECT {LINE}, w.detail, w.permission, w.return_comment, w.decision, w.comment, w.start_by, w.taken_at, w.finished_at,
       w.skill, w.skill_level, coalesce(t.name, '') AS team, f.name AS finished_by_name
FROM work_items w LEFT JOIN users u ON u.id = w.owner_id LEFT JOIN users f ON f.id = w.finished_by
LEFT JOIN teams t ON t.tenant_id = w.tenant_id AND t.id = w.team_id WHERE w.id = $1
"""
_AROUND = """
SELECT coalesce((SELECT u.name FROM users u WHERE u.id = w.return_to), '') AS returns_to,
    ARRAY(SELECT u.name FROM users u WHERE u.id = ANY(w.excluded) ORDER BY u.name) AS excluded,
    EXISTS (SELECT 1 FROM work_watchers x WHERE x.tenant_id = w.tenant_id AND x.work_item_id = w.id AND x.user_id = $2)
        AS watching,
    ARRAY(SELECT u.name FROM work_watchers x JOIN users u ON u.id = x.user_id
          WHERE x.tenant_id = w.tenant_id AND x.work_item_id = w.id ORDER BY u.name LIMIT 20) AS watchers
FROM work_items w WHERE w.id = $1
"""
# A claim's appeals and a remittance's unmatched payments are about the claim and the remittance.
_ROOT = """
SELECT CASE WHEN w.subject_type = 'appeal' THEN 'claim'
            WHEN w.subject_type IN ('remittance_claim', 'remittance_lines') THEN 'remittance' ELSE w.subject_type END AS kind,
    CASE WHEN w.subject_type = 'appeal' THEN (SELECT a.claim_id FROM appeals a WHERE a.id = w.subject_id)
         WHEN w.subject_type IN ('remittance_claim', 'remittance_lines')
             THEN (SELECT r.remittance_id FROM remittance_claims r WHERE r.id = w.subject_id)
         ELSE w.subject_id END AS id
FROM work_items w WHERE w.id = $1
"""
_PARTS = {
    "claim": "SELECT 'appeal', a.id FROM appeals a WHERE a.claim_id = $2",
    "remittance": "SELECT k.name, r.id FROM remittance_claims r, (VALUES ('remittance_claim'), ('remittance_lines'))"
    " AS k (name) WHERE r.remittance_id = $2",
}
_TOGETHER = f"""
WITH about (kind, id) AS (SELECT $3::text, $2::uuid{{parts}})
SELECT w.id, w.kind, w.title, w.owner_id, coalesce(u.name, '') AS owner_name, w.due_at, w.permission, w.return_to, w.excluded
FROM about JOIN work_items w ON w.tenant_id = current_tenant() AND w.subject_type = about.kind AND w.subject_id = about.id
LEFT JOIN users u ON u.id = w.owner_id
WHERE w.status = 'open' AND w.id <> $1 ORDER BY w.priority, w.due_at, w.id LIMIT {MOST_TOGETHER}
"""


async def item_view(session: Session, item_id: UUID) -> WorkView:
    """The item with its history and opened comments; it must be there."""
    row = await session.row(_ITEM, item_id)
    events = await session.fetch(
        "SELECT at, kind, actor_name, detail FROM work_item_events WHERE work_item_id = $1 ORDER BY id",
        item_id,
    )
    around = await session.row(_AROUND, item_id, session.actor.user_id)
    about = About(
        await holding_of(session, item_id),
        around["returns_to"],
        list(around["excluded"]),
        around["watching"],
        list(around["watchers"]),
        await together(session, item_id),
        await _forms(session, row["kind"]) if row["status"] == "open" else [],
        await _answered(session, item_id),
    )
    view = view_of(row, events, session.actor, await session.key(), about)
    if await reads_words(session, item_id, await absent_of(session, session.actor.user_id)):
        return view
    return replace(view, comment="", return_comment="", answered=None)


async def _forms(session: Session, kind: str) -> list[FormAsked]:
    found = await forms_in_force(session, kind)
    return [FormAsked(one.version_id, one.decision, one.number, schema_of(one.form)) for one in found]


async def _answered(session: Session, item_id: UUID) -> FormAnswered | None:
    kept = await answers_of(session, item_id)
    if kept is None:
        return None
    return FormAnswered(
        kept.number, schema_of(kept.form), kept.answers, kept.answered_by_name, kept.answered_at
    )


async def together(session: Session, item_id: UUID) -> list[TogetherLine]:
    """Other open work about the same claim or remittance, or whatever the item is about; at most 50."""
    root = await session.row(_ROOT, item_id)
    if root["id"] is None:
        return []
    parts = _PARTS.get(root["kind"])
    sql = _TOGETHER.format(parts=f" UNION ALL {parts}" if parts else "")
    rows = await session.fetch(sql, item_id, root["id"], root["kind"])
    away = set(await absent_of(session, session.actor.user_id)) if rows else set()
    return [_together_line(session, row, away) for row in rows]


def _together_line(session: Session, row: Any, away: set[UUID]) -> TogetherLine:
    holding = work.Holding(
        "open",
        row["permission"],
        row["owner_id"],
        row["owner_name"],
        row["return_to"],
        frozenset(row["excluded"]),
        row["owner_id"] in away,
    )
    can = work.actions(holding, session.actor.user_id, session.actor.permissions)
    rules = work.KINDS[work.Kind(row["kind"])]
    return TogetherLine(
        row["id"],
        row["kind"],
        rules.label,
        row["title"],
        row["owner_name"],
        row["due_at"],
        [one.code for one in rules.decisions],
        "complete" in can or (holding.owner_id is None and "take" in can),
    )
