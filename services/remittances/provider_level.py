"""Balances at provider level: what payers carry forward or take back, each with its movements and the claim it is about."""

from typing import Any
from uuid import UUID

from activities.remittances.provider_level import SUBJECT, look_after
from activities.work import close_items
from database.claim_activities import Touch, add_touches
from database.session import Session
from domain import work
from domain.claims.states import Status
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from domain.remittances.candidates import Signs, confidence, reasons
from domain.remittances.outcome import normalised_claim_number
from policies.permissions import Permission
from services import door
from services.remittances.doubt_views import Candidate, ProviderBalance, ProviderBalanceView, ProviderMovement
from services.remittances.views import code_word

_BALANCES = """
SELECT b.*, coalesce(c.reference, '') AS claim_reference, s.cents, s.moved_at FROM provider_balances b
LEFT JOIN claims c ON c.tenant_id = b.tenant_id AND c.id = b.claim_id
CROSS JOIN LATERAL (SELECT coalesce(sum(l.amount_cents), 0)::bigint AS cents, max(l.posted_at) AS moved_at
    FROM ledger_entries l WHERE l.tenant_id = b.tenant_id AND l.balance_id = b.id AND l.account = 'provider_level') s
WHERE b.tenant_id = current_tenant()
"""
_LIST = f"""{_BALANCES}
  AND ($1 = 'all' OR ($1 = 'open' AND b.nature = 'open' AND s.cents <> 0)
    OR ($1 = 'settled' AND b.nature = 'open' AND s.cents = 0) OR ($1 = 'final' AND b.nature = 'final')
    OR ($1 = 'unexplained' AND b.nature = 'open' AND s.cents <> 0 AND b.tied_by = ''))
  AND ($2::uuid IS NULL OR b.id < $2) AND ($3 = '' OR position($3 IN lower(b.reference)) > 0
    OR position($3 IN lower(b.payer_name)) > 0) AND ($4::uuid IS NULL OR b.claim_id = $4)
ORDER BY b.id DESC LIMIT $5
"""
# What a PLB moved, and what a person or a reversal moved from the unmatched.
_MOVEMENTS = """
SELECT l.posted_at, l.amount_cents, r.id AS remittance_id, r.trace, r.payment_date, c.claim_number,
    (SELECT string_agg(DISTINCT p.reason_code, ' ') FROM provider_adjustments p
     WHERE p.tenant_id = l.tenant_id AND p.remittance_id = l.posting_id AND p.balance_id = l.balance_id
       AND p.amount_cents = l.amount_cents) AS reasons
FROM ledger_entries l
LEFT JOIN remittance_claims c ON c.tenant_id = l.tenant_id AND c.id = l.posting_id
LEFT JOIN remittances r ON r.tenant_id = l.tenant_id AND r.id = coalesce(c.remittance_id, l.posting_id)
WHERE l.tenant_id = current_tenant() AND l.balance_id = $1 AND l.account = 'provider_level' ORDER BY l.posted_at, l.id
"""
# Claims whose number, or whose payer's number, begins like the reference, and those paid or reversed for the amount.
_CANDIDATES = """
SELECT c.id AS claim_id, c.reference, v.claim_number, v.claim_number_key, p.name AS payer_name, c.service_from,
    v.charge_cents, c.status, c.payer_claim_control_number, bool_or(abs(rc.paid_cents) = $3::bigint) AS same_amount
FROM remittance_claims rc
JOIN remittances r ON r.tenant_id = rc.tenant_id AND r.id = rc.remittance_id AND r.payer_identifier = $1
JOIN claims c ON c.tenant_id = rc.tenant_id AND c.id = rc.claim_id
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
WHERE rc.tenant_id = current_tenant() AND (abs(rc.paid_cents) = $3::bigint OR left(v.claim_number_key, 8) = left($2, 8)
    OR (c.payer_claim_control_number <> '' AND left(upper(c.payer_claim_control_number), 8) = left($4, 8)))
GROUP BY c.id, c.reference, v.claim_number, v.claim_number_key, p.name, c.service_from, v.charge_cents, c.status,
    c.payer_claim_control_number
ORDER BY c.id DESC LIMIT 20
"""
STANDINGS = ("open", "unexplained", "settled", "final", "all")


