"""Claims that people create, correct, release, hold and end. The workflow writes the status; these store facts and tell it."""

from typing import Any
from uuid import UUID

from activities import courier
from activities.claims.correcting import frequency_of, next_version, tell_corrected
from activities.claims.creating import insert_claim, start_claim
from database.session import Session, tenant_session
from domain.claims.process import Event, Step, allowed
from domain.refusals import Conflict, FieldError, Invalid
from domain.rules.custom_fields import Subject
from domain.tenancy import Actor
from policies.permissions import Permission
from services import door
from services.claims.detail import view
from services.claims.drafts import check_shape, store_version
from services.claims.institutional_drafts import MADE_BY_HISTORY
from services.claims.telling import (
    lock_claim,
    nobody_else_works_it,
    note_reason,
    tell_process,
)
from services.claims.views import ClaimDraft, RowOutcome
from services.rules.custom_values import set_custom

MOST_AT_ONCE = 500
NOT_THERE = "not_found"

# Locked in the order of their ids, so that two selections that overlap wait instead of deadlocking.
_SELECTED = "SELECT id, step, released_at FROM claims WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"


@door.answering(Permission.CLAIMS_CREATE, view)
async def create(session: Session, draft: ClaimDraft, *, release: bool = False) -> UUID:
    """Store a new claim and start its process, which scrubs it at once. With `release` a clean claim goes straight on."""
    check_shape(draft)
    if release:
        door.also(session, Permission.CLAIMS_SUBMIT)
    claim_id = await _insert(session, draft)
    await store_version(session, claim_id, 1, draft, frequency=_original(draft))
    await start_claim(session, claim_id, released=release)
    await set_custom(session, Subject.CLAIM, claim_id, draft.custom)
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def correct(
    session: Session,
    claim_id: UUID,
    draft: ClaimDraft,
    *,
    expected_version: int | None = None,
    void: bool = False,
) -> UUID:
    """Store a new version of the facts and have it scrubbed. Before anything was sent this edits the claim; after a
    rejection it is sent again as an original (1), after an adjudication as a replacement (7) or, with `void`, as a
    void (8) of the payer's claim."""
    return await store_correction(session, claim_id, draft, expected_version, void=void)


async def store_correction(
    session: Session, claim_id: UUID, draft: ClaimDraft, expected_version: int | None, *, void: bool = False
) -> UUID:
    """What correcting and voiding have in common: the new version, and the message to the claim's process."""
    check_shape(draft)
    row = await lock_claim(session, claim_id, expected_version)
    await nobody_else_works_it(session, claim_id)
    frequency = frequency_of(row, void=void)
    if frequency not in MADE_BY_HISTORY:
        frequency = _original(draft)
    await _same_parties(row, draft)
    version = await next_version(session, claim_id)
    control = row["payer_claim_control_number"] if frequency in ("7", "8") else ""
    await store_version(session, claim_id, version, draft, frequency=frequency, control_number=control)
    await set_custom(session, Subject.CLAIM, claim_id, draft.custom)
    await session.execute("UPDATE claims SET manual_touches = manual_touches + 1 WHERE id = $1", claim_id)
    await tell_corrected(session, claim_id, version, frequency)
    return claim_id


@door.answering(Permission.CLAIMS_SUBMIT, view, of="claims")
async def release(session: Session, claim_id: UUID) -> UUID:
    """Let a clean claim go to its payer with the next batch."""
    _must_be_releasable(await lock_claim(session, claim_id, None))
    await tell_process(session, claim_id, "released")
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def hold(session: Session, claim_id: UUID, reason: str) -> UUID:
    """Stop a claim before it is batched, with a reason that others can read."""
    row = await lock_claim(session, claim_id, None)
    if Event.PUT_ON_HOLD not in allowed(Step(row["step"])):
        raise Conflict(
            "claim.too_late_to_hold",
            "The claim is on its way already.",
            "Wait for the answer, then correct it.",
        )
    await note_reason(session, claim_id, "hold_reason", reason)
    await session.execute("UPDATE claims SET manual_touches = manual_touches + 1 WHERE id = $1", claim_id)
    await tell_process(session, claim_id, "held")
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def withdraw(session: Session, claim_id: UUID, reason: str) -> UUID:
    """End a claim that the payer does not hold: nothing is sent any more."""
    await _end(session, claim_id, Event.WITHDRAWN, reason)
    return claim_id


