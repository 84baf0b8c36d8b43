"""How payers behave: what they deny, why, and how long they take. Cohort: first decisions on claims, by payment date."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from database.denial_reads import own_codes
from database.session import Session
from domain.denials.classes import CLASSES
from domain.denials.codes import Code, classify
from domain.rates import Rate
from domain.refusals import Invalid
from domain.remittances.outcome import CONTRACTUAL, PATIENT_SHARE
from policies.permissions import Permission
from services import door

LONGEST_DAYS = 3_650
MOST_REASONS = 20

# The first decision on each submission. Reversals, estimates and mere forwarding decide nothing; what came later in the
# same matter is not a second decision. A claim with several payers counts once for each.
DECIDED = """
decided AS (
    SELECT DISTINCT ON (c.claim_id, c.claim_version) c.id, c.claim_id, c.outcome, c.charge_cents, c.paid_cents,
        r.payment_date, v.submitted_at, v.version, coalesce(v.payer_id, k.payer_id) AS payer_id
    FROM remittances r
    JOIN remittance_claims c ON c.tenant_id = r.tenant_id AND c.remittance_id = r.id
    JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.claim_id AND v.version = c.claim_version
    JOIN claims k ON k.tenant_id = c.tenant_id AND k.id = c.claim_id
    WHERE r.tenant_id = current_tenant() AND r.status = 'posted' AND r.payment_date > $1
        AND c.outcome NOT IN ('reversed', 'predetermination', 'forwarded')
    ORDER BY c.claim_id, c.claim_version, r.payment_date, r.id, c.ordinal)
"""
_DENIED = "d.outcome IN ('denied', 'partially_denied')"
# The same judgement as domain.remittances.outcome.is_denial, for sums over many claims.
_REFUSES = """
a.amount_cents > 0 AND a.reason_code <> ALL($2::text[]) AND NOT (a.group_code = 'PR' AND a.reason_code = ANY($3::text[]))
"""
_PAYERS = f"""
WITH {DECIDED},
refused AS (
    SELECT d.payer_id, sum(a.amount_cents)::bigint AS cents FROM decided d
    JOIN adjustments a ON a.tenant_id = current_tenant() AND a.remittance_claim_id = d.id
    WHERE {_DENIED} AND {_REFUSES} GROUP BY d.payer_id),
rejected AS (
    SELECT coalesce(v.payer_id, k.payer_id) AS payer_id, count(DISTINCT (x.claim_id, x.claim_version))::int AS claims
    FROM acknowledgements x
    JOIN claim_versions v ON v.tenant_id = x.tenant_id AND v.claim_id = x.claim_id AND v.version = x.claim_version
    JOIN claims k ON k.tenant_id = x.tenant_id AND k.id = x.claim_id
    WHERE x.tenant_id = current_tenant() AND x.verdict = 'rejected' AND x.at > $1 GROUP BY 1)
SELECT p.id, p.name, p.payer_id AS number, count(d.id)::int AS decided,
    count(d.id) FILTER (WHERE {_DENIED})::int AS denied,
    coalesce(sum(d.charge_cents), 0)::bigint AS charged, coalesce(sum(d.paid_cents), 0)::bigint AS paid,
    coalesce(max(f.cents), 0)::bigint AS refused, coalesce(max(j.claims), 0)::int AS rejected,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY d.payment_date - d.submitted_at::date) AS median_days,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY d.payment_date - d.submitted_at::date) AS slow_days
FROM payers p
LEFT JOIN decided d ON d.payer_id = p.id
LEFT JOIN refused f ON f.payer_id = p.id
LEFT JOIN rejected j ON j.payer_id = p.id
WHERE p.tenant_id = current_tenant() AND ($4::uuid IS NULL OR p.id = $4)
GROUP BY p.id, p.name, p.payer_id HAVING count(d.id) > 0 OR max(j.claims) > 0 OR $4 IS NOT NULL
ORDER BY coalesce(max(f.cents), 0) DESC, p.name, p.id LIMIT 500
"""
_REASONS = f"""
WITH {DECIDED}
SELECT a.group_code, a.reason_code, count(DISTINCT d.claim_id)::int AS claims, sum(a.amount_cents)::bigint AS cents
FROM decided d JOIN adjustments a ON a.tenant_id = current_tenant() AND a.remittance_claim_id = d.id
WHERE d.payer_id = $4 AND {_DENIED} AND {_REFUSES}
GROUP BY a.group_code, a.reason_code ORDER BY cents DESC, claims DESC, 1, 2 LIMIT {MOST_REASONS}
"""
_MONTHS = f"""
WITH {DECIDED}
SELECT date_trunc('month', d.payment_date)::date AS month, count(*)::int AS decided,
    count(*) FILTER (WHERE {_DENIED})::int AS denied FROM decided d WHERE d.payer_id = $2 GROUP BY 1 ORDER BY 1
