"""Gathering a batch: claims, control numbers, bytes and file are one transaction, so a batch exists whole or not at all."""

import asyncio
import hashlib
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from temporalio import activity

from activities import courier
from activities.claims.scrubbing import open_hold
from activities.edi.heartbeats import beating
from activities.edi.messages import BatchTask, Gathered
from database.claim_activities import Touch, add_touches
from database.claim_reads import load_claims
from database.claim_states import ClaimState, lock_claims, store_claims
from database.session import Session, tenant_session
from domain.claims.institutional import AnyClaim
from domain.claims.states import Event
from domain.edi import batch_reference, file_name
from domain.tenancy import workflow_actor
from domain.x12.batch_837i import Batch837I
from domain.x12.batch_837p import Batch837P, Encoded837, Partner
from domain.x12.encode_837i import encode_837i
from domain.x12.encode_837p import CLAIMS_PER_SET, encode_837p
from domain.x12.errors import CannotEncode

WORKFLOW = "SubmissionBatch"
BODY = "edi_files.body"

KINDS = {"professional": "837P", "institutional": "837I"}

_READY = """
SELECT c.id, c.current_version, c.form,
    CASE c.form WHEN 'institutional' THEN p.institutional_version ELSE p.edi_version END AS guide
FROM claims c
JOIN payers p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
WHERE c.tenant_id = current_tenant() AND c.status = 'ready' AND c.connection_id = $1
ORDER BY c.released_at, c.id LIMIT $2 FOR UPDATE OF c SKIP LOCKED
"""
# Over the size of a set, of another guide, or passed over because somebody held its row at that moment.
_LEFT = "SELECT EXISTS (SELECT 1 FROM claims WHERE status = 'ready' AND connection_id = $1)"
_NEXT_NUMBER = """
INSERT INTO control_numbers (tenant_id, connection_id, kind, last_value) VALUES ($1, $2, $3, 1)
ON CONFLICT (tenant_id, connection_id, kind) DO UPDATE SET last_value = control_numbers.last_value % 999999999 + 1
RETURNING last_value
"""
_PARTNERS = """
SELECT k.sender_id, k.receiver_id, k.usage_indicator, k.name AS receiver_name, t.name AS sender_name,
    coalesce(t.settings->>'contact_name', 'Billing Office') AS contact, coalesce(t.settings->>'phone', '8005550100') AS phone
FROM connections k JOIN tenants t ON t.id = k.tenant_id WHERE k.id = $1
"""


@activity.defn
async def gather_batch(task: BatchTask) -> Gathered:
    """Encode what is ready on the connection into one stored file. A second attempt finds the first one's batch."""
    async with tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        known = await session.value("SELECT claim_count FROM edi_batches WHERE id = $1", task.batch_id)
        if known is not None:
            return Gathered(known, more=True)
        # Committed before looking: whoever releases a claim from now on asks again, and waits for no batch being made.
        await session.execute("DELETE FROM batch_requests WHERE connection_id = $1", task.connection_id)
    async with beating(), tenant_session(workflow_actor(task.tenant_id, WORKFLOW)) as session:
        ready = await session.fetch(_READY, task.connection_id, CLAIMS_PER_SET)
        # One file has one implementation guide (GS08); claims of another guide or version make the next batch.
        same = [row for row in ready if row["guide"] == ready[0]["guide"]]
        count = await _make_batch(session, task, same, KINDS[same[0]["form"]]) if same else 0
        left: bool = await session.value(_LEFT, task.connection_id)
    # After the commit: a claim that was held must find itself held when its workflow looks.
    await courier.deliver(task.tenant_id, session.messages)
    return Gathered(count, more=left)


async def _make_batch(session: Session, task: BatchTask, ready: list[Any], kind: str) -> int:
    keys = {(row["id"], row["current_version"]): row["id"] for row in ready}
    states = await lock_claims(session, [row["id"] for row in ready])
    claims = await load_claims(session, keys)
    owners = {claim.claim_number: states[keys[key]] for key, claim in claims.items()}
    ordered = [claims[row["id"], row["current_version"]] for row in ready]
    interchange = await session.value(_NEXT_NUMBER, task.tenant_id, task.connection_id, "interchange")
    group = await session.value(_NEXT_NUMBER, task.tenant_id, task.connection_id, "group")
    partners = await session.row(_PARTNERS, task.connection_id)
    encoded, sent = await _encode(session, owners, ordered, kind, (interchange, group), partners)
    if encoded is not None:
        name = file_name(partners["receiver_id"], interchange, kind)
        file_id = await _store_file(session, task.connection_id, kind, name, encoded.data)
        await _store_batch(session, task, (file_id, name), sent, (interchange, group))
        await _store_places(session, task, encoded, owners)
        await _mark_batched(session, owners, sent, interchange)
    await store_claims(session, states.values())
    return len(sent)


