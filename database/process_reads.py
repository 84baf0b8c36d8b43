"""Process instances as rows: of each kind where its record stands, how it is called, and what happened to it.

The record says where a process stands; Temporal is not asked. Ids grow with time, so that each branch of the list reads its
table's key from the end.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.process_sources import Source, source_of
from database.session import Session
from domain.process_model import Process
from domain.processes import PROCESSES

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instances: empty fields do not filter. `state` is running, ended or stuck; `rosters` are the coordinators whose
    patients the asker sees, None: everybody's."""

    kinds: Sequence[str] = ()
    state: str = ""
    reference: str = ""
    client_id: UUID | None = None
    payer_id: UUID | None = None
    before: UUID | None = None  # a place
    rosters: Sequence[UUID] | None = None


async def instances(session: Session, wanted: Wanted, limit: int) -> list[Any]:
    """Instances of these kinds, the newest first, each table read from its end."""
    branches = [
        branch for kind in wanted.kinds if (source := source_of(kind)) and (branch := _branch(kind, source, wanted, limit))
    ]  # fmt: skip
    if not branches:
        return []
    sql = f"SELECT * FROM ({' UNION ALL '.join(branches)}) every ORDER BY place DESC LIMIT {limit}"
    pattern = f"%{wanted.reference}%" if wanted.reference else None
    return await session.fetch(
        f"WITH asked AS (SELECT $1::uuid, $2::text, $3::text, $4::uuid, $5::uuid, $6::uuid[]) {sql}",
        wanted.before,
        wanted.reference.upper(),
        pattern,
        wanted.client_id,
        wanted.payer_id,
        wanted.rosters,
    )


def _branch(kind: str, source: Source, wanted: Wanted, limit: int) -> str:
    """One kind's newest rows in parentheses; empty where the filter can find none of them."""
    conditions = [source.where, f"($1::uuid IS NULL OR {source.place} < $1)", *_on_roster(source, 6)]
    if source.table != "registrations":
        conditions.append("s.tenant_id = current_tenant()")
    for column, value, number in (
        (source.client_id, wanted.client_id, 4),
        (source.payer_id, wanted.payer_id, 5),
    ):
        if value is None:
            continue
        if column.startswith("NULL"):
            return ""
        conditions.append(f"{column} = ${number}")
    if wanted.reference:
        # A claim is found by its key; of the other kinds there are few.
        conditions.append("s.reference = $2" if kind == "claim" else f"({source.reference}) ILIKE $3")
    conditions += _states(kind, source, wanted.state)
    return (
        f"(SELECT '{kind}' AS kind, s.id, {_columns(source)} FROM {source.table} s {source.joined}"
        f" WHERE {' AND '.join(conditions)} ORDER BY {source.place} DESC LIMIT {limit})"
    )


def _columns(source: Source) -> str:
    return (
        f"{source.place} AS place, {source.process_id} AS process_id, {source.reference} AS reference, {source.step} AS step,"
        f" {source.visited} AS visited, {source.client_id} AS client_id, {source.payer_id} AS payer_id,"
        f" {source.started_at or f'uuid_extract_timestamp({source.place})'} AS started_at, {source.ended_at} AS ended_at,"
        " EXISTS (SELECT 1 FROM incidents i WHERE i.tenant_id = current_tenant() AND i.state = 'open'"
        f" AND i.process_id = {source.process_id}) AS stuck"
    )


def _states(kind: str, source: Source, state: str) -> list[str]:
    ends = ", ".join(f"'{one}'" for one in sorted(PROCESSES[kind].ends))
    if state == "running":
        return [f"({source.step}) NOT IN ({ends})"]
    if state == "ended":
        return [f"({source.step}) IN ({ends})"]
    if state == "stuck":
        open_ones = (
            "SELECT i.process_id FROM incidents i WHERE i.tenant_id = current_tenant() AND i.state = 'open'"
        )
        still = f" AND ({source.step}) NOT IN ({ends})" if kind == "batch" else ""
        return [f"{source.process_id} IN ({open_ones} AND i.kind = '{kind}'){still}"]
    return []


