"""Who owes what: the list of patients with a balance, and one patient's account."""

from typing import Any
from uuid import UUID

from activities.balances.posting import REASON_COLUMN
from database.balance_reads import CREDIT, credits_of, shares_of, statements_since_zero
from database.clientele_phi import open_person
from database.crypto import TenantKey
from database.session import Session
from domain.balances.allocation import METHODS
from domain.balances.shares import Share, ageing, billable, total, why_not_yet
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door
from services.balances.views import (
    KINDS,
    Allocation,
    BalanceLine,
    ClaimShare,
    PatientAccount,
    StatementView,
    TransactionView,
)
from services.clientele.patient_rows import full_name
from services.deposits.days import today_of

MOST_ROWS = 200
# Who owes or has credit, by the ledger's account of the patient, the largest balance first.
_OWING = f"""
WITH owed AS (
    SELECT c.patient_id, sum(e.amount_cents)::bigint AS cents, min(c.service_from) AS oldest_on
    FROM claims c JOIN ledger_entries e ON e.tenant_id = c.tenant_id AND e.claim_id = c.id AND e.account = 'patient'
    WHERE c.tenant_id = current_tenant() AND c.patient_cents <> 0 GROUP BY c.patient_id),
credit AS ({CREDIT.replace("$1", "NULL")}),
both_sides AS (
    SELECT coalesce(o.patient_id, k.patient_id) AS patient_id, o.oldest_on, coalesce(k.cents, 0) AS credit_cents,
        coalesce(o.cents, 0) - coalesce(k.cents, 0) AS balance_cents
    FROM owed o FULL JOIN credit k ON k.patient_id = o.patient_id)
SELECT b.*, p.person, p.account_number, n.name AS client_name FROM both_sides b
JOIN patients p ON p.tenant_id = current_tenant() AND p.id = b.patient_id
JOIN clients n ON n.tenant_id = p.tenant_id AND n.id = p.client_id
WHERE ($1 = '' OR ($1 = 'owing' AND b.balance_cents > 0) OR ($1 = 'credit' AND b.credit_cents > 0))
    AND ($2::uuid IS NULL OR p.client_id = $2)
    AND ($3::bigint IS NULL OR (b.balance_cents, b.patient_id) < ($3, $4::uuid))
ORDER BY b.balance_cents DESC, b.patient_id DESC LIMIT $5
"""
_TRANSACTIONS = """
SELECT t.*, coalesce(u.name, '') AS by_name,
    EXISTS (SELECT 1 FROM patient_transactions r WHERE r.tenant_id = t.tenant_id AND r.reverses_id = t.id) AS reversed,
    EXISTS (SELECT 1 FROM deposit_matches m WHERE m.tenant_id = t.tenant_id AND m.transaction_id = t.id
        AND m.undone_at IS NULL) AS deposited
FROM patient_transactions t LEFT JOIN users u ON u.id = t.created_by
WHERE t.patient_id = $1 ORDER BY t.id DESC LIMIT $2
"""
_PARTS = """
SELECT a.*, coalesce(c.reference, '') AS reference FROM patient_allocations a
LEFT JOIN claims c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
WHERE a.tenant_id = current_tenant() AND a.transaction_id = ANY($1::uuid[]) ORDER BY a.transaction_id, a.ordinal
"""


