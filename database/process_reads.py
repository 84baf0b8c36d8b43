"""Process instances as rows: of each kind where its record stands, how it is called, and what happened to it.

The record says where a process stands; Temporal is not asked. Ids grow with time, so that each branch of the list reads its
table's key from the end.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from domain.process_model import Process
from domain.processes import PROCESSES

MOST_EVENTS = 200
_NONE = "'{}'::text[]"


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one kind, from a table `s` joined as `joined`; the other fields are SQL expressions over it.

    `process_id` is the id within the workflow's id, where it is not the record's own. `events` selects at, who and words
    of what happened to the record $1. `place` is an id that grows with time, by which the list goes.
    """

    table: str
    reference: str
    step: str
    joined: str = ""
    place: str = "s.id"
    process_id: str = "s.id"
    client_id: str = "NULL::uuid"
    payer_id: str = "NULL::uuid"
    visited: str = _NONE
    ended_at: str = "NULL::timestamptz"
    started_at: str = ""
    where: str = "true"
    events: str = ""


_BATCH_STEP = """CASE WHEN s.status = 'encoded' AND EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = s.tenant_id
    AND w.subject_type = 'batch' AND w.subject_id = s.id AND w.status = 'open') THEN 'failed' ELSE s.status END"""
_BATCH_VISITED = (
    """CASE WHEN s.sent_at IS NOT NULL THEN ARRAY['gathered', 'encoded', 'sent'] ELSE ARRAY['gathered'] END"""
)
SOURCES: dict[str, Source] = {
    "claim": Source(
        "claims",
        "s.reference",
        "s.step",
        client_id="s.client_id",
        payer_id="s.payer_id",
        visited="s.visited",
        ended_at="s.closed_at",
        events="SELECT at, actor_name, summary AS words FROM claim_activities WHERE claim_id = $1",
    ),
    "batch": Source(
        "edi_batches",
        "k.name || ' ' || s.interchange_number",
        _BATCH_STEP,
        joined="JOIN connections k ON k.tenant_id = s.tenant_id AND k.id = s.connection_id",
        place="s.file_id",
        process_id="s.connection_id",
        visited=_BATCH_VISITED,
        ended_at="s.acknowledged_at",
        events="SELECT * FROM (SELECT t.at, '' AS actor_name, t.words FROM edi_batches s, LATERAL (VALUES"
        " (s.created_at, 'Gathered and written'), (s.sent_at, 'Sent'), (s.acknowledged_at, 'Answered by a 999'))"
        " AS t (at, words) WHERE s.id = $1 AND t.at IS NOT NULL) told",
    ),
    "appeal": Source(
        "appeals",
        "c.reference || ', level ' || s.level",
        "s.stage",
        joined="JOIN claims c ON c.tenant_id = s.tenant_id AND c.id = s.claim_id",
        client_id="c.client_id",
        payer_id="s.payer_id",
        visited="s.visited",
        ended_at="s.closed_at",
        events="SELECT at, actor_name, summary AS words FROM appeal_events WHERE appeal_id = $1",
    ),
    "enrolment": Source(
        "enrolments",
        "k.name || ', ' || p.name || ', ' || s.transaction",
        "s.step",
        joined="JOIN clients k ON k.tenant_id = s.tenant_id AND k.id = s.client_id"
        " JOIN payers p ON p.tenant_id = s.tenant_id AND p.id = s.payer_id",
        client_id="s.client_id",
        payer_id="s.payer_id",
        visited="array(SELECT e.step FROM enrolment_steps e WHERE e.tenant_id = s.tenant_id AND e.enrolment_id = s.id"
        " AND e.step <> '' ORDER BY e.at)",
        events="SELECT at, actor_name, replace(event, '_', ' ') AS words FROM enrolment_events WHERE enrolment_id = $1",
    ),
    "trial": Source(
        "connection_trials",
        "k.name",
        "s.step",
        joined="JOIN connections k ON k.tenant_id = s.tenant_id AND k.id = s.connection_id",
        ended_at="s.finished_at",
    ),
    "audit": Source(
        "qa_audits",
        "s.reference",
        "s.state",
        visited="s.visited",
        ended_at="s.closed_at",
        events="SELECT at, actor_name, summary AS words FROM qa_audit_events WHERE audit_id = $1",
    ),
    "statements": Source(
        "statement_runs",
        "'Statements of ' || s.statement_on",
        "CASE WHEN s.status = 'done' THEN 'done' WHEN s.total = 0 THEN 'counting'"
        " WHEN s.made + s.skipped >= s.total THEN 'finishing' ELSE 'printing' END",
        visited="CASE WHEN s.total > 0 THEN ARRAY['counting'] ELSE '{}'::text[] END",
        ended_at="s.finished_at",
    ),
    "bulk": Source(
        "work_runs",
        "replace(s.act, '_', ' ') || ' of ' || s.total || ' items'",
        "s.status",
        ended_at="s.finished_at",
    ),
    "sheet": Source(
        "sheet_imports",
        "replace(s.kind, '_', ' ') || ' from ' || s.name",
        "s.status",
        visited="CASE WHEN s.taking_at IS NULL THEN '{}'::text[] ELSE ARRAY['draft', 'taking'] END",
        ended_at="s.taken_at",
        where="s.taking_at IS NOT NULL",
    ),
    "simulation": Source(
        "rule_simulations",
        "replace(s.table_code, '_', ' ') || ', ' || s.days || ' days'",
        "s.status",
        ended_at="s.finished_at",
    ),
    "file": Source(
        "edi_files",
        "s.remote_name",
        "CASE WHEN s.status <> 'stored' THEN 'done' WHEN EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = s.tenant_id"
        " AND w.subject_type = 'file' AND w.subject_id = s.id AND w.status = 'open') THEN 'asked' ELSE 'applying' END",
        visited="CASE WHEN s.status = 'stored' THEN '{}'::text[] ELSE ARRAY['applying'] END",
        ended_at="s.finished_at",
        where="s.direction = 'in'",
        events="SELECT * FROM (SELECT t.at, '' AS actor_name, t.words FROM edi_files s, LATERAL (VALUES"
        " (s.created_at, 'Stored as it came'), (s.finished_at, 'Applied: ' || replace(s.status, '_', ' ')))"
        " AS t (at, words) WHERE s.id = $1 AND t.at IS NOT NULL) told",
    ),
    "poll": Source(
        "connections",
        "s.name",
        "CASE WHEN s.last_error = '' THEN 'done' ELSE 'fetching' END",
        started_at="coalesce(s.last_polled_at, s.created_at)",
        where="s.active",
    ),
    "onboarding": Source(
        "registrations",
        "s.company",
        "CASE WHEN s.status = 'ready' THEN 'ready' WHEN s.status IN ('refused', 'failed') THEN 'failed'"
        " WHEN s.step = '' THEN 'address' ELSE s.step END",
        ended_at="s.finished_at",
        where="s.tenant_id_made = current_tenant()",
    ),
    "approval": Source("approvals", "s.reference", "s.state", visited="s.visited"),
    "float_assignment": Source("float_assignments", "s.reference", "s.state", visited="s.visited"),
    "digest": Source("digests", "'of ' || s.day", "s.state", visited="s.visited"),
    "care_month": Source(
        "care_months",
        "to_char(s.month, 'FMMonth YYYY')",
        "s.step",
        visited="CASE WHEN s.step IN ('freezing', 'computing') THEN ARRAY['freezing']"
        " ELSE ARRAY['freezing', 'computing'] END",
        ended_at="s.closed_at",
        started_at="s.started_at",
        events="SELECT at, actor_name, replace(event, '_', ' ') AS words FROM care_month_events"
        " WHERE care_month_id = $1 AND patient_month_id IS NULL",
    ),
    # Those that went through are seen in their month: a close makes thousands of them.
    "care_patient_month": Source(
        "care_patient_months",
        "a.account_number || ', ' || to_char(s.month, 'FMMonth YYYY')",
        "CASE s.outcome WHEN 'waiting' THEN 'computing' WHEN 'exception' THEN 'failed' WHEN 'billable' THEN"
        " CASE WHEN s.packet_id IS NULL THEN 'packet' ELSE 'billing' END ELSE 'done' END",
        joined="JOIN patients a ON a.tenant_id = s.tenant_id AND a.id = s.patient_id",
        place="s.place",
        process_id="s.id",
        client_id="s.client_id",
        ended_at="s.billed_at",
        where="NOT s.superseded AND (s.outcome IN ('exception', 'billable') OR EXISTS (SELECT FROM incidents i"
        " WHERE i.tenant_id = s.tenant_id AND i.process_id = s.id))",
        events="SELECT at, actor_name, replace(event, '_', ' ') AS words FROM care_month_events"
        " WHERE patient_month_id = $1",
    ),
    "care_optimisation": Source(
        "care_optimisations",
        "'Roster of ' || s.patients || ' patients'",
        "s.status",
        ended_at="s.finished_at",
    ),
    "care_enrolment": Source(
        "care_enrolments", "upper(s.programme)", "s.step", client_id="s.client_id"
    ),
}  # fmt: skip
# Of a tenant there is one of each of these at most, without a record of its own.
ONE_OF_A_TENANT = frozenset({"watch", "deposits", "learning", "forecast"})


