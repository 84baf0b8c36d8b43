"""Payments that belong to no claim of ours yet: the list, the claims they may be about, and a person's match."""

from typing import Any
from uuid import UUID

from activities.remittances.settling import Decided, settle_claims
from activities.work import close_items
from database.claim_activities import Touch, add_touches
from database.session import Session
from domain.claims.states import Status
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.remittances.ledger import decided_entries, waiting_entries
from domain.remittances.outcome import Outcome
from domain.x12.facts_835 import Adjustment
from policies.permissions import Permission
from services import door
from services.remittances.claims_of import claims_of
from services.remittances.views import Candidate, RemittanceClaim, UnmatchedClaim, code_word

MOST_CANDIDATES = 20

_UNMATCHED = """
SELECT c.*, r.trace, r.payer_name, r.payment_date, r.created_at FROM remittance_claims c
JOIN remittances r ON r.tenant_id = c.tenant_id AND r.id = c.remittance_id
WHERE c.tenant_id = current_tenant() AND c.claim_id IS NULL AND ($1::uuid IS NULL OR c.id < $1)
ORDER BY c.id DESC LIMIT $2
"""
# Sent claims with the same charge, or one of whose lines the payer named by our own control number.
_CANDIDATES = """
SELECT c.id AS claim_id, c.reference, v.claim_number, p.name AS payer_name, c.service_from, v.charge_cents, c.status,
    v.charge_cents = abs(u.charge_cents) AS same_charge, l.claim_id IS NOT NULL AS same_line
FROM remittance_claims u
CROSS JOIN claim_versions v
JOIN claims c ON c.tenant_id = v.tenant_id AND c.id = v.claim_id AND c.current_version = v.version
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
LEFT JOIN LATERAL (SELECT o.claim_id FROM claim_lines o JOIN remittance_lines t ON t.tenant_id = o.tenant_id
    AND t.remittance_claim_id = u.id AND t.control_number = o.control_number AND t.control_number <> ''
    WHERE o.tenant_id = v.tenant_id AND o.claim_id = v.claim_id AND o.version = v.version LIMIT 1) l ON true
WHERE u.tenant_id = current_tenant() AND v.tenant_id = current_tenant() AND u.id = $1 AND v.submitted_at IS NOT NULL
    AND (v.charge_cents = abs(u.charge_cents) OR l.claim_id IS NOT NULL)
ORDER BY same_line DESC, c.closed_at IS NOT NULL, c.id DESC LIMIT $2
"""
# The version that carried this charge, else the newest that was sent.
_VERSION = """
SELECT version FROM claim_versions WHERE claim_id = $1 AND submitted_at IS NOT NULL
ORDER BY charge_cents = $2 DESC, version DESC LIMIT 1
"""
_MATCH = """
UPDATE remittance_claims SET claim_id = $2, claim_version = $3, matched_by = 'person' WHERE id = $1 AND claim_id IS NULL
"""
_MATCH_LINES = """
UPDATE remittance_lines t SET claim_line = l.number FROM claim_lines l
WHERE t.remittance_claim_id = $1 AND t.control_number <> '' AND l.tenant_id = t.tenant_id AND l.claim_id = $2
    AND l.control_number = t.control_number
"""


