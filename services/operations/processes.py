"""Processes: the list of instances, one with its diagram and timeline, and its technical history."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from activities import courier
from activities.incidents import reaching
from database import process_reads
from database.process_reads import Wanted
from database.process_sources import ONE_OF_A_TENANT
from database.session import Session
from domain.incidents import fault
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.processes import PROCESSES, Process
from domain.refusals import Conflict, FieldError, Invalid, NotFound
from domain.tenancy import Actor
from policies.permissions import Permission
from services import door
from services.care.scope import rosters
from services.operations.process_views import (
    STATE_WORDS,
    Moment,
    OpenIncident,
    PendingActivity,
    ProcessLine,
    ProcessView,
    TechnicalEvent,
    TechnicalView,
    Waiting,
    diagram_of,
    page_of,
    permission_of,
    process_line,
)

_INCIDENT_WORDS = {
    "opened": ("An incident was opened", "bad"),
    "failed_again": ("It failed again after a retry", "bad"),
    "retried": ("Retried", "warn"),
    "resolved": ("The incident is resolved", "ok"),
    "cancelled": ("The process was cancelled", "warn"),
}
_OPEN = """
SELECT id, code, attempts, last_failed_at FROM incidents
WHERE tenant_id = current_tenant() AND kind = $1 AND process_id = $2 AND state = 'open' ORDER BY id
"""


@door.query(Permission.WORK_VIEW)
async def list_processes(
    session: Session,
    *,
    kind: str = "",
    state: str = "",
    reference: str = "",
    client_id: UUID | None = None,
    payer_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[ProcessLine]:
    """Process instances, the newest first, of the kinds that the asker may see. `state` is running, ended or stuck."""
    _must_be_known("kind", kind, PROCESSES)
    _must_be_known("state", state, STATE_WORDS)
    size = page_size(limit)
    kinds = [one for one in ([kind] if kind else PROCESSES) if session.actor.may(permission_of(one))]
    if kind and not kinds:
        door.also(session, permission_of(kind))
    before, seen = uuid_in(cursor) if cursor else None, await rosters(session)
    wanted = Wanted(kinds, state, reference.strip()[:100], client_id, payer_id, before, seen)
    rows = await process_reads.instances(session, wanted, size + 1)
    lines = [process_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(rows[size - 1]["place"]) if len(rows) > size else None)


@door.query(Permission.WORK_VIEW)
async def get_process(session: Session, kind: str, process_id: UUID) -> ProcessView:
    """One process by its record's id: where it stands, what happened, who is waited for."""
    process, row = await _instance(session, kind, process_id)
    incidents = await session.fetch(_OPEN, kind, row["process_id"])
    return ProcessView(
        process_line(row),
        diagram_of(process, row),
        await _timeline(session, process, row),
        await _waiting(session, process, row["id"]),
        [
            OpenIncident(one["id"], fault(one["code"]).words, one["attempts"], one["last_failed_at"])
            for one in incidents
        ],
        process.subject_type,
        page_of(kind, row["id"]),
    )


@door.bulk(Permission.INCIDENTS_MANAGE)
async def technical_history(actor: Actor, kind: str, process_id: UUID) -> TechnicalView:
    """The process as the process server recorded it: names, attempts and times only."""
    workflow_id = await _workflow_id(actor, kind, process_id)
    try:
        found = await reaching.technical(courier.client(), workflow_id)
    except courier.UNREACHABLE:
        raise Conflict(
            "process.server_away",
            "The process server does not answer just now.",
            "Look again in a minute; what is shown on the process's page does not need it.",
        ) from None
    if found is None:
        return TechnicalView(workflow_id, False, "", "", None, None, 0, [], [])
    return TechnicalView(
        workflow_id,
        True,
        found.status,
        found.run_id,
        found.started_at,
        found.closed_at,
        found.events,
        [PendingActivity(one.activity, one.attempt, one.next_attempt_at) for one in found.pending],
        [TechnicalEvent(one.number, one.what, one.name, one.at) for one in found.history],
    )


@door.query(Permission.INCIDENTS_MANAGE)
async def _workflow_id(session: Session, kind: str, process_id: UUID) -> str:
    if kind in ONE_OF_A_TENANT:
        return f"{session.tenant_id}/{kind}/{session.tenant_id}"
    _, row = await _instance(session, kind, process_id)
    return f"{session.tenant_id}/{kind}/{row['process_id']}"


async def _instance(session: Session, kind: str, identifier: UUID) -> tuple[Process, Any]:
    process = PROCESSES.get(kind)
    row = (
        await process_reads.instance(session, process, identifier, await rosters(session))
        if process
        else None
    )
    if process is None or row is None:
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )
    door.also(session, permission_of(kind))
    return process, row


async def _timeline(session: Session, process: Process, row: Any) -> list[Moment]:
    """What happened to the record, to its work and to its incidents, the newest first."""
    own = await process_reads.own_events(session, process.kind, row["id"])
    worked = await process_reads.item_events(session, process.subject_type, row["id"])
    moments = [Moment(one["at"], one["actor_name"], one["words"].capitalize()) for one in worked]
    moments += [Moment(one["at"], one["actor_name"], _sentence(one["words"])) for one in own]
    for one in await process_reads.incident_events(session, process.kind, row["process_id"]):
        words, tone = _INCIDENT_WORDS[one["kind"]]
        told = f"{words}: {fault(one['code']).words}" if one["kind"] in ("opened", "failed_again") else words
        moments.append(Moment(one["at"], one["actor_name"], told, tone))
    return sorted(moments, key=lambda one: one.at, reverse=True)[: process_reads.MOST_EVENTS]


async def _waiting(session: Session, process: Process, identifier: UUID) -> list[Waiting]:
    rows = await process_reads.waiting(session, process.subject_type, identifier)
    return [
        Waiting(row["id"], row["kind"], row["title"], row["owner"] or "", row["due_at"], row["follow_up_at"])
        for row in rows
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _must_be_known(name: str, value: str, known: Collection[str]) -> None:
    if value and value not in known:
        fault_ = FieldError(name, f"{name}.unknown", f"Choose one of: {', '.join(known)}.")
        raise Invalid("filter.unknown", "There is no such choice.", fault_.message, fields=(fault_,))
