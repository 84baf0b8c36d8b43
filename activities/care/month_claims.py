"""The claims of one patient's month: each made once, corrected only where its result changed, taken back when nothing is
left of it."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import courier
from activities.care.month_messages import PatientInput, PatientStanding
from activities.care.month_patients import block
from activities.care.month_rows import ACTOR, lock_patient_month
from activities.claims.correcting import Corrected, correct, take_back
from activities.claims.creating import (
    ClaimFacts,
    LineDraft,
    insert_claim,
    insert_lines,
    insert_version,
    start_claim,
    tidy_code,
)
from database.care_month_claims import StandingClaim, claims_made, keep_claim, standing_claims
from database.session import Session, tenant_session
from domain.care.closing import Outcome, claim_id
from domain.care.exceptions import Blocker
from domain.care.month_claims import MonthClaim, followed, says_the_same
from domain.care.snapshots import snapshot_of
from domain.tenancy import workflow_actor

MOST_DIAGNOSES, MOST_POINTERS = 12, 4
_AGAINST = {Corrected.ON_ITS_WAY: Blocker.CLAIM_ON_ITS_WAY, Corrected.REFUSED: Blocker.CLAIM_REFUSED}


@activity.defn
async def bill_patient(task: PatientInput) -> PatientStanding:
    """Have the claims say what the month came to. Answers `again` while a closed claim is being opened for it; with
    `insist` that is a failure, which is tried again."""
    async with tenant_session(workflow_actor(task.tenant_id, ACTOR)) as session:
        row = await lock_patient_month(session, task.patient_month_id)
        standing = await _bill(session, row)
    await courier.deliver(task.tenant_id, session.messages)
    if standing.again and task.insist:
        raise ApplicationError("The claim is being reopened.", type="claim_being_reopened")
    return standing


async def _bill(session: Session, row: Any) -> PatientStanding:
    outcome = Outcome(row["outcome"])
    wanted = outcome in (Outcome.BILLABLE, Outcome.NOTHING, Outcome.EXCLUDED)
    if not wanted or row["superseded"] or row["billed_at"] is not None:
        return PatientStanding(outcome)
    now = snapshot_of(json.loads(row["snapshot"])).claims if outcome is Outcome.BILLABLE else ()
    if any(one.diagnoses is None for one in now):  # computed by a release that did not keep them
        await block(session, row, {Blocker.NOT_COMPUTED: ""})
        return PatientStanding(Outcome.EXCEPTION)
    before = await standing_claims(session, row)
    if not now and not before:
        return PatientStanding(outcome)
    pairs = [
        (one, before[known] if known else None)
        for one, known in followed(now, {one.id: one.says for one in before.values()})
    ]
    # Whoever holds several claims takes them in the order of their ids, or two would wait for each other.
    pairs.sort(key=lambda pair: (pair[1] is None, pair[1].id if pair[1] else row["id"]))
    results = [(claim, await _settle(session, row, one, claim)) for one, claim in pairs]
    return await _after(session, row, outcome, results)


async def _settle(
    session: Session, row: Any, now: MonthClaim | None, before: StandingClaim | None
) -> Corrected:
    """One claim: made, corrected where it would say something else, or taken back. What was done is noted with it, so that
    it is not done once more when another claim of the month could not be settled."""
    if before is None:
        assert now is not None
        return await _create(session, row, now)
    if now is None:
        return await _take_back(session, row, before)
    if before.says.coverage_id != now.coverage_id:
        # A claim keeps its coverage: nothing may be left of it before another one asks for the same month.
        result = await _take_back(session, row, before)
        return await _create(session, row, now) if result is Corrected.DONE else result
    result = Corrected.DONE
    if not says_the_same(now, before.says):
        result = await correct(session, before.id, *_drafted(row, now), _request(row))
    if result is Corrected.DONE:
        await keep_claim(session, row["id"], before.id, now)
    return result


async def _take_back(session: Session, row: Any, before: StandingClaim) -> Corrected:
    result = await take_back(session, before.id, _request(row))
    if result is Corrected.DONE:
        await keep_claim(session, row["id"], before.id, before.says, taken_back=True)
    return result


async def _create(session: Session, row: Any, now: MonthClaim) -> Corrected:
    """The claim under the id of this patient, month and revision: a second one would collide with the first."""
    made = claim_id(row["frozen_at"], row["id"], await claims_made(session, row["id"]))
    facts, lines = _drafted(row, now)
    await insert_claim(session, facts, made)
    number = await insert_version(session, made, 1, facts, facts.diagnoses)
    await insert_lines(session, made, 1, number, lines)
    await start_claim(session, made, released=row["release_claims"])
    await keep_claim(session, row["id"], made, now)
    return Corrected.DONE


async def _after(
    session: Session,
    row: Any,
    outcome: Outcome,
    results: Iterable[tuple[StandingClaim | None, Corrected]],
) -> PatientStanding:
    """What the month has come to with these claims: all must be settled before it counts as billed."""
    open_ones = [(claim, result) for claim, result in results if result is not Corrected.DONE]
    if any(result is Corrected.REOPENING for _, result in open_ones):
        return PatientStanding(outcome, claims=True, again=True)
    if open_ones:
        against: dict[str, list[str]] = {}
        for claim, result in open_ones:
            against.setdefault(_AGAINST[result], []).append(f"Claim {claim.reference}." if claim else "")
        await block(session, row, {code: " ".join(words) for code, words in against.items()})
        return PatientStanding(Outcome.EXCEPTION)
    done = Outcome.BILLED if outcome is Outcome.BILLABLE else outcome
    await session.execute(
        "UPDATE care_patient_months SET outcome = $2, billed_at = clock_timestamp() WHERE id = $1",
        row["id"],
        done.value,
    )
    return PatientStanding(done)


def _drafted(row: Any, now: MonthClaim) -> tuple[ClaimFacts, list[LineDraft]]:
    """What a claim is to say as a professional claim, with the diagnoses of the plan in force."""
    assert now.coverage_id is not None and now.diagnoses is not None  # without them the month is an exception
    diagnoses = tuple(tidy_code(one) for one in now.diagnoses[:MOST_DIAGNOSES])
    pointers = tuple(range(1, min(len(diagnoses), MOST_POINTERS) + 1))
    lines = [
        LineDraft(one.code, one.charge_cents, Decimal(one.units), one.served_on, one.served_on, pointers)
        for one in now.lines
    ]
    days = [one.served_on for one in now.lines]
    facts = ClaimFacts(
        row["client_id"],
        row["patient_id"],
        now.coverage_id,
        now.charge_cents,
        (min(days), max(days)),
        diagnoses,
        rendering_id=now.practitioner_id,
    )
    return facts, lines


def _request(row: Any) -> UUID:
    """What a closed claim is opened for: the same request however often it is made."""
    return uuid5(row["id"], "reopen")
