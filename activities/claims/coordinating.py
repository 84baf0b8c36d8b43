"""Coordination of benefits: when a payer's decision leaves a balance and another payer follows, the claim goes on to it.

The same claim takes a new version that asks the next payer (frequency 1, a number of its own) and tells what the payers
before have decided. A claim that the payer has passed on by itself is waited for and never sent.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.claims.messages import DecisionTask, Position
from activities.claims.scrubbing import WORKFLOW
from activities.remittances.carrying import carry_all
from activities.remittances.settling import restate_money
from activities.work import close_items, open_item
from database.claim_activities import Touch, add_touches
from database.claim_reads import load_claims
from database.claim_states import ClaimState, lock_claims, store_claims
from database.claim_versions import copy_version
from database.coordination_reads import adjudications, coverage_of, store_decisions
from database.session import Session, tenant_session
from domain import work
from domain.claims import adjudicated
from domain.claims.adjudicated import Adjudication
from domain.claims.cob import decision_of, nobody_follows, secondary_claim
from domain.claims.model import OtherPayerDecision
from domain.claims.process import Event, Step, allowed
from domain.claims.states import FollowUp
from domain.refusals import Conflict, Refusal
from domain.remittances.ledger import RECEIVABLE
from domain.tenancy import workflow_actor

RANKS = "PST"
WORDS = {"P": "primary", "S": "secondary", "T": "tertiary"}
_OPEN_AT = frozenset({Step.PATIENT_BALANCE, Step.DENIAL})

# The patient's coverage of the lowest later order that was in force on the days of service.
NEXT_COVERAGE = """
SELECT k.id, k.payer_id, k.rank, y.name AS payer_name FROM claims c
JOIN coverages k ON k.tenant_id = c.tenant_id AND k.patient_id = c.patient_id AND k.active
    AND (k.effective_from IS NULL OR k.effective_from <= c.service_from)
    AND (k.effective_to IS NULL OR k.effective_to >= c.service_to)
JOIN payers y ON y.tenant_id = k.tenant_id AND y.id = k.payer_id AND y.active
WHERE c.tenant_id = current_tenant() AND c.id = $1 AND strpos('PST', k.rank) > strpos('PST', $2)
ORDER BY strpos('PST', k.rank), k.id LIMIT 1
"""
# The last version that each payer so far was sent, voids left out.
_ASKED = """
SELECT DISTINCT ON (rank) rank, version, coverage_id FROM claim_versions
WHERE claim_id = $1 AND strpos('PST', rank) <= strpos('PST', $2) AND frequency <> '8'
    AND (submitted_at IS NOT NULL OR forwarded)
ORDER BY rank, version DESC
"""
_NOW = """
SELECT c.coverage_id AS id, c.payer_id, v.rank FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = c.current_version
WHERE c.id = $1
"""
# What the remittances of the payers before a rank have moved off the charge, but for the patient's share.
_PRIOR = """
SELECT coalesce(sum(l.amount_cents), 0)::bigint FROM ledger_entries l
JOIN remittance_claims rc ON rc.tenant_id = l.tenant_id AND rc.id = l.posting_id AND rc.claim_id = l.claim_id
JOIN claim_versions v ON v.tenant_id = rc.tenant_id AND v.claim_id = rc.claim_id AND v.version = rc.claim_version
WHERE l.claim_id = $1 AND l.account IN ('cash', 'contractual') AND strpos('PST', v.rank) < strpos('PST', $2)
"""
_TELL = """
UPDATE claim_versions SET frequency = $3, coverage_id = $4, payer_id = $5, rank = $6, prior_cents = $7,
    decided_version = $8, forwarded = $9, payer_claim_control_number = $10, prior_authorization = ''
WHERE claim_id = $1 AND version = $2
"""
_ASK = """
UPDATE claims SET coverage_id = $2, payer_id = $3, current_version = $4, connection_id = NULL, next_payer_barred = false
WHERE id = $1
"""


@activity.defn
async def bill_next_payer(task: DecisionTask) -> Position:
    """Bill or replace at the next payer at a person's word; a refusal becomes the reason of a new work item."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        state = (await lock_claims(session, [task.claim_id]))[task.claim_id]
        if state.version == task.version:  # an earlier attempt may have made the version
            try:
                if task.decision == "replace_next_payer":
                    await _replace_at_next_payer(session, state, task)
                else:
                    await _bill(session, state, task.actor_id, by_hand=True)
            except Refusal as refusal:
                await _ask_person(session, state, refusal, again=True)
        await store_claims(session, [state])
        return Position(state.step, None, state.version if state.version != task.version else None)