def source_of(kind: str) -> Source | None:
    """Where the instances of a kind are kept: as listed above, else by the column that its process names."""
    process = PROCESSES.get(kind)
    if kind in SOURCES or process is None or not process.states:
        return SOURCES.get(kind)
    table, _, column = process.states.partition(".")
    return Source(
        table,
        f"'{process.name}'",
        f"s.{column}",
        visited="s.visited",
        started_at="uuid_extract_timestamp(s.id)",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instances: empty fields do not filter. `state` is running, ended or stuck."""

    kinds: Sequence[str] = ()
    state: str = ""
    reference: str = ""
    client_id: UUID | None = None
    payer_id: UUID | None = None
    before: UUID | None = None  # a place


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
        f"WITH asked AS (SELECT $1::uuid, $2::text, $3::text, $4::uuid, $5::uuid) {sql}",
        wanted.before,
        wanted.reference.upper(),
        pattern,
        wanted.client_id,
        wanted.payer_id,
    )


def _branch(kind: str, source: Source, wanted: Wanted, limit: int) -> str:
    """One kind's newest rows in parentheses; empty where the filter can find none of them."""
    conditions = [source.where, f"($1::uuid IS NULL OR {source.place} < $1)"]
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


async def instance(session: Session, process: Process, identifier: UUID) -> Any:
    """One instance by its record's id or by the id in its workflow's id; None when there is none."""
    source = source_of(process.kind)
    if source is None:
        return None
    confined = "true" if source.table == "registrations" else "s.tenant_id = current_tenant()"
    return await session.row(
        f"SELECT '{process.kind}' AS kind, s.id, {_columns(source)} FROM {source.table} s {source.joined}"
        f" WHERE {confined} AND {source.where} AND (s.id = $1 OR {source.process_id} = $1) ORDER BY s.id = $1 DESC, {source.place} DESC LIMIT 1",
        identifier,
    )


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
