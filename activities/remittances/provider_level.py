"""The provider level of a posting: each PLB on its account, each reference on its balance, tied to its claim if it can be."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from activities.work import Opening, close_items, open_items
from database.session import Session
from domain import work
from domain.remittances.provider_level import (
    OPEN,
    BalanceKey,
    account_of_reason,
    control_number_candidates,
    control_number_in,
    entries_of,
    has_balance,
    key_of,
)
from domain.x12.facts_835 import ProviderAdjustment, Transaction835

SUBJECT = "provider_balance"

# Numbers that lead to one claim only: a payer's, now or in an earlier remittance, or our own.
_CLAIMS = """
SELECT number, min(claim_id::text)::uuid AS claim_id FROM (
    SELECT payer_claim_control_number AS number, id AS claim_id FROM claims
    WHERE tenant_id = current_tenant() AND payer_claim_control_number = ANY($1::text[]) AND payer_claim_control_number <> ''
    UNION ALL
    SELECT payer_claim_control_number, claim_id FROM remittance_claims
    WHERE tenant_id = current_tenant() AND payer_claim_control_number = ANY($1::text[])
      AND payer_claim_control_number <> '' AND claim_id IS NOT NULL
    UNION ALL
    SELECT claim_number, claim_id FROM claim_versions
    WHERE tenant_id = current_tenant() AND claim_number = ANY($1::text[])
) found GROUP BY number HAVING count(DISTINCT claim_id) = 1
"""
_BALANCES = """
INSERT INTO provider_balances (tenant_id, payee, payer, nature, reference, payer_name, claim_id, tied_by)
SELECT $1, k.payee, k.payer, k.nature, k.reference, $6, k.claim_id,
    CASE WHEN k.claim_id IS NULL THEN '' ELSE 'reference' END
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $7::uuid[]) AS k (payee, payer, nature, reference, claim_id)
ON CONFLICT (tenant_id, payee, payer, nature, reference) DO UPDATE SET payer_name = EXCLUDED.payer_name,
    claim_id = coalesce(provider_balances.claim_id, EXCLUDED.claim_id),
    tied_by = CASE WHEN provider_balances.tied_by = '' THEN EXCLUDED.tied_by ELSE provider_balances.tied_by END
RETURNING id, payee, payer, nature, reference
"""
_STANDING = """
SELECT b.id, b.nature, b.tied_by, b.reference, b.payer_name, coalesce(sum(l.amount_cents), 0)::bigint AS cents
FROM provider_balances b LEFT JOIN ledger_entries l
    ON l.tenant_id = b.tenant_id AND l.balance_id = b.id AND l.account = 'provider_level'
WHERE b.tenant_id = current_tenant() AND b.id = ANY($1::uuid[]) GROUP BY b.tenant_id, b.id
"""
_ENTRY = ("tenant_id", "posting_id", "account", "balance_id", "amount_cents")


async def store_provider_level(session: Session, remittance_id: UUID, transaction: Transaction835) -> None:
    """Every PLB pair as it came, its balance, its ledger entries, and work for a balance that no claim explains."""
    adjustments = transaction.provider_adjustments
    if not adjustments:
        return
    claims = await _claims_named(session, adjustments)
    keys = {
        at: key_of(transaction.header, one, claims)
        for at, one in enumerate(adjustments, 1)
        if has_balance(one.reason)
    }
    tied = {keys[at]: control_number_in(adjustments[at - 1].reference, claims) for at in keys}
    balances = await ensure_balances(
        session, {key: claims.get(number) for key, number in tied.items()}, transaction.header.payer.name
    )
    placed = {at: balances[key] for at, key in keys.items()}
    await _store(session, remittance_id, adjustments, placed)
    await look_after(session, set(placed.values()))


async def ensure_balances(
    session: Session, wanted: Mapping[BalanceKey, UUID | None], payer_name: str
) -> dict[BalanceKey, UUID]:
    """The ids of these balances, new ones made, each with the claim that explains it. Locked in the order of their keys."""
    keys = sorted(wanted)
    columns = [list(column) for column in zip(*keys, strict=True)] or [[], [], [], []]
    rows = await session.fetch(
        _BALANCES, session.tenant_id, *columns, payer_name, [wanted[key] for key in keys]
    )
    return {BalanceKey(r["payee"], r["payer"], r["nature"], r["reference"]): r["id"] for r in rows}


async def look_after(session: Session, balance_ids: Collection[UUID]) -> None:
    """Work for what is owed and belongs to no claim; none any more for what is settled or explained."""
    rows = await session.fetch(_STANDING, list(balance_ids))
    unexplained = [row for row in rows if row["nature"] == OPEN and row["cents"] and not row["tied_by"]]
    await open_items(session, [_opening(row) for row in unexplained])
    for row in rows:
        if not row["cents"] or row["tied_by"]:
            await close_items(session, SUBJECT, row["id"], [work.Kind.PROVIDER_LEVEL])


async def _claims_named(session: Session, adjustments: Iterable[ProviderAdjustment]) -> dict[str, UUID]:
    references = {one.reference for one in adjustments if has_balance(one.reason)}
    numbers = {
        number for reference in references for number in control_number_candidates(reference) if number
    }
    rows = await session.fetch(_CLAIMS, list(numbers)) if numbers else []
    return {row["number"]: row["claim_id"] for row in rows}


async def _store(
    session: Session,
    remittance_id: UUID,
    adjustments: tuple[ProviderAdjustment, ...],
    placed: Mapping[int, UUID],
) -> None:
    columns = ("tenant_id", "remittance_id", "ordinal", "reason_code", "reference", "amount_cents", "provider_id",
               "fiscal_period", "account", "balance_id")  # fmt: skip
    rows = [
        (session.tenant_id, remittance_id, at, one.reason, one.reference, one.cents, one.provider_id,
         one.fiscal_period, account_of_reason(one.reason), placed.get(at))
        for at, one in enumerate(adjustments, 1)
    ]  # fmt: skip
    await session.copy("provider_adjustments", columns, rows)
    entries: list[tuple[Any, ...]] = [
        (session.tenant_id, remittance_id, account, placed.get(at), cents)
        for at, one in enumerate(adjustments, 1)
        for account, cents in entries_of(one)
    ]
    await session.copy("ledger_entries", _ENTRY, entries)


def _opening(row: Any) -> Opening:
    words = f"{'taken back' if row['cents'] > 0 else 'carried forward'} {abs(row['cents']) / 100:.2f} without a claim"
    return Opening(
        f"provider:{row['id']}:{row['cents']}",
        work.Kind.PROVIDER_LEVEL,
        work.title(work.Kind.PROVIDER_LEVEL, row["payer_name"] or "Payer", words),
        SUBJECT,
        row["id"],
    )
