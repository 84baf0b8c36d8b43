"""Letters of appeals: what a template comes to with a claim's facts, and the PDF that is kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.denials.classifying import today_of
from database.clientele_phi import open_insured, open_person
from database.denial_reads import own_playbooks
from database.documents import store
from database.session import Session
from domain.denials import letters
from domain.denials.appeal import Stage
from domain.denials.classes import DenialClass
from domain.denials.playbooks import Playbook, in_force
from domain.documents import Letterhead
from domain.refusals import Conflict
from integrations import pdf
from policies.permissions import Permission
from services import door
from services.denials.appeal_views import appeal_view, written

_FACTS = """
SELECT a.*, c.reference, c.payer_claim_control_number, v.claim_number, v.charge_cents, pt.person, co.subscriber,
    p.name AS payer_name, cl.name AS client_name, cl.npi, cl.tax_id, cl.phone, d.codes, t.name AS tenant_name,
    c.service_from, c.service_to,
    (SELECT string_agg(l.procedure, ', ' ORDER BY l.number) FROM claim_lines l WHERE l.tenant_id = v.tenant_id
        AND l.claim_id = v.claim_id AND l.version = v.version) AS procedures
FROM appeals a
JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
JOIN denials d ON d.tenant_id = a.tenant_id AND d.id = a.denial_id
JOIN claim_versions v ON v.tenant_id = a.tenant_id AND v.claim_id = a.claim_id AND v.version = coalesce(d.claim_version,
    c.current_version)
JOIN patients pt ON pt.tenant_id = a.tenant_id AND pt.id = c.patient_id
JOIN coverages co ON co.tenant_id = a.tenant_id AND co.id = v.coverage_id
JOIN clients cl ON cl.tenant_id = a.tenant_id AND cl.id = c.client_id
JOIN payers p ON p.tenant_id = a.tenant_id AND p.id = a.payer_id
JOIN tenants t ON t.id = a.tenant_id
WHERE a.tenant_id = current_tenant() AND a.id = $1
"""
_KEEP = """
INSERT INTO appeal_letters (tenant_id, appeal_id, version, level, playbook, document_id, made_by)
SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 FROM appeal_letters WHERE appeal_id = $2
HAVING NOT coalesce((array_agg(document_id ORDER BY version DESC))[1] = $5, false)
"""


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """A letter as it would be sent (PHI). `playbook` is the row whose template it comes from."""

    text: str
    playbook: str


@door.query(Permission.APPEALS_MANAGE, of="appeals", phi=True)
async def preview(session: Session, appeal_id: UUID) -> LetterPreview:
    """The letter's text with the claim's facts, before it is made."""
    row = await session.row(_FACTS, appeal_id)
    playbook = await _playbook(session, row)
    return LetterPreview(letters.filled(playbook.letter, await _facts(session, row)), playbook.id)


@door.answering(Permission.APPEALS_MANAGE, appeal_view, of="appeals")
async def make_letter(session: Session, appeal_id: UUID) -> UUID:
    """Make the letter as a PDF and keep it as the next version. Made again without a change it stays the same one."""
    row = await session.row(f"{_FACTS} FOR UPDATE OF a", appeal_id)
    if Stage(row["stage"]) not in (Stage.DRAFTED, Stage.AWAITING_APPROVAL, Stage.APPROVED):
        raise Conflict(
            "appeal.letter_stands",
            "The letter was sent: it stands as it is.",
            "Take the appeal to the next level.",
        )
    playbook = await _playbook(session, row)
    text = letters.filled(playbook.letter, await _facts(session, row))
    head = Letterhead(row["tenant_name"], row["reference"])
    page = letters.html(text, f"Appeal: {row['level_label']}", head)
    body = await asyncio.to_thread(pdf.render, page)
    document_id = await store(
        session,
        kind="appeal_letter",
        subject_type="claim",
        subject_id=row["claim_id"],
        name=f"{row['reference']}-appeal-level-{row['level']}.pdf",
        body=body,
        facts={"appeal_id": appeal_id, "level": row["level"], "playbook": playbook.id},
    )
    by = session.actor.user_id
    await session.execute(_KEEP, session.tenant_id, appeal_id, row["level"], playbook.id, document_id, by)
    return appeal_id


async def _playbook(session: Session, row: Any) -> Playbook:
    return in_force(DenialClass(row["class_code"]), await own_playbooks(session), await today_of(session))


async def _facts(session: Session, row: Any) -> Mapping[str, str]:
    key = await session.key()
    person, _phone = open_person(key, row["person"])
    argument, attachments = await written(session, row)
    served = {row["service_from"], row["service_to"]}
    return {
        "amount": _dollars(row["amount_cents"]),
        "argument": argument,
        "attachments": "\n".join(f"- {line}" for line in attachments) or "- nothing",
        "birth_date": f"{person.birth_date:%B %-d, %Y}" if person.birth_date else "",
        "charge": _dollars(row["charge_cents"]),
        "claim_number": row["claim_number"],
        "client_name": row["client_name"],
        "client_phone": row["phone"],
        "codes": ", ".join(row["codes"]) or "no reason code",
        "decided_on": f"{row['decided_on']:%B %-d, %Y}",
        "level": row["level_label"],
        "member_id": open_insured(key, row["subscriber"]).member_id,
        "npi": row["npi"],
        "patient_name": f"{person.first_name} {person.last_name}",
        "payer_claim_control_number": row["payer_claim_control_number"],
        "payer_name": row["payer_name"],
        "procedures": row["procedures"] or "",
        "service_dates": " to ".join(f"{day:%B %-d, %Y}" for day in sorted(served)),
        "tax_id": row["tax_id"],
        "today": f"{await today_of(session):%B %-d, %Y}",
    }


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"