"""
_PROCEDURES = f"""
WITH {DECIDED}
SELECT l.procedure, count(*)::int AS decided, count(*) FILTER (WHERE l.paid_cents = 0 AND l.charge_cents > 0 AND EXISTS (
    SELECT 1 FROM adjustments a WHERE a.tenant_id = l.tenant_id AND a.remittance_claim_id = l.remittance_claim_id
        AND a.line_ordinal = l.ordinal AND {_REFUSES}))::int AS denied
FROM decided d JOIN remittance_lines l ON l.tenant_id = current_tenant() AND l.remittance_claim_id = d.id
WHERE d.payer_id = $4 GROUP BY l.procedure ORDER BY denied DESC, decided DESC, 1 LIMIT {MOST_REASONS}
"""


@dataclass(frozen=True, slots=True)
class Share:
    """A rate as shown: `share`, `low` and `high` between 0 and 1, None when there is nothing to rate."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PayerBehaviour:
    """One payer in the period. Cents; days run from submission to payment. Rejections were never adjudicated and
    stand apart from denials."""

    payer_id: UUID
    name: str
    number: str
    denial_rate: Share
    charged_cents: int
    paid_cents: int
    refused_cents: int
    median_days: int | None
    slow_days: int | None
    rejected: int


@dataclass(frozen=True, slots=True)
class DenialReason:
    """A group and CARC with the class it falls into without a remark, the claims it stood on and what it took, in
    cents."""

    group_code: str
    reason_code: str
    class_label: str
    claims: int
    cents: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Denials of one month (its first day) or of one procedure."""

    name: str
    denial_rate: Share


@dataclass(frozen=True, slots=True)
class PayerDetail:
    """One payer with its reasons, months and procedures, the costliest first; months in order."""

    line: PayerBehaviour
    reasons: list[DenialReason]
    months: list[Counted]
    procedures: list[Counted]


@door.query(Permission.REPORTS_VIEW_ALL)
async def payers_behaviour(session: Session, *, days: int = 90) -> list[PayerBehaviour]:
    """Every payer that decided or rejected anything in the last `days` days, the most refused money first."""
    rows = await session.fetch(_PAYERS, *await _cohort(session, days), None)
    return [_line(row) for row in rows]


@door.query(Permission.REPORTS_VIEW_ALL, of="payers")
async def payer_behaviour(session: Session, payer_id: UUID, *, days: int = 365) -> PayerDetail:
    """One payer: why it denies, how that moved by month, and which procedures it denies."""
    cohort = await _cohort(session, days)
    line = await session.row(_PAYERS, *cohort, payer_id)
    reasons = await session.fetch(_REASONS, *cohort, payer_id)
    months = await session.fetch(_MONTHS, cohort[0], payer_id)
    procedures = await session.fetch(_PROCEDURES, *cohort, payer_id)
    return PayerDetail(
        _line(line),
        await _reasons(session, reasons),
        [Counted(f"{row['month']:%Y-%m}", share_of(row["denied"], row["decided"])) for row in months],
        [Counted(row["procedure"], share_of(row["denied"], row["decided"])) for row in procedures],
    )


def share_of(part: int, whole: int) -> Share:
    """A rate with its interval."""
    rate = Rate(part, whole)
    return Share(part, whole, rate.share, rate.low, rate.high)


async def _reasons(session: Session, rows: list[Any]) -> list[DenialReason]:
    own, today = await own_codes(session), datetime.now(UTC).date()
    return [
        DenialReason(
            row["group_code"],
            row["reason_code"],
            CLASSES[classify(Code(row["group_code"], row["reason_code"]), own, today).klass].label,
            row["claims"],
            row["cents"],
        )
        for row in rows
    ]


async def _cohort(session: Session, days: int) -> tuple[date, list[str], list[str]]:
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("days.out_of_range", f"Ask for 1 to {LONGEST_DAYS} days.", "Choose a shorter period.")
    return datetime.now(UTC).date() - timedelta(days=days), sorted(CONTRACTUAL), sorted(PATIENT_SHARE)


def _line(row: Any) -> PayerBehaviour:
    return PayerBehaviour(
        payer_id=row["id"],
        name=row["name"],
        number=row["number"],
        denial_rate=share_of(row["denied"], row["decided"]),
        charged_cents=row["charged"],
        paid_cents=row["paid"],
        refused_cents=row["refused"],
        median_days=row["median_days"],
        slow_days=row["slow_days"],
        rejected=row["rejected"],
    )
