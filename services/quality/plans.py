"""Planning audits: who audits whom over which period, and the sample that can be drawn again."""

import json
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from activities.quality.auditing import WORKFLOW
from activities.quality.items import workflow_id
from database.quality_states import population_of
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.quality.checklist import stored_question
from domain.quality.process import Event, State
from domain.quality.sampling import Candidate, Method, draw, size_of
from domain.refusals import Conflict, FieldError, Invalid
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.quality.checklists import in_force
from services.quality.reading import LINE, audit_row, audit_view, sees_all
from services.quality.telling import tell
from services.quality.views import CANCELLED, AuditLine, AuditView, audit_line
from services.tenancy.actors import holders

LONGEST_PERIOD_DAYS = 366
MOST_CLAIMS = 500
_INSERT = """
INSERT INTO qa_audits (tenant_id, reference, employee_id, auditor_id, second_reviewer_id, second_percent, period_from,
    period_to, method, size, rate_percent, seed, checklist_name, questions, review_days, answer_days, created_by)
VALUES ($1, 'QA-' || nextval('audit_reference'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Who is audited by whom, over which period, and how the sample is drawn: a `size` or a `rate_percent`.

    `method` is random, payer or outcome (stratified). Without `seed` one is chosen and kept. A second reviewer sees a
    share of the sample blind. `checklist` is the name of one in force; empty: the newest.
    """

    employee_id: UUID
    auditor_id: UUID
    period_from: date
    period_to: date
    method: str = "random"
    size: int | None = 10
    rate_percent: int | None = None
    seed: int | None = None
    second_reviewer_id: UUID | None = None
    second_percent: int = 0
    review_days: int = 10
    answer_days: int = 5
    checklist: str = ""


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a plan would draw from: `own_work` claims are left out, since a reviewer worked on them."""

    population: int
    own_work: int
    sample: int


@dataclass(frozen=True, slots=True)
class AuditPerson:
    """Somebody who can be audited, and whether they can audit."""

    id: UUID
    name: str
    audits: bool


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The sample drawn again from the population and seed that were kept, and whether it is the same."""

    claim_ids: list[UUID]
    same: bool


