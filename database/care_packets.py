"""Evidence packets: which document tells a patient's month, and which packet took its place. The schema itself is
`sql/95_packets.sql`."""

from datetime import date
from typing import Any
from uuid import UUID as Identifier

from piccolo.columns import UUID, Bytea, Date, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.session import Session


class CarePacketRow(Table, tablename="care_packets", db=ENGINE):
    tenant_id = UUID(default=None)
    document_id = UUID(primary_key=True, default=None)
    client_id = UUID(default=None)
    patient_id = UUID(default=None)
    month = Date()
    content_sha256 = Bytea()
    substance_sha256 = Bytea()
    supersedes = UUID(null=True, default=None)
    kept_at = Timestamptz()


async def in_force(session: Session, patient_id: Identifier, month: date) -> Any:
    """The packet of a patient's month that nothing supersedes, with the hash of its bytes; None when there is none."""
    return await session.row(
        "SELECT p.document_id, p.substance_sha256, p.kept_at, d.sha256 FROM care_packets p"
        " JOIN documents d ON d.tenant_id = p.tenant_id AND d.id = p.document_id"
        " WHERE p.tenant_id = current_tenant() AND p.patient_id = $1 AND p.month = $2 AND NOT EXISTS (SELECT 1 FROM"
        " care_packets n WHERE n.tenant_id = p.tenant_id AND n.supersedes = p.document_id)",
        patient_id,
        month,
    )
