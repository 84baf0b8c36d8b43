"""Remittances as they were posted, quarantined or recognised as duplicates, with the proof of their balance."""

from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size, uuid_in
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door
from services.remittances.claims_of import claims_of
from services.remittances.line_matches import line_matches, pick_lines
from services.remittances.proof import proof_of
from services.remittances.provider_level import (
    get_provider_balance,
    leave_provider_balance,
    list_provider_balances,
    tie_provider_balance,
)
from services.remittances.quarantine import broken_equations, release
from services.remittances.unmatched import candidates_for, match_claim, not_ours, unmatched
from services.remittances.views import (
    ACCOUNTS,
    LedgerEntry,
    ProviderAdjustmentView,
    ReleaseView,
    RemittanceLine,
    RemittanceView,
    code_word,
    status_words,
)

__all__ = [
    "broken_equations",
    "candidates_for",
    "get_provider_balance",
    "get_remittance",
    "leave_provider_balance",
    "ledger_of_claim",
    "line_matches",
    "list_provider_balances",
    "list_remittances",
    "match_claim",
    "not_ours",
    "pick_lines",
    "release",
    "tie_provider_balance",
    "unmatched",
]

_LINE = """
SELECT r.*, (SELECT count(*) FROM remittance_claims c WHERE c.tenant_id = r.tenant_id AND c.remittance_id = r.id
    AND c.claim_id IS NULL AND c.disposition = '')::int AS unmatched_count, f.remote_name AS file_name
FROM remittances r JOIN edi_files f ON f.tenant_id = r.tenant_id AND f.id = r.file_id
WHERE r.tenant_id = current_tenant()
"""
_LEDGER = """
SELECT l.account, l.amount_cents, l.posted_at, l.posting_id, c.remittance_id, r.trace
FROM ledger_entries l
LEFT JOIN remittance_claims c ON c.tenant_id = l.tenant_id AND c.id = l.posting_id
LEFT JOIN remittances r ON r.tenant_id = c.tenant_id AND r.id = c.remittance_id
WHERE l.tenant_id = current_tenant() AND l.claim_id = $1 ORDER BY l.posted_at, l.id
"""


@door.query(Permission.REMITTANCES_VIEW)
async def list_remittances(
    session: Session,
    *,
    status: str = "",
    text: str = "",
    file_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[RemittanceLine]:
    """Remittances, newest first. `text` finds part of the trace number (TRN02) or of the payer's name."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINE} AND ($1 = '' OR r.status = $1) AND ($2::uuid IS NULL OR r.id < $2)"
        " AND ($3 = '' OR position($3 IN lower(r.trace)) > 0 OR position($3 IN lower(r.payer_name)) > 0)"
        f" AND ($4::uuid IS NULL OR r.file_id = $4) ORDER BY r.id DESC LIMIT {size + 1}",
        status,
        uuid_in(cursor) if cursor else None,
        text.strip().lower()[:200],
        file_id,
    )
    lines = [_line(row) for row in rows[:size]]
    return Page(lines, encode_cursor(lines[-1].id) if len(rows) > size else None)


@door.query(Permission.REMITTANCES_VIEW, of="remittances", phi=True)
async def get_remittance(
    session: Session, remittance_id: UUID, *, cursor: str | None = None, limit: int = PAGE
) -> RemittanceView:
    """A remittance with its proof, its provider level, and its claims in the order of the file, page by page."""
    row = await session.row(f"{_LINE} AND r.id = $1", remittance_id)
    size = page_size(limit)
    claims = await claims_of(session, remittance_id, _after(cursor), size + 1)
    shown = claims[:size]
    return RemittanceView(
        line=_line(row),
        file_id=row["file_id"],
        file_name=row["file_name"],
        proof=proof_of(row["proof"]),
        provider_adjustments=await _provider_adjustments(session, remittance_id),
        claims=shown,
        superseded_by=row["superseded_by"],
        released=await _released(session, row),
        next=encode_cursor(shown[-1].ordinal) if len(claims) > size else None,
    )


@door.query(Permission.CLAIMS_VIEW, of="claims")
async def ledger_of_claim(session: Session, claim_id: UUID) -> list[LedgerEntry]:
    """Every entry behind a claim's figures, oldest first, each with what it comes from."""
    return [_entry(row, claim_id) for row in await session.fetch(_LEDGER, claim_id)]


async def _provider_adjustments(session: Session, remittance_id: UUID) -> list[ProviderAdjustmentView]:
    rows = await session.fetch(
        "SELECT ordinal, reason_code, reference, amount_cents, account, balance_id FROM provider_adjustments"
        " WHERE remittance_id = $1 ORDER BY ordinal",
        remittance_id,
    )
    return [
        ProviderAdjustmentView(
            row["ordinal"],
            row["reason_code"],
            code_word("PLB", 3, row["reason_code"]),
            row["reference"],
            row["amount_cents"],
            row["account"],
            ACCOUNTS[row["account"]],
            row["balance_id"],
        )
        for row in rows
    ]


async def _released(session: Session, row: Any) -> ReleaseView | None:
    if row["released_at"] is None:
        return None
    name = await session.value("SELECT name FROM users WHERE id = $1", row["released_by"])
    return ReleaseView(name or "", row["released_at"], row["difference_cents"])


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    ordinal = decode_cursor(cursor, 1)[0]
    if not isinstance(ordinal, int) or not 0 <= ordinal < 2**31:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        )
    return ordinal


def _line(row: Any) -> RemittanceLine:
    label, tone = status_words(row["status"])
    return RemittanceLine(
        id=row["id"],
        file_id=row["file_id"],
        payer_name=row["payer_name"],
        payer_identifier=row["payer_identifier"],
        trace=row["trace"],
        payee_npi=row["payee_npi"],
        payment_date=row["payment_date"],
        payment_cents=row["payment_cents"],
        method=row["method"],
        method_label=code_word("BPR", 4, row["method"]),
        status=row["status"],
        status_label=label,
        tone=tone,
        claim_count=row["claim_count"],
        unmatched_count=row["unmatched_count"],
        claims_paid_cents=row["claims_paid_cents"],
        provider_adjustment_cents=row["provider_adjustment_cents"],
        created_at=row["created_at"],
    )


def _entry(row: Any, claim_id: UUID) -> LedgerEntry:
    if row["remittance_id"]:
        source = f"Remittance {row['trace']}"
    else:
        source = "Charge sent" if row["posting_id"] == claim_id else "Decision on the claim"
    return LedgerEntry(
        account=row["account"],
        account_label=ACCOUNTS[row["account"]],
        amount_cents=row["amount_cents"],
        posted_at=row["posted_at"],
        posting_id=row["posting_id"],
        source=source,
        remittance_id=row["remittance_id"],
    )
