"""How often patients were tried and reached, and where the attempts of each stand; those taken back never count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session

NOTE = "care_outreach.note"
REMOVAL = "care_outreach_removals.reason"
STANDING = """
NOT EXISTS (SELECT 1 FROM care_outreach_removals r WHERE r.tenant_id = o.tenant_id AND r.outreach_id = o.id)
"""
_SHARE = f"""
SELECT o.patient_id, count(*) FILTER (WHERE o.outcome = 'reached') AS reached, count(*) AS attempts
FROM care_outreach o WHERE o.tenant_id = current_tenant() AND o.patient_id = ANY($1) AND o.at >= $2 AND {STANDING}
GROUP BY o.patient_id
"""
# The last attempt of each enrolment, how many in vain stand since somebody was reached, and when that was.
_LAST = f"""
SELECT DISTINCT ON (o.enrolment_id) o.enrolment_id, o.at, o.channel, o.outcome, r.at AS reached_at,
    count(*) FILTER (WHERE o.outcome <> 'reached' AND (r.at IS NULL OR o.at > r.at)) OVER (PARTITION BY o.enrolment_id)
        AS in_vain
FROM care_outreach o
LEFT JOIN LATERAL (SELECT max(x.at) AS at FROM care_outreach x WHERE x.tenant_id = o.tenant_id
    AND x.enrolment_id = o.enrolment_id AND x.outcome = 'reached' AND NOT EXISTS (SELECT 1 FROM care_outreach_removals y
        WHERE y.tenant_id = x.tenant_id AND y.outreach_id = x.id)) r ON true
WHERE o.tenant_id = current_tenant() AND o.enrolment_id = ANY($1) AND {STANDING}
ORDER BY o.enrolment_id, o.at DESC, o.id DESC
"""


async def reached_share(
    session: Session, patient_ids: Sequence[UUID], since: datetime
) -> dict[UUID, tuple[int, int]]:
    """How often each patient was reached, and tried, since a moment; patients never tried are left out."""
    rows = await session.fetch(_SHARE, list(patient_ids), since)
    return {row["patient_id"]: (row["reached"], row["attempts"]) for row in rows}


async def last_attempts(session: Session, enrolment_ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The last attempt of each enrolment with `in_vain`, those since somebody was reached, and `reached_at`."""
    return {row["enrolment_id"]: row for row in await session.fetch(_LAST, list(enrolment_ids))}