async def go_on_to_next_payer(session: Session, state: ClaimState) -> bool:
    """After a decision: bill the next payer when the balance is its to answer for. False when nobody is asked."""
    if state.step not in _OPEN_AT or state.next_payer_barred:
        return False
    found = await adjudications(session, state.id, state.rank)
    if adjudicated.forwarded(found) and state.rank != "T":
        await _wait_for_crossover(session, state)
        return True
    standing = adjudicated.net(found)
    following = await session.row(NEXT_COVERAGE, state.id, state.rank)
    if following is None or standing is None:
        return False
    if state.step is Step.DENIAL and not adjudicated.next_payer_may_cover(standing.payment):
        return False  # a person decides first: replace, appeal or bill on
    try:
        await _bill(session, state, None)
    except Refusal as refusal:
        await _ask_person(session, state, refusal)
        return False
    return True


async def _bill(session: Session, state: ClaimState, by: UUID | None, *, by_hand: bool = False) -> None:
    """Make the version that asks the next payer. Raises the refusal that says why none can be made."""
    following = await session.row(NEXT_COVERAGE, state.id, state.rank)
    if following is None:
        raise nobody_follows()
    if Event.NEXT_PAYER_BILLED not in allowed(state.step):
        raise Conflict("cob_not_now", "No payer has decided on this claim.", "Wait for the remittance.")
    decisions = await _decisions(session, state, following["id"], state.rank)
    version = await copy_version(session, state.id, state.version, by)
    state.happened(Event.NEXT_PAYER_BILLED)
    await _ask_payer(session, state, version, following)
    await _tell(session, state, version, following, decided_version=version)
    await store_decisions(session, state.id, version, decisions)
    left = await _carry(session, state)
    who = "by a person" if by_hand else "by itself"
    words = f"Billed to the {WORDS[state.rank]} payer {who}: {left / 100:.2f} left by the payers before"
    await add_touches(session, [Touch(state.id, "next_payer", words, f"next_payer:{version}", by)])


async def _wait_for_crossover(session: Session, state: ClaimState) -> None:
    """The payer has sent the claim on: its next payer's remittance is awaited, and nothing is ever sent by us."""
    following = await session.row(NEXT_COVERAGE, state.id, state.rank) or await _unknown_payer(session, state)
    version = await copy_version(session, state.id, state.version, None)
    state.happened(Event.FORWARDED)
    await _ask_payer(session, state, version, following)
    state.know(sent_at=datetime.now(UTC), follow_up=FollowUp.SECONDARY)
    await _tell(session, state, version, following, forwarded=True)
    await _carry(session, state)
    words = f"Passed on by the payer to the {WORDS[state.rank]} payer: its remittance is awaited"
    await add_touches(session, [Touch(state.id, "next_payer", words, f"next_payer:{version}")])


async def _replace_at_next_payer(session: Session, state: ClaimState, task: DecisionTask) -> None:
    """Send the payer asked now a replacement (7) that tells what the payers before have decided since."""
    control = state.facts.payer_claim_control_number
    if not control:
        raise Conflict(
            "claim.payer_claim_control_number_missing",
            "The next payer has not numbered the claim yet (REF*F8).",
            "Wait for its answer, then replace the claim.",
        )
    if Event.CORRECTED not in allowed(state.step):
        raise Conflict("cob_not_now", "The claim is on its way to the next payer.", "Wait for its answer.")
    asked = await session.row(_NOW, state.id)
    decisions = await _decisions(session, state, asked["id"], RANKS[RANKS.index(state.rank) - 1])
    version = await copy_version(session, state.id, state.version, task.actor_id)
    await _tell(session, state, version, asked, decided_version=version, frequency="7", control=control)
    await store_decisions(session, state.id, version, decisions)
    state.happened(Event.CORRECTED)
    state.submit_again(version, "7")
    await session.execute("UPDATE claims SET current_version = $2 WHERE id = $1", state.id, version)
    await close_items(session, "claim", state.id, ["denial", "silence"])
    words = "Replaced at the next payer (7) with the earlier payer's new decision"
    key = f"decided:{task.work_item_id}"
    await add_touches(session, [Touch(state.id, "next_payer", words, key, task.actor_id)])


