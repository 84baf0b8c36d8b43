"""The proof of timely filing of one claim version: made from what is stored, kept as a document."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.edi.gathering import BODY
from database.clientele_phi import open_insured, open_person
from database.documents import store
from database.expected_answers import service_date_of
from database.session import Session
from domain.calendar import FilingTerms, filing_limit
from domain.claims.filing_proof import Acceptance, Filing, document, must_prove, rule_in_words
from domain.claims.submission import Answer
from domain.refusals import Conflict, NotFound
from domain.x12.quotes import quote_277ca, quote_999
from integrations import pdf
from policies.permissions import Permission
from services import door
from services.documents import DocumentLine, line_of

KIND = "timely_filing_proof"

_FILED = """
SELECT v.claim_id, v.version, v.claim_number, v.frequency, v.charge_cents, c.reference, c.form, c.service_from,
    c.service_to, p.name AS payer, p.payer_id AS payer_number, p.medicare, p.timely_filing_days, cl.name AS provider,
    cl.npi, pt.person, co.subscriber, l.set_number, b.interchange_number, b.group_number,
    b.reference AS reference_number, b.sent_at, f.remote_name AS file_name, f.sha256 AS file_sha256, t.name AS tenant,
    t.time_zone
FROM claim_versions v
JOIN claims c ON c.tenant_id = v.tenant_id AND c.id = v.claim_id
JOIN tenants t ON t.id = v.tenant_id
JOIN clients cl ON cl.tenant_id = c.tenant_id AND cl.id = c.client_id
JOIN patients pt ON pt.tenant_id = c.tenant_id AND pt.id = c.patient_id
JOIN payers p ON p.tenant_id = v.tenant_id AND p.id = v.payer_id
JOIN coverages co ON co.tenant_id = v.tenant_id AND co.id = v.coverage_id
LEFT JOIN edi_batch_claims l ON l.tenant_id = v.tenant_id AND l.claim_id = v.claim_id AND l.version = v.version
LEFT JOIN edi_batches b ON b.tenant_id = l.tenant_id AND b.id = l.batch_id
LEFT JOIN edi_files f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
WHERE v.tenant_id = current_tenant() AND v.claim_id = $1 AND v.version = $2
"""
_ANSWERED = """
SELECT a.kind, a.sender, a.verdict, a.category, a.status_code, a.payer_claim_control_number AS control_number, a.at,
    a.file_id, f.remote_name AS file_name, f.sha256 AS file_sha256, f.body
FROM acknowledgements a JOIN edi_files f ON f.tenant_id = a.tenant_id AND f.id = a.file_id
WHERE a.tenant_id = current_tenant() AND a.claim_id = $1 AND a.claim_version = $2
ORDER BY a.id
"""
_REFUSING = frozenset({"rejected", "not_found"})
# The payer's word counts before that of its clearinghouse; a 999 proves only that the file could be read.
_PROVING = ("payer", "clearinghouse")


def why_not_provable(sent_at: datetime | None, answers: Iterable[Answer], limit: date, zone: str) -> str:
    """Why no proof can be made of a version, in words; empty when one can."""
    told = list(answers)
    accepted = [one for one in told if one.verdict == "accepted" and one.stage.endswith("277ca")]
    accepted.sort(key=lambda one: (one.stage != "payer_277ca", one.at))
    day = accepted[0].at.astimezone(ZoneInfo(zone)).date() if accepted else None
    rejected = any(one.verdict in _REFUSING for one in told)
    try:
        must_prove(day, limit, sent=sent_at is not None, rejected=rejected)
    except Conflict as refusal:
        return f"{refusal.title} {refusal.what_to_do}"
    return ""


@door.command(Permission.DOCUMENTS_VIEW, of="claims")
async def prove_filing(session: Session, claim_id: UUID, version: int) -> DocumentLine:
    """Make the proof of timely filing of one version, or find the one that says the same. Refused, with the reason,
    while there is no acceptance that proves anything."""
    row = await session.row(_FILED, claim_id, version)
    if row is None:
        raise NotFound("version.missing", "The claim has no such version.", "Choose one of its versions.")
    answers = await session.fetch(_ANSWERED, claim_id, version)
    accepting = _accepting(answers)
    terms, served = FilingTerms(row["medicare"], row["timely_filing_days"]), service_date_of(row)
    limit = filing_limit(served, terms)
    must_prove(
        accepting[0]["at"].astimezone(ZoneInfo(row["time_zone"])).date() if accepting else None,
        limit,
        sent=row["sent_at"] is not None,
        rejected=any(one["verdict"] in _REFUSING for one in answers),
    )
    # A 999 of the set stands beside the 277CA, although it proves less.
    beside = [one for one in answers if one["kind"] == "999" and one["verdict"] == "accepted"][:1]
    quoted = [await _acceptance(session, row, one) for one in (*accepting, *beside)]
    rule = rule_in_words(terms, served, institutional=row["form"] == "institutional")
    filing = _filing(row, await session.key(), rule, limit, quoted)
    body = await asyncio.to_thread(pdf.render, document(filing))
    document_id = await store(
        session,
        kind=KIND,
        subject_type="claim",
        subject_id=claim_id,
        name=f"timely-filing-{row['claim_number']}.pdf",
        body=body,
        facts={"version": version, "limit": limit, "accepted_at": accepting[0]["at"]},
    )
    return await line_of(session, document_id)


def _accepting(answers: Sequence[Any]) -> list[Any]:
    """The first acceptance by each sender that can prove filing, the strongest first."""
    found = []
    for sender in _PROVING:
        found += [
            one
            for one in answers
            if one["kind"] == "277CA" and one["sender"] == sender and one["verdict"] == "accepted"
        ][:1]
    return found


async def _acceptance(session: Session, row: Any, told: Any) -> Acceptance:
    key = await session.key()
    segments = await asyncio.to_thread(_quote, key.open(BODY, told["body"]), told["kind"], row)
    codes = " ".join(filter(None, (told["verdict"], told["category"], told["status_code"])))
    return Acceptance(
        told["sender"],
        told["kind"],
        told["at"],
        codes,
        told["control_number"],
        told["file_name"],
        told["file_sha256"].hex(),
        segments,
    )


def _quote(body: bytes, kind: str, row: Any) -> list[str]:
    if kind == "999":
        return quote_999([body], row["group_number"], row["set_number"])
    return quote_277ca([body], row["claim_number"])


def _filing(row: Any, key: Any, rule: str, limit: date, quoted: Sequence[Acceptance]) -> Filing:
    person, _ = open_person(key, row["person"])
    cents = row["charge_cents"]
    same = ("tenant", "time_zone", "reference", "claim_number", "version", "frequency", "provider", "npi", "payer",
            "payer_number", "service_from", "service_to", "file_name", "sent_at", "interchange_number", "group_number",
            "set_number", "reference_number")  # fmt: skip
    return Filing(
        **{name: row[name] for name in same},
        patient=f"{person.first_name} {person.last_name}",
        member_id=open_insured(key, row["subscriber"]).member_id,
        charge=f"${cents // 100:,}.{cents % 100:02d}",
        rule=rule,
        limit=limit,
        file_sha256=row["file_sha256"].hex(),
        accepted=quoted[0],
        others=quoted[1:],
    )
