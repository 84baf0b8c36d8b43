"""What a payer asks of a client before it takes a transaction, and what is approved: read where claims are scrubbed."""

from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.enrolments import Requirement, Term, is_enrolled

_REQUIREMENT = """
SELECT required, measured_by, answer_days, reminder_days FROM enrolment_requirements
WHERE tenant_id = current_tenant() AND payer_id = $1 AND transaction = $2 AND effective_from <= $3
ORDER BY effective_from DESC LIMIT 1
"""
# An enrolment that was rejected or has ended allows nothing; one that is renewed still stands for its old term.
_TERM = """
SELECT effective_from, expires_on FROM enrolments
WHERE tenant_id = current_tenant() AND client_id = $1 AND payer_id = $2 AND transaction = $3
    AND effective_from IS NOT NULL AND step NOT IN ('rejected', 'ended')
ORDER BY id DESC LIMIT 1
"""


async def requirement_of(session: Session, payer_id: UUID, transaction: str, day: date) -> Requirement | None:
    """What the payer asks for on a day; None when nobody has told."""
    row = await session.row(_REQUIREMENT, payer_id, transaction, day)
    return Requirement(**dict(row)) if row else None


async def enrolled_for(
    session: Session, client_id: UUID, payer_id: UUID, transaction: str, today: date, served: date | None
) -> bool | None:
    """Whether a claim of that day of service may be sent today; None when the payer asks for no enrolment."""
    requirement = await requirement_of(session, payer_id, transaction, today)
    if requirement is None or not requirement.required:
        return None
    row: Any = await session.row(_TERM, client_id, payer_id, transaction)
    term = Term(row["effective_from"], row["expires_on"]) if row else None
    return is_enrolled(requirement, term, today, served)