async def _decisions(
    session: Session, state: ClaimState, coverage_id: UUID, until: str
) -> list[tuple[UUID, OtherPayerDecision]]:
    """What every payer up to the rank `until` has decided, proven to make a claim for the coverage that follows."""
    asked = sorted(await session.fetch(_ASKED, state.id, until), key=lambda row: RANKS.index(row["rank"]))
    claims = await load_claims(session, [(state.id, row["version"]) for row in asked])
    following = await coverage_of(session, state.id, coverage_id)
    decided: list[tuple[UUID, OtherPayerDecision]] = []
    for row in asked[:-1]:
        standing = await _standing(session, state, row["rank"])
        claim = claims[state.id, row["version"]]
        decision = decision_of(claim, standing.payment, standing.day, standing.lines)
        decided.append((row["coverage_id"], decision))
    last, standing = asked[-1], await _standing(session, state, asked[-1]["rank"])
    claim = replace(claims[state.id, last["version"]], decisions=tuple(one for _, one in decided))
    made = secondary_claim(
        claim,
        standing.payment,
        following,
        claim_number=claim.claim_number,
        adjudicated=standing.day,
        matched=standing.lines,
    )
    return [*decided, (last["coverage_id"], made.decisions[-1])]


async def _standing(session: Session, state: ClaimState, rank: str) -> Adjudication:
    standing = adjudicated.net(await adjudications(session, state.id, rank))
    if standing is None:
        raise Conflict(
            "cob_taken_back",
            f"The decision of the {WORDS[rank]} payer was taken back.",
            "Wait for its corrected remittance.",
        )
    return standing


async def _unknown_payer(session: Session, state: ClaimState) -> dict[str, Any]:
    """A claim may be passed on to a payer that the patient's record does not name."""
    return {**dict(await session.row(_NOW, state.id)), "rank": RANKS[RANKS.index(state.rank) + 1]}


async def _ask_payer(session: Session, state: ClaimState, version: int, following: Any) -> None:
    """From now on the claim asks this payer; its number, its answers and its count of remittances begin anew."""
    await session.execute(_ASK, state.id, following["id"], following["payer_id"], version)
    state.submit_again(version, "1")
    state.payer_id, state.rank = following["payer_id"], following["rank"]
    state.connection_id, state.released_at = None, None
    state.know(payer_claim_control_number="", adjudications=0, released=False)
    await close_items(session, "claim", state.id, ["denial", "silence", "next_payer"])


async def _tell(
    session: Session,
    state: ClaimState,
    version: int,
    following: Any,
    *,
    decided_version: int | None = None,
    forwarded: bool = False,
    frequency: str = "1",
    control: str = "",
) -> None:
    """Write whom the copied version asks, and what the ledger says that the payers before have taken off."""
    prior_cents = await session.value(_PRIOR, state.id, following["rank"])
    await session.execute(
        _TELL, state.id, version, frequency, following["id"], following["payer_id"], following["rank"], prior_cents,
        decided_version, forwarded, control,
    )  # fmt: skip


async def _carry(session: Session, state: ClaimState) -> int:
    """Carry the patient's share on to the payer asked now; what that payer is asked for, in cents."""
    await carry_all(session, state.id)
    accounts = (await restate_money(session, [state.id]))[state.id]
    return accounts.get(RECEIVABLE, 0)


async def _ask_person(session: Session, state: ClaimState, refusal: Refusal, *, again: bool = False) -> None:
    """What cannot be billed on by itself waits for a person, with the reason."""
    await open_item(
        session,
        f"next_payer:{state.id}:{state.version}:{refusal.code}",
        work.Kind.NEXT_PAYER,
        work.title(work.Kind.NEXT_PAYER, state.reference, refusal.title),
        subject_type="claim",
        subject_id=state.id,
        workflow_id=f"{session.tenant_id}/claim/{state.id}",
        detail={"code": refusal.code, "what_to_do": refusal.what_to_do},
        again=again,
    )
