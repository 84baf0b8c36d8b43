"""Finding our claims for a payer's CLP01, although payers truncate and upper-case it, each with how sure that is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database.clientele_phi import member_index, open_person
from database.session import Session
from domain.remittances.outcome import normalised_claim_number
from domain.x12.facts_835 import ClaimPayment, Name

SHORTEST_PREFIX = 8
PREFIX, PATIENT = "claim_number_prefix", "patient"
CONFIDENCE = {
    "claim_number": 100,
    "claim_number_key": 98,
    "payer_claim_control_number": 97,
    PATIENT: 95,
    PREFIX: 92,
    "person": 100,
}
"""Percent, by the way a claim was found. Every way here is sure; what is less sure is shown to a person."""
MOST_BY_PATIENT = 500

# A version counts from its batch on: an answer may overtake the note that the file was sent.
_SENT = """(v.submitted_at IS NOT NULL OR EXISTS (SELECT 1 FROM edi_batch_claims b
    WHERE b.tenant_id = v.tenant_id AND b.claim_id = v.claim_id AND b.version = v.version))"""
_FOUND = "v.claim_id, v.version, v.charge_cents, v.submitted_at IS NOT NULL AS charged"
_EXACT = f"""
SELECT v.claim_number AS wanted, {_FOUND} FROM claim_versions v
WHERE v.tenant_id = current_tenant() AND v.claim_number = ANY($1::text[]) AND {_SENT}
"""
_BY_KEY = f"""
SELECT v.claim_number_key AS wanted, {_FOUND} FROM claim_versions v
WHERE v.tenant_id = current_tenant() AND v.claim_number_key = ANY($1::text[]) AND {_SENT}
"""
# A range and not LIKE: the operators of a range are leakproof, so row-level security lets them reach the index. Keys
# hold letters and digits only, which all sort before the tilde; no wildcard can come from a payer. A few rows are enough
# to see that a beginning is not one claim's alone.
_BY_PREFIX = f"""
SELECT w.wanted, found.* FROM unnest($1::text[]) AS w (wanted) CROSS JOIN LATERAL (
    SELECT {_FOUND} FROM claim_versions v
    WHERE v.tenant_id = current_tenant() AND v.claim_number_key ~>=~ w.wanted
      AND v.claim_number_key ~<~ (w.wanted || '~') AND {_SENT}
    ORDER BY v.claim_number_key USING ~<~ LIMIT 8) found
"""
_BY_CONTROL = f"""
SELECT c.payer_claim_control_number AS wanted, {_FOUND} FROM claims c
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.version = (
    SELECT max(s.version) FROM claim_versions s
    WHERE s.tenant_id = c.tenant_id AND s.claim_id = c.id AND s.submitted_at IS NOT NULL)
WHERE c.tenant_id = current_tenant() AND c.payer_claim_control_number = ANY($1::text[])
    AND c.payer_claim_control_number <> ''
"""
# By the member id's keyed hash; day and charge must agree, and the name is compared once it is unsealed.
_BY_PATIENT = f"""
SELECT w.wanted, {_FOUND}, p.person FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::date[])
    AS w (wanted, member, charge, served)
