"""Each partner's circuit breaker in the database, shared by every process: who may call, and what a call came to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from activities.work import close_items, open_item
from database.session import Session
from domain import circuits, work
from domain.circuits import CLOSED, OPEN, Circuit

# How soon it is seen that a connection is in use again.
LOOK_AGAIN = timedelta(minutes=5)
_READ = "SELECT * FROM connection_circuits WHERE connection_id = $1"
_WRITE = """
INSERT INTO connection_circuits (tenant_id, connection_id, state, failures, openings, code, retry_at, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, connection_id) DO UPDATE SET state = $3, failures = $4, openings = $5, code = $6, retry_at = $7,
    opened_at = coalesce($8, connection_circuits.opened_at), closed_reason = '', closed_by = NULL, changed_at = now()
"""
# Somebody completed the work item of the connection, or of a batch of its, with "try again" since it opened.
_SAID_RETRY = """
SELECT 1 FROM work_items WHERE status = 'done' AND decision = 'retry' AND finished_at > $2
    AND (subject_type = 'connection' AND subject_id = $1
         OR subject_type = 'batch' AND subject_id IN (SELECT id FROM edi_batches WHERE connection_id = $1)) LIMIT 1
"""
_WAITING_BATCHES = """
SELECT w.id, w.subject_id, w.workflow_id FROM work_items w JOIN edi_batches b ON b.id = w.subject_id
WHERE w.subject_type = 'batch' AND w.kind = 'incident' AND w.status = 'open' AND b.connection_id = $1
"""


@dataclass(frozen=True, slots=True)
class Paused:
    """The partner is not to be called now. `retry_at` None: not before a person says so."""

    code: str
    retry_at: datetime | None


async def admitted(session: Session, connection_id: UUID) -> Paused | None:
    """None when the partner may be called now. After a pause one caller at a time is let through to try."""
    if not await session.value("SELECT active FROM connections WHERE id = $1", connection_id):
        return Paused("out_of_use", datetime.now(UTC) + LOOK_AGAIN)
    row = await session.row(_READ + " FOR UPDATE", connection_id)
    if row is None or row["state"] == CLOSED:
        return None
    now, circuit = datetime.now(UTC), _circuit(row)
    asked = row["state"] == OPEN and await session.value(_SAID_RETRY, connection_id, row["opened_at"])
    if not asked and not circuits.may_call(circuit, now):
        return Paused(circuit.code, circuit.retry_at)
    await _store(session, connection_id, circuits.probing(circuit, now))
    return None


async def note_failure(session: Session, connection_id: UUID, code: str) -> Circuit:
    """Count a failure; when it opens the circuit somebody is asked to look. What it is afterwards."""
    row = await session.row(_READ + " FOR UPDATE", connection_id)
    before, now = _circuit(row) if row else Circuit(), datetime.now(UTC)
    after = circuits.failed(before, code, now)
    if after == before:
        return after
    opens = after.state == OPEN and before.state != OPEN
    await _store(session, connection_id, after, now if after.state == OPEN else None)
    if opens:
        await _ask(session, connection_id, after)
    return after


async def note_success(session: Session, connection_id: UUID) -> None:
    """The partner answered: the circuit closes, what was asked about it is needless, and waiting batches go on."""
    row = await session.row(_READ + " FOR UPDATE", connection_id)
    if row is None or (row["state"] == CLOSED and not row["failures"]):
        return
    await _store(session, connection_id, circuits.worked())
    await resume(session, connection_id)


async def resume(session: Session, connection_id: UUID) -> None:
    """Take the questions about the connection away and let its waiting batch try again; deliver the messages afterwards."""
    await close_items(session, "connection", connection_id, [work.Kind.CONNECTION])
    for item in await session.fetch(_WAITING_BATCHES, connection_id):
        await close_items(session, "batch", item["subject_id"], [work.Kind.INCIDENT], decision="retry")
        payload = {
            "tenant_id": session.tenant_id,
            "work_item_id": item["id"],
            "decision": "retry",
            "by": session.actor.user_id,
        }
        await session.tell("update", item["workflow_id"], "decided", payload, message_id=item["id"])


async def _store(
    session: Session, connection_id: UUID, circuit: Circuit, opened_at: datetime | None = None
) -> None:
    await session.execute(
        _WRITE,
        session.tenant_id,
        connection_id,
        circuit.state,
        circuit.failures,
        circuit.openings,
        circuit.code,
        circuit.retry_at,
        opened_at,
    )


async def _ask(session: Session, connection_id: UUID, circuit: Circuit) -> None:
    if await session.value(
        "SELECT 1 FROM work_items WHERE subject_type = 'connection' AND subject_id = $1 AND status = 'open'"
        " AND kind = 'connection'",
        connection_id,
    ):
        return
    name = await session.value("SELECT name FROM connections WHERE id = $1", connection_id)
    await open_item(
        session,
        f"circuit:{connection_id}:{datetime.now(UTC):%Y%m%d%H%M%S%f}",
        work.Kind.CONNECTION,
        work.title(work.Kind.CONNECTION, name, WORDS.get(circuit.code, circuit.code.replace("_", " "))),
        subject_type="connection",
        subject_id=connection_id,
        detail={"code": circuit.code, "by_itself": circuit.retry_at is not None},
    )


WORDS = {
    "credentials_refused": "the partner refuses our sign-in",
    "host_key_changed": "the server shows another key than the one that was pinned",
    "host_forbidden": "its host leads to a private address",
    "certificate_refused": "the partner's certificate does not hold",
    "unreachable": "nobody answers there",
    "timed_out": "the partner does not answer in time",
    "connection_lost": "the partner breaks the connection off",
    "partner_failed": "the partner's server reports errors",
    "key_unreadable": "our own key cannot be read",
    "host_key_unreadable": "the pinned host key cannot be read",
}


def _circuit(row: Any) -> Circuit:
    return Circuit(row["state"], row["failures"], row["openings"], row["code"], row["retry_at"])