@door.query(Permission.CLAIMS_VIEW)
async def list_audits(
    session: Session,
    *,
    state: str = "",
    employee_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[AuditLine]:
    """Audits, the newest first: everybody's for those who plan, audit or decide, else one's own results."""
    size = page_size(limit)
    if state and state not in set(State):
        raise _wrong("state", f"Choose one of: {', '.join(State)}.")
    rows = await session.fetch(
        f"{LINE} AND ($3 = '' OR a.state = $3) AND ($4::uuid IS NULL OR a.employee_id = $4)"
        " AND (a.employee_id <> $1 OR a.completed_at IS NOT NULL) AND ($5::uuid IS NULL OR a.id < $5)"
        f" ORDER BY a.id DESC LIMIT {size + 1}",
        session.actor.user_id,
        sees_all(session),
        state,
        employee_id,
        uuid_in(cursor) if cursor else None,
    )
    lines = [audit_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.CLAIMS_VIEW, of="qa_audits", phi=True)
async def get_audit(session: Session, audit_id: UUID) -> AuditView:
    """An audit with its sample, findings and accuracies."""
    return await audit_view(session, audit_id)


@door.query(Permission.AUDITS_PLAN)
async def audit_people(session: Session) -> list[AuditPerson]:
    """The active members, by name."""
    auditors = await holders(session, {Permission.CLAIMS_AUDIT})
    everybody = await holders(session, set())
    people = [AuditPerson(one, name, one in auditors) for one, name in everybody.items()]
    return sorted(people, key=lambda one: one.name)


@door.query(Permission.AUDITS_PLAN)
async def preview_audit(session: Session, facts: PlanFacts) -> PlanPreview:
    """How many claims a plan would draw, and from how many."""
    await _check(session, facts)
    rows = await _population(session, facts)
    free = sum(not row["own_work"] for row in rows)
    return PlanPreview(free, len(rows) - free, size_of(free, facts.size, facts.rate_percent))


@door.answering(Permission.AUDITS_PLAN, audit_view)
async def plan_audit(session: Session, facts: PlanFacts) -> UUID:
    """Plan an audit: its process draws the sample and gives it to the auditor."""
    await _check(session, facts)
    await _refuse_own_work(session, facts)
    name, questions = await in_force(session, facts.checklist)
    seed = secrets.randbelow(2**31) if facts.seed is None else facts.seed
    audit_id: UUID = await session.value(
        _INSERT, session.tenant_id, facts.employee_id, facts.auditor_id, facts.second_reviewer_id,
        facts.second_percent if facts.second_reviewer_id else 0, facts.period_from, facts.period_to, facts.method,
        facts.size, facts.rate_percent, seed, name,
        json.dumps([stored_question(one) for one in questions]),
        facts.review_days, facts.answer_days, session.actor.user_id,
    )  # fmt: skip
    people = {"employee_id": facts.employee_id, "auditor_id": facts.auditor_id}
    await session.tell(
        "start",
        workflow_id(session.tenant_id, audit_id),
        "",
        {"tenant_id": session.tenant_id, "audit_id": audit_id, **people},
        workflow=WORKFLOW,
    )
    return audit_id


@door.answering(Permission.AUDITS_PLAN, audit_view, of="qa_audits")
async def cancel_audit(session: Session, audit_id: UUID, reason: str) -> UUID:
    """End an audit that is not complete, with a reason."""
    text = checked_comment(reason, required=True, field="reason")
    await tell(session, audit_id, Event.CANCELLED)
    sealed = (await session.key()).seal(CANCELLED, text.encode())
    await session.execute("UPDATE qa_audits SET cancelled_reason = $2 WHERE id = $1", audit_id, sealed)
    return audit_id


@door.query(Permission.AUDITS_PLAN, of="qa_audits")
async def draw_again(session: Session, audit_id: UUID) -> Redrawn:
    """Draw the sample again from what was kept: the proof that nobody picked it."""
    row = await audit_row(session, audit_id)
    population = [
        Candidate(*one) for one in zip(row["population_ids"], row["population_strata"], strict=True)
    ]
    size = size_of(len(population), row["size"], row["rate_percent"])
    drawn = [one.id for one in draw(population, size, row["seed"], Method(row["method"]))]
    kept = await session.fetch(
        "SELECT claim_id FROM qa_audit_claims WHERE audit_id = $1 ORDER BY ordinal", audit_id
    )
    return Redrawn(drawn, drawn == [one["claim_id"] for one in kept])


async def _population(session: Session, facts: PlanFacts) -> list[Any]:
    zone = await session.value("SELECT time_zone FROM tenants WHERE id = $1", session.tenant_id)
    reviewers = [one for one in (facts.auditor_id, facts.second_reviewer_id) if one]
    period = (facts.period_from, facts.period_to)
    return await population_of(session, facts.employee_id, period, zone, facts.method, reviewers)


async def _refuse_own_work(session: Session, facts: PlanFacts) -> None:
    rows = await _population(session, facts)
    if rows and all(row["own_work"] for row in rows):
        raise Conflict(
            "quality.own_work",
            f"The reviewers have worked on all {len(rows)} claims of this period themselves.",
            "Choose another auditor: nobody audits work of their own.",
        )


async def _check(session: Session, facts: PlanFacts) -> None:
    """Refuse a plan with a conflict of interest, or one that cannot be carried out."""
    if facts.auditor_id == facts.employee_id:
        raise Conflict(
            "quality.own_audit", "Nobody audits themself.", "Choose somebody else to audit this person."
        )
    if facts.second_reviewer_id in (facts.auditor_id, facts.employee_id):
        raise Conflict(
            "quality.own_review",
            "The second reviewer is neither the auditor nor the audited person.",
            "Choose a third person, or nobody.",
        )
    everybody = await holders(session, set())
    if facts.employee_id not in everybody:
        raise _wrong("employee_id", "Choose somebody who works here.")
    auditors = await holders(session, {Permission.CLAIMS_AUDIT})
    for name in ("auditor_id", "second_reviewer_id"):
        chosen = getattr(facts, name)
        if chosen is not None and chosen not in auditors:
            raise _wrong(name, "Choose somebody whose roles allow auditing.")
    _check_figures(facts)


def _check_figures(facts: PlanFacts) -> None:
    bounds = {
        "size": (facts.size, 1, MOST_CLAIMS),
        "rate_percent": (facts.rate_percent, 1, 100),
        "seed": (facts.seed, 0, 2**31),
        "second_percent": (facts.second_percent, 0, 100),
        "review_days": (facts.review_days, 1, 120),
        "answer_days": (facts.answer_days, 1, 60),
    }
    for name, (value, low, high) in bounds.items():
        if value is not None and not low <= value <= high:
            raise _wrong(name, f"Enter {low} to {high}.")
    if (facts.size is None) == (facts.rate_percent is None):
        raise _wrong("size", "Give a number of claims or a share of them, not both.")
    if facts.method not in set(Method):
        raise _wrong("method", f"Choose one of: {', '.join(Method)}.")
    if not 0 <= (facts.period_to - facts.period_from).days <= LONGEST_PERIOD_DAYS:
        raise _wrong("period_to", "Choose a period of at most a year that ends after it begins.")


def _wrong(field: str, words: str) -> Invalid:
    fault = FieldError(field, f"{field}.unusable", words)
    return Invalid(f"quality.{field}", "The audit cannot be planned so.", words, fields=(fault,))
