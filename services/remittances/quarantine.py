"""What does not balance: the bytes that each broken equation stands on, and the request to post it all the same."""

import asyncio
import json
from uuid import UUID

from activities.approvals.opening import fresh_key, request_approval
from activities.edi.gathering import BODY
from activities.remittances.releasing import must_be_releasable
from database.session import Session
from domain.work import checked_comment
from domain.x12.envelope import interchanges
from domain.x12.reader import Segment
from policies.permissions import Permission
from services import door
from services.remittances.doubt_views import BrokenEquation
from services.remittances.views import ProofFinding

MOST = 50
AROUND = 3
_ITEM = """
SELECT id, owner_id FROM work_items WHERE tenant_id = current_tenant() AND subject_type = 'remittance' AND subject_id = $1
    AND kind = 'quarantine' AND status = 'open'
"""


@door.query(Permission.REMITTANCES_VIEW, of="remittances", phi=True)
async def broken_equations(session: Session, remittance_id: UUID) -> list[BrokenEquation]:
    """The equations that do not hold, each with its segment and those around it. Needs the sight of files' contents."""
    door.also(session, Permission.EDI_BODY)
    row = await session.row(
        "SELECT r.ordinal, r.proof, f.body FROM remittances r JOIN edi_files f ON f.tenant_id = r.tenant_id"
        " AND f.id = r.file_id WHERE r.id = $1",
        remittance_id,
    )
    findings = [ProofFinding(**one) for one in json.loads(row["proof"]).get("findings", [])]
    errors = [one for one in findings if one.severity == "error"][:MOST]
    body = await asyncio.to_thread((await session.key()).open, BODY, row["body"])
    return await asyncio.to_thread(_placed, body, row["ordinal"], errors)


@door.command(Permission.REMITTANCES_RELEASE, of="remittances")
async def release(session: Session, remittance_id: UUID, reason: str) -> UUID:
    """Ask to post a quarantined payment exactly as its file says. Another person approves; then it is posted, with the
    reason and the name of who asked."""
    why = checked_comment(reason, required=True, field="reason")
    row = await must_be_releasable(session, remittance_id)
    item = await session.row(_ITEM, remittance_id)
    asker = session.actor.user_id
    assert asker is not None  # only people and their tokens hold permissions
    await request_approval(
        session,
        key=await fresh_key(session, f"quarantine:{remittance_id}"),
        kind="quarantine",
        subject_type="remittance",
        subject_id=remittance_id,
        summary=f"{row['trace']}, post {row['payment_cents'] / 100:,.2f} out of balance",
        requester_id=asker,
        excluded=[item["owner_id"]] if item and item["owner_id"] else [],
        amount_cents=row["payment_cents"],
        reason=why,
        effect="release_remittance",
        work_item_id=item["id"] if item else None,
    )
    return remittance_id


def _placed(body: bytes, ordinal: int, findings: list[ProofFinding]) -> list[BrokenEquation]:
    segments = _segments(body, ordinal)
    return [_broken(segments, finding) for finding in findings]


def _segments(body: bytes, ordinal: int) -> list[Segment]:
    """Those of the 835 set with that ordinal in the file, ST first."""
    for interchange in interchanges(body):
        for one in interchange.sets:
            if one.ordinal == ordinal:
                return one.segments
    return []


def _broken(segments: list[Segment], finding: ProofFinding) -> BrokenEquation:
    at = finding.segment_number - 1
    if not 0 <= at < len(segments):
        return BrokenEquation(finding, 0, "", [])
    around = [one.text for one in segments[max(at - AROUND, 0) : at + AROUND + 1]]
    return BrokenEquation(finding, segments[at].offset, segments[at].text, around)
