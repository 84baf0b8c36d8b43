"""Incidents: what keeps processes from going on, retried at once, or cancelled with a reason."""

from typing import Any
from uuid import UUID

from activities import courier
from activities.incidents.cancelling import CANCELLABLE, end_record
from database import incidents as stored
from database import process_reads
from database.incidents import REASON
from database.process_sources import source_of
from database.session import Session, platform_session, tenant_session
from domain.incidents import OUTCOMES, STATES, WHAT_WORDS, What, fault
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.processes import PROCESSES
from domain.refusals import Conflict, FieldError, Invalid
from domain.tenancy import Actor
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.operations.incident_views import IncidentEvent, IncidentLine, IncidentView, PlatformIncident
from services.operations.retrying import again, open_row

_LINE = """
SELECT i.*, r.name AS retried_by_name, c.name AS closed_by_name FROM incidents i
LEFT JOIN users r ON r.id = i.retried_by LEFT JOIN users c ON c.id = i.closed_by
WHERE i.tenant_id = current_tenant()
"""
_MENDED_AT = {"connection": "/connections/{}"}
_EVENT_WORDS = {
    "opened": "Noticed",
    "failed_again": "Failed again after a retry",
    "retried": "Retried",
    "resolved": "Resolved",
    "cancelled": "Process cancelled",
}


@door.query(Permission.INCIDENTS_MANAGE)
async def list_incidents(
    session: Session,
    *,
    state: str = "open",
    kind: str = "",
    code: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[IncidentLine]:
    """Incidents, the newest first; those that are open unless another state, or `all`, is asked for."""
    _must_be_known("state", state, (*STATES, "all"))
    _must_be_known("kind", kind, ("", *PROCESSES))
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINE} AND ($1 = 'all' OR i.state = $1) AND ($2 = '' OR i.kind = $2) AND ($3 = '' OR split_part(i.code, '.', 1) = $3)"
        f" AND ($4::uuid IS NULL OR i.id < $4) ORDER BY i.id DESC LIMIT {size + 1}",
        state,
        kind,
        code,
        uuid_in(cursor) if cursor else None,
    )
    lines = await _lines(session, rows[:size])
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


async def view(session: Session, incident_id: UUID) -> IncidentView:
    """An incident as its page shows it."""
    row = await session.row(f"{_LINE} AND i.id = $1", incident_id)
    events = await session.fetch(
        "SELECT at, kind, actor_name FROM incident_events WHERE incident_id = $1 ORDER BY id DESC",
        incident_id,
    )
    reason = (await session.key()).open(REASON, row["reason"]).decode() if row["reason"] else ""
    return IncidentView(
        (await _lines(session, [row]))[0],
        OUTCOMES.get(row["outcome"], ""),
        reason,
        row["closed_by_name"] or "",
        row["activity"],
        f"/processes/{row['kind']}/{row['process_id']}" if source_of(row["kind"]) else "",
        row["state"] == "open" and row["kind"] in CANCELLABLE,
        [
            IncidentEvent(one["at"], one["kind"], _EVENT_WORDS[one["kind"]], one["actor_name"])
            for one in events
        ],
    )


@door.query(Permission.INCIDENTS_MANAGE, of="incidents")
async def get_incident(session: Session, incident_id: UUID) -> IncidentView:
    """One incident with its history."""
    return await view(session, incident_id)


@door.answering(Permission.INCIDENTS_MANAGE, view, of="incidents")
async def retry(session: Session, incident_id: UUID) -> UUID:
    """Have what fails be tried now instead of when its turn comes. It closes by itself once it has succeeded."""
    await again(session, await open_row(session, incident_id))
    return incident_id


