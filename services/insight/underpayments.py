"""Payments below the contract: what a payer allowed for a line beside what its contracted schedule says."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door

# Modifiers that lower or split a price by rules of their own: such a line is not compared.
REDUCING = (
    "50",
    "51",
    "52",
    "53",
    "54",
    "55",
    "56",
    "62",
    "66",
    "78",
    "80",
    "81",
    "82",
    "AS",
    "TC",
    "26",
    "QW",
    "CO",
    "CQ",
)

# A line's net over all its remittances: reversals take back what they reverse. Allowed = paid + patient's share.
_NET = """
net AS (
    SELECT c.claim_id, c.claim_version AS version, l.claim_line AS line, sum(l.paid_cents)::bigint AS paid,
        sum(l.charge_cents)::bigint AS charged, max(r.payment_date) AS paid_on,
        sum(coalesce(a.patient, 0))::bigint AS patient
    FROM remittances r
    JOIN remittance_claims c ON c.tenant_id = r.tenant_id AND c.remittance_id = r.id AND c.claim_id IS NOT NULL
    JOIN remittance_lines l ON l.tenant_id = c.tenant_id AND l.remittance_claim_id = c.id AND l.claim_line IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT sum(s.amount_cents) AS patient FROM adjustments s WHERE s.tenant_id = l.tenant_id
            AND s.remittance_claim_id = l.remittance_claim_id AND s.line_ordinal = l.ordinal AND s.group_code = 'PR') a ON true
    WHERE r.tenant_id = current_tenant() AND r.status = 'posted' AND c.outcome <> 'predetermination'
    GROUP BY c.claim_id, c.claim_version, l.claim_line)
"""
_SHORT = f"""
WITH {_NET}, short AS (
    SELECT n.claim_id, n.version, n.line, k.reference, p.id AS payer_id, p.name AS payer_name, s.procedure, s.modifiers,
        s.units, s.service_from, n.paid_on, n.paid + n.patient AS allowed, round(f.amount_cents * s.units)::bigint AS contracted,
        n.paid_on + p.appeal_days AS appeal_until
    FROM net n
    JOIN claim_versions v ON v.tenant_id = current_tenant() AND v.claim_id = n.claim_id AND v.version = n.version
    JOIN claims k ON k.tenant_id = current_tenant() AND k.id = n.claim_id
    JOIN payers p ON p.tenant_id = current_tenant() AND p.id = coalesce(v.payer_id, k.payer_id)
    JOIN claim_lines s ON s.tenant_id = current_tenant() AND s.claim_id = n.claim_id AND s.version = n.version
        AND s.number = n.line
    CROSS JOIN LATERAL (
        SELECT fl.amount_cents FROM fee_schedules fs JOIN fee_schedule_lines fl
            ON fl.tenant_id = fs.tenant_id AND fl.fee_schedule_id = fs.id
        WHERE fs.tenant_id = current_tenant() AND fs.kind = 'contract' AND fs.active AND fs.payer_id = p.id
            AND fs.effective_from <= s.service_from AND fl.procedure = s.procedure
            AND fl.modifier IN (coalesce(s.modifiers[1], ''), '')
        ORDER BY fs.effective_from DESC, fl.modifier = '', fs.id DESC LIMIT 1) f
    WHERE v.rank = 'P' AND n.charged > 0 AND n.paid + n.patient > 0 AND NOT s.modifiers && $1::text[]
        AND ($2::uuid IS NULL OR p.id = $2))
"""
_LIST = f"""
{_SHORT}
SELECT *, contracted - allowed AS recoverable FROM short
WHERE contracted > allowed AND (NOT $3 OR appeal_until >= current_date)
    AND ($4::bigint IS NULL OR (contracted - allowed, claim_id, line) < ($4, $5::uuid, $6::int))
ORDER BY contracted - allowed DESC, claim_id DESC, line DESC LIMIT $7
"""
_SUMMARY = f"""
{_SHORT}
SELECT payer_id, payer_name, procedure, count(*)::int AS compared,
    count(*) FILTER (WHERE contracted > allowed)::int AS lines,
    coalesce(sum(contracted - allowed) FILTER (WHERE contracted > allowed), 0)::bigint AS recoverable,
    coalesce(sum(contracted - allowed) FILTER (WHERE contracted > allowed AND appeal_until >= current_date), 0)::bigint
        AS in_time
FROM short WHERE $3 OR NOT $3 GROUP BY payer_id, payer_name, procedure
HAVING count(*) FILTER (WHERE contracted > allowed) > 0 ORDER BY recoverable DESC, 2, 3 LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Underpayment:
    """A line allowed below its contract. Cents; `appeal_until` is the last day of the payer's appeal window."""

    claim_id: UUID
    reference: str
    line: int
    payer_id: UUID
    payer_name: str
    procedure: str
    modifiers: list[str]
    service_from: date
    paid_on: date
    allowed_cents: int
    contracted_cents: int
    recoverable_cents: int
    appeal_until: date


@dataclass(frozen=True, slots=True)
class UnderpaidProcedure:
    """A payer's procedure with the lines below contract, and what is to be had: in all, and still within its window."""

    payer_id: UUID
    payer_name: str
    procedure: str
    compared: int
    lines: int
    recoverable_cents: int
    in_time_cents: int


@door.query(Permission.REPORTS_VIEW_ALL)
async def underpayments(
    session: Session,
    *,
    payer_id: UUID | None = None,
    in_time: bool = False,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[Underpayment]:
    """Lines below their contract, the largest difference first. `in_time`: only while an appeal is possible."""
    size = page_size(limit)
    rows = await session.fetch(_LIST, list(REDUCING), payer_id, in_time, *_after(cursor), size + 1)
    lines = [_underpayment(row) for row in rows[:size]]
    last = lines[-1] if len(rows) > size else None
    return Page(lines, encode_cursor(last.recoverable_cents, last.claim_id, last.line) if last else None)


@door.query(Permission.REPORTS_VIEW_ALL)
async def underpaid_procedures(session: Session, *, payer_id: UUID | None = None) -> list[UnderpaidProcedure]:
    """Per payer and procedure, the most recoverable first."""
    rows = await session.fetch(_SUMMARY, list(REDUCING), payer_id, False)
    return [
        UnderpaidProcedure(
            row["payer_id"],
            row["payer_name"],
            row["procedure"],
            row["compared"],
            row["lines"],
            row["recoverable"],
            row["in_time"],
        )
        for row in rows
    ]


def _after(cursor: str | None) -> tuple[int | None, UUID | None, int | None]:
    if not cursor:
        return None, None, None
    cents, claim_id, line = decode_cursor(cursor, 3)
    try:
        if not (
            isinstance(cents, int) and isinstance(line, int) and abs(cents) < 2**62 and 0 <= line < 2**31
        ):
            raise ValueError
        return cents, UUID(str(claim_id)), line
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None


def _underpayment(row: Any) -> Underpayment:
    return Underpayment(
        claim_id=row["claim_id"],
        reference=row["reference"],
        line=row["line"],
        payer_id=row["payer_id"],
        payer_name=row["payer_name"],
        procedure=row["procedure"],
        modifiers=list(row["modifiers"]),
        service_from=row["service_from"],
        paid_on=row["paid_on"],
        allowed_cents=row["allowed"],
        contracted_cents=row["contracted"],
        recoverable_cents=row["recoverable"],
        appeal_until=row["appeal_until"],
    )
