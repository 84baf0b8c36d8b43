"""Evidence packets checked: whether a file is what was kept, whether its audit entry is as it was sealed, and whether a
later packet has taken its place."""

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from activities.care.packets import KEPT, KIND
from database.documents import opened
from database.session import Session, platform_session, tenant_session
from domain.care.packet import CONTENT
from domain.refusals import Invalid
from domain.tenancy import workflow_actor
from integrations.pdf import facts_inside
from policies.permissions import Permission
from services import door
from services.care import papers
from services.tenancy.sealing import proof_of

LARGEST = 20_000_000
_PACKET = """
SELECT p.document_id, p.patient_id, p.month, p.content_sha256, p.supersedes, p.kept_at, d.sha256,
    n.document_id AS superseded_by, a.seq, a.detail,
    n.document_id IS NULL AND NOT EXISTS (SELECT 1 FROM care_patient_months m WHERE m.tenant_id = p.tenant_id
        AND m.patient_id = p.patient_id AND m.month = p.month AND NOT m.superseded
        AND m.packet_id IS DISTINCT FROM p.document_id) AS in_force
FROM care_packets p JOIN documents d ON d.tenant_id = p.tenant_id AND d.id = p.document_id
LEFT JOIN care_packets n ON n.tenant_id = p.tenant_id AND n.supersedes = p.document_id
LEFT JOIN audit_log a ON a.tenant_id = p.tenant_id AND a.subject_type = 'documents'
    AND a.subject_id = p.document_id::text AND a.action = $1 AND a.outcome = 'done'
WHERE p.tenant_id = current_tenant() AND
"""


@dataclass(frozen=True, slots=True)
class PacketStep:
    """One thing that was checked, and what it showed."""

    label: str
    holds: bool
    told: str


@dataclass(frozen=True, slots=True)
class PacketCheck:
    """Whether a file is a packet as it was kept. `genuine`: its bytes, its content and its audit entry all hold.

    Hashes are SHA-256 in hex; `content_sha256` is that of the facts found inside, empty without any. A packet that is
    genuine may be `superseded_by` a later one of the same patient and month, or stand for nothing since the month was
    computed again: then it is not `in_force`.
    """

    genuine: bool
    sha256: str
    content_sha256: str
    document_id: UUID | None = None
    month: date | None = None
    kept_at: datetime | None = None
    seal: int | None = None
    supersedes: UUID | None = None
    superseded_by: UUID | None = None
    in_force: bool = False
    steps: list[PacketStep] = field(default_factory=list)


@door.query(Permission.DOCUMENTS_VIEW)
async def verify_packet(session: Session, body: bytes) -> PacketCheck:
    """Check a file that somebody brings, wherever it comes from. It answers with hashes and dates alone."""
    return await _checked(session, body)


@door.query(Permission.DOCUMENTS_VIEW, of="documents", phi=True)
async def packet_check(session: Session, document_id: UUID) -> PacketCheck:
    """Check a packet as it lies in the store."""
    row = await session.row("SELECT kind, subject_type, subject_id FROM documents WHERE id = $1", document_id)
    await papers.must_be_readable(session, row["kind"], row["subject_type"], row["subject_id"])
    if row["kind"] != KIND:
        raise Invalid(
            "care_packet.other_document",
            "This document is no evidence packet.",
            "Choose the packet of a month of care.",
        )
    return await _checked(session, await opened(session, document_id))


@door.public("run by the command line on the server; it shows hashes and dates, no content")
async def verify_file(subdomain: str, body: bytes) -> PacketCheck | None:
    """Check a file against the packets of one tenant; None when there is no such tenant."""
    async with platform_session() as connection:
        tenant_id = await connection.fetchval("SELECT id FROM tenants WHERE subdomain = $1", subdomain)
    if tenant_id is None:
        return None
    async with tenant_session(workflow_actor(tenant_id, "packet verify")) as session:
        return await _checked(session, body)


async def _checked(session: Session, body: bytes) -> PacketCheck:
    if not 0 < len(body) <= LARGEST:
        told = f"Choose one PDF of at most {LARGEST // 1_000_000} MB."
        raise Invalid("care_packet.size", "This is no evidence packet.", told)
    digest = hashlib.sha256(body).digest()
    inside = await asyncio.to_thread(facts_inside, body, CONTENT)
    content = hashlib.sha256(inside).digest() if inside is not None else b""
    row = await session.row(f"{_PACKET} d.sha256 = $2 AND d.kind = $3", KEPT, digest, KIND)
    row = row or await session.row(
        f"{_PACKET} p.content_sha256 = $2 ORDER BY p.kept_at DESC LIMIT 1", KEPT, content
    )
    if row is None:
        steps = [
            PacketStep("The file", False, "No packet with these bytes or this content was ever kept here.")
        ]
        return PacketCheck(False, digest.hex(), content.hex(), steps=steps)
    steps, seal = await _steps(session, row, digest, content)
    taken = ("document_id", "month", "kept_at", "supersedes", "superseded_by", "in_force")
    same = {name: row[name] for name in taken}
    return PacketCheck(
        all(one.holds for one in steps), digest.hex(), content.hex(), seal=seal, steps=steps, **same
    )


async def _steps(
    session: Session, row: Any, digest: bytes, content: bytes
) -> tuple[list[PacketStep], int | None]:
    detail = json.loads(row["detail"]) if row["detail"] else {}
    entry = detail.get("sha256"), detail.get("content_sha256")
    kept = row["sha256"].hex(), row["content_sha256"].hex()
    steps = [
        _said("The file", row["sha256"] == digest, "Its bytes are those that were kept.", "Its bytes are not those that were kept."),
        _said("The content", row["content_sha256"] == content, "The facts inside are those the packet was made from.",
              "The facts inside are missing, or not those the packet was made from."),
        _said("The audit entry", entry == kept, "The audit trail holds both hashes.", "The audit trail does not hold these hashes."),
    ]  # fmt: skip
    if row["seq"] is None:
        return steps, None
    proof = await proof_of(session, row["seq"])
    if proof.seal is None:
        steps.append(
            PacketStep(
                "The seal", True, "The audit entry is not sealed yet; seals are made every few seconds."
            )
        )
    else:
        told = f"Seal {proof.seal} of the audit chain holds."
        steps.append(_said("The seal", proof.broken is None, told, proof.broken.what if proof.broken else ""))
    return steps, proof.seal


def _said(label: str, holds: bool, good: str, bad: str) -> PacketStep:
    return PacketStep(label, holds, good if holds else bad)
