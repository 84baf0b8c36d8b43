"""After a posting: what each claim's remittances come to together, where that moves it, and the signal to follow up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.edi.acknowledging import LONGEST_CONTROL_NUMBER, tell_claims
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session
from domain.claims.states import Event, FollowUp, Outcome, allowed
from domain.remittances.ledger import (
    CASH,
    CONTRACT,
    PATIENT,
    RECEIVABLE,
    WRITTEN_OFF,
    Standing,
    outcome_of,
)

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


@dataclass(frozen=True, slots=True)
class Decided:
    """What settling needs to know of one posted CLP."""

    status: str
    paid_cents: int
    payer_claim_control_number: str


async def settle_claims(session: Session, fact_id: str, posted: Mapping[UUID, list[Decided]]) -> int:
    """Judge each claim by its whole ledger, move it, note the touch and tell its workflow. The number told.

    `fact_id` names the posting: settling it again adds no touch and makes no second signal count.
    """
    if not posted:
        return 0
    ids = list(posted)
    # Locked before summing: of two postings for one claim the second sees what the first entered.
    states = await lock_claims(session, ids)
    accounts = await _accounts(session, ids)
    decided = {row["claim_id"]: row for row in await session.fetch(_DECIDED, ids)}
    for claim_id, state in states.items():
        _judge(state, _standing(decided[claim_id], accounts[claim_id]), posted[claim_id])
    await store_claims(session, states.values())
    await _store_money(session, accounts)
    await add_touches(session, [_touch(fact_id, i, posted[i]) for i in ids])
    await tell_claims(session, states.values(), fact_id)
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


def _judge(state: ClaimState, standing: Standing, payments: list[Decided]) -> None:
    outcome = outcome_of(standing)
    state.silent_since = None
    state.know(
        adjudications=standing.adjudications,
        payer_claim_control_number=_control_number(payments) or state.facts.payer_claim_control_number,
    )
    if Event.ADJUDICATED not in allowed(state.step):
        return  # a correction is being prepared: the money is posted, and its own answer is still to come
    state.closed_at, state.closed_reason = None, ""
    state.know(closed=False, outcome=outcome, follow_up=None)
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


def _control_number(payments: list[Decided]) -> str:
    """The payer's number of the claim as it stands now: a correction's stands before that of what it reverses."""
    in_order = sorted(payments, key=lambda payment: payment.status == "22")
    numbers = (payment.payer_claim_control_number for payment in in_order)
    return next((number for number in numbers if 0 < len(number) <= LONGEST_CONTROL_NUMBER), "")


async def _store_money(session: Session, accounts: dict[UUID, dict[str, int]]) -> None:
    ids = list(accounts)
    columns = [
        [sum(accounts[i].get(account, 0) for account in shown) for i in ids]
        for shown in ((CASH,), (CONTRACT, WRITTEN_OFF), (PATIENT,))
    ]
    await session.execute(_MONEY, ids, *columns)


def _touch(fact_id: str, claim_id: UUID, payments: list[Decided]) -> Touch:
    paid = sum(payment.paid_cents for payment in payments)
    kinds = ", ".join("reversal" if p.status == "22" else f"status {p.status}" for p in payments)
    words = f"Remittance posted: {paid / 100:.2f} ({kinds})"
    return Touch(claim_id, "adjudicated", words, fact_id, detail={"paid_cents": paid})
