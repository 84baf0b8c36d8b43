"""Money that belongs to no claim of ours: netted when the payer reverses it, owed back when a person says it is not ours."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from activities.remittances.provider_level import ensure_balances, look_after
from activities.work import close_items
from database.session import Session
from domain import work
from domain.remittances.ledger import PROVIDER_LEVEL, UNMATCHED
from domain.remittances.provider_level import OPEN, BalanceKey

NOT_OURS, REVERSED = "not_ours", "reversed"

_SAME = """
SELECT o.id, o.remittance_id, o.claim_number, o.charge_cents, o.paid_cents, o.disposition
FROM remittance_claims o JOIN remittances r ON r.tenant_id = o.tenant_id AND r.id = o.remittance_id
WHERE o.tenant_id = current_tenant() AND o.claim_id IS NULL AND o.disposition IN ('', 'not_ours')
  AND o.claim_number = ANY($1::text[]) AND r.payer_identifier = $2 ORDER BY o.id FOR UPDATE OF o
"""
_DISPOSE = """
UPDATE remittance_claims SET disposition = $2 WHERE tenant_id = current_tenant() AND id = ANY($1::uuid[])
"""
_WHOSE = """
SELECT c.*, r.payer_identifier, r.payer_name, r.payee_npi FROM remittance_claims c
JOIN remittances r ON r.tenant_id = c.tenant_id AND r.id = c.remittance_id WHERE c.id = $1
"""
_OWED = "SELECT balance_id FROM ledger_entries WHERE posting_id = $1 AND balance_id IS NOT NULL ORDER BY id DESC LIMIT 1"


async def net_reversals(
    session: Session, remittance_id: UUID, claim_numbers: list[str], payer: str
) -> set[UUID]:
    """Pairs of unmatched payment and reversal, in whatever order they came: both are settled. The ids of the settled."""
    if not claim_numbers:
        return set()
    waiting: dict[tuple[str, int, int], list[Any]] = defaultdict(list)
    netted: set[UUID] = set()
    for row in await session.fetch(_SAME, claim_numbers, payer):
        turned = (row["claim_number"], -row["charge_cents"], -row["paid_cents"])
        if waiting[turned] and remittance_id in (row["remittance_id"], waiting[turned][0]["remittance_id"]):
            other = waiting[turned].pop(0)
            netted |= {row["id"], other["id"]}
            await _net(session, other, row)
        else:
            waiting[row["claim_number"], row["charge_cents"], row["paid_cents"]].append(row)
    await session.execute(_DISPOSE, list(netted), REVERSED)
    return netted


async def owe_back(session: Session, remittance_claim_id: UUID) -> UUID:
    """The payment is not ours: its money is owed to the payer, as a balance at provider level, until it takes it back.

    The balance's id. Saying it twice owes it once.
    """
    row = await session.row(_WHOSE + " FOR UPDATE OF c", remittance_claim_id)
    reference = (row["payer_claim_control_number"] or row["claim_number"]).upper().split(" ")[0]
    key = BalanceKey(row["payee_npi"], row["payer_identifier"], OPEN, reference)
    balance_id = (await ensure_balances(session, {key: None}, row["payer_name"]))[key]
    if row["claim_id"] is None and not row["disposition"]:
        await _owe(session, remittance_claim_id, balance_id, row["paid_cents"])
        await session.execute(_DISPOSE, [remittance_claim_id], NOT_OURS)
        await session.execute(
            "UPDATE provider_balances SET tied_by = 'no_claim' WHERE id = $1 AND tied_by = ''", balance_id
        )
        await look_after(session, [balance_id])
    return balance_id


async def _net(session: Session, one: Any, other: Any) -> None:
    """Both waited: nothing is left. One was owed back already: its reversal settles that balance."""
    for row in (one, other):
        if row["disposition"] == NOT_OURS:
            balance_id = await session.value(_OWED, row["id"])
            opposite = other if row is one else one
            await _owe(session, opposite["id"], balance_id, opposite["paid_cents"])
        else:
            await close_items(session, "remittance_claim", row["id"], [work.Kind.UNMATCHED])


async def _owe(session: Session, posting_id: UUID, balance_id: UUID, cents: int) -> None:
    """Out of the account where it waited and onto the balance, under the same posting."""
    if cents:
        await session.copy(
            "ledger_entries",
            ("tenant_id", "posting_id", "account", "balance_id", "amount_cents"),
            [(session.tenant_id, posting_id, UNMATCHED, None, cents),
             (session.tenant_id, posting_id, PROVIDER_LEVEL, balance_id, -cents)],
        )  # fmt: skip