async def instance(
    session: Session, process: Process, identifier: UUID, rosters: Sequence[UUID] | None
) -> Any:
    """One instance by its record's id or by the id in its workflow's id; None when there is none on these `rosters`
    (None: everybody's)."""
    source = source_of(process.kind)
    if source is None:
        return None
    conditions = [source.where, *_on_roster(source, 2)]
    if source.table != "registrations":
        conditions.append("s.tenant_id = current_tenant()")
    return await session.row(
        f"WITH asked AS (SELECT $1::uuid, $2::uuid[]) SELECT '{process.kind}' AS kind, s.id, {_columns(source)}"
        f" FROM {source.table} s {source.joined} WHERE {' AND '.join(conditions)}"
        f" AND (s.id = $1 OR {source.process_id} = $1) ORDER BY s.id = $1 DESC, {source.place} DESC LIMIT 1",
        identifier,
        rosters,
    )


def _on_roster(source: Source, number: int) -> list[str]:
    """The condition on whose roster a record is, by the parameter that names them; none where it is on nobody's."""
    if not source.roster:
        return []
    return [f"(${number}::uuid[] IS NULL OR {source.roster} = ANY(${number}))"]


async def references(session: Session, pairs: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """What the processes of these kinds and ids are called."""
    found: dict[tuple[str, UUID], str] = {}
    for kind in {kind for kind, _ in pairs}:
        source = source_of(kind)
        if source is None:
            continue
        ids = [identifier for one, identifier in pairs if one == kind]
        # A batch is called by its connection: its process is the connection's, whatever batch it has in hand.
        words, table, joined = (
            ("s.name", "connections", "")
            if kind == "batch"
            else (source.reference, source.table, source.joined)
        )
        for row in await session.fetch(
            f"SELECT s.id, {words} AS words FROM {table} s {joined} WHERE s.id = ANY($1::uuid[])", ids
        ):
            found[kind, row["id"]] = row["words"]
    return found


_ITEM_EVENTS = """
SELECT e.at, e.actor_name, w.title || ': ' || e.kind || CASE WHEN e.detail <> '' THEN ' ' || e.detail ELSE '' END AS words
FROM work_items w JOIN work_item_events e ON e.tenant_id = w.tenant_id AND e.work_item_id = w.id
WHERE w.tenant_id = current_tenant() AND w.subject_type = $1 AND w.subject_id = $2 ORDER BY e.at DESC LIMIT {most}
"""
_INCIDENT_EVENTS = """
SELECT e.at, e.actor_name, e.kind, e.code, i.activity FROM incidents i
JOIN incident_events e ON e.tenant_id = i.tenant_id AND e.incident_id = i.id
WHERE i.tenant_id = current_tenant() AND i.kind = $1 AND i.process_id = $2 ORDER BY e.at DESC LIMIT {most}
"""
_WAITING = """
SELECT w.id, w.kind, w.title, w.due_at, w.follow_up_at, u.name AS owner FROM work_items w LEFT JOIN users u ON u.id = w.owner_id
WHERE w.tenant_id = current_tenant() AND w.subject_type = $1 AND w.subject_id = $2 AND w.status = 'open'
ORDER BY w.priority, w.due_at LIMIT 50
"""


async def own_events(session: Session, kind: str, identifier: UUID) -> list[Any]:
    """What happened to the record, the newest first: at, actor_name, words."""
    source = source_of(kind)
    if source is None or not source.events:
        return []
    return await session.fetch(f"{source.events} ORDER BY at DESC LIMIT {MOST_EVENTS}", identifier)


async def item_events(session: Session, subject_type: str, identifier: UUID) -> list[Any]:
    """What people did with the work that the process opened, the newest first: at, actor_name, words."""
    return await session.fetch(_ITEM_EVENTS.format(most=MOST_EVENTS), subject_type, identifier)


async def incident_events(session: Session, kind: str, process_id: UUID) -> list[Any]:
    """What happened to the process's incidents, the newest first: at, actor_name, kind, code, activity."""
    return await session.fetch(_INCIDENT_EVENTS.format(most=MOST_EVENTS), kind, process_id)


async def waiting(session: Session, subject_type: str, identifier: UUID) -> list[Any]:
    """The open work of the process, the most urgent first: who holds it, and by when it is due."""
    return await session.fetch(_WAITING, subject_type, identifier)
