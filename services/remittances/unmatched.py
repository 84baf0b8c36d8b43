"""Payments that belong to no claim of ours yet: the list, the claims they may be about, and a person's match."""

from typing import Any
from uuid import UUID

from activities.remittances.lines import match_lines_again
from activities.remittances.settling import Decided, settle_claims
from activities.remittances.waiting import owe_back
from activities.work import close_items
from database.claim_activities import Touch, add_touches
from database.session import Session
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.remittances.ledger import decided_entries, waiting_entries
from domain.remittances.outcome import Outcome
from domain.work import checked_comment
from domain.x12.facts_835 import Adjustment
from policies.permissions import Permission
from services import door
from services.remittances.candidates import ranked
from services.remittances.claims_of import claims_of
from services.remittances.doubt_views import Candidate
from services.remittances.views import RemittanceClaim, UnmatchedClaim, code_word
from services.work.views import COMMENT

_UNMATCHED = """
SELECT c.*, r.trace, r.payer_name, r.payment_date, r.created_at FROM remittance_claims c
JOIN remittances r ON r.tenant_id = c.tenant_id AND r.id = c.remittance_id
WHERE c.tenant_id = current_tenant() AND c.claim_id IS NULL AND c.disposition = '' AND ($1::uuid IS NULL OR c.id < $1)
ORDER BY c.id DESC LIMIT $2
"""
# The version that carried this charge, else the newest that was sent.
_VERSION = """
SELECT version FROM claim_versions WHERE claim_id = $1 AND submitted_at IS NOT NULL
ORDER BY charge_cents = $2 DESC, version DESC LIMIT 1
"""
_MATCH = """
UPDATE remittance_claims SET claim_id = $2, claim_version = $3, matched_by = 'person', match_confidence = 100, person = NULL
WHERE id = $1 AND claim_id IS NULL
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
    return await ranked(session, remittance_claim_id)


@door.command(Permission.REMITTANCES_RELEASE, of="remittance_claims")
async def match_claim(session: Session, remittance_claim_id: UUID, claim_id: UUID) -> RemittanceClaim:
    """Say which claim a payment is for: its money moves there once, and the claim goes on as if it had been matched."""
    row = await session.row("SELECT * FROM remittance_claims WHERE id = $1 FOR UPDATE", remittance_claim_id)
    if row["claim_id"] is not None or row["disposition"]:
        raise Conflict(
            "remittance.matched_already",
            "This payment is settled already.",
            "Reload to see where its money is.",
        )
    version = await _version_sent(session, claim_id, abs(row["charge_cents"]))
    await session.execute(_MATCH, remittance_claim_id, claim_id, version)
    await match_lines_again(session, remittance_claim_id)
    by = session.actor.user_id
    key = f"matched:{remittance_claim_id}"
    touch = Touch(claim_id, "matched", "A payment was matched to this claim by a person", key, by)
    await add_touches(session, [touch])
    if row["outcome"] != Outcome.PREDETERMINATION:
        await _move_money(session, row, claim_id)
        decided = Decided(row["status_code"], row["paid_cents"], row["payer_claim_control_number"], version)
        await settle_claims(session, f"match:{remittance_claim_id}", {claim_id: [decided]})
    await close_items(
        session, "remittance_claim", remittance_claim_id, ["unmatched"], decision="matched", by=by
    )
    return (await claims_of(session, row["remittance_id"], row["ordinal"] - 1, 1))[0]


@door.command(Permission.REMITTANCES_RELEASE, of="remittance_claims")
async def not_ours(session: Session, remittance_claim_id: UUID, reason: str) -> UUID:
    """Say that a payment is for nobody's claim here: its money is owed back to the payer, as a balance at provider level
    that stays shown until the payer has taken it. The balance's id."""
    row = await session.row(
        "SELECT claim_id, disposition FROM remittance_claims WHERE id = $1", remittance_claim_id
    )
    if row["claim_id"] is not None or row["disposition"]:
        raise Conflict(
            "remittance.matched_already",
            "This payment is settled already.",
            "Reload to see where its money is.",
        )
    comment = checked_comment(reason, required=True, field="reason")
    await close_items(
        session,
        "remittance_claim",
        remittance_claim_id,
        ["unmatched"],
        decision="not_ours",
        by=session.actor.user_id,
    )
    await session.execute(
        "UPDATE work_items SET comment = $2 WHERE subject_type = 'remittance_claim' AND subject_id = $1"
        " AND kind = 'unmatched'",
        remittance_claim_id,
        (await session.key()).seal(COMMENT, comment.encode()),
    )
    return await owe_back(session, remittance_claim_id)


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
    decided = decided_entries(row["paid_cents"], adjustments, await _prior_cents(session, row, claim_id))
    into = [(claim_id, account, cents) for account, cents in decided]
    await session.copy(
        "ledger_entries",
        ("tenant_id", "posting_id", "claim_id", "account", "amount_cents"),
        [(session.tenant_id, row["id"], *entry) for entry in [*out, *into]],
    )


async def _prior_cents(session: Session, row: Any, claim_id: UUID) -> int:
    """What payers before had taken off when the matched version was sent, with the sign of the payment's charge."""
    prior: int = await session.value(
        "SELECT v.prior_cents FROM remittance_claims rc JOIN claim_versions v ON v.tenant_id = rc.tenant_id"
        " AND v.claim_id = rc.claim_id AND v.version = rc.claim_version WHERE rc.id = $1 AND v.claim_id = $2",
        row["id"],
        claim_id,
    )
    return prior if row["charge_cents"] > 0 else -prior


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
