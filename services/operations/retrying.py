"""Trying again what keeps a process from going on: one incident, or many at once with the outcome of each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from activities import courier
from activities.edi.circuits import resume
from database import incidents as stored
from database import process_reads
from database.session import Session, tenant_session
from domain.incidents import What
from domain.refusals import Conflict, FieldError, Invalid
from domain.tenancy import Actor
from policies.permissions import Permission
from services import door
from services.operations.incident_views import RetriedLately, RetryOutcome

MOST_AT_ONCE = 200
# Processes that go on after a retry have mostly done so by then.
_LATELY = timedelta(minutes=10)
_NOT_THERE = "not_found"
_SELECTED = (
    "SELECT * FROM incidents WHERE tenant_id = current_tenant() AND id = ANY($1) ORDER BY id FOR UPDATE"
)


@door.bulk(Permission.INCIDENTS_MANAGE)
async def retry_many(actor: Actor, incident_ids: list[UUID]) -> list[RetryOutcome]:
    """Retry up to 200 incidents in one transaction and tell their processes together; what became of each, in the order
    given. One that is refused keeps no other back."""
    wanted = list(dict.fromkeys(incident_ids))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        fault = FieldError("incident_ids", "incident_ids.count", f"Choose 1 to {MOST_AT_ONCE} incidents.")
        raise Invalid(
            "incident.how_many", "So many cannot be retried at once.", fault.message, fields=(fault,)
        )
    async with tenant_session(actor) as session:
        outcomes, told = await _retried(session, wanted)
    for refused in await courier.deliver(session.tenant_id, session.messages):
        identifier = told[refused.message_id]
        outcomes[identifier] = RetryOutcome(identifier, "", refused.code, refused.reason)
    return [outcomes[identifier] for identifier in wanted]


@door.query(Permission.INCIDENTS_MANAGE)
async def retried_lately(session: Session) -> RetriedLately:
    """How far what the asker had tried again in the last minutes has come."""
    row = await session.row(
        "SELECT count(*) AS total, count(*) FILTER (WHERE state <> 'open') AS over FROM incidents"
        " WHERE tenant_id = current_tenant() AND retried_by = $1 AND retried_at > now() - $2::interval",
        session.actor.user_id,
        _LATELY,
    )
    return RetriedLately(row["total"], row["over"])


async def open_row(session: Session, incident_id: UUID) -> Any:
    """The incident, held until the transaction ends; refused once it is closed."""
    row = await session.row("SELECT * FROM incidents WHERE id = $1 FOR UPDATE", incident_id)
    _must_be_open(row)
    return row


async def again(session: Session, row: Any) -> None:
    """Note the retry and tell the process."""
    await session.execute(
        "UPDATE incidents SET retries = retries + 1, retried_at = clock_timestamp(), retried_by = $2 WHERE id = $1",
        row["id"],
        session.actor.user_id,
    )
    await stored.remember(session, row["id"], "retried")
    await _tell(session, row)


async def _retried(
    session: Session, wanted: list[UUID]
) -> tuple[dict[UUID, RetryOutcome], Mapping[UUID, UUID]]:
    """The outcomes as far as the rows tell them, and whose each message is; the processes have the last word."""
    rows = {row["id"]: row for row in await session.fetch(_SELECTED, wanted)}
    names = await process_reads.references(
        session, [(row["kind"], row["process_id"]) for row in rows.values()]
    )
    outcomes: dict[UUID, RetryOutcome] = {}
    told: dict[UUID, UUID] = {}
    for identifier in wanted:
        row = rows.get(identifier)
        outcome = outcomes[identifier] = _outcome(identifier, row, names)
        if not outcome.code:
            before = len(session.messages)
            await again(session, row)
            told |= dict.fromkeys(session.messages[before:], identifier)
        await session.audit(
            "operations.incidents.retry",
            "incidents",
            identifier,
            outcome="refused" if outcome.code == _NOT_THERE else "done",
            detail={"code": outcome.code} if outcome.code else None,
        )
    return outcomes, told


def _outcome(identifier: UUID, row: Any, names: Mapping[tuple[str, UUID], str]) -> RetryOutcome:
    if row is None:
        words = "There is nothing here under this id, or it is not yours."
        return RetryOutcome(identifier, "", _NOT_THERE, words)
    try:
        _must_be_open(row)
    except Conflict as refusal:
        return RetryOutcome(identifier, "", refusal.code, f"{refusal.title} {refusal.what_to_do}")
    return RetryOutcome(identifier, names.get((row["kind"], row["process_id"]), ""))


def _must_be_open(row: Any) -> None:
    if row["state"] != "open":
        raise Conflict(
            "incident.closed", "This incident is closed.", "Reload to see where the process stands now."
        )


async def _tell(session: Session, row: Any) -> None:
    """A partner that is left alone is called again, since somebody says that it was mended."""
    connection = row["mends_id"] if row["mends_type"] == "connection" else None
    if connection is not None:
        await session.execute(
            "UPDATE connection_circuits SET state = 'closed', failures = 0, openings = 0, code = '', retry_at = NULL,"
            " closed_reason = 'retried after an incident', closed_by = $2, changed_at = now()"
            " WHERE connection_id = $1 AND state <> 'closed'",
            connection,
            session.actor.user_id,
        )
        await resume(session, connection)
    if row["kind"] == "poll" and row["what"] == What.FAILED:
        told = {"tenant_id": session.tenant_id, "connection_id": row["process_id"]}
        look = f"{session.tenant_id}/look/{uuid4()}"
        await session.tell("start", look, "", told, workflow="ConnectionPoller", task_queue="edi")
    elif row["what"] != What.WAITING:
        told = {"what": row["what"], "run_id": row["run_id"]}
        await session.tell("retry", row["workflow_id"], row["activity"], told)
