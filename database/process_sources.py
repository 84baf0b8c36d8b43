"""Where the instances of each kind of process are kept, as SQL: what each is called, where it stands, who is in it."""

from dataclasses import dataclass

from domain.processes import PROCESSES

_NONE = "'{}'::text[]"


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one kind, from a table `s` joined as `joined`; the other fields are SQL expressions over it.

    `process_id` is the id within the workflow's id, where it is not the record's own. `events` selects at, who and words
    of what happened to the record $1. `place` is an id that grows with time, by which the list goes. `roster` is whose
    roster the record is on, where it is seen by them alone.
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
    roster: str = ""


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
        "replace(s.kind, '_', ' ') || ', ' || s.total || ' rows'",
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
        "care_enrolments", "upper(s.programme)", "s.step", client_id="s.client_id", roster="s.coordinator_id"
    ),
}  # fmt: skip
# Of a tenant there is one of each of these at most, without a record of its own.
ONE_OF_A_TENANT = frozenset({"watch", "deposits", "learning", "forecast", "care_close"})


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
