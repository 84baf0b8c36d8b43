"""The result of an audit: told, accepted, disputed, and decided on by a third person."""

from uuid import UUID

from database.session import Session
from domain.quality.process import Event
from domain.refusals import Conflict, FieldError, Invalid
from domain.work import checked_comment
from policies.permissions import Permission
from services import door
from services.quality.reading import audit_view
from services.quality.reviews import recount
from services.quality.telling import tell
from services.quality.views import DECISION, DISPUTE, FEEDBACK

_MISSING = """
SELECT count(*) FILTER (WHERE q.reviewed_at IS NULL) AS first, count(*) FILTER (WHERE q.second AND NOT EXISTS (
    SELECT 1 FROM qa_reviews r WHERE r.tenant_id = q.tenant_id AND r.audit_claim_id = q.id AND r.reader = 'second')) AS second
FROM qa_audit_claims q WHERE q.tenant_id = current_tenant() AND q.audit_id = $1
"""


@door.answering(Permission.CLAIMS_AUDIT, audit_view, of="qa_audits")
async def complete_audit(session: Session, audit_id: UUID, feedback: str = "") -> UUID:
    """Complete an audit whose claims are all reviewed: the audited person is told the result and the feedback."""
    text = checked_comment(feedback, field="feedback")
    missing = await session.row(_MISSING, audit_id)
    if missing["first"] or missing["second"]:
        who = "the auditor" if missing["first"] else "the second reviewer"
        raise Conflict(
            "quality.not_reviewed",
            f"{missing['first'] or missing['second']} claims still wait for {who}.",
            "Review every claim of the sample first.",
        )
    await tell(session, audit_id, Event.REVIEWED)
    await _write(session, audit_id, "feedback", FEEDBACK, text)
    return audit_id


@door.answering(Permission.CLAIMS_VIEW, audit_view, of="qa_audits")
async def acknowledge(session: Session, audit_id: UUID) -> UUID:
    """Accept the result of one's own audit."""
    await tell(session, audit_id, Event.ACKNOWLEDGED)
    return audit_id


@door.answering(Permission.CLAIMS_VIEW, audit_view, of="qa_audits")
async def dispute(session: Session, audit_id: UUID, reason: str) -> UUID:
    """Dispute the result of one's own audit, with a reason: a third person decides."""
    text = checked_comment(reason, required=True, field="reason")
    await tell(session, audit_id, Event.DISPUTED)
    await _write(session, audit_id, "dispute", DISPUTE, text)
    return audit_id


@door.answering(Permission.AUDITS_DECIDE, audit_view, of="qa_audits")
async def decide(
    session: Session, audit_id: UUID, comment: str, withdrawn_finding_ids: list[UUID] | None = None
) -> UUID:
    """Decide on a disputed audit: the findings named are withdrawn and count no more, the others stand."""
    text = checked_comment(comment, required=True)
    withdrawn = withdrawn_finding_ids or []
    await tell(session, audit_id, Event.OVERTURNED if withdrawn else Event.UPHELD)
    await _withdraw(session, audit_id, withdrawn)
    await _write(session, audit_id, "decision_comment", DECISION, text)
    return audit_id


async def _withdraw(session: Session, audit_id: UUID, finding_ids: list[UUID]) -> None:
    """Withdraw findings of this audit and count their claims again."""
    if not finding_ids:
        return
    rows = await session.fetch(
        "UPDATE qa_findings f SET withdrawn_at = now() FROM qa_audit_claims q WHERE q.tenant_id = f.tenant_id"
        " AND q.id = f.audit_claim_id AND q.audit_id = $1 AND f.id = ANY($2::uuid[]) AND f.reader = 'first' RETURNING q.id",
        audit_id,
        finding_ids,
    )
    if len(rows) < len(set(finding_ids)):
        fault = FieldError("withdrawn_finding_ids", "finding.unknown", "Choose findings of this audit.")
        raise Invalid("quality.finding", "There is no such finding.", fault.message, fields=(fault,))
    for identifier in {row["id"] for row in rows}:
        place = await session.row("SELECT * FROM qa_audit_claims WHERE id = $1", identifier)
        left = await session.fetch(
            "SELECT category, severity, field, cents FROM qa_findings"
            " WHERE audit_claim_id = $1 AND reader = 'first' AND withdrawn_at IS NULL",
            identifier,
        )
        await recount(session, place, [tuple(one) for one in left])


async def _write(session: Session, audit_id: UUID, column: str, sealed_as: str, text: str) -> None:
    if text:
        sealed = (await session.key()).seal(sealed_as, text.encode())
        await session.execute(f"UPDATE qa_audits SET {column} = $2 WHERE id = $1", audit_id, sealed)
