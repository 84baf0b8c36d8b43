"""Queues at risk: once a queue and day a manager is proposed whom to ask, and asks them with one click."""

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from activities.tenants import apart
from activities.work import close_items, open_item
from activities.workforce.float_opening import decide_proposal
from database.clock_reads import RiskQueue, at_risk_queues
from database.float_scope import FloatScope
from database.notifications import notify
from database.session import Session, platform_session, tenant_session
from database.workforce_reads import calendar_of
from domain import work
from domain.notifications import Notice
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import FieldError, Invalid
from domain.tenancy import workflow_actor
from domain.work import Kind, checked_comment
from domain.work_kinds import people
from domain.workforce.float_availability import Period
from domain.workforce.float_process import LIVE
from policies.permissions import Permission
from services import door
from services.tenancy.actors import holders
from services.workforce.float_candidates import OFFICE_DAY, recommend, shown
from services.workforce.float_reading import float_view, reasons_of, where_words
from services.workforce.float_views import CandidateView, ProposalLine, ProposalView

log = logging.getLogger("caseload.float")

MINIMUM = 5
"""So many items of a queue must be past due, or due today, before somebody else is asked to help."""
MOST_A_DAY = 5
MOST_CANDIDATES = 8
REASON = "float_proposals.reason"
SUBJECT = "float_proposal"
STATES = {"open": "Open", "assigned": "Somebody was asked", "dismissed": "Dismissed"}

_INSERT = """
INSERT INTO float_proposals (tenant_id, day, kind, client_id, open_items, at_risk, first_due_at, starts_at, ends_at,
    candidates, weights_from)
SELECT $1, $2, $3, $4, f.open_items, $5, f.first_due_at, $6, $7, $8, $9 FROM (
    SELECT count(*) AS open_items, min(due_at) AS first_due_at FROM work_items WHERE tenant_id = $1 AND status = 'open'
        AND kind = $3 AND client_id IS NOT DISTINCT FROM $4) f
WHERE f.open_items > 0 ON CONFLICT DO NOTHING RETURNING id
"""
# Somebody lends a hand there already, or is asked to.
_HELPED = """
SELECT 1 FROM float_assignments WHERE tenant_id = current_tenant() AND state = ANY($1) AND ends_at > now()
    AND (client_id IS NULL OR client_id = $3) AND (cardinality(kinds) = 0 OR $2 = ANY(kinds)) AND cardinality(item_ids) = 0
LIMIT 1
"""
_ANY_POOL = """
SELECT 1 FROM employees WHERE tenant_id = current_tenant() AND active AND float_pool AND user_id IS NOT NULL LIMIT 1
"""
_TODAY = """
SELECT d.day, (SELECT count(*) FROM float_proposals p WHERE p.tenant_id = current_tenant() AND p.day = d.day) AS proposed
FROM (SELECT (now() AT TIME ZONE time_zone)::date AS day FROM tenants WHERE id = current_tenant()) d
"""
_LINE = """
SELECT p.*, coalesce(c.name, '') AS client_name, coalesce(f.reference, '') AS assignment_reference FROM float_proposals p
LEFT JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
LEFT JOIN float_assignments f ON f.tenant_id = p.tenant_id AND f.id = p.assignment_id
WHERE p.tenant_id = current_tenant()
"""


@door.public("run by the worker: it proposes help to the managers of every tenant and shows nothing")
async def watch_queues_forever(every: float = 300.0) -> None:
    """Look at the queues of every tenant again and again until cancelled."""
    while True:
        try:
            async with platform_session(purpose="clocks") as connection:
                rows = await connection.fetch("SELECT id FROM tenants WHERE status = 'active' ORDER BY id")
            for row in rows:
                with apart(log, "proposals", row["id"]):
                    await propose_for(row["id"])
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # What is at risk stays so until the next look.
            log.warning("proposals postponed: %s", type(error).__name__)
        await asyncio.sleep(every)


@door.public("run by the worker: it proposes help to the managers of a tenant and shows nothing")
async def propose_for(tenant_id: UUID) -> int:
    """Propose whom to ask for each queue of a tenant that will not be done in time; the number of new proposals."""
    async with tenant_session(workflow_actor(tenant_id, "FloatProposals")) as session:
        if not await session.value(_ANY_POOL):
            return 0
        day = await session.row(_TODAY)
        left = MOST_A_DAY - day["proposed"]
        made = 0
        for queue in await at_risk_queues(session):
            if made < left and _urgent(queue) and not await _helped(session, queue):
                made += await _propose(session, queue, day)
        return made


