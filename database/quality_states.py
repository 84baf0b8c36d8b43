"""Where audits stand: read under lock, changed in memory by the domain's table, written back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from database.process_rows import ProcessRows, facts_of
from database.session import Session
from domain.quality.process import STAGES, Event, State, Times, advance

_AUDITS = ProcessRows(
    "qa_audits",
    (
        "outcome",
        "due_at",
        "last_at",
        "reminded_at",
        "decided_by",
        "completed_at",
        "answered_at",
        "closed_at",
        "population_ids",
        "population_strata",
        "own_work",
    ),
    events="qa_audit_events",
    of="audit_id",
)
# What this person captured, corrected or released in the period, at the version of the claim that stands now.
# Claims that a reviewer touched or finished work on are told apart: nobody audits work of their own.
_POPULATION = """
WITH done AS (
    SELECT DISTINCT a.claim_id FROM claim_activities a
    WHERE a.tenant_id = current_tenant() AND a.actor_id = $1 AND a.kind IN ('created', 'corrected', 'released')
        AND a.at >= $2::date::timestamp AT TIME ZONE $4 AND a.at < ($3::date + 1)::timestamp AT TIME ZONE $4)
SELECT c.id, CASE $5 WHEN 'payer' THEN p.name WHEN 'outcome' THEN coalesce(nullif(c.outcome, ''), c.status) ELSE '' END
        AS stratum,
    EXISTS (SELECT 1 FROM claim_activities o WHERE o.tenant_id = c.tenant_id AND o.claim_id = c.id
        AND o.actor_id = ANY($6::uuid[]))
    OR EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = c.tenant_id AND w.subject_type = 'claim'
        AND w.subject_id = c.id AND (w.owner_id = ANY($6::uuid[]) OR w.finished_by = ANY($6::uuid[]))) AS own_work
FROM done d JOIN claims c ON c.tenant_id = current_tenant() AND c.id = d.claim_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
ORDER BY c.id
"""


@dataclass(slots=True)
class AuditState:
    """An audit's process and facts, to be changed by the activities of its workflow only."""

    id: UUID
    reference: str
    employee_id: UUID
    auditor_id: UUID
    second_reviewer_id: UUID | None
    second_percent: int
    period_from: date
    period_to: date
    method: str
    size: int | None
    rate_percent: int | None
    seed: int
    review_days: int
    answer_days: int
    time_zone: str
    created_by: UUID | None
    state: State
    visited: list[State]
    outcome: str
    due_at: datetime | None
    last_at: datetime | None
    reminded_at: datetime | None
    decided_by: UUID | None
    completed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    population_ids: list[UUID]
    population_strata: list[str]
    own_work: int

    def happened(self, event: Event) -> bool:
        """Advance by the table. False when the event is out of place here, as one that came late may be."""
        if event not in STAGES[self.state].events:
            return False
        following = advance(self.state, event)
        if following is not self.state:
            self.visited.append(self.state)
            self.state = following
            self.due_at = self.last_at = self.reminded_at = None
        return True

    @property
    def times(self) -> Times:
        """What its clocks count from."""
        return Times(self.state, self.due_at, self.last_at, self.reminded_at is not None)

    @property
    def reviewers(self) -> list[UUID]:
        """The auditor and, where there is one, the second reviewer."""
        return [one for one in (self.auditor_id, self.second_reviewer_id) if one]


async def lock_audit(session: Session, audit_id: UUID) -> AuditState:
    """The audit, locked until the transaction ends; it must be there."""
    row = await session.row(
        "SELECT a.*, t.time_zone FROM qa_audits a JOIN tenants t ON t.id = a.tenant_id"
        " WHERE a.tenant_id = current_tenant() AND a.id = $1 FOR UPDATE OF a",
        audit_id,
    )
    return AuditState(**facts_of(row, AuditState, State))


store_audit = _AUDITS.store
add_event = _AUDITS.note


async def population_of(
    session: Session,
    employee_id: UUID,
    period: tuple[date, date],
    time_zone: str,
    method: str,
    reviewers: list[UUID],
) -> list[Any]:
    """The claims that a person captured, corrected or released in a period: `id`, `stratum`, and `own_work` where a
    reviewer has worked on the claim too."""
    return await session.fetch(_POPULATION, employee_id, *period, time_zone, method, reviewers)