@door.query(Permission.REMITTANCES_VIEW)
async def list_provider_balances(
    session: Session,
    *,
    standing: str = "open",
    text: str = "",
    claim_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[ProviderBalance]:
    """Balances, newest first: `open` (owed), `unexplained` (owed, by no claim), `settled`, `final` or `all`; of one claim."""
    if standing not in STANDINGS:
        fault = FieldError("standing", "standing.unknown", f"Choose one of: {', '.join(STANDINGS)}.")
        raise Invalid(
            "balance.standing_unknown", "There are no such balances.", fault.message, fields=(fault,)
        )
    size = page_size(limit)
    wanted = text.strip().lower()[:200]
    rows = await session.fetch(
        _LIST, standing, uuid_in(cursor) if cursor else None, wanted, claim_id, size + 1
    )
    items = [_balance(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.REMITTANCES_VIEW, of="provider_balances", phi=True)
async def get_provider_balance(session: Session, balance_id: UUID) -> ProviderBalanceView:
    """A balance with its movements, oldest first, and, while no claim explains it, the claims that may."""
    row = await session.row(f"{_BALANCES} AND b.id = $1", balance_id)
    movements = [_movement(one) for one in await session.fetch(_MOVEMENTS, balance_id)]
    candidates = [] if row["tied_by"] else await _candidates(session, row)
    return ProviderBalanceView(_balance(row), movements, candidates)


@door.command(Permission.REMITTANCES_RELEASE, of="provider_balances")
async def tie_provider_balance(session: Session, balance_id: UUID, claim_id: UUID) -> UUID:
    """Say which claim a balance is about. No money moves: the balance is owed as before, now with its reason."""
    row = await session.row(
        "SELECT reference, tied_by FROM provider_balances WHERE id = $1 FOR UPDATE", balance_id
    )
    if row["tied_by"]:
        raise Conflict("balance.tied", "This balance is explained already.", "Reload to see by which claim.")
    if not await session.value("SELECT 1 FROM claims WHERE id = $1", claim_id):
        fault = FieldError("claim_id", "claim.unknown", "Choose a claim of this tenant.")
        raise Invalid("claim.unknown", "There is no such claim.", fault.message, fields=(fault,))
    await session.execute(
        "UPDATE provider_balances SET claim_id = $2, tied_by = 'person' WHERE id = $1", balance_id, claim_id
    )
    by = session.actor.user_id
    words = "A balance at provider level was tied to this claim by a person"
    await add_touches(session, [Touch(claim_id, "matched", words, f"tied:{balance_id}", by)])
    await close_items(session, SUBJECT, balance_id, [work.Kind.PROVIDER_LEVEL], decision="tied", by=by)
    return balance_id


@door.command(Permission.REMITTANCES_RELEASE, of="provider_balances")
async def leave_provider_balance(session: Session, balance_id: UUID, reason: str) -> UUID:
    """Say that a balance belongs to no claim: it stays shown until it comes to nothing, and nobody is asked again."""
    work.checked_comment(reason, required=True, field="reason")
    changed = await session.execute(
        "UPDATE provider_balances SET tied_by = 'no_claim' WHERE id = $1 AND tied_by = ''", balance_id
    )
    if not changed:
        raise Conflict("balance.tied", "This balance is explained already.", "Reload to see by which claim.")
    by = session.actor.user_id
    await close_items(session, SUBJECT, balance_id, [work.Kind.PROVIDER_LEVEL], decision="no_claim", by=by)
    await look_after(session, [balance_id])
    return balance_id


async def _candidates(session: Session, balance: Any) -> list[Candidate]:
    key = normalised_claim_number(balance["reference"])
    rows = await session.fetch(
        _CANDIDATES, balance["payer"], key, abs(balance["cents"]), balance["reference"]
    )
    return sorted((_candidate(row, key) for row in rows), key=lambda one: -one.confidence)


def _candidate(row: Any, key: str) -> Candidate:
    control = normalised_claim_number(row["payer_claim_control_number"])
    signs = Signs(
        same_number=len(key) >= 6 and row["claim_number_key"][:6] == key[:6],
        same_control=len(key) >= 6 and control[:6] == key[:6],
    )
    told = reasons(signs) + (["The payment was of the same amount"] if row["same_amount"] else [])
    status = Status(row["status"])
    return Candidate(
        row["claim_id"], row["reference"], row["claim_number"], row["payer_name"], row["service_from"],
        row["charge_cents"], status.label, status.tone, told,
        min(confidence(signs) + (40 if row["same_amount"] else 0), 99),
    )  # fmt: skip


def _balance(row: Any) -> ProviderBalance:
    return ProviderBalance(
        id=row["id"],
        payee=row["payee"],
        payer=row["payer"],
        payer_name=row["payer_name"],
        nature=row["nature"],
        reference=row["reference"],
        cents=row["cents"],
        claim_id=row["claim_id"],
        claim_reference=row["claim_reference"],
        tied_by=row["tied_by"],
        moved_at=row["moved_at"] or row["created_at"],
    )


def _movement(row: Any) -> ProviderMovement:
    codes = (row["reasons"] or "").split()
    words = ", ".join(f"{code} {code_word('PLB', 3, code)}" for code in codes)
    if not words and row["claim_number"]:
        words = "A payment that is not ours" if row["amount_cents"] < 0 else "Its reversal"
    return ProviderMovement(
        row["posted_at"], row["amount_cents"], words or "Movement", row["remittance_id"], row["trace"] or "",
        row["payment_date"],
    )  # fmt: skip
