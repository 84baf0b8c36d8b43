"""An appeal as the actor of an open session sees it: what every action on it answers with."""

import json
from typing import Any
from uuid import UUID

from database.session import Session
from domain.denials.appeal import TRANSITIONS, Event, Stage, diagram
from services.denials.views import (
    AppealEventView,
    AppealView,
    LetterVersion,
    LevelOutcome,
    appeal_line,
    outcome_words,
)

ARGUMENT = "appeals.argument"
ATTACHMENTS = "appeals.attachments"
LINE = """
SELECT a.*, c.reference, p.name AS payer_name, u.name AS opened_by_name, b.name AS approved_by_name FROM appeals a
JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
JOIN payers p ON p.tenant_id = a.tenant_id AND p.id = a.payer_id
LEFT JOIN users u ON u.id = a.opened_by LEFT JOIN users b ON b.id = a.approved_by
WHERE a.tenant_id = current_tenant()
"""
_LETTERS = """
SELECT l.*, u.name AS made_by_name FROM appeal_letters l LEFT JOIN users u ON u.id = l.made_by
WHERE l.appeal_id = $1 ORDER BY l.version DESC
"""
# What only the process itself may say.
_BY_ITSELF = frozenset({Event.EXPIRED})


async def appeal_view(session: Session, appeal_id: UUID) -> AppealView:
    """The whole appeal; it must be there."""
    row = await session.row(f"{LINE} AND a.id = $1", appeal_id)
    events = await session.fetch(
        "SELECT at, level, kind, actor_name, summary FROM appeal_events WHERE appeal_id = $1 ORDER BY id DESC",
        appeal_id,
    )
    letters = await session.fetch(_LETTERS, appeal_id)
    outcomes = await session.fetch(
        "SELECT * FROM appeal_outcomes WHERE appeal_id = $1 ORDER BY level", appeal_id
    )
    argument, attachments = await written(session, row)
    return AppealView(
        id=appeal_id,
        version=row["version"],
        line=appeal_line(row),
        denial_id=row["denial_id"],
        decided_on=row["decided_on"],
        window_day=row["window_day"],
        answer_by=row["answer_by"],
        approval_needed=row["approval_needed"],
        approved_by_name=row["approved_by_name"] or "",
        sent_on=row["sent_on"],
        channel=row["channel"],
        tracking=row["tracking"],
        acknowledged_on=row["acknowledged_on"],
        argument=argument,
        attachments=attachments,
        events=[AppealEventView(*one) for one in events],
        letters=[_letter(one) for one in letters],
        outcomes=[_outcome(one) for one in outcomes],
        diagram=diagram(row["stage"], row["visited"]),
        events_possible=possible(row),
    )


async def written(session: Session, row: Any) -> tuple[str, list[str]]:
    """What the person who appeals wrote, and the evidence that goes along, opened."""
    key = await session.key()
    argument = key.open(ARGUMENT, row["argument"]).decode() if row["argument"] else ""
    attachments = json.loads(key.open(ATTACHMENTS, row["attachments"])) if row["attachments"] else []
    return argument, attachments


def possible(row: Any) -> list[str]:
    """The facts that a person may tell now: a letter that needs approval is not sent before it has it."""
    stage = Stage(row["stage"])
    known = [event for event in TRANSITIONS[stage] if event not in _BY_ITSELF]
    if stage is Stage.DRAFTED:
        known.remove(Event.SENT if row["approval_needed"] else Event.NEEDS_APPROVAL)
    return [event.value for event in known]


def _letter(row: Any) -> LetterVersion:
    return LetterVersion(
        row["version"], row["level"], row["document_id"], row["made_by_name"] or "", row["made_at"]
    )


def _outcome(row: Any) -> LevelOutcome:
    label, tone = outcome_words(row["outcome"])
    return LevelOutcome(
        row["level"],
        row["level_label"],
        row["outcome"],
        label,
        tone,
        row["recovered_cents"],
        row["sent_on"],
        row["decided_on"],
    )
