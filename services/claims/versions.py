"""Versions of a claim side by side: what was sent to whom, what changed, what it cost and what was answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.session import Session
from domain.claims.comparison import FieldPair, LinePair, compared, compared_lines
from domain.refusals import NotFound
from policies.permissions import Permission
from services import door
from services.claims.drafts import draft_of
from services.claims.views import AcknowledgementView, ClaimDraft, FindingView

_VERSION = """
SELECT v.*, p.name AS payer_name FROM claim_versions v
JOIN payers p ON p.tenant_id = v.tenant_id AND p.id = v.payer_id
WHERE v.claim_id = $1 AND v.version = $2
"""
_MONEY = """
SELECT count(*)::int AS remittances, coalesce(sum(paid_cents), 0)::bigint AS paid,
    coalesce(sum((SELECT sum(a.amount_cents) FROM adjustments a WHERE a.tenant_id = rc.tenant_id
        AND a.remittance_claim_id = rc.id AND a.group_code = 'PR')), 0)::bigint AS patient,
    coalesce(sum((SELECT sum(a.amount_cents) FROM adjustments a WHERE a.tenant_id = rc.tenant_id
        AND a.remittance_claim_id = rc.id AND a.group_code <> 'PR')), 0)::bigint AS adjusted
FROM remittance_claims rc WHERE rc.claim_id = $1 AND rc.claim_version = $2 AND rc.outcome <> 'predetermination'
"""
_FINDINGS = """
SELECT rule_id, severity, field, message, citation FROM claim_findings
WHERE claim_id = $1 AND version = $2 ORDER BY ordinal
"""
_ANSWERS = """
SELECT at, kind, sender, verdict, category, status_code, payer_claim_control_number, claim_version AS version, file_id
FROM acknowledgements WHERE claim_id = $1 AND claim_version = $2 ORDER BY id
"""
# What stands in a column of its own, or is the same in every version.
_ELSEWHERE = ("client_id", "patient_id", "coverage_id", "lines", "rendering_id")


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version as it went out. `rank` is P, S or T; money is what its own remittances say, reversals taken off."""

    version: int
    frequency: str
    claim_number: str
    refers_to: str
    rank: str
    payer_name: str
    forwarded: bool
    withdrawn: bool
    verdict: str
    created_at: datetime
    submitted_at: datetime | None
    charge_cents: int
    remittances: int
    paid_cents: int
    adjusted_cents: int
    patient_cents: int
    findings: list[FindingView]
    acknowledgements: list[AcknowledgementView]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of one claim (PHI): their facts in pairs, with `changed_count` of those that differ."""

    claim_id: UUID
    reference: str
    left: VersionFacts
    right: VersionFacts
    facts: tuple[FieldPair, ...]
    lines: tuple[LinePair, ...]
    changed_count: int


@door.query(Permission.CLAIMS_VIEW, of="claims", phi=True)
async def compare_versions(session: Session, claim_id: UUID, left: int, right: int) -> Comparison:
    """Two versions of a claim side by side, in the order asked for."""
    ours, theirs = [await _version(session, claim_id, number) for number in (left, right)]
    before, after = [await draft_of(session, claim_id, number) for number in (left, right)]
    facts = compared(before, after, without=_ELSEWHERE)
    lines = compared_lines(_lines(before), _lines(after))
    return Comparison(
        claim_id=claim_id,
        reference=await session.value("SELECT reference FROM claims WHERE id = $1", claim_id),
        left=ours,
        right=theirs,
        facts=facts,
        lines=lines,
        changed_count=sum(one.changed for one in facts)
        + sum(one.changed for line in lines for one in line.facts),
    )


def _lines(draft: ClaimDraft) -> Any:
    return draft.facts.lines if draft.facts else draft.lines


async def _version(session: Session, claim_id: UUID, number: int) -> VersionFacts:
    row = await session.row(_VERSION, claim_id, number)
    if row is None:
        raise NotFound("claim.version", "There is no such version of this claim.", "Choose one of its list.")
    money = await session.row(_MONEY, claim_id, number)
    return VersionFacts(
        version=number,
        frequency=row["frequency"],
        claim_number=row["claim_number"],
        refers_to=row["payer_claim_control_number"],
        rank=row["rank"],
        payer_name=row["payer_name"],
        forwarded=row["forwarded"],
        withdrawn=row["withdrawn_at"] is not None,
        verdict=row["verdict"],
        created_at=row["created_at"],
        submitted_at=row["submitted_at"],
        charge_cents=row["charge_cents"],
        remittances=money["remittances"],
        paid_cents=money["paid"],
        adjusted_cents=money["adjusted"],
        patient_cents=money["patient"],
        findings=[FindingView(**one) for one in await session.fetch(_FINDINGS, claim_id, number)],
        acknowledgements=[
            AcknowledgementView(**one) for one in await session.fetch(_ANSWERS, claim_id, number)
        ],
    )