@door.query(Permission.BALANCES_VIEW, phi=True)
async def list_balances(
    session: Session,
    *,
    show: str = "",
    client_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[BalanceLine]:
    """Patients who owe or have credit, the largest balance first; `show` is owing, credit or empty for both."""
    size = page_size(limit)
    rows = await session.fetch(_OWING, show, client_id, *_after(cursor), size + 1)
    items = await _lines(session, rows[:size])
    following = None
    if len(rows) > size:
        following = encode_cursor(rows[size - 1]["balance_cents"], rows[size - 1]["patient_id"])
    return Page(items, following)


@door.query(Permission.BALANCES_VIEW, of="patients", phi=True)
async def patient_account(session: Session, patient_id: UUID) -> PatientAccount:
    """One patient's account: shares by claim with what holds each back, payments, statements, ageing."""
    return await account_view(session, patient_id)


async def account_view(session: Session, patient_id: UUID) -> PatientAccount:
    """The account as it stands."""
    row = await session.row(
        "SELECT p.person, p.account_number, c.name AS client_name FROM patients p JOIN clients c"
        " ON c.tenant_id = p.tenant_id AND c.id = p.client_id WHERE p.id = $1",
        patient_id,
    )
    shares = (await shares_of(session, [patient_id])).get(patient_id, [])
    credit = (await credits_of(session, [patient_id])).get(patient_id, 0)
    key = await session.key()
    return PatientAccount(
        id=patient_id,
        name=full_name(open_person(key, row["person"])[0]),
        account_number=row["account_number"],
        client_name=row["client_name"],
        balance_cents=total(shares, credit),
        billable_cents=total(billable(shares), credit),
        credit_cents=credit,
        ageing_cents=list(ageing(shares, credit, await today_of(session))),
        shares=[_share(share) for share in shares],
        transactions=await _transactions(session, key, patient_id),
        statements=await _statements(session, patient_id),
    )


async def _lines(session: Session, rows: list[Any]) -> list[BalanceLine]:
    ids = [row["patient_id"] for row in rows]
    shares = await shares_of(session, ids)
    sent = await statements_since_zero(session, ids)
    key = await session.key()
    return [_line(key, row, shares.get(row["patient_id"], []), sent.get(row["patient_id"])) for row in rows]


def _line(key: TenantKey, row: Any, shares: list[Share], sent: Any) -> BalanceLine:
    ready = billable(shares)
    return BalanceLine(
        patient_id=row["patient_id"],
        name=full_name(open_person(key, row["person"])[0]),
        account_number=row["account_number"],
        client_name=row["client_name"],
        balance_cents=row["balance_cents"],
        billable_cents=total(ready, row["credit_cents"]),
        waiting_cents=total(shares, 0) - total(ready, 0),
        credit_cents=row["credit_cents"],
        oldest_on=row["oldest_on"],
        statements=sent["count"] if sent else 0,
        last_statement_on=sent["last_on"] if sent else None,
    )


def _share(share: Share) -> ClaimShare:
    return ClaimShare(
        share.claim_id, share.reference, share.service_from, share.since, share.cents, why_not_yet(share)
    )


async def _transactions(session: Session, key: TenantKey, patient_id: UUID) -> list[TransactionView]:
    rows = await session.fetch(_TRANSACTIONS, patient_id, MOST_ROWS)
    parts: dict[UUID, list[Allocation]] = {}
    for part in await session.fetch(_PARTS, [row["id"] for row in rows]):
        made = Allocation(part["claim_id"], part["reference"], part["amount_cents"])
        parts.setdefault(part["transaction_id"], []).append(made)
    return [_transaction(key, row, parts.get(row["id"], [])) for row in rows]


def _transaction(key: TenantKey, row: Any, parts: list[Allocation]) -> TransactionView:
    label, tone = KINDS[row["kind"]]
    return TransactionView(
        id=row["id"],
        kind=row["kind"],
        kind_label=label,
        tone=tone,
        method_label=METHODS.get(row["method"], ""),
        reference=row["reference"],
        amount_cents=row["amount_cents"],
        received_on=row["received_on"],
        reason=key.open(REASON_COLUMN, row["reason"]).decode() if row["reason"] else "",
        by_name=row["by_name"],
        created_at=row["created_at"],
        reversed=row["reversed"],
        reverses_id=row["reverses_id"],
        deposited=row["deposited"],
        allocations=parts,
    )


async def _statements(session: Session, patient_id: UUID) -> list[StatementView]:
    rows = await session.fetch(
        "SELECT * FROM statements WHERE patient_id = $1 ORDER BY statement_on DESC, id DESC LIMIT 100",
        patient_id,
    )
    return [
        StatementView(
            row["id"],
            row["number"],
            row["statement_on"],
            row["due_on"],
            row["balance_cents"],
            row["document_id"],
        )
        for row in rows
    ]


def _after(cursor: str | None) -> tuple[int | None, UUID | None]:
    if not cursor:
        return None, None
    try:
        cents, identifier = decode_cursor(cursor, 2)
        return int(cents), UUID(str(identifier))
    except (TypeError, ValueError):
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None
