"""After a posting: what each claim's remittances come to together, where that moves it, and the signal to follow up."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from activities.edi.acknowledging import tell_claim
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session
from domain.claims.states import Event, FollowUp, Outcome
from domain.remittances.ledger import CASH, CONTRACT, PATIENT, RECEIVABLE, Standing, outcome_of
from domain.x12.facts_835 import ClaimPayment

_LEDGER = """
SELECT claim_id, account, sum(amount_cents)::bigint AS cents FROM ledger_entries
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) GROUP BY claim_id, account
"""
_DECIDED = """
SELECT claim_id, count(*)::int AS adjudications, sum(charge_cents)::bigint AS cents FROM remittance_claims
WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[]) AND outcome <> 'predetermination' GROUP BY claim_id
"""
_MONEY = """
UPDATE claims SET paid_cents = n.paid, adjusted_cents = n.adjusted, patient_cents = n.patient
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (id, paid, adjusted, patient)
WHERE claims.tenant_id = current_tenant() AND claims.id = n.id
"""
_EVENTS = {
    Outcome.PAID: Event.PAID,
    Outcome.UNDERPAID: Event.SHORT_PAID,
    Outcome.PARTIALLY_DENIED: Event.SHORT_PAID,
    Outcome.DENIED: Event.DENIED,
}


async def settle_claims(
    session: Session, remittance_id: UUID, posted: Mapping[UUID, list[ClaimPayment]]
) -> int:
    """Judge each claim by its whole ledger, move it, note the touch and tell its workflow. The number told."""
    if not posted:
        return 0
    ids = list(posted)
    accounts = await _accounts(session, ids)
    decided = {row["claim_id"]: row for row in await session.fetch(_DECIDED, ids)}
    states = await lock_claims(session, ids)
    for claim_id, state in states.items():
        _judge(state, _standing(decided[claim_id], accounts[claim_id]), posted[claim_id])
    await store_claims(session, states.values())
    await _store_money(session, accounts)
    await add_touches(session, [_touch(remittance_id, states[i], posted[i]) for i in ids])
    for claim_id in ids:
        await tell_claim(session, claim_id, str(remittance_id))
    return len(ids)


async def _accounts(session: Session, ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    accounts: dict[UUID, dict[str, int]] = {claim_id: {} for claim_id in ids}
    for row in await session.fetch(_LEDGER, ids):
        accounts[row["claim_id"]][row["account"]] = row["cents"]
    return accounts


def _standing(decided: Any, accounts: dict[str, int]) -> Standing:
    return Standing(
        adjudications=decided["adjudications"],
        decided_cents=decided["cents"],
        paid_cents=accounts.get(CASH, 0),
        patient_cents=accounts.get(PATIENT, 0),
        receivable_cents=accounts.get(RECEIVABLE, 0),
    )


def _judge(state: ClaimState, standing: Standing, payments: list[ClaimPayment]) -> None:
    outcome = outcome_of(standing)
    control = next((p.payer_claim_control_number for p in payments if p.payer_claim_control_number), "")
    state.silent_since = None
    state.closed_at, state.closed_reason = None, ""
    state.know(
        closed=False,
        outcome=outcome,
        follow_up=None,
        adjudications=standing.adjudications,
        payer_claim_control_number=control or state.facts.payer_claim_control_number,
    )
    state.happened(Event.ADJUDICATED)
    if outcome is Outcome.REVERSED:
        if state.facts.frequency == "8":
            state.happened(Event.PAID)  # a void ends with the reversal: nothing is owed either way
        return  # otherwise the correction follows
    if outcome is Outcome.PAID and standing.patient_cents > 0:
        state.happened(Event.PATIENT_OWES)
        state.know(follow_up=FollowUp.PATIENT_RESPONSIBILITY)
        return
    state.happened(_EVENTS[outcome])


async def _store_money(session: Session, accounts: dict[UUID, dict[str, int]]) -> None:
    ids = list(accounts)
    columns = [[accounts[i].get(account, 0) for i in ids] for account in (CASH, CONTRACT, PATIENT)]
    await session.execute(_MONEY, ids, *columns)


def _touch(remittance_id: UUID, state: ClaimState, payments: list[ClaimPayment]) -> Touch:
    paid = sum(payment.paid_cents for payment in payments)
    kinds = ", ".join("reversal" if p.status == "22" else f"status {p.status}" for p in payments)
    words = f"Remittance posted: {paid / 100:.2f} ({kinds})"
    return Touch(state.id, "adjudicated", words, str(remittance_id), detail={"paid_cents": paid})