@door.answering(Permission.CLAIMS_CORRECT, view, of="claims")
async def close(session: Session, claim_id: UUID, reason: str) -> UUID:
    """Close a claim of which only the patient's share is open, once that is settled elsewhere."""
    await _end(session, claim_id, Event.PATIENT_SETTLED, reason)
    return claim_id


@door.bulk(Permission.CLAIMS_SUBMIT)
async def release_many(actor: Actor, claim_ids: list[UUID]) -> list[RowOutcome]:
    """Release a selection in one transaction and tell all their processes at once, with an outcome for each row."""
    if len(claim_ids) > MOST_AT_ONCE:
        raise Invalid("bulk.too_many", f"At most {MOST_AT_ONCE} claims at once.", "Release them in portions.")
    outcomes: dict[UUID, RowOutcome] = {}
    told: dict[UUID, UUID] = {}
    async with tenant_session(actor) as session:
        rows = {row["id"]: row for row in await session.fetch(_SELECTED, _unique(claim_ids))}
        for claim_id in dict.fromkeys(claim_ids):
            outcomes[claim_id] = _releasable(claim_id, rows.get(claim_id))
            code = outcomes[claim_id].code
            await session.audit(
                "claims.capture.release",
                "claims",
                claim_id,
                outcome="refused" if code == NOT_THERE else "done",
                detail={"code": code} if code else None,
            )
            if not code:
                told[await tell_process(session, claim_id, "released")] = claim_id
    for refused in await courier.deliver(session.tenant_id, session.messages):
        claim_id = told[refused.message_id]
        outcomes[claim_id] = RowOutcome(claim_id, False, refused.code, refused.reason)
    return [outcomes[claim_id] for claim_id in claim_ids]


def _must_be_releasable(row: Any) -> None:
    if row["step"] == Step.HELD:
        raise Conflict(
            "claim.held", "This claim is held.", "Correct its findings; it is checked again at once."
        )
    if row["released_at"] is not None:
        raise Conflict(
            "claim.released_already", "This claim was released already.", "Nothing more is needed."
        )


def _releasable(claim_id: UUID, row: Any) -> RowOutcome:
    """The outcome as far as the row tells it; the claim's process has the last word."""
    if row is None:
        return RowOutcome(
            claim_id, False, NOT_THERE, "There is nothing here under this id, or it is not yours."
        )
    try:
        _must_be_releasable(row)
    except Conflict as refusal:
        return RowOutcome(claim_id, False, refusal.code, refusal.title)
    return RowOutcome(claim_id, True)


def _unique(claim_ids: list[UUID]) -> list[UUID]:
    """What can be an id at all: pages hand in what a browser sent."""
    return list({claim_id for claim_id in claim_ids if isinstance(claim_id, UUID)})


async def _insert(session: Session, draft: ClaimDraft) -> UUID:
    claim_id = await insert_claim(session, draft)
    if claim_id is None:
        fault = FieldError("coverage_id", "claim.coverage", "Choose one of this patient's coverages.")
        raise Invalid("claim.coverage", "The coverage is not this patient's.", fault.message, fields=(fault,))
    return claim_id


def _original(draft: ClaimDraft) -> str:
    """The frequency of a claim that replaces nothing: an institutional bill may be interim or of late charges."""
    return draft.facts.frequency if draft.facts else "1"


async def _same_parties(row: Any, draft: ClaimDraft) -> None:
    """A claim stays with its patient and client: another patient's service is another claim. So does its form."""
    if row["form"] != draft.form:
        words = f"This claim is {row['form']}; make a new claim instead."
        fault = FieldError("facts", "claim.form", words)
        raise Invalid("claim.form", "A claim keeps its form.", words, fields=(fault,))
    for field in ("client_id", "patient_id", "coverage_id"):
        if row[field] != getattr(draft, field):
            fault = FieldError(
                field, "claim.parties", "This cannot be changed on a claim; make a new claim instead."
            )
            raise Invalid(
                "claim.parties",
                "A claim keeps its client, patient and coverage.",
                fault.message,
                fields=(fault,),
            )


async def _end(session: Session, claim_id: UUID, event: Event, reason: str) -> None:
    row = await lock_claim(session, claim_id, None)
    if event not in allowed(Step(row["step"])):
        raise Conflict(
            "claim.cannot_end",
            "The claim cannot end here.",
            "A claim ends before it is sent, or when nothing is open.",
        )
    await note_reason(session, claim_id, event.value, reason)
    await tell_process(session, claim_id, "ended", event=event.value)
