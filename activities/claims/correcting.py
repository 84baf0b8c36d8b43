"""A further version of a claim's facts: which kind of submission it is, and the message that has it scrubbed and sent.

Services and the month-end of care correct claims through this. A process that corrects by itself never forces anything:
what a payer still has to answer, or what lacks a control number, is told as such.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from activities.claims.creating import ClaimFacts, LineDraft, insert_lines, insert_version
from activities.work import close_items
from database.claim_activities import Touch, add_touches
from database.claim_states import facts_of
from database.claim_versions import copy_version
from database.session import Session
from domain.claims.process import Event, Step, allowed
from domain.claims.states import correction_for
from domain.refusals import Conflict

EDITABLE = frozenset({Step.CODING, Step.HELD, Step.READY})
WITHDRAWN = "withdrawn"
_ROW = """
SELECT c.*, v.frequency, v.rank FROM claims c JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id
    AND v.version = c.current_version WHERE c.id = $1
"""


class Corrected(StrEnum):
    """What came of a process's correction."""

    DONE = "done"
    REOPENING = "reopening"  # the closed claim is being opened: ask once more
    ON_ITS_WAY = "on_its_way"  # sent, and neither rejected nor decided yet
    REFUSED = "refused"  # something is missing that a person must see to


def frequency_of(row: Any, *, void: bool) -> str:
    """CLM05-3 of the next version of a claim's row with its version's frequency; the refusal where none may follow."""
    facts = facts_of(row)
    if Step(row["step"]) in EDITABLE and facts.batched_at is None:
        if void:
            raise Conflict(
                "claim.nothing_to_void",
                "Nothing was sent, so there is nothing to void.",
                "Withdraw the claim.",
            )
        return str(row["frequency"])
    return correction_for(facts, void=void)


async def _locked(session: Session, claim_id: UUID) -> Any:
    # First the lock: whoever is waited for may make another version the current one.
    await session.execute("SELECT FROM claims WHERE id = $1 FOR UPDATE", claim_id)
    return await session.row(_ROW, claim_id)


async def next_version(session: Session, claim_id: UUID) -> int:
    """The number of the version that follows all that are stored."""
    number: int = await session.value(
        "SELECT max(version) + 1 FROM claim_versions WHERE claim_id = $1", claim_id
    )
    return number


async def tell_corrected(session: Session, claim_id: UUID, version: int, frequency: str) -> None:
    """Close the work that the correction settles, note it, and tell the claim's process of its new version."""
    by = session.actor.user_id
    await close_items(
        session, "claim", claim_id, ["hold", "rejection", "denial"], decision="corrected", by=by
    )
    words = {"7": "Corrected as replacement (7)", "8": "Void (8) requested"}.get(frequency, "Corrected")
    await add_touches(session, [Touch(claim_id, "corrected", words, f"corrected:{version}", by)])
    await _tell(session, claim_id, "corrected", version=version)


async def correct(
    session: Session, claim_id: UUID, facts: ClaimFacts, lines: Sequence[LineDraft], request_id: UUID
) -> Corrected:
    """Put these facts in the place of a claim's: edited while it was not sent, as a replacement (7) after it was decided.
    `request_id` makes the reopening of a closed claim one, however often it is asked for."""
    row = await _locked(session, claim_id)
    if row["step"] == Step.CLOSED:
        return await _reopen(session, row, request_id)
    try:
        frequency = frequency_of(row, void=False)
    except Conflict as refusal:
        return _why(refusal)
    version = await next_version(session, claim_id)
    control = row["payer_claim_control_number"] if frequency in ("7", "8") else ""
    number = await insert_version(
        session, claim_id, version, facts, facts.diagnoses, frequency=frequency, control_number=control
    )
    await insert_lines(session, claim_id, version, number, lines)
    await tell_corrected(session, claim_id, version, frequency)
    return Corrected.DONE


async def take_back(session: Session, claim_id: UUID, request_id: UUID) -> Corrected:
    """Have nothing left of a claim: withdrawn while the payer does not hold it, else as a void (8)."""
    row = await _locked(session, claim_id)
    if row["step"] == Step.CLOSED:
        if row["closed_reason"] == WITHDRAWN:
            return Corrected.DONE
        return await _reopen(session, row, request_id)
    if Event.WITHDRAWN in allowed(Step(row["step"])):
        await _tell(session, claim_id, "ended", event=Event.WITHDRAWN.value)
        return Corrected.DONE
    try:
        frequency = frequency_of(row, void=True)
    except Conflict as refusal:
        return _why(refusal)
    version = await copy_version(session, claim_id, row["current_version"], session.actor.user_id)
    await session.execute(
        "UPDATE claim_versions SET frequency = $3, payer_claim_control_number = $4 WHERE claim_id = $1 AND version = $2",
        claim_id,
        version,
        frequency,
        row["payer_claim_control_number"],
    )
    await tell_corrected(session, claim_id, version, frequency)
    return Corrected.DONE


async def _reopen(session: Session, row: Any, request_id: UUID) -> Corrected:
    payload = {"tenant_id": session.tenant_id, "claim_id": row["id"], "version": row["current_version"]}
    await session.tell(
        "signal_with_start",
        f"{session.tenant_id}/claim/{row['id']}",
        "reopened",
        {**payload, "reopened": True},
        workflow="ClaimLifecycle",
        signal_payload={
            "tenant_id": session.tenant_id,
            "request_id": request_id,
            "by": session.actor.user_id,
        },
    )
    return Corrected.REOPENING


def _why(refusal: Conflict) -> Corrected:
    return Corrected.ON_ITS_WAY if refusal.code == "claim.answer_outstanding" else Corrected.REFUSED


async def _tell(session: Session, claim_id: UUID, update: str, **facts: Any) -> None:
    payload = {"tenant_id": session.tenant_id, "by": session.actor.user_id, **facts}
    await session.tell("update", f"{session.tenant_id}/claim/{claim_id}", update, payload)
