"""After a posting: what each claim's remittances come to together, where that moves it, and the signal to follow up.

Each payer of a claim is judged by its own remittances; what an earlier payer changes later moves money, and asks a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.denials.classifying import classify
from activities.denials.opening import tell_appeals
from activities.edi.acknowledging import tell_claims
from activities.edi.answers import LONGEST_CONTROL_NUMBER
from activities.insight import ask_to_learn
from activities.remittances.carrying import carry_shares
from activities.work import Opening, close_items_of, open_items
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session
from domain import work
from domain.claims.states import Event, FollowUp, Outcome, allowed
from domain.remittances.ledger import (
    CAPITATION,
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
# Of the payer that each claim asks now, over all versions that it was sent.
_DECIDED = """
SELECT rc.claim_id, count(*)::int AS adjudications, sum(rc.charge_cents)::bigint AS cents,
    sum(rc.paid_cents)::bigint AS paid
FROM unnest($1::uuid[], $2::text[]) AS asked (claim_id, rank)
JOIN remittance_claims rc ON rc.tenant_id = current_tenant() AND rc.claim_id = asked.claim_id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
    AND v.rank = asked.rank
WHERE rc.outcome <> 'predetermination' GROUP BY rc.claim_id
"""
# What a later payer's own decisions leave open of what it was asked for, whatever the payers before change since.
_LEFT = """
SELECT rc.claim_id, sum(rc.charge_cents - sign(rc.charge_cents)::bigint * v.prior_cents + coalesce(l.cents, 0))::bigint AS cents
FROM unnest($1::uuid[], $2::text[]) AS asked (claim_id, rank)
JOIN remittance_claims rc ON rc.tenant_id = current_tenant() AND rc.claim_id = asked.claim_id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
    AND v.rank = asked.rank
LEFT JOIN LATERAL (SELECT sum(e.amount_cents) AS cents FROM ledger_entries e WHERE e.tenant_id = rc.tenant_id
    AND e.posting_id = rc.id AND e.claim_id = rc.claim_id AND e.account = 'receivable') l ON true
WHERE rc.outcome <> 'predetermination' GROUP BY rc.claim_id
"""
_RANKS = """
SELECT claim_id, version, rank FROM claim_versions WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[])
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
    """What settling needs to know of one posted CLP. `version` is the one it answers; None: the claim's current one."""

    status: str
    paid_cents: int
    payer_claim_control_number: str
    version: int | None = None


async def settle_claims(session: Session, fact_id: str, posted: Mapping[UUID, list[Decided]]) -> int:
    """Judge each claim by its whole ledger, move it, note the touch and tell its workflow. The number told.

    `fact_id` names the posting: settling it again adds no touch and makes no second signal count.
    """
    if not posted:
        return 0
    ids = list(posted)
    # Locked before summing: of two postings for one claim the second sees what the first entered.
    states = await lock_claims(session, ids)
    later = [claim_id for claim_id, state in states.items() if state.rank != "P"]
    silent = [claim_id for claim_id, state in states.items() if state.silent_since is not None]
    await carry_shares(session, later)
    accounts = await _accounts(session, ids)
    decided = {
        row["claim_id"]: row
        for row in await session.fetch(_DECIDED, list(states), [state.rank for state in states.values()])
    }
    left = await _left_open(session, [states[claim_id] for claim_id in later])
    own, changed = await _by_payer(session, states, posted)
    for claim_id, payments in own.items():
        standing = _standing(decided[claim_id], accounts[claim_id], left.get(claim_id))
        _judge(states[claim_id], standing, payments)
    await _ask_about_earlier_payers(session, [states[claim_id] for claim_id in changed])
    if silent:
        await close_items_of(session, "claim", silent, [work.Kind.SILENCE])
    for claim_id, state in states.items():
        state.money, state.changed = _money(accounts[claim_id]), True
    await store_claims(session, states.values())
    await add_touches(session, [_touch(fact_id, i, posted[i]) for i in ids])
    await classify(session, states.values())
    await tell_appeals(session, ids, fact_id)
    await tell_claims(session, states.values(), fact_id)
    await ask_to_learn(session)
    return len(ids)


async def _left_open(session: Session, states: list[ClaimState]) -> dict[UUID, int]:
    """Cents that payers after the first leave open by their own decisions, by claim."""
    if not states:
        return {}
    rows = await session.fetch(_LEFT, [state.id for state in states], [state.rank for state in states])
    return {row["claim_id"]: row["cents"] for row in rows}


