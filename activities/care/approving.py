"""Back-dated time that a manager has approved: from now on it counts."""

from uuid import UUID

from database.session import Session

COUNT_TIME = "count_care_time"


async def count_time(session: Session, entry_id: UUID, approval_id: UUID) -> None:
    """Note the decision beside the entry, once; the entry itself never changes."""
    await session.execute(
        "INSERT INTO care_time_decisions (tenant_id, entry_id, approved, decided_by)"
        " SELECT $1, $2, true, d.decided_by FROM approval_decisions d WHERE d.tenant_id = $1 AND d.approval_id = $3"
        " ORDER BY d.level DESC LIMIT 1 ON CONFLICT (tenant_id, entry_id) DO NOTHING",
        session.tenant_id,
        entry_id,
        approval_id,
    )
