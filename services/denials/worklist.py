"""Denials: the list by deadline, one with its codes and checklist, and ticking its steps."""

from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.denials.classes import DenialClass, label_of
from domain.denials.status import DenialStatus
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.denials.views import DenialCodeView, DenialLine, DenialView, StepView, denial_line

_LINE = """
SELECT d.*, c.reference, p.name AS payer_name FROM denials d
JOIN claims c ON c.tenant_id = d.tenant_id AND c.id = d.claim_id
JOIN payers p ON p.tenant_id = d.tenant_id AND p.id = d.payer_id
WHERE d.tenant_id = current_tenant()
"""
_STEPS = "SELECT step, done_by_name, done_at FROM denial_ticks WHERE denial_id = $1"
_TICK = """
INSERT INTO denial_ticks (tenant_id, denial_id, step, done_by, done_by_name) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""


@door.query(Permission.CLAIMS_VIEW)
async def list_denials(
    session: Session,
    *,
    status: str = "",
    class_code: str = "",
    payer_id: UUID | None = None,
    preventable: bool | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[DenialLine]:
    """Denials, the nearest deadline first."""
    size = page_size(limit)
    after = _place(cursor)
    rows = await session.fetch(
        f"{_LINE} AND ($1 = '' OR d.status = $1) AND ($2 = '' OR d.class_code = $2) AND ($3::uuid IS NULL OR d.payer_id = $3)"
        " AND ($4::boolean IS NULL OR d.preventable = $4)"
        " AND ($5::text IS NULL OR (d.deadline, d.id) > ($5::text::date, $6::text::uuid))"
        f" ORDER BY d.deadline, d.id LIMIT {size + 1}",
        known(status, DenialStatus, "status"),
        known(class_code, DenialClass, "class_code"),
        payer_id,
        preventable,
        *after,
    )
    lines = [denial_line(row) for row in rows[:size]]
    following = encode_cursor(lines[-1].deadline, lines[-1].id) if len(rows) > size else None
    return Page(lines, following)


@door.query(Permission.CLAIMS_VIEW, of="denials")
async def get_denial(session: Session, denial_id: UUID) -> DenialView:
    """A denial with its codes and its checklist."""
    return await _view(session, denial_id)


@door.query(Permission.CLAIMS_VIEW, of="claims")
async def denials_of_claim(session: Session, claim_id: UUID) -> list[DenialView]:
    """Every denial of a claim, the newest first."""
    rows = await session.fetch("SELECT id FROM denials WHERE claim_id = $1 ORDER BY id DESC", claim_id)
    return [await _view(session, row["id"]) for row in rows]


@door.command(Permission.DENIALS_WORK, of="denials")
async def tick(session: Session, denial_id: UUID, step: int, done: bool = True) -> DenialView:
    """Tick a step of the checklist, or take the tick back. Steps count from 0."""
    steps = await session.value("SELECT cardinality(steps) FROM denials WHERE id = $1", denial_id)
    if not 0 <= step < steps:
        fault = FieldError("step", "step.unknown", f"Choose a step from 0 to {steps - 1}.")
        raise Invalid("denial.step_unknown", "There is no such step.", fault.message, fields=(fault,))
    if done:
        actor = session.actor
        await session.execute(_TICK, session.tenant_id, denial_id, step, actor.user_id, actor.name)
    else:
        await session.execute("DELETE FROM denial_ticks WHERE denial_id = $1 AND step = $2", denial_id, step)
    # Pages watch the denials themselves.
    await session.execute("UPDATE denials SET updated_at = now() WHERE id = $1", denial_id)
    return await _view(session, denial_id)


async def _view(session: Session, denial_id: UUID) -> DenialView:
    row = await session.row(f"{_LINE} AND d.id = $1", denial_id)
    codes = await session.fetch("SELECT * FROM denial_lines WHERE denial_id = $1 ORDER BY ordinal", denial_id)
    ticks = {one["step"]: one for one in await session.fetch(_STEPS, denial_id)}
    appeal_id = await session.value(
        "SELECT id FROM appeals WHERE denial_id = $1 ORDER BY closed_at IS NOT NULL, id DESC LIMIT 1",
        denial_id,
    )
    return DenialView(
        id=denial_id,
        line=denial_line(row),
        codes=[_code(one) for one in codes],
        steps=[_step(number, words, ticks.get(number)) for number, words in enumerate(row["steps"])],
        playbook=row["playbook"],
        appeal_id=appeal_id,
    )


def _code(row: Any) -> DenialCodeView:
    return DenialCodeView(
        line_ordinal=row["line_ordinal"],
        code=f"{row['group_code']}-{row['reason_code']}",
        remarks=list(row["remarks"]),
        amount_cents=row["amount_cents"],
        class_code=row["class_code"],
        class_label=label_of(row["class_code"]),
        preventable=row["preventable"],
        code_row=row["code_row"],
    )


def _step(number: int, words: str, tick: Any) -> StepView:
    if tick is None:
        return StepView(number, words, False, "", None)
    return StepView(number, words, True, tick["done_by_name"], tick["done_at"])


def known(value: str, kind: Any, field: str) -> str:
    """A filter's value, if there is such a one."""
    if value and value not in {one.value for one in kind}:
        fault = FieldError(
            field, f"{field}.unknown", f"Choose one of: {', '.join(one.value for one in kind)}."
        )
        raise Invalid(f"{field}.unknown", "There is no such filter.", fault.message, fields=(fault,))
    return value


def _place(cursor: str | None) -> tuple[str | None, str | None]:
    """Deadline and id of the last row seen; a cursor that is not ours is refused by its shape."""
    if not cursor:
        return None, None
    day, identifier = decode_cursor(cursor, 2)
    try:
        return date.fromisoformat(str(day)).isoformat(), str(UUID(str(identifier)))
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None
