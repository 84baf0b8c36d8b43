"""Opening an appeal, whoever asks: the denial it is against, its first level's window, its process; and news for it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.denials.classifying import classify, today_of
from database.claim_states import read_claims
from database.denial_reads import own_levels, own_playbooks
from database.session import Session
from domain.denials.classes import DenialClass
from domain.denials.levels import level_of, window_ends
from domain.denials.playbooks import in_force, needs_approval
from domain.refusals import Conflict

WORKFLOW = "AppealLifecycle"

_DENIAL = """
SELECT d.*, p.medicare, p.appeal_days, c.paid_cents, t.time_zone FROM denials d
JOIN payers p ON p.tenant_id = d.tenant_id AND p.id = d.payer_id
JOIN claims c ON c.tenant_id = d.tenant_id AND c.id = d.claim_id
JOIN tenants t ON t.id = d.tenant_id
WHERE d.tenant_id = current_tenant() AND d.claim_id = $1 AND d.status <> 'superseded' ORDER BY d.id DESC LIMIT 1
"""
_INSERT = """
INSERT INTO appeals (tenant_id, claim_id, denial_id, payer_id, class_code, level_label, level_row, amount_cents,
    paid_before_cents, decided_on, window_day, window_ends, answer_days, approval_needed, opened_by, argument, attachments)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id
"""


async def open_appeal(
    session: Session,
    claim_id: UUID,
    by: UUID | None,
    *,
    argument: bytes | None = None,
    attachments: bytes | None = None,
) -> UUID:
    """Store the appeal of a claim's latest denial and start its process; the id of the one that is open already, if any.

    `argument` and `attachments` are sealed. Refuses when the payer takes no appeal any more.
    """
    running: UUID | None = await session.value(
        "SELECT id FROM appeals WHERE claim_id = $1 AND closed_at IS NULL", claim_id
    )
    if running is not None:
        return running
    denial = await _denial(session, claim_id)
    facts = await _facts(session, denial)
    appeal_id: UUID = await session.value(
        _INSERT, session.tenant_id, claim_id, denial["id"], *facts, by, argument, attachments
    )
    await session.tell(
        "start",
        workflow_id(session.tenant_id, appeal_id),
        "",
        {"tenant_id": session.tenant_id, "appeal_id": appeal_id},
        workflow=WORKFLOW,
    )
    return appeal_id


async def open_if_possible(session: Session, claim_id: UUID, by: UUID | None) -> UUID | None:
    """The same for a decision that was taken already: where the payer has no level to appeal to, people follow it up by
    themselves, and the claim's process must not be held up by that."""
    try:
        return await open_appeal(session, claim_id, by)
    except Conflict:
        return None


async def tell_appeals(session: Session, claim_ids: Iterable[UUID], fact_id: str) -> None:
    """Tell the open appeals of these claims that a remittance was posted: it may be the payer's answer."""
    rows = await session.fetch(
        "SELECT id FROM appeals WHERE tenant_id = current_tenant() AND closed_at IS NULL AND claim_id = ANY($1::uuid[])",
        list(claim_ids),
    )
    tenant_id = session.tenant_id
    signals = [
        (
            workflow_id(tenant_id, row["id"]),
            {"tenant_id": tenant_id, "appeal_id": row["id"]},
            {"tenant_id": tenant_id, "fact_id": fact_id},
        )
        for row in rows
    ]
    if signals:
        await session.signal_each(WORKFLOW, "answered", signals)


def workflow_id(tenant_id: UUID, appeal_id: UUID) -> str:
    """The id of an appeal's process."""
    return f"{tenant_id}/appeal/{appeal_id}"


def first_moment_after(day: date, time_zone: str) -> datetime:
    """The first moment after a calendar day where the tenant is: too late for what was due on that day."""
    following = day if day == date.max else day + timedelta(days=1)
    return datetime.combine(following, time(), ZoneInfo(time_zone))


async def _denial(session: Session, claim_id: UUID) -> Any:
    """The claim's latest denial; one that was posted before there were classes is classified now."""
    row = await session.row(_DENIAL, claim_id)
    if row is None:
        await classify(session, list((await read_claims(session, [claim_id])).values()))
        row = await session.row(_DENIAL, claim_id)
    if row is None:
        raise Conflict(
            "appeal.nothing_denied",
            "No payer has denied anything on this claim.",
            "Wait for the remittance; only a payer's decision can be appealed.",
        )
    return row


async def _facts(session: Session, denial: Any) -> tuple[Any, ...]:
    """What an appeal begins with, from `payer_id` to `approval_needed`."""
    today = await today_of(session)
    level = level_of(
        1, await own_levels(session), payer_id=str(denial["payer_id"]), medicare=denial["medicare"], day=today
    )
    if level is None:
        raise Conflict(
            "appeal.no_level", "This payer takes no appeals.", "Check the levels under Denial playbooks."
        )
    klass = DenialClass(denial["class_code"])
    playbook = in_force(klass, await own_playbooks(session), today)
    cents = denial["amount_cents"]
    day = window_ends(denial["decided_on"], level, denial["appeal_days"])
    ends = first_moment_after(day, denial["time_zone"])
    return (
        denial["payer_id"], klass.value, level.label, level.id, cents, denial["paid_cents"], denial["decided_on"], day,
        ends, level.answer_days, needs_approval(cents, playbook),
    )  # fmt: skip
