"""Reviewing the claims of a sample."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.quality.checklist import Category, FindingFacts, Severity, checked_review, counted
from domain.quality.process import Event, State
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.quality.reading import FINDINGS, audit_row, finding_line, questions_of
from services.quality.telling import send
from services.quality.views import (
    CORRECTIVE,
    DESCRIPTION,
    FindingLine,
    QuestionView,
)

_CODES = """
SELECT cardinality(v.diagnoses) + (SELECT count(*) FROM claim_lines l WHERE l.tenant_id = v.tenant_id
    AND l.claim_id = v.claim_id AND l.version = v.version) AS codes, v.charge_cents
FROM claim_versions v WHERE v.tenant_id = current_tenant() AND v.claim_id = $1 AND v.version = $2
"""
_OWN_WORK = """
SELECT EXISTS (SELECT 1 FROM claim_activities WHERE claim_id = $1 AND actor_id = $2)
    OR EXISTS (SELECT 1 FROM work_items WHERE subject_type = 'claim' AND subject_id = $1 AND $2 IN (owner_id, finished_by))
"""
_KEEP = """
INSERT INTO qa_reviews (tenant_id, audit_claim_id, reader, reviewer_id, answers) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, audit_claim_id, reader) DO UPDATE SET answers = excluded.answers, done_at = now()
"""
_COUNT = """
UPDATE qa_audit_claims SET codes = $2, codes_wrong = $3, claim_wrong = $4, cents = $5, cents_wrong = $6,
    reviewed_at = coalesce(reviewed_at, now()) WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as it is written. `category` is coding, claim or financial; `severity` critical, major, minor or
    observation; `cents` is the money it moves."""

    category: str
    severity: str
    description: str
    field: str = ""
    corrective_action: str = ""
    cents: int = 0
    question: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The answers by question (met, not_met, not_applicable), and a finding for each that is not met."""

    answers: dict[str, str]
    findings: list[FindingDraft] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The asker's review of one claim. `next_id` is the next one that they have not reviewed."""

    id: UUID
    audit_id: UUID
    audit_reference: str
    employee_name: str
    ordinal: int
    sample: int
    claim_id: UUID
    claim_reference: str
    reader: str
    done: bool
    questions: list[QuestionView]
    answers: dict[str, str]
    findings: list[FindingDraft]
    next_id: UUID | None
    left: int


@door.query(Permission.CLAIMS_AUDIT, of="qa_audit_claims", phi=True)
async def get_review(session: Session, audit_claim_id: UUID) -> ReviewView:
    """A claim of the sample with the asker's own review of it."""
    return await _review_view(session, audit_claim_id)


async def _review_view(session: Session, audit_claim_id: UUID) -> ReviewView:
    place, audit = await _place(session, audit_claim_id)
    reader = _reader(session, audit, place)
    answers = await session.value(
        "SELECT answers FROM qa_reviews WHERE audit_claim_id = $1 AND reader = $2", audit_claim_id, reader
    )
    key = await session.key()
    rows = await session.fetch(
        f"{FINDINGS} AND f.audit_claim_id = $1 AND f.reader = $2 ORDER BY f.id", audit_claim_id, reader
    )
    lines = [finding_line(key, row) for row in rows]
    waiting = await _waiting(session, audit["id"], reader, place["ordinal"])
    reference = await session.value("SELECT reference FROM claims WHERE id = $1", place["claim_id"])
    return ReviewView(
        audit_claim_id, audit["id"], audit["reference"], audit["employee_name"], place["ordinal"], audit["sample"],
        place["claim_id"], reference, reader, answers is not None,
        [QuestionView(q.key, q.text, q.category.value, q.weight, q.severity.value) for q in questions_of(audit)],
        json.loads(answers) if answers else {},
        [FindingDraft(f.category, f.severity, f.description, f.field, f.corrective_action, f.cents, f.question)
         for f in lines],
        next((one for one in waiting if one != audit_claim_id), None), len(waiting),
    )  # fmt: skip


@door.answering(Permission.CLAIMS_AUDIT, _review_view, of="qa_audit_claims")
async def save_review(session: Session, audit_claim_id: UUID, facts: ReviewFacts) -> UUID:
    """Keep the review of a claim: every question answered, and what is not met said. It may be changed until the audit
    is completed."""
    place, audit = await _place(session, audit_claim_id)
    reader = _reader(session, audit, place)
    _must_be_open(audit)
    await _refuse_own_work(session, place["claim_id"])
    findings = [_finding(number, one) for number, one in enumerate(facts.findings, 1)]
    checked_review(questions_of(audit), facts.answers, findings)
    known = {question.key for question in questions_of(audit)}
    answers = {key: answer for key, answer in facts.answers.items() if key in known}
    await session.execute(
        _KEEP, session.tenant_id, audit_claim_id, reader, session.actor.user_id, json.dumps(answers)
    )
    await _keep_findings(session, audit_claim_id, reader, findings)
    if reader == "first":
        await _count(session, place, findings)
    if audit["state"] == State.SAMPLED:
        await send(session, audit["id"], Event.REVIEW_BEGUN)
    return audit_claim_id