@door.query(Permission.REMITTANCES_VIEW, phi=True)
async def unmatched(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[UnmatchedClaim]:
    """Payments without a claim, newest first."""
    size = page_size(limit)
    rows = await session.fetch(_UNMATCHED, uuid_in(cursor) if cursor else None, size + 1)
    items = [_unmatched(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.REMITTANCES_VIEW, of="remittance_claims", phi=True)
async def candidates_for(session: Session, remittance_claim_id: UUID) -> list[Candidate]:
    """Sent claims that the payment may be about, likeliest first."""
    rows = await session.fetch(_CANDIDATES, remittance_claim_id, MOST_CANDIDATES)
    return [_candidate(row) for row in rows]


@door.command(Permission.REMITTANCES_RELEASE, of="remittance_claims")
async def match_claim(session: Session, remittance_claim_id: UUID, claim_id: UUID) -> RemittanceClaim:
    """Say which claim a payment is for: its money moves there once, and the claim goes on as if it had been matched."""
    row = await session.row("SELECT * FROM remittance_claims WHERE id = $1 FOR UPDATE", remittance_claim_id)
    if row["claim_id"] is not None:
        raise Conflict(
            "remittance.matched_already", "This payment is matched already.", "Open the claim it belongs to."
        )
    version = await _version_sent(session, claim_id, abs(row["charge_cents"]))
    await session.execute(_MATCH, remittance_claim_id, claim_id, version)
    await session.execute(_MATCH_LINES, remittance_claim_id, claim_id)
    by = session.actor.user_id
    key = f"matched:{remittance_claim_id}"
    touch = Touch(claim_id, "matched", "A payment was matched to this claim by a person", key, by)
    await add_touches(session, [touch])
    if row["outcome"] != Outcome.PREDETERMINATION:
        await _move_money(session, row, claim_id)
        decided = Decided(row["status_code"], row["paid_cents"], row["payer_claim_control_number"])
        await settle_claims(session, f"match:{remittance_claim_id}", {claim_id: [decided]})
    await close_items(
        session, "remittance_claim", remittance_claim_id, ["unmatched"], decision="matched", by=by
    )
    return (await claims_of(session, row["remittance_id"], row["ordinal"] - 1, 1))[0]


async def _version_sent(session: Session, claim_id: UUID, charge_cents: int) -> int:
    version: int | None = await session.value(_VERSION, claim_id, charge_cents)
    if version is None:
        fault = FieldError("claim_id", "claim.not_sent", "Choose a claim that was sent to a payer.")
        raise Invalid("claim.not_sent", "No payer can have paid this claim.", fault.message, fields=(fault,))
    return version


async def _move_money(session: Session, row: Any, claim_id: UUID) -> None:
    """Out of the account where it waited, and into the claim, under the same posting: cash stays what the bank has."""
    adjustments = [
        Adjustment(one["group_code"], one["reason_code"], one["amount_cents"])
        for one in await session.fetch(
            "SELECT group_code, reason_code, amount_cents FROM adjustments WHERE remittance_claim_id = $1",
            row["id"],
        )
    ]
    out = [(None, account, -cents) for account, cents in waiting_entries(row["paid_cents"])]
    into = [(claim_id, account, cents) for account, cents in decided_entries(row["paid_cents"], adjustments)]
    await session.copy(
        "ledger_entries",
        ("tenant_id", "posting_id", "claim_id", "account", "amount_cents"),
        [(session.tenant_id, row["id"], *entry) for entry in [*out, *into]],
    )


def _unmatched(row: Any) -> UnmatchedClaim:
    return UnmatchedClaim(
        id=row["id"],
        remittance_id=row["remittance_id"],
        trace=row["trace"],
        payer_name=row["payer_name"],
        payment_date=row["payment_date"],
        claim_number=row["claim_number"],
        payer_claim_control_number=row["payer_claim_control_number"],
        status_code=row["status_code"],
        status_code_label=code_word("CLP", 2, row["status_code"]),
        charge_cents=row["charge_cents"],
        paid_cents=row["paid_cents"],
        patient_cents=row["patient_cents"],
        posted_at=row["created_at"],
    )


def _candidate(row: Any) -> Candidate:
    status = Status(row["status"])
    reasons = {"One of its lines is named": row["same_line"], "The charge is the same": row["same_charge"]}
    return Candidate(
        claim_id=row["claim_id"],
        reference=row["reference"],
        claim_number=row["claim_number"],
        payer_name=row["payer_name"],
        service_from=row["service_from"],
        charge_cents=row["charge_cents"],
        status_label=status.label,
        tone=status.tone,
        reasons=[reason for reason, true in reasons.items() if true],
    )
