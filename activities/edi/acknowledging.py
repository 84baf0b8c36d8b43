"""TA1, 999 and 277CA: stored for every claim they speak of, in bulk; rejections are signalled."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from activities.edi.answers import (
    Said,
    claim_said,
    control_number,
    group_said,
    group_verdict,
    level_said,
    same_number,
    set_said,
)
from activities.edi.messages import Applied
from activities.edi.notices import tell_of_rejections
from activities.work import close_items_of, open_item
from database.claim_activities import Touch, add_touches
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session
from domain import work
from domain.claims.states import Ack, Event
from domain.x12.decode_277ca import ClaimAcknowledgment, read_277ca
from domain.x12.decode_999 import read_999
from domain.x12.decode_ta1 import read_ta1

_PLACES = """
SELECT b.id AS batch_id, p.claim_id, p.version, p.claim_number, p.set_number, p.first_segment, p.last_segment
FROM edi_batches b JOIN edi_batch_claims p ON p.tenant_id = b.tenant_id AND p.batch_id = b.id
WHERE b.tenant_id = current_tenant() AND b.connection_id = $1 AND
"""
_BY_NUMBER = """
SELECT p.batch_id, p.claim_id, p.version, p.claim_number, '' AS set_number, 0 AS first_segment, 0 AS last_segment
FROM edi_batch_claims p JOIN claim_versions v ON v.tenant_id = p.tenant_id AND v.claim_id = p.claim_id AND v.version = p.version
WHERE v.tenant_id = current_tenant() AND v.claim_number = ANY($1::text[])
"""
_BATCH = """
SELECT id AS batch_id, NULL::uuid AS claim_id, NULL::int AS version FROM edi_batches
WHERE tenant_id = current_tenant() AND connection_id = $1 AND interchange_number = $2
"""
# A provider's loop speaks of that provider's claims in the batch; of all of them where the batch has no other provider.
_OF_PROVIDER = """
WITH travelled AS (
    SELECT p.batch_id, p.claim_id, p.version, p.claim_number, cl.npi FROM edi_batches b
    JOIN edi_batch_claims p ON p.tenant_id = b.tenant_id AND p.batch_id = b.id
    JOIN claims c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id
    JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
    WHERE b.tenant_id = current_tenant() AND b.connection_id = $1 AND b.reference = $2
)
SELECT batch_id, claim_id, version, claim_number FROM travelled
WHERE npi = $3 OR (SELECT count(DISTINCT npi) FROM travelled) = 1
"""
_REJECTING = {
    "999": Event.REJECTED_999,
    "clearinghouse": Event.CLEARINGHOUSE_REJECTED,
    "payer": Event.PAYER_REJECTED,
}
_ACCEPTING = {
    "999": Event.ACCEPTED_999,
    "clearinghouse": Event.CLEARINGHOUSE_ACCEPTED,
    "payer": Event.PAYER_ACCEPTED,
}


async def apply_ta1(session: Session, file_id: UUID, connection_id: UUID, body: bytes) -> Applied:
    """A rejected interchange rejects every claim in it; an accepted one only means that the envelope was read, and is
    kept with the batch alone."""
    said: list[Said] = []
    for answer in read_ta1(body):
        number = control_number(answer.interchange_control_number)
        if number is None:
            continue
        if answer.accepted:
            batches = await session.fetch(_BATCH, connection_id, number)
            said += [Said(b, "TA1", "999", "accepted", answer.verdict, answer.note) for b in batches]
            continue
        places = await session.fetch(_PLACES + "b.interchange_number = $2", connection_id, number)
        said += [Said(place, "TA1", "999", "rejected", answer.verdict, answer.note) for place in places]
        await _judge_batch(session, {place["batch_id"] for place in places}, "rejected")
    return await _store(session, file_id, said)


async def apply_999(session: Session, file_id: UUID, connection_id: UUID, body: bytes) -> Applied:
    """Each set is judged by its own IK5; it points back through GS06 and ST02 only."""
    said: list[Said] = []
    for group in read_999(body):
        number = control_number(group.group_control_number)
        if number is None:
            continue
        places = await session.fetch(_PLACES + "b.group_number = $2", connection_id, number)
        for answered in group.sets:
            said += set_said(
                answered, [p for p in places if same_number(p["set_number"], answered.control_number)]
            )
        if not group.sets:
            said += group_said(group, places)
        await _judge_batch(session, {place["batch_id"] for place in places}, group_verdict(group))
    return await _store(session, file_id, said)


async def apply_277ca(session: Session, file_id: UUID, connection_id: UUID, body: bytes) -> Applied:
    """Claims are found by their exact CLM01; the sender is kept, because a clearinghouse does not speak for the payer."""
    answers = await asyncio.to_thread(read_277ca, body)
    numbers = [claim.claim_number for answer in answers for claim in answer.claims]
    places = {row["claim_number"]: row for row in await session.fetch(_BY_NUMBER, numbers)}
    said: list[Said] = []
    for answer in answers:
        said += [claim_said(answer, claim, places.get(claim.claim_number)) for claim in answer.claims]
        if answer.batch_verdict == "rejected":
            batch = await session.fetch(_PLACES + "b.reference = $2", connection_id, answer.batch_trace)
            telling = next(one for one in answer.levels if one.level == "21" and one.verdict == "rejected")
            said += level_said(answer, batch, telling)
        else:
            said += await _providers_said(session, file_id, connection_id, answer)
    return await _store(session, file_id, said)


async def _providers_said(
    session: Session, file_id: UUID, connection_id: UUID, answer: ClaimAcknowledgment
) -> list[Said]:
    """Providers refused as a whole. One whose claims cannot be told is kept, and somebody is asked."""
    said: list[Said] = []
    for level in answer.levels:
        if level.level != "19" or level.verdict != "rejected":
            continue
        places = await session.fetch(_OF_PROVIDER, connection_id, answer.batch_trace, level.provider_npi)
        if not places and not answer.claims:
            said += level_said(answer, [None], level)
            await _ask_whose(session, file_id)
        said += level_said(answer, places, level)
    return said


async def _ask_whose(session: Session, file_id: UUID) -> None:
    name = await session.value("SELECT remote_name FROM edi_files WHERE id = $1", file_id)
    title = work.title(work.Kind.FILE, name, "a 277CA rejects a provider and names no claim or batch of ours")
    key = f"provider:{file_id}"
    await open_item(session, key, work.Kind.FILE, title, subject_type="file", subject_id=file_id)


async def _judge_batch(session: Session, batch_ids: set[UUID], verdict: str) -> None:
    ids = list(batch_ids)
    await session.execute(
        "UPDATE edi_batches SET status = $2, acknowledged_at = now() WHERE id = ANY($1::uuid[])", ids, verdict
    )
    if verdict == "rejected":
        await session.execute(
            "UPDATE edi_files SET status = 'rejected' WHERE id IN"
            " (SELECT file_id FROM edi_batches WHERE id = ANY($1::uuid[]))",
            ids,
        )


async def _store(session: Session, file_id: UUID, said: list[Said]) -> Applied:
    columns = ("tenant_id", "file_id", "batch_id", "claim_id", "claim_version", "kind", "sender", "verdict",
               "category", "status_code", "payer_claim_control_number", "detail", "ordinal")  # fmt: skip
    # A file that holds several kinds is stored in several goes.
    before = await session.value("SELECT count(*) FROM acknowledgements WHERE file_id = $1", file_id)
    rows = [_row(session, file_id, one, ordinal) for ordinal, one in enumerate(said, before + 1)]
    await session.copy("acknowledgements", columns, rows)
    of_batches = [one for one in said if one.place is not None and one.place["claim_id"] is None]
    known = [one for one in said if one.place is not None and one.place["claim_id"] is not None]
    states = await lock_claims(session, [one.place["claim_id"] for one in known])
    silent = {state.id: state for state in states.values() if state.silent_since is not None}
    touches: list[Touch] = []
    rejected: dict[UUID, ClaimState] = {}
    for one in known:
        state = states[one.place["claim_id"]]
        touches.append(_touch(file_id, one))
        # A late answer to a version that was corrected since is history, not news.
        if state.version == one.place["version"] and _learn(state, one):
            rejected[state.id] = state
    await store_claims(session, states.values())
    await add_touches(session, touches)
    spoke = {identifier: state for identifier, state in silent.items() if state.silent_since is None}
    if spoke:
        await close_items_of(session, "claim", list(spoke), [work.Kind.SILENCE])
    # A file of several kinds tells of each in turn. Whoever was silent is told of, too: the next answer has its own time.
    await tell_claims(session, (rejected | spoke).values(), f"answers:{file_id}:{before}")
    await tell_of_rejections(session, file_id, said)
    return Applied("applied", len(said) - len(of_batches), len(rejected))


def _learn(state: ClaimState, one: Said) -> bool:
    """Take the word into the claim's facts and step; True when it is a rejection that somebody must work."""
    refused = one.verdict in ("rejected", "not_found")
    if not refused and one.verdict != "accepted":
        return False  # A1: received is not accepted
    column = {"999": "ack_999", "clearinghouse": "ack_clearinghouse", "payer": "ack_payer"}[one.stage]
    # A rejection stands against an acceptance by the same partner, whichever came first.
    if refused or getattr(state.facts, column) is not Ack.REJECTED:
        state.know(**{column: Ack.REJECTED if refused else Ack.ACCEPTED})
    state.silent_since = None
    if one.control_number:
        state.know(payer_claim_control_number=one.control_number)
    moved = state.happened((_REJECTING if refused else _ACCEPTING)[one.stage])
    return refused and moved