JOIN coverages k ON k.tenant_id = current_tenant() AND k.member_id_index = w.member
JOIN claims c ON c.tenant_id = k.tenant_id AND c.patient_id = k.patient_id AND c.service_from = w.served AND c.adjudications = 0
JOIN claim_versions v ON v.tenant_id = c.tenant_id AND v.claim_id = c.id AND v.charge_cents = w.charge
JOIN patients p ON p.tenant_id = c.tenant_id AND p.id = c.patient_id
WHERE v.tenant_id = current_tenant() AND {_SENT}
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The claim and version that a CLP is about, and how it was found. `charged`: the version's charge stands in the
    ledger already."""

    claim_id: UUID
    version: int
    by: str
    charged: bool = False

    @property
    def confidence(self) -> int:
        """Percent."""
        return CONFIDENCE.get(self.by, 0)


async def match_claims(session: Session, payments: Iterable[ClaimPayment]) -> dict[int, Match]:
    """Matches by CLP ordinal, surest way first. What is found twice by one way is not found by it."""
    left = {payment.ordinal: payment for payment in payments}
    found: dict[int, Match] = {}
    ways: tuple[tuple[str, str, Callable[[ClaimPayment], str]], ...] = (
        ("claim_number", _EXACT, lambda p: p.claim_number),
        ("claim_number_key", _BY_KEY, lambda p: normalised_claim_number(p.claim_number)),
        ("payer_claim_control_number", _BY_CONTROL, lambda p: p.payer_claim_control_number),
        (PREFIX, _BY_PREFIX, _prefix),
    )
    for way, sql, key in ways:
        if not left:
            return found
        wanted = {ordinal: key(payment) for ordinal, payment in left.items()}
        unique = _unique(await session.fetch(sql, list({text for text in wanted.values() if text})))
        for ordinal, text in wanted.items():
            row = unique.get(text)
            # A short number may be another sender's: only with our charge is it ours.
            if row and (way != PREFIX or abs(left[ordinal].charge_cents) == row["charge_cents"]):
                found[ordinal] = Match(row["claim_id"], row["version"], way, row["charged"])
                del left[ordinal]
    answered = {match.claim_id for match in found.values()}
    return found | await _by_patient(session, list(left.values())[:MOST_BY_PATIENT], answered)


async def _by_patient(
    session: Session, payments: list[ClaimPayment], answered: set[UUID]
) -> dict[int, Match]:
    """Those whose member id, name, day and charge are one claim's alone, and that claim has no answer yet."""
    key = await session.key()
    asked = {str(p.ordinal): p for p in payments if p.service_from and identified(p) and p.status != "22"}
    if not asked:
        return {}
    rows = await session.fetch(
        _BY_PATIENT,
        list(asked),
        [member_index(key, identified(p).identifier) for p in asked.values()],  # type: ignore[union-attr]
        [abs(p.charge_cents) for p in asked.values()],
        [p.service_from for p in asked.values()],
    )
    same = [row for row in rows if same_name(open_person(key, row["person"])[0], asked[row["wanted"]])]
    return {
        int(wanted): Match(row["claim_id"], row["version"], PATIENT, row["charged"])
        for wanted, row in _unique(same).items()
        if row["claim_id"] not in answered
    }


def identified(payment: ClaimPayment) -> Name | None:
    """The first of patient and insured that has a member id."""
    named = (payment.name(entity) for entity in ("QC", "IL", "74"))
    return next((name for name in named if name and name.identifier), None)


def same_name(person: Any, payment: ClaimPayment) -> bool:
    """Whether the patient named is this person: the whole last name and the first name's beginning."""
    name = payment.name("QC") or payment.name("IL")
    if name is None:
        return False
    last, first = _letters(name.last), _letters(name.first)
    return bool(last) and last == _letters(person.last_name) and first[:1] == _letters(person.first_name)[:1]


def _letters(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalpha())


def _prefix(payment: ClaimPayment) -> str:
    text = normalised_claim_number(payment.claim_number)
    return text if len(text) >= SHORTEST_PREFIX else ""


def _unique(rows: Iterable[Any]) -> dict[str, Any]:
    """Rows by what was wanted; several versions of one claim are one claim, the newest version counts."""
    best: dict[str, Any] = {}
    ambiguous: set[str] = set()
    for row in rows:
        known = best.setdefault(row["wanted"], row)
        if known is row:
            continue
        if known["claim_id"] != row["claim_id"]:
            ambiguous.add(row["wanted"])
        elif row["version"] > known["version"]:
            best[row["wanted"]] = row
    return {wanted: row for wanted, row in best.items() if wanted not in ambiguous}
