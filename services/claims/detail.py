"""One claim with everything that is known of it."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from database.claim_states import facts_of
from database.clientele_phi import open_insured, open_person
from database.crypto import TenantKey
from database.session import Session
from domain.claims.states import Facts, Status, Step, correction_for, diagram, next_action, waiting_for
from domain.refusals import Conflict
from domain.rules.custom_fields import Subject
from services.claims.drafts import draft_of
from services.claims.institutional_drafts import practitioner_names
from services.claims.next_payer import next_payer_of
from services.claims.views import (
    AcknowledgementView,
    ActivityView,
    AdjudicationView,
    AdjustmentView,
    ClaimView,
    FindingView,
    LedgerLine,
    VersionView,
)
from services.rules.custom_values import one_with_custom

_ONE = """
SELECT c.*, v.frequency, v.rank, v.claim_number, cl.name AS client_name, p.name AS payer_name, pt.person, co.subscriber,
    r.last_name || ', ' || r.first_name AS rendering_name
FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
JOIN patients pt ON pt.tenant_id = c.tenant_id AND pt.id = c.patient_id
JOIN coverages co ON co.tenant_id = c.tenant_id AND co.id = c.coverage_id
LEFT JOIN providers r ON r.tenant_id = v.tenant_id AND r.id = v.rendering_id
WHERE c.id = $1
"""
_ADJUDICATIONS = """
SELECT rc.*, r.trace, r.payment_date FROM remittance_claims rc
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id
WHERE rc.claim_id = $1 ORDER BY rc.id
"""
_ADJUSTMENTS = """
SELECT a.* FROM adjustments a JOIN remittance_claims rc ON rc.tenant_id = a.tenant_id AND rc.id = a.remittance_claim_id
WHERE rc.claim_id = $1 ORDER BY a.remittance_claim_id, a.ordinal
"""


def balance_of(row: Any) -> int:
    """What is still open with the payer and the patient together, in cents."""
    if row["closed_at"] is not None:
        return 0  # a withdrawn or voided claim keeps its charge on record, but nobody owes it
    return int(row["charge_cents"] - row["paid_cents"] - row["adjusted_cents"])


def name_of(key: TenantKey, sealed: bytes) -> str:
    person, _phone = open_person(key, sealed)
    return f"{person.last_name}, {person.first_name}".strip(", ")


# What the view shows exactly as it is stored.
_AS_STORED = (
    "reference", "form", "version", "step", "held_reason", "client_id", "client_name", "payer_id", "payer_name", "patient_id",
    "coverage_id", "current_version", "frequency", "claim_number", "payer_claim_control_number", "charge_cents",
    "paid_cents", "adjusted_cents", "patient_cents", "ack_999", "ack_clearinghouse", "ack_payer", "outcome",
    "service_from", "service_to", "created_at", "updated_at", "sent_at", "closed_reason", "rank",
)  # fmt: skip


async def view(session: Session, claim_id: UUID) -> ClaimView:
    """The whole claim, for commands that answer with it; the door has checked that it is there."""
    row = await session.row(_ONE, claim_id)
    key = await session.key()
    version = row["current_version"]
    following = await next_payer_of(session, row)
    shown = ClaimView(
        id=claim_id,
        **{name: row[name] for name in _AS_STORED},
        **_judged(row),
        patient_name=name_of(key, row["person"]),
        member_id=open_insured(key, row["subscriber"]).member_id,
        rendering_name=row["rendering_name"] or "",
        practitioners=await practitioner_names(session, claim_id, version),
        draft=await draft_of(session, claim_id, version),
        findings=await _findings(session, claim_id, version),
        versions=await _versions(session, claim_id),
        balance_cents=balance_of(row),
        activities=await _activities(session, claim_id),
        acknowledgements=await _acknowledgements(session, claim_id),
        adjudications=await _adjudications(session, claim_id),
        ledger=await ledger_of(session, claim_id),
        diagram=diagram(Step(row["step"]), [Step(step) for step in row["visited"]]),
        next_payer_name=following.name,
        next_payer_reason=following.refusal,
    )
    return await one_with_custom(session, Subject.CLAIM, shown)


def _judged(row: Any) -> dict[str, Any]:
    """What the domain makes of the stored facts: the status in words, what may be done next, and why not more."""
    facts = facts_of(row)
    status = Status(row["status"])
    action = next_action(facts)
    frequency, reason = _correction(facts)
    return {
        "status": status.value,
        "status_label": status.label,
        "tone": status.tone,
        "waiting_for": waiting_for(facts),
        "next_action": action.code if action else "",
        "next_action_label": action.label if action else "",
        "correction": frequency,
        "correction_reason": reason,
    }


def _correction(facts: Facts) -> tuple[str, str]:
    """The frequency of a new submission allowed now, or the reason why none is."""
    try:
        return correction_for(facts), ""
    except Conflict as refusal:
        return "", f"{refusal.title} {refusal.what_to_do}"


async def _findings(session: Session, claim_id: UUID, version: int) -> list[FindingView]:
    rows = await session.fetch(
        "SELECT rule_id, severity, field, message, citation FROM claim_findings"
        " WHERE claim_id = $1 AND version = $2 ORDER BY ordinal",
        claim_id,
        version,
    )
    return [FindingView(**row) for row in rows]


async def _versions(session: Session, claim_id: UUID) -> list[VersionView]:
    rows = await session.fetch(
        "SELECT v.version, v.frequency, v.claim_number, v.charge_cents, v.created_at, v.submitted_at,"
        " v.payer_claim_control_number, v.rank, v.forwarded, v.withdrawn_at, p.name AS payer_name"
        " FROM claim_versions v JOIN payers p ON p.tenant_id = v.tenant_id AND p.id = v.payer_id"
        " WHERE v.claim_id = $1 ORDER BY v.version",
        claim_id,
    )
    return [VersionView(**row) for row in rows]


async def _activities(session: Session, claim_id: UUID) -> list[ActivityView]:
    rows = await session.fetch(
        "SELECT at, kind, actor_name, summary FROM claim_activities WHERE claim_id = $1 ORDER BY id DESC LIMIT 200",
        claim_id,
    )
    return [ActivityView(**row) for row in rows]


async def _acknowledgements(session: Session, claim_id: UUID) -> list[AcknowledgementView]:
    rows = await session.fetch(
        "SELECT at, kind, sender, verdict, category, status_code, payer_claim_control_number,"
        " claim_version AS version, file_id FROM acknowledgements WHERE claim_id = $1 ORDER BY id",
        claim_id,
    )
    return [AcknowledgementView(**row) for row in rows]


async def _adjudications(session: Session, claim_id: UUID) -> list[AdjudicationView]:
    adjustments: dict[UUID, list[AdjustmentView]] = defaultdict(list)
    for row in await session.fetch(_ADJUSTMENTS, claim_id):
        adjustments[row["remittance_claim_id"]].append(
            AdjustmentView(row["line_ordinal"], row["group_code"], row["reason_code"], row["amount_cents"])
        )
    return [
        AdjudicationView(
            id=row["id"],
            remittance_id=row["remittance_id"],
            trace=row["trace"],
            payment_date=row["payment_date"],
            status_code=row["status_code"],
            outcome=row["outcome"],
            charge_cents=row["charge_cents"],
            paid_cents=row["paid_cents"],
            patient_cents=row["patient_cents"],
            adjustments=adjustments[row["id"]],
        )
        for row in await session.fetch(_ADJUDICATIONS, claim_id)
    ]


async def ledger_of(session: Session, claim_id: UUID) -> list[LedgerLine]:
    """The entries behind every figure of the claim, oldest first."""
    rows = await session.fetch(
        "SELECT account, amount_cents, posted_at, posting_id FROM ledger_entries WHERE claim_id = $1"
        " ORDER BY posted_at, id",
        claim_id,
    )
    return [LedgerLine(**row) for row in rows]