@door.answering(Permission.INCIDENTS_MANAGE, view, of="incidents")
async def cancel(session: Session, incident_id: UUID, reason: str) -> UUID:
    """Cancel the process for good, with the reason: its record says so, facts stay, its open work closes."""
    row = await open_row(session, incident_id)
    words = checked_comment(reason, required=True, field="reason")
    if row["kind"] not in CANCELLABLE:
        raise Conflict(
            "incident.not_cancellable",
            f"{PROCESSES[row['kind']].name}: this is not cancelled here.",
            "Open its record and end it there, or retry.",
        )
    await session.execute(
        "UPDATE incidents SET reason = $2 WHERE id = $1",
        incident_id,
        (await session.key()).seal(REASON, words.encode()),
    )
    beside = await stored.open_of(session, row["workflow_id"])
    ids = [one["id"] for one in beside]
    await stored.close(session, ids, "cancelled", state="cancelled", by=session.actor.user_id)
    await end_record(session, row["kind"], row["process_id"])
    if row["what"] != What.FAILED:
        await session.tell(
            "cancel", row["workflow_id"], "", {"by_force": row["what"] in (What.STUCK, What.LOCAL)}
        )
    return incident_id


@door.public(
    "the platform's staff ask by the command line, where there is no tenant; nothing of a tenant's data is shown"
)
async def all_open(limit: int = 200) -> list[PlatformIncident]:
    """Open incidents of every tenant, those that fail longest first."""
    async with platform_session(purpose="incidents") as connection:
        rows = await connection.fetch(
            "SELECT i.*, t.subdomain FROM incidents i JOIN tenants t ON t.id = i.tenant_id WHERE i.state = 'open'"
            " ORDER BY i.first_failed_at LIMIT $1",
            limit,
        )
    return [
        PlatformIncident(
            row["tenant_id"],
            row["subdomain"],
            row["id"],
            PROCESSES[row["kind"]].name,
            WHAT_WORDS[What(row["what"])],
            row["activity"],
            row["code"],
            fault(row["code"]).words,
            row["attempts"],
            row["first_failed_at"],
            row["last_failed_at"],
        )
        for row in rows
    ]


@door.public("the platform's staff ask by the command line; the tenant's audit trail says that they did")
async def retry_as_platform(incident_id: UUID) -> str:
    """Have what fails be tried now, whosever it is; why not, or an empty text."""
    async with platform_session(purpose="incidents") as connection:
        tenant_id = await connection.fetchval("SELECT tenant_id FROM incidents WHERE id = $1", incident_id)
    if tenant_id is None:
        return "There is no such incident."
    async with tenant_session(Actor(tenant_id, None, "platform", "Platform staff")) as session:
        try:
            await again(session, await open_row(session, incident_id))
        except Conflict as refusal:
            return refusal.title
        await session.audit("operations.incidents.retry_as_platform", "incidents", incident_id)
    refusals = await courier.deliver(tenant_id, session.messages)
    return refusals[0].reason if refusals else ""


async def _lines(session: Session, rows: list[Any]) -> list[IncidentLine]:
    names = await process_reads.references(session, [(row["kind"], row["process_id"]) for row in rows])
    return [_line(row, names.get((row["kind"], row["process_id"]), "")) for row in rows]


def _line(row: Any, reference: str) -> IncidentLine:
    words, tone = STATES[row["state"]]
    what, process, told = What(row["what"]), PROCESSES[row["kind"]], fault(row["code"])
    step = process.step_of(row["activity"])
    mends = _MENDED_AT.get(row["mends_type"], "") if row["mends_id"] else ""
    return IncidentLine(
        row["id"],
        row["state"],
        words,
        tone,
        row["kind"],
        process.name,
        row["process_id"],
        reference or process.name,
        step.label if step else row["activity"].replace("_", " ").capitalize(),
        row["what"],
        WHAT_WORDS[what],
        row["code"],
        told.words,
        told.to_do,
        row["attempts"],
        row["first_failed_at"],
        row["last_failed_at"],
        row["next_attempt_at"] if row["state"] == "open" else None,
        row["retries"],
        row["retried_at"],
        row["retried_by_name"] or "",
        row["closed_at"],
        mends.format(row["mends_id"]),
    )


def _must_be_known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        fault_ = FieldError(
            name, f"{name}.unknown", f"Choose one of: {', '.join(one for one in known if one)}."
        )
        raise Invalid("filter.unknown", "There is no such choice.", fault_.message, fields=(fault_,))