@door.query(Permission.FLOAT_MANAGE)
async def list_proposals(
    session: Session, *, state: str = "", cursor: str | None = None, limit: int = PAGE
) -> Page[ProposalLine]:
    """Queues at risk, the newest first; `state` is open, assigned or dismissed."""
    size = page_size(limit)
    if state and state not in STATES:
        raise _wrong("state", f"Choose one of: {', '.join(STATES)}.")
    rows = await session.fetch(
        f"{_LINE} AND ($1 = '' OR p.state = $1) AND ($2::uuid IS NULL OR p.id < $2) ORDER BY p.id DESC LIMIT {size + 1}",
        state,
        uuid_in(cursor) if cursor else None,
    )
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.FLOAT_MANAGE, of="float_proposals")
async def get_proposal(session: Session, proposal_id: UUID) -> ProposalView:
    """A queue at risk with its candidates and the reasons of each."""
    return await _view(session, proposal_id)


@door.answering(Permission.FLOAT_MANAGE, float_view, of="float_proposals")
async def ask_candidate(session: Session, proposal_id: UUID, user_id: UUID | None = None) -> UUID:
    """Offer an assignment to a candidate, or to the first who is free; answers with the assignment."""
    assignment_id = await decide_proposal(session, proposal_id, "first", user_id)
    assert assignment_id is not None  # refused otherwise
    await close_items(session, SUBJECT, proposal_id, decision="first", by=session.actor.user_id)
    return assignment_id


@door.command(Permission.FLOAT_MANAGE, of="float_proposals")
async def dismiss_proposal(session: Session, proposal_id: UUID, reason: str) -> ProposalView:
    """Leave the queue as it is, with a reason."""
    text = checked_comment(reason, required=True, field="reason")
    await decide_proposal(session, proposal_id, "dismissed")
    sealed = (await session.key()).seal(REASON, text.encode())
    await session.execute("UPDATE float_proposals SET reason = $2 WHERE id = $1", proposal_id, sealed)
    await close_items(session, SUBJECT, proposal_id, decision="dismissed", by=session.actor.user_id)
    return await _view(session, proposal_id)


def _urgent(queue: RiskQueue) -> bool:
    """Work about people is nobody else's."""
    return queue.risk.breached + queue.risk.today >= MINIMUM and Kind(queue.kind) not in people.KINDS


async def _helped(session: Session, queue: RiskQueue) -> bool:
    states = [one.value for one in LIVE]
    return bool(await session.value(_HELPED, states, queue.kind, queue.client_id))


async def _propose(session: Session, queue: RiskQueue, day: Any) -> int:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    period = Period(now, (await calendar_of(session)).add(now, OFFICE_DAY))
    scope = FloatScope(queue.client_id, (queue.kind,))
    found = await recommend(session, scope, period)
    best = [shown(one) for one in found.candidates[:MOST_CANDIDATES]]
    if all(one["blocked"] for one in best):
        return 0
    proposal_id = await session.value(
        _INSERT, session.tenant_id, day["day"], queue.kind, queue.client_id, queue.risk.breached + queue.risk.today,
        period.starts_at, period.ends_at, json.dumps(best), found.weights_from,
    )  # fmt: skip
    if proposal_id is None:
        return 0
    where = where_words(queue.client_name, [queue.kind], 0)
    late = f"{queue.risk.breached + queue.risk.today} due by tonight"
    await open_item(
        session,
        f"float_proposal:{proposal_id}",
        Kind.FLOAT_PROPOSAL,
        work.title(Kind.FLOAT_PROPOSAL, where, late),
        subject_type=SUBJECT,
        subject_id=proposal_id,
    )
    await _tell(session, proposal_id, f"{where} is at risk: {late}")
    return 1


async def _tell(session: Session, proposal_id: UUID, title: str) -> None:
    managers = await holders(session, {Permission.FLOAT_MANAGE})
    href = f"/team/float/proposals/{proposal_id}"
    await notify(
        session,
        managers,
        kind=Notice.SLA_AT_RISK,
        title=title,
        href=href,
        key=f"float_proposal:{proposal_id}",
    )


async def _view(session: Session, proposal_id: UUID) -> ProposalView:
    row = await session.row(f"{_LINE} AND p.id = $1", proposal_id)
    key = await session.key()
    reason = key.open(REASON, row["reason"]).decode() if row["reason"] else ""
    return ProposalView(
        proposal_id, _line(row), row["weights_from"], reason, _candidates(json.loads(row["candidates"]))
    )


def _candidates(stored: Sequence[dict[str, Any]]) -> list[CandidateView]:
    return [
        CandidateView(
            UUID(one["user_id"]),
            one["name"],
            one["score"],
            reasons_of(one),
            one["free_seconds"],
            one["blocked"],
        )
        for one in stored
    ]


def _line(row: Any) -> ProposalLine:
    return ProposalLine(
        row["id"], row["day"], where_words(row["client_name"], [row["kind"]], 0), row["kind"], row["client_id"],
        row["open_items"], row["at_risk"], row["first_due_at"], row["starts_at"], row["ends_at"], row["state"],
        row["assignment_id"], row["assignment_reference"],
    )  # fmt: skip


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"float.{field}", "This cannot be shown so.", words, fields=(fault,))
