"""Audits as the actor of an open session may see them: everybody's, or only those that concern the person."""

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

from database.crypto import TenantKey
from database.session import Session
from domain.quality.agreement import cohens_kappa
from domain.quality.checklist import Question, question_from, score
from domain.quality.process import STAGES, Event, State, diagram
from domain.quality.sampling import METHOD_WORDS, Method
from domain.refusals import NotFound
from policies.permissions import Permission as P
from services.quality.views import (
    CANCELLED,
    CORRECTIVE,
    DECISION,
    DESCRIPTION,
    DISPUTE,
    FEEDBACK,
    AgreementView,
    AuditEventView,
    AuditView,
    FindingLine,
    QuestionView,
    SampledClaim,
    audit_line,
)

# $1 the asker, $2 whether they may see everybody's. An audited person sees the result once it is told.
LINE = """
SELECT a.*, e.name AS employee_name, u.name AS auditor_name, s.name AS second_name, d.name AS decided_by_name, n.*
FROM qa_audits a JOIN users e ON e.id = a.employee_id JOIN users u ON u.id = a.auditor_id
LEFT JOIN users s ON s.id = a.second_reviewer_id LEFT JOIN users d ON d.id = a.decided_by
CROSS JOIN LATERAL (SELECT count(*) AS sample, count(c.reviewed_at) AS claims,
    count(*) FILTER (WHERE c.claim_wrong) AS claims_wrong, sum(c.codes) AS codes, sum(c.codes_wrong) AS codes_wrong,
    sum(c.cents)::bigint AS cents, sum(c.cents_wrong)::bigint AS cents_wrong
    FROM qa_audit_claims c WHERE c.tenant_id = a.tenant_id AND c.audit_id = a.id) n
WHERE a.tenant_id = current_tenant() AND ($2 OR $1 IN (a.auditor_id, a.second_reviewer_id)
    OR ($1 = a.employee_id AND a.completed_at IS NOT NULL))
"""
_CLAIMS = """
SELECT q.*, c.reference, p.name AS payer_name, c.charge_cents,
    EXISTS (SELECT 1 FROM qa_reviews r WHERE r.tenant_id = q.tenant_id AND r.audit_claim_id = q.id
        AND r.reader = 'second') AS second_reviewed,
    (SELECT count(*) FROM qa_findings f WHERE f.tenant_id = q.tenant_id AND f.audit_claim_id = q.id
        AND f.reader = 'first' AND f.withdrawn_at IS NULL) AS findings
FROM qa_audit_claims q JOIN claims c ON c.tenant_id = q.tenant_id AND c.id = q.claim_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
WHERE q.tenant_id = current_tenant() AND q.audit_id = $1 ORDER BY q.ordinal
"""
FINDINGS = """
SELECT f.*, q.audit_id, q.claim_id, a.reference AS audit_reference, c.reference, e.name AS employee_name
FROM qa_findings f JOIN qa_audit_claims q ON q.tenant_id = f.tenant_id AND q.id = f.audit_claim_id
JOIN qa_audits a ON a.tenant_id = q.tenant_id AND a.id = q.audit_id JOIN users e ON e.id = a.employee_id
JOIN claims c ON c.tenant_id = q.tenant_id AND c.id = q.claim_id
WHERE f.tenant_id = current_tenant()
"""
_REVIEWS = """
SELECT r.* FROM qa_reviews r JOIN qa_audit_claims q ON q.tenant_id = r.tenant_id AND q.id = r.audit_claim_id
WHERE r.tenant_id = current_tenant() AND q.audit_id = $1 ORDER BY q.ordinal
"""
_EVENTS = "SELECT at, kind, actor_name, summary FROM qa_audit_events WHERE audit_id = $1 ORDER BY id DESC"
_SEES_ALL = (P.AUDITS_PLAN, P.AUDITS_DECIDE, P.CLAIMS_AUDIT)
_REVIEWING = (State.SAMPLED, State.IN_REVIEW)


def sees_all(session: Session) -> bool:
    """Whether the asker may see audits that do not concern them."""
    return any(session.actor.may(one) for one in _SEES_ALL)


async def audit_row(session: Session, audit_id: UUID) -> Any:
    """The audit, or the refusal for one that is not the asker's to see."""
    row = await session.row(f"{LINE} AND a.id = $3", session.actor.user_id, sees_all(session), audit_id)
    if row is None:
        raise NotFound(
            "not_found",
            "There is nothing here under this id, or it is not yours.",
            "Check the address, and that you are in the right tenant.",
        )
    # The audited person may hold the permissions of an auditor: the result is still theirs only once it is told.
    if row["employee_id"] == session.actor.user_id and row["completed_at"] is None:
        raise NotFound(
            "not_found", "There is nothing here for you yet.", "A result is told when it is complete."
        )
    return row


