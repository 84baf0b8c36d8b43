"""Services that may have been billed twice: one patient, day, procedure and modifiers on several claims."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from database.session import Session
from domain.claims.states import Status
from domain.paging import PAGE, Page, decode_cursor, encode_cursor, page_size
from domain.refusals import Invalid
from policies.permissions import Permission
from services import door

# What was withdrawn before it was sent, or taken back whole, is not billed any more. Modifiers that tell the payer that
# a repetition is meant take a line out.
_GROUPS = """
WITH billed AS (
    SELECT k.id AS claim_id, k.reference, k.status, k.patient_id, l.procedure, l.service_from, l.modifiers,
        l.charge_cents, coalesce((
            SELECT sum(x.paid_cents) FROM remittance_lines x JOIN remittance_claims c
                ON c.tenant_id = x.tenant_id AND c.id = x.remittance_claim_id
            WHERE x.tenant_id = l.tenant_id AND c.claim_id = l.claim_id AND c.claim_version = l.version
                AND x.claim_line = l.number), 0)::bigint AS paid_cents
    FROM claims k JOIN claim_lines l
        ON l.tenant_id = k.tenant_id AND l.claim_id = k.id AND l.version = k.current_version
    WHERE k.tenant_id = current_tenant() AND k.outcome <> 'reversed' AND NOT (k.closed_at IS NOT NULL AND k.sent_at IS NULL)
        AND l.service_from > current_date - 1100
        AND NOT l.modifiers && ARRAY['59', '76', '77', '91', 'XE', 'XP', 'XS', 'XU'])
SELECT service_from, procedure, modifiers, min(claim_id::text) AS first_id,
    count(*) FILTER (WHERE paid_cents > 0)::int AS paid_times, sum(paid_cents)::bigint AS paid_cents,
    array_agg(claim_id ORDER BY claim_id) AS ids, array_agg(reference ORDER BY claim_id) AS names,
    array_agg(status ORDER BY claim_id) AS statuses, array_agg(paid_cents ORDER BY claim_id) AS paid
FROM billed GROUP BY patient_id, service_from, procedure, modifiers
HAVING count(DISTINCT claim_id) > 1
    AND ($1::date IS NULL OR (service_from, procedure, min(claim_id::text)) < ($1, $2::text, $3::text))
ORDER BY service_from DESC, procedure DESC, first_id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the claims, and what its line was paid, in cents."""

    claim_id: UUID
    reference: str
    status_label: str
    tone: str
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One service on several claims. Paid more than once, the payer will want its money back."""

    service_from: date
    procedure: str
    modifiers: list[str]
    paid_times: int
    paid_cents: int
    claims: list[Twin]


@door.query(Permission.REPORTS_VIEW_ALL)
async def duplicates(session: Session, *, cursor: str | None = None, limit: int = PAGE) -> Page[Duplicate]:
    """Suspected duplicates of the last three years, the latest service first. Names nobody: the claims do."""
    size = page_size(limit)
    rows = await session.fetch(_GROUPS, *_after(cursor), size + 1)
    following = rows[size - 1] if len(rows) > size else None
    key = (following["service_from"], following["procedure"], following["first_id"]) if following else None
    return Page([_duplicate(row) for row in rows[:size]], encode_cursor(*key) if key else None)


def _after(cursor: str | None) -> tuple[date | None, str | None, str | None]:
    if not cursor:
        return None, None, None
    day, procedure, first_id = decode_cursor(cursor, 3)
    try:
        return date.fromisoformat(str(day)), str(procedure), str(UUID(str(first_id)))
    except ValueError:
        raise Invalid(
            "cursor.unreadable", "This page address is not one of ours.", "Start again from the first page."
        ) from None


def _duplicate(row: Any) -> Duplicate:
    twins = zip(row["ids"], row["names"], row["statuses"], row["paid"], strict=True)
    return Duplicate(
        service_from=row["service_from"],
        procedure=row["procedure"],
        modifiers=list(row["modifiers"]),
        paid_times=row["paid_times"],
        paid_cents=row["paid_cents"],
        claims=[
            Twin(claim_id, name, Status(status).label, Status(status).tone, cents)
            for claim_id, name, status, cents in twins
        ],
    )
