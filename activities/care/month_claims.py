"""The claim of one patient's month: made once, corrected only where the result changed, taken back when nothing is left."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import courier
from activities.care.month_messages import PatientInput, PatientStanding
from activities.care.month_patients import block, earlier_claim
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
from database.session import Session, tenant_session
from domain.care.closing import Outcome, Snapshot, claim_id, says_the_same, snapshot_of
from domain.care.exceptions import Blocker
from domain.tenancy import workflow_actor

MOST_DIAGNOSES, MOST_POINTERS = 12, 4
_BILLED = """
UPDATE care_patient_months SET outcome = 'billed', claim_id = $2, billed_at = clock_timestamp() WHERE id = $1
"""
_AGAINST = {Corrected.ON_ITS_WAY: Blocker.CLAIM_ON_ITS_WAY, Corrected.REFUSED: Blocker.CLAIM_REFUSED}


@activity.defn
async def bill_patient(task: PatientInput) -> PatientStanding:
    """Have the claim say what the month came to. Answers `again` while a closed claim is being opened for it; with
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
    if row["superseded"] or row["billed_at"] is not None:
        return PatientStanding(outcome)
    before = await earlier_claim(session, row)
    if outcome is Outcome.BILLABLE:
        return await _claim(session, row, before)
    if outcome not in (Outcome.NOTHING, Outcome.EXCLUDED) or before is None:
        return PatientStanding(outcome)
    result = await take_back(session, before["claim_id"], _request(row))
    if result is Corrected.DONE:
        await session.execute(
            "UPDATE care_patient_months SET billed_at = clock_timestamp() WHERE id = $1", row["id"]
        )
    return await _after(session, row, result, outcome)


async def _claim(session: Session, row: Any, before: Any) -> PatientStanding:
    now = snapshot_of(json.loads(row["snapshot"]))
    if now.diagnoses is None:  # computed by a release that did not keep them
        await block(session, row, Blocker.NOT_COMPUTED)
        return PatientStanding(Outcome.EXCEPTION)
    known = snapshot_of(json.loads(before["snapshot"])) if before else None
    facts, lines = _drafted(row, now, now.diagnoses)
    result = Corrected.DONE
    if known is None or known.coverage_id != now.coverage_id:
        # A claim keeps its coverage: nothing may be left of it before another one asks for the same month.
        result = await take_back(session, before["claim_id"], _request(row)) if before else result
        made = await _create(session, row, facts, lines) if result is Corrected.DONE else None
    else:
        made = before["claim_id"]
        if not says_the_same(now, known):
            result = await correct(session, made, facts, lines, _request(row))
    if result is Corrected.DONE:
        await session.execute(_BILLED, row["id"], made)
    return await _after(session, row, result, Outcome.BILLED)


async def _after(session: Session, row: Any, result: Corrected, done: Outcome) -> PatientStanding:
    if result is Corrected.REOPENING:
        return PatientStanding(Outcome(row["outcome"]), claims=True, again=True)
    if result in _AGAINST:
        await block(session, row, _AGAINST[result])
        return PatientStanding(Outcome.EXCEPTION)
    return PatientStanding(done)


async def _create(session: Session, row: Any, facts: ClaimFacts, lines: list[LineDraft]) -> UUID:
    """The claim under the id of this patient, month and revision: a second one would collide with the first."""
    made = claim_id(row["frozen_at"], row["id"])
    await insert_claim(session, facts, made)
    number = await insert_version(session, made, 1, facts, facts.diagnoses)
    await insert_lines(session, made, 1, number, lines)
    await start_claim(session, made, released=row["release_claims"])
    return made


def _drafted(row: Any, snapshot: Snapshot, problems: tuple[str, ...]) -> tuple[ClaimFacts, list[LineDraft]]:
    """The snapshot as a professional claim, with the diagnoses of the plan in force."""
    diagnoses = tuple(tidy_code(one) for one in problems[:MOST_DIAGNOSES])
    pointers = tuple(range(1, min(len(diagnoses), MOST_POINTERS) + 1))
    lines = [
        LineDraft(one.code, one.charge_cents, Decimal(one.units), one.served_on, one.served_on, pointers)
        for one in snapshot.lines
    ]
    days = [one.served_on for one in snapshot.lines]
    assert snapshot.coverage_id is not None  # without one the month is an exception
    facts = ClaimFacts(
        row["client_id"],
        row["patient_id"],
        snapshot.coverage_id,
        snapshot.charge_cents,
        (min(days), max(days)),
        diagnoses,
        rendering_id=snapshot.practitioner_id,
    )
    return facts, lines


def _request(row: Any) -> UUID:
    """What a closed claim is opened for: the same request however often it is made."""
    return uuid5(row["id"], "reopen")