def _row(session: Session, file_id: UUID, one: Said, ordinal: int) -> tuple[Any, ...]:
    sender = "translator" if one.stage == "999" else one.stage
    place = one.place or {"batch_id": None, "claim_id": None, "version": None}
    return (session.tenant_id, file_id, place["batch_id"], place["claim_id"], place["version"], one.kind, sender,
            one.verdict, one.category, one.status_code, one.control_number, json.dumps(one.detail), ordinal)  # fmt: skip


def _touch(file_id: UUID, one: Said) -> Touch:
    who = {"999": "Clearinghouse", "clearinghouse": "Clearinghouse", "payer": "Payer"}[one.stage]
    codes = " ".join(filter(None, (one.category, one.status_code)))
    words = f"{who} {one.kind}: {one.verdict.replace('_', ' ')}{f' ({codes})' if codes else ''}"
    if one.control_number:
        words += f", claim control number {one.control_number}"
    return Touch(one.place["claim_id"], "acknowledged", words, f"{file_id}:{one.stage}")


async def tell_claims(session: Session, states: Iterable[ClaimState], fact_id: str) -> None:
    """Signal the workflows of claims that an answer is stored; one that had ended is started again to follow it up.

    `fact_id` names what is stored: a workflow that heard of it before does nothing.
    """
    tenant_id = session.tenant_id
    heard = {"tenant_id": tenant_id, "fact_id": fact_id}
    signals = [
        (
            f"{tenant_id}/claim/{state.id}",
            {"tenant_id": tenant_id, "claim_id": state.id, "version": state.version, "reopened": True},
            heard,
        )
        for state in states
    ]
    if signals:
        await session.signal_each("ClaimLifecycle", "answered", signals)