async def _by_payer(
    session: Session, states: Mapping[UUID, ClaimState], posted: Mapping[UUID, list[Decided]]
) -> tuple[dict[UUID, list[Decided]], list[UUID]]:
    """What the payer asked now has said, by claim; and the claims of which an earlier payer has said something."""
    several = [claim_id for claim_id, state in states.items() if state.version > 1]
    ranks = {(row["claim_id"], row["version"]): row["rank"] for row in await session.fetch(_RANKS, several)}
    own: dict[UUID, list[Decided]] = {}
    changed: list[UUID] = []
    for claim_id, payments in posted.items():
        state = states[claim_id]
        mine = [one for one in payments if ranks.get((claim_id, one.version), state.rank) == state.rank]
        if mine:
            own[claim_id] = mine
        if len(mine) < len(payments):
            changed.append(claim_id)
    return own, changed


async def _ask_about_earlier_payers(session: Session, states: Iterable[ClaimState]) -> None:
    """The money is posted; whether the next payer's claim is to be replaced is for a person to say."""
    openings = []
    for state in states:
        if state.happened(Event.REOPENED):
            state.closed_at, state.closed_reason = None, ""
            state.know(closed=False)
        reason = "the next payer's claim should be replaced (7)"
        openings.append(
            Opening(
                f"earlier_payer:{state.id}:{state.version}",
                work.Kind.EARLIER_PAYER,
                work.title(work.Kind.EARLIER_PAYER, state.reference, reason),
                "claim",
                state.id,
                f"{session.tenant_id}/claim/{state.id}",
                {"version": state.version},
            )
        )
    await open_items(session, openings)


async def _accounts(session: Session, ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    accounts: dict[UUID, dict[str, int]] = {claim_id: {} for claim_id in ids}
    for row in await session.fetch(_LEDGER, ids):
        accounts[row["claim_id"]][row["account"]] = row["cents"]
    return accounts


def _standing(decided: Any, accounts: dict[str, int], left_cents: int | None) -> Standing:
    open_cents = accounts.get(RECEIVABLE, 0)
    return Standing(
        adjudications=decided["adjudications"],
        decided_cents=decided["cents"],
        paid_cents=decided["paid"],
        patient_cents=accounts.get(PATIENT, 0),
        receivable_cents=open_cents if left_cents is None else min(left_cents, open_cents),
    )


def _judge(state: ClaimState, standing: Standing, payments: list[Decided]) -> None:
    outcome = outcome_of(standing)
    state.silent_since = None
    learned = {
        "adjudications": standing.adjudications,
        "payer_claim_control_number": _control_number(payments) or state.facts.payer_claim_control_number,
    }
    if Event.ADJUDICATED not in allowed(state.step):
        state.know(**learned)
        return  # a correction is being prepared: the money is posted, and its own answer is still to come
    state.closed_at, state.closed_reason = None, ""
    state.know(**learned, closed=False, outcome=outcome, follow_up=None)
    state.happened(Event.ADJUDICATED)
    if outcome is Outcome.REVERSED:
        if state.facts.frequency == "8":
            # A void ends with the reversal. Of a first payer's nothing is owed any more; what a later payer was asked
            # for is open again, and a person says who owes it.
            state.happened(Event.PAID if standing.receivable_cents <= 0 else Event.SHORT_PAID)
        return  # otherwise the correction follows
    if outcome is Outcome.PAID and standing.patient_cents > 0:
        state.happened(Event.PATIENT_OWES)
        state.know(follow_up=FollowUp.PATIENT_RESPONSIBILITY)
        return
    state.happened(_EVENTS[outcome])


def _control_number(payments: list[Decided]) -> str:
    """The payer's number of the claim as it stands now: a correction's stands before that of what it reverses."""
    in_order = sorted(payments, key=lambda payment: payment.status == "22") if len(payments) > 1 else payments
    numbers = (payment.payer_claim_control_number for payment in in_order)
    return next((number for number in numbers if 0 < len(number) <= LONGEST_CONTROL_NUMBER), "")


async def restate_money(session: Session, claim_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Write what the ledger says of these claims into their rows; the accounts by claim."""
    accounts = await _accounts(session, list(claim_ids))
    await _store_money(session, accounts)
    return accounts


async def _store_money(session: Session, accounts: dict[UUID, dict[str, int]]) -> None:
    money = [_money(one) for one in accounts.values()]
    columns = [list(column) for column in zip(*money, strict=True)] or [[], [], []]
    await session.execute(_MONEY, list(accounts), *columns)


def _money(accounts: dict[str, int]) -> tuple[int, int, int]:
    """What the row of a claim shows of its ledger: paid, adjusted, the patient's."""
    adjusted = sum(accounts.get(account, 0) for account in (CONTRACT, WRITTEN_OFF, CAPITATION))
    return accounts.get(CASH, 0), adjusted, accounts.get(PATIENT, 0)


def _touch(fact_id: str, claim_id: UUID, payments: list[Decided]) -> Touch:
    paid = sum(payment.paid_cents for payment in payments)
    kinds = ", ".join("reversal" if p.status == "22" else f"status {p.status}" for p in payments)
    words = f"Remittance posted: {paid / 100:.2f} ({kinds})"
    return Touch(claim_id, "adjudicated", words, fact_id, detail={"paid_cents": paid})