async def audit_view(session: Session, audit_id: UUID) -> AuditView:
    """The whole audit as the asker may see it."""
    row = await audit_row(session, audit_id)
    key = await session.key()
    questions = questions_of(row)
    reviews = await session.fetch(_REVIEWS, audit_id)
    met, whole = _score(questions, reviews)
    findings = await session.fetch(f"{FINDINGS} AND q.audit_id = $1 ORDER BY q.ordinal, f.id", audit_id)
    events = await session.fetch(_EVENTS, audit_id)
    return AuditView(
        id=audit_id,
        version=row["version"],
        line=audit_line(row),
        waits_for=STAGES[State(row["state"])].waits_for,
        method=row["method"],
        method_label=METHOD_WORDS[Method(row["method"])],
        size=row["size"],
        rate_percent=row["rate_percent"],
        seed=row["seed"],
        population=len(row["population_ids"]),
        own_work=row["own_work"],
        second_reviewer_id=row["second_reviewer_id"],
        second_reviewer_name=row["second_name"] or "",
        second_percent=row["second_percent"],
        checklist_name=row["checklist_name"],
        questions=[
            QuestionView(one.key, one.text, one.category.value, one.weight, one.severity.value)
            for one in questions
        ],
        claims=[_sampled(one) for one in await session.fetch(_CLAIMS, audit_id)],
        findings=[finding_line(key, one) for one in findings if _shown(session, row, one)],
        score_met=met,
        score_whole=whole,
        agreement=_agreement(row, questions, reviews),
        **_words(key, row),
        decided_by_name=row["decided_by_name"] or "",
        events=[AuditEventView(*one) for one in events],
        diagram=diagram(row["state"], row["visited"]),
        may=possible(session, row),
    )


def _words(key: TenantKey, row: Any) -> dict[str, Any]:
    """What people wrote about the audit, opened."""
    return {
        "feedback": opened(key, FEEDBACK, row["feedback"]),
        "dispute": opened(key, DISPUTE, row["dispute"]),
        "decision_comment": opened(key, DECISION, row["decision_comment"]),
        "cancelled_reason": opened(key, CANCELLED, row["cancelled_reason"]),
    }


def possible(session: Session, row: Any) -> list[str]:
    """The facts that the asker may tell now."""
    actor, state = session.actor, State(row["state"])
    events = STAGES[state].events
    audited = actor.user_id == row["employee_id"]
    allowed = {
        Event.REVIEWED: actor.user_id == row["auditor_id"] and actor.may(P.CLAIMS_AUDIT),
        Event.CANCELLED: actor.may(P.AUDITS_PLAN) and not audited,
        Event.ACKNOWLEDGED: audited,
        Event.DISPUTED: audited,
        Event.UPHELD: actor.may(P.AUDITS_DECIDE) and not audited and actor.user_id != row["auditor_id"],
    }
    allowed[Event.OVERTURNED] = allowed[Event.UPHELD]
    # Sampled or begun is all the same to who reviews.
    if state is State.SAMPLED:
        events = {**events, Event.REVIEWED: State.COMPLETED}
    return [event.value for event, may in allowed.items() if may and event in events]


def questions_of(row: Any) -> tuple[Question, ...]:
    """The checklist as it was when the audit was planned."""
    return tuple(question_from(one) for one in json.loads(row["questions"]))


def finding_line(key: TenantKey, row: Any) -> FindingLine:
    """A finding, opened."""
    return FindingLine(
        row["id"], row["audit_id"], row["audit_reference"], row["audit_claim_id"], row["claim_id"], row["reference"],
        row["employee_name"], row["reader"], row["question"], row["category"], row["severity"], row["field"],
        opened(key, DESCRIPTION, row["description"]), opened(key, CORRECTIVE, row["corrective_action"]), row["cents"],
        row["withdrawn_at"] is not None, row["created_at"],
    )  # fmt: skip


def opened(key: TenantKey, column: str, sealed: bytes | None) -> str:
    """Sealed text, or nothing."""
    return key.open(column, sealed).decode() if sealed else ""


def _shown(session: Session, row: Any, finding: Any) -> bool:
    """Blind means blind: while the review runs, each reviewer sees only findings of their own."""
    if State(row["state"]) in _REVIEWING:
        readers = {row["auditor_id"]: "first", row["second_reviewer_id"]: "second"}
        return bool(finding["reader"] == readers.get(session.actor.user_id))
    return bool(finding["reader"] == "first" or session.actor.user_id != row["employee_id"])


def _sampled(row: Any) -> SampledClaim:
    return SampledClaim(
        row["id"], row["ordinal"], row["claim_id"], row["reference"], row["payer_name"], row["stratum"],
        row["charge_cents"], row["second"], row["reviewed_at"] is not None, row["second_reviewed"], row["findings"],
        row["cents_wrong"],
    )  # fmt: skip


def _score(questions: tuple[Question, ...], reviews: list[Any]) -> tuple[int, int]:
    scores = [score(questions, json.loads(one["answers"])) for one in reviews if one["reader"] == "first"]
    return sum(met for met, _ in scores), sum(whole for _, whole in scores)


def _agreement(row: Any, questions: tuple[Question, ...], reviews: list[Any]) -> AgreementView | None:
    if not row["second_reviewer_id"] or State(row["state"]) in (State.PLANNED, *_REVIEWING):
        return None
    by_claim: dict[UUID, dict[str, dict[str, str]]] = defaultdict(dict)
    for one in reviews:
        by_claim[one["audit_claim_id"]][one["reader"]] = json.loads(one["answers"])
    both = [found for found in by_claim.values() if len(found) == 2]
    pairs = [(one["first"][q.key], one["second"][q.key]) for one in both for q in questions]
    found = cohens_kappa(pairs)
    return AgreementView(found.pairs, found.same, found.kappa, found.words)
