"""Finding our claims for a payer's CLP01, although payers truncate and upper-case it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.session import Session
from domain.remittances.outcome import normalised_claim_number
from domain.x12.facts_835 import ClaimPayment

SHORTEST_PREFIX = 8
PREFIX = "claim_number_prefix"

# A version counts from its batch on: an answer may overtake the note that the file was sent.
_SENT = """(v.submitted_at IS NOT NULL OR EXISTS (SELECT 1 FROM edi_batch_claims b
    WHERE b.tenant_id = v.tenant_id AND b.claim_id = v.claim_id AND b.version = v.version))"""
_EXACT = f"""
SELECT v.claim_number AS wanted, v.claim_id, v.version, v.charge_cents FROM claim_versions v
WHERE v.tenant_id = current_tenant() AND v.claim_number = ANY($1::text[]) AND {_SENT}
"""
_BY_KEY = f"""
SELECT v.claim_number_key AS wanted, v.claim_id, v.version, v.charge_cents FROM claim_versions v
WHERE v.tenant_id = current_tenant() AND v.claim_number_key = ANY($1::text[]) AND {_SENT}
"""
# A range and not LIKE: the operators of a range are leakproof, so row-level security lets them reach the index. Keys
# hold letters and digits only, which all sort before the tilde; no wildcard can come from a payer. A few rows are enough
# to see that a beginning is not one claim's alone.
_BY_PREFIX = f"""
SELECT w.wanted, found.* FROM unnest($1::text[]) AS w (wanted) CROSS JOIN LATERAL (
    SELECT v.claim_id, v.version, v.charge_cents FROM claim_versions v
    WHERE v.tenant_id = current_tenant() AND v.claim_number_key ~>=~ w.wanted
      AND v.claim_number_key ~<~ (w.wanted || '~') AND {_SENT}
    ORDER BY v.claim_number_key USING ~<~ LIMIT 8) found
"""
_BY_CONTROL = """
SELECT c.payer_claim_control_number AS wanted, c.id AS claim_id, v.version, v.charge_cents FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = (
    SELECT max(s.version) FROM claim_versions s
    WHERE s.tenant_id = c.tenant_id AND s.claim_id = c.id AND s.submitted_at IS NOT NULL)
WHERE c.tenant_id = current_tenant() AND c.payer_claim_control_number = ANY($1::text[])
    AND c.payer_claim_control_number <> ''
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The claim and version that a CLP is about, and how it was found."""

    claim_id: UUID
    version: int
    by: str


async def match_claims(session: Session, payments: Iterable[ClaimPayment]) -> dict[int, Match]:
    """Matches by CLP ordinal, surest way first. What is found twice by one way is not found by it."""
    left = {payment.ordinal: payment for payment in payments}
    found: dict[int, Match] = {}
    ways = (
        ("claim_number", _EXACT, lambda p: p.claim_number),
        ("claim_number_key", _BY_KEY, lambda p: normalised_claim_number(p.claim_number)),
        ("payer_claim_control_number", _BY_CONTROL, lambda p: p.payer_claim_control_number),
        (PREFIX, _BY_PREFIX, _prefix),
    )
    for way, sql, key in ways:
        wanted = {ordinal: key(payment) for ordinal, payment in left.items()}
        rows = await session.fetch(sql, sorted({text for text in wanted.values() if text}))
        unique = _unique(rows)
        for ordinal, text in wanted.items():
            if text in unique:
                row = unique[text]
                if way == PREFIX and abs(left[ordinal].charge_cents) != row["charge_cents"]:
                    continue  # a short number may be another sender's: only with our charge is it ours
                found[ordinal] = Match(row["claim_id"], row["version"], way)
                del left[ordinal]
        if not left:
            break
    return found


def _prefix(payment: ClaimPayment) -> str:
    text = normalised_claim_number(payment.claim_number)
    return text if len(text) >= SHORTEST_PREFIX else ""


def _unique(rows: Iterable[Any]) -> dict[str, Any]:
    """Rows by what was wanted; several versions of one claim are one claim, the newest version counts."""
    best: dict[str, Any] = {}
    ambiguous: set[str] = set()
    for row in rows:
        known = best.get(row["wanted"])
        if known is not None and known["claim_id"] != row["claim_id"]:
            ambiguous.add(row["wanted"])
        elif known is None or row["version"] > known["version"]:
            best[row["wanted"]] = row
    return {wanted: row for wanted, row in best.items() if wanted not in ambiguous}
