"""Batches of claims on their way out, what partners said of them, and looking or sending before it is time."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from activities.ports import ports
from database.session import Session
from domain.claims.states import Status
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, moment_in, page_size
from domain.refusals import Conflict, Invalid
from policies.permissions import Permission
from services import door
from services.edi.views import SENDERS, AckView, BatchClaim, BatchLine, BatchView, batch_status, verdict

_LINE = """
SELECT b.*, k.name AS connection_name,
    (SELECT count(DISTINCT a.claim_id) FROM acknowledgements a WHERE a.tenant_id = b.tenant_id AND a.batch_id = b.id
        AND a.verdict IN ('rejected', 'not_found'))::int AS rejected_count
FROM edi_batches b JOIN connections k ON k.tenant_id = b.tenant_id AND k.id = b.connection_id
WHERE b.tenant_id = current_tenant()
"""
_CLAIMS = """
SELECT p.*, c.reference, c.status, v.charge_cents FROM edi_batch_claims p
JOIN claims c ON c.tenant_id = p.tenant_id AND c.id = p.claim_id
JOIN claim_versions v ON v.tenant_id = p.tenant_id AND v.claim_id = p.claim_id AND v.version = p.version
WHERE p.tenant_id = current_tenant() AND p.batch_id = $1
  AND ($2::text IS NULL OR (p.set_number, p.first_segment, p.claim_id) > ($2, $3::int, $4::uuid))
ORDER BY p.set_number, p.first_segment, p.claim_id LIMIT $5
"""
_ACKS = """
SELECT * FROM acknowledgements WHERE tenant_id = current_tenant() AND batch_id = $1 AND claim_id = ANY($2::uuid[])
ORDER BY id
"""


@door.query(Permission.EDI_VIEW)
async def list_batches(
    session: Session, cursor: str | None = None, limit: int = PAGE, *, connection_id: UUID | None = None
) -> Page[BatchLine]:
    """Batches, newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        # Their ids come from their process and tell no order.
        f"{_LINE} AND ($1::timestamptz IS NULL OR (b.created_at, b.id) < ($1, $2::uuid))"
        f" AND ($3::uuid IS NULL OR b.connection_id = $3) ORDER BY b.created_at DESC, b.id DESC LIMIT {size + 1}",
        *moment_in(cursor),
        connection_id,
    )
    lines = [_line(row) for row in rows[:size]]
    last = lines[-1] if len(rows) > size else None
    return Page(lines, encode_cursor(last.created_at, last.id) if last else None)


@door.query(Permission.EDI_VIEW, of="edi_batches")
async def get_batch(
    session: Session, batch_id: UUID, *, cursor: str | None = None, limit: int = 200
) -> BatchView:
    """A batch with its claims in the order of the file, and every answer to each of them."""
    line = _line(await session.row(f"{_LINE} AND b.id = $1", batch_id))
    size = page_size(limit)
    rows = await session.fetch(_CLAIMS, batch_id, *_place(cursor), size + 1)
    shown = rows[:size]
    answers = await _answers(session, batch_id, [row["claim_id"] for row in shown])
    claims = [_claim(row, answers[row["claim_id"]]) for row in shown]
    last = shown[-1] if len(rows) > size else None
    following = encode_cursor(last["set_number"], last["first_segment"], last["claim_id"]) if last else None
    return BatchView(line, claims, following)


@door.command(Permission.CLAIMS_SUBMIT, of="connections")
async def poll_now(session: Session, connection_id: UUID) -> None:
    """Look into the connection's mailbox now instead of at the next scheduled time."""
    await _must_be_in_use(session, connection_id)
    await session.tell(
        "start",
        f"{session.tenant_id}/look/{uuid4()}",
        "",
        {"tenant_id": session.tenant_id, "connection_id": connection_id},
        workflow="ConnectionPoller",
        task_queue="edi",
    )


@door.command(Permission.CLAIMS_SUBMIT, of="connections")
async def send_now(session: Session, connection_id: UUID) -> None:
    """Have the connection's ready claims gathered and sent. Asks again even where a batch was asked for already."""
    await _must_be_in_use(session, connection_id)
    tenant_id = session.tenant_id
    await session.execute(
        "INSERT INTO batch_requests (tenant_id, connection_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        tenant_id,
        connection_id,
    )
    await session.tell(
        "signal_with_start",
        f"{tenant_id}/batch/{connection_id}",
        "gather",
        {"tenant_id": tenant_id, "connection_id": connection_id, "gather_seconds": ports().batch_seconds},
        workflow="SubmissionBatch",
        task_queue="edi",
        signal_payload={"tenant_id": tenant_id},
    )


async def _must_be_in_use(session: Session, connection_id: UUID) -> None:
    if not await session.value("SELECT active FROM connections WHERE id = $1", connection_id):
        raise Conflict(
            "connection.not_in_use",
            "This connection is out of use.",
            "Take it back into use first, or choose another.",
        )


async def _answers(session: Session, batch_id: UUID, claim_ids: Iterable[UUID]) -> dict[UUID, list[AckView]]:
    found: dict[UUID, list[AckView]] = defaultdict(list)
    for row in await session.fetch(_ACKS, batch_id, list(claim_ids)):
        found[row["claim_id"]].append(_ack(row))
    return found


def _place(cursor: str | None) -> tuple[Any, ...]:
    if not cursor:
        return None, None, None
    set_number, segment, claim_id = decode_cursor(cursor, 3)
    try:
        return str(set_number), int(segment), UUID(str(claim_id))
    except (TypeError, ValueError):
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None


def _line(row: Any) -> BatchLine:
    label, tone = batch_status(row["status"])
    return BatchLine(
        id=row["id"],
        reference=row["reference"],
        connection_id=row["connection_id"],
        connection_name=row["connection_name"],
        file_id=row["file_id"],
        file_name=row["remote_name"],
        status=row["status"],
        status_label=label,
        tone=tone,
        interchange_number=row["interchange_number"],
        group_number=row["group_number"],
        claim_count=row["claim_count"],
        rejected_count=row["rejected_count"],
        charge_cents=row["charge_cents"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        acknowledged_at=row["acknowledged_at"],
    )


def _claim(row: Any, answers: list[AckView]) -> BatchClaim:
    status = Status(row["status"])
    return BatchClaim(
        claim_id=row["claim_id"],
        reference=row["reference"],
        version=row["version"],
        claim_number=row["claim_number"],
        charge_cents=row["charge_cents"],
        status=status.value,
        status_label=status.label,
        tone=status.tone,
        set_number=row["set_number"],
        first_segment=row["first_segment"],
        last_segment=row["last_segment"],
        acknowledgements=answers,
    )


def _ack(row: Any) -> AckView:
    label, tone = verdict(row["verdict"])
    return AckView(
        at=row["at"],
        kind=row["kind"],
        sender=row["sender"],
        sender_label=SENDERS[row["sender"]],
        verdict=row["verdict"],
        verdict_label=label,
        tone=tone,
        category=row["category"],
        status_code=row["status_code"],
        payer_claim_control_number=row["payer_claim_control_number"],
        file_id=row["file_id"],
        errors=[_error(one) for one in json.loads(row["detail"]).get("errors", [])],
    )


def _error(error: dict[str, Any]) -> str:
    """One complaint of a 999: the segment, where it stands, its code, and the elements named."""
    elements = ", ".join(f"{error['segment']}{e['element']:02d} ({e['code']})" for e in error["elements"])
    place = f"{error['segment']} at segment {error['position']}, loop {error['loop'] or '–'}, code {error['code']}"
    return f"{place}: {elements}" if elements else place