@door.query(Permission.AUDITS_PLAN, phi=True)
async def list_findings(
    session: Session,
    *,
    audit_id: UUID | None = None,
    category: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[FindingLine]:
    """Findings of completed audits, the newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{FINDINGS} AND a.completed_at IS NOT NULL AND f.reader = 'first' AND ($1::uuid IS NULL OR q.audit_id = $1)"
        " AND ($2 = '' OR f.category = $2) AND ($3::uuid IS NULL OR f.id < $3)"
        f" ORDER BY f.id DESC LIMIT {size + 1}",
        audit_id,
        category,
        uuid_in(cursor) if cursor else None,
    )
    key = await session.key()
    lines = [finding_line(key, row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


async def _place(session: Session, audit_claim_id: UUID) -> tuple[Any, Any]:
    place = await session.row("SELECT * FROM qa_audit_claims WHERE id = $1", audit_claim_id)
    # The state may not change under a review that is being kept.
    await session.value("SELECT 1 FROM qa_audits WHERE id = $1 FOR SHARE", place["audit_id"])
    return place, await audit_row(session, place["audit_id"])


def _reader(session: Session, audit: Any, place: Any) -> str:
    """Whose review it is; a refusal for who reviews neither first nor second."""
    if session.actor.user_id == audit["auditor_id"]:
        return "first"
    if place["second"] and session.actor.user_id == audit["second_reviewer_id"]:
        return "second"
    raise Conflict(
        "quality.not_your_review",
        "This claim is reviewed by somebody else.",
        "Open an audit that is yours; only its auditor and its second reviewer review.",
    )


def _must_be_open(audit: Any) -> None:
    if State(audit["state"]) not in (State.SAMPLED, State.IN_REVIEW):
        raise Conflict(
            "quality.completed",
            "This audit is complete: its reviews stand.",
            "Decide on a dispute on its page.",
        )


async def _refuse_own_work(session: Session, claim_id: UUID) -> None:
    if await session.value(_OWN_WORK, claim_id, session.actor.user_id):
        raise Conflict(
            "quality.own_work",
            "You have worked on this claim yourself.",
            "Nobody audits work of their own: have the audit cancelled and planned with another auditor.",
        )


async def _waiting(session: Session, audit_id: UUID, reader: str, after: int) -> list[UUID]:
    """The claims that this reader has not reviewed, from the one after this on and round again."""
    rows = await session.fetch(
        "SELECT q.id FROM qa_audit_claims q WHERE q.tenant_id = current_tenant() AND q.audit_id = $1"
        " AND ($2 = 'first' OR q.second) AND NOT EXISTS (SELECT 1 FROM qa_reviews r WHERE r.tenant_id = q.tenant_id"
        " AND r.audit_claim_id = q.id AND r.reader = $2) ORDER BY q.ordinal <= $3, q.ordinal",
        audit_id,
        reader,
        after,
    )
    return [row["id"] for row in rows]


def _finding(number: int, one: FindingDraft) -> FindingFacts:
    if one.category not in set(Category) or one.severity not in set(Severity):
        name = "category" if one.category not in set(Category) else "severity"
        fault = FieldError(f"findings.{number}.{name}", f"{name}.unknown", f"Choose a {name}.")
        raise Invalid("review.incomplete", "The review is not complete.", fault.message, fields=(fault,))
    return FindingFacts(
        Category(one.category), Severity(one.severity), one.field.strip(), one.description.strip(),
        one.corrective_action.strip(), one.cents, one.question,
    )  # fmt: skip


async def _keep_findings(
    session: Session, audit_claim_id: UUID, reader: str, findings: list[FindingFacts]
) -> None:
    key = await session.key()
    await session.execute(
        "DELETE FROM qa_findings WHERE audit_claim_id = $1 AND reader = $2", audit_claim_id, reader
    )
    await session.execute_many(
        "INSERT INTO qa_findings (tenant_id, audit_claim_id, reader, question, category, severity, field, description,"
        " corrective_action, cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            (session.tenant_id, audit_claim_id, reader, one.question, one.category.value, one.severity.value, one.field,
             key.seal(DESCRIPTION, one.description.encode()),
             key.seal(CORRECTIVE, one.corrective_action.encode()) if one.corrective_action else None, one.cents)
            for one in findings
        ],
    )  # fmt: skip


async def _count(session: Session, place: Any, findings: list[FindingFacts]) -> None:
    told = [(one.category.value, one.severity.value, one.field, one.cents) for one in findings]
    await recount(session, place, told)


async def recount(session: Session, place: Any, told: list[tuple[str, str, str, int]]) -> None:
    """Keep what the findings of a claim come to: category, severity, field and cents of each."""
    row = await session.row(_CODES, place["claim_id"], place["claim_version"])
    found = counted(row["codes"], row["charge_cents"], told)
    await session.execute(
        _COUNT,
        place["id"],
        found.codes,
        found.codes_wrong,
        found.claims_wrong > 0,
        found.cents,
        found.cents_wrong,
    )