async def _encode(
    session: Session,
    owners: dict[str, ClaimState],
    claims: list[AnyClaim],
    kind: str,
    numbers: tuple[int, int],
    partners: Any,
) -> tuple[Encoded837 | None, list[AnyClaim]]:
    """Encode in a thread. A claim that cannot be written is held with the reason; the others still go."""
    left = list(claims)
    while left:
        try:
            return await asyncio.to_thread(_encoded, kind, tuple(left), numbers, partners), left
        except CannotEncode as refusal:
            if not refusal.claim_number:
                raise
            left = [claim for claim in left if claim.claim_number != refusal.claim_number]
            await _hold(session, owners[refusal.claim_number], refusal)
    return None, []


async def _hold(session: Session, state: ClaimState, refusal: CannotEncode) -> None:
    """Hold the claim and let its workflow look: it believes that the claim waits for its batch."""
    state.happened(Event.PUT_ON_HOLD)
    state.know(held_reason=refusal.code)
    await open_hold(session, state, refusal.title)
    await add_touches(session, [Touch(state.id, "held", f"Held: {refusal.title}", f"encode:{state.version}")])
    await session.tell(
        "signal",
        f"{session.tenant_id}/claim/{state.id}",
        "answered",
        {"tenant_id": session.tenant_id, "fact_id": f"held:{uuid4()}"},
    )


def _encoded(kind: str, claims: tuple[Any, ...], numbers: tuple[int, int], partners: Any) -> Encoded837:
    facts = _heading(numbers, partners)
    if kind == "837I":
        return encode_837i(Batch837I(**facts, claims=claims))
    return encode_837p(Batch837P(**facts, claims=claims))


def _heading(numbers: tuple[int, int], partners: Any) -> dict[str, Any]:
    """Who sends what to whom under which numbers: alike in both kinds of batch."""
    sender = Partner(
        "ZZ",
        partners["sender_id"],
        name=partners["sender_name"],
        identifier=partners["sender_id"],
        contact_name=partners["contact"],
        phone=partners["phone"],
    )
    receiver = Partner(
        "ZZ", partners["receiver_id"], name=partners["receiver_name"], identifier=partners["receiver_id"]
    )
    return {
        "sender": sender,
        "receiver": receiver,
        "isa13": numbers[0],
        "gs06": numbers[1],
        "st02": 1,
        "bht03": batch_reference(numbers[0]),
        "created": datetime.now(UTC),
        "usage": partners["usage_indicator"],
    }


async def _store_batch(
    session: Session,
    task: BatchTask,
    file: tuple[UUID, str],
    claims: list[AnyClaim],
    numbers: tuple[int, int],
) -> None:
    await session.execute(
        "INSERT INTO edi_batches (tenant_id, id, connection_id, file_id, status, interchange_number, group_number,"
        " reference, claim_count, charge_cents, remote_name)"
        " VALUES ($1, $2, $3, $4, 'encoded', $5, $6, $7, $8, $9, $10)",
        task.tenant_id,
        task.batch_id,
        task.connection_id,
        file[0],
        *numbers,
        batch_reference(numbers[0]),
        len(claims),
        sum(claim.charge_cents for claim in claims),
        file[1],
    )


async def _store_file(session: Session, connection_id: UUID, kind: str, name: str, data: bytes) -> UUID:
    key = await session.key()
    file_id: UUID = await session.value(
        "INSERT INTO edi_files (tenant_id, connection_id, direction, kind, remote_name, sha256, size, body, status)"
        " VALUES ($1, $2, 'out', $3, $4, $5, $6, $7, 'stored') RETURNING id",
        session.tenant_id,
        connection_id,
        kind,
        name,
        hashlib.sha256(data).digest(),
        len(data),
        key.seal(BODY, data),
    )
    return file_id


async def _store_places(
    session: Session, task: BatchTask, encoded: Encoded837, owners: dict[str, ClaimState]
) -> None:
    """Where each claim stands in the file, so that a 999 that names a segment finds its claim."""
    rows = [
        (
            task.tenant_id,
            task.batch_id,
            owner.id,
            owner.version,
            span.claim_number,
            one.st02,
            span.first,
            span.last,
        )
        for one in encoded.sets
        for span in one.spans
        for owner in [owners[span.claim_number]]
    ]
    columns = ("tenant_id", "batch_id", "claim_id", "version", "claim_number", "set_number", "first_segment", "last_segment")  # fmt: skip
    await session.copy("edi_batch_claims", columns, rows)


async def _mark_batched(
    session: Session, owners: dict[str, ClaimState], claims: list[AnyClaim], interchange: int
) -> None:
    now = datetime.now(UTC)
    touches = []
    versions: dict[UUID, int] = defaultdict(int)
    for claim in claims:
        state = owners[claim.claim_number]
        state.happened(Event.BATCHED)
        state.know(batched_at=now)
        versions[state.id] = state.version
        words = f"Batched into interchange {interchange}, frequency {claim.frequency}"
        touches.append(Touch(state.id, "batched", words, f"batched:{state.version}"))
    await add_touches(session, touches)
