"""Posting an 835: each transaction set is proven, posted whole or quarantined whole, and never posted twice."""

import asyncio
import json
from collections import defaultdict
from dataclasses import asdict
from typing import Any
from uuid import UUID

from activities.edi.charging import charge_sent
from activities.edi.messages import Applied
from activities.remittances.matching import Match, match_claims
from activities.remittances.payers import priors_of, to_the_payer_that_answers
from activities.remittances.settling import Decided, settle_claims
from activities.work import Opening, open_items
from database.session import Session
from domain import work
from domain.remittances.balance import BalanceFinding, prove
from domain.remittances.equations import equations
from domain.remittances.ledger import Entry, payment_entries, provider_entries, unmatched_entries
from domain.remittances.outcome import Outcome, decide, posting_key
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import ClaimPayment, Transaction835
from domain.x12.values import day

MOST_FINDINGS = 200

_HEADER = """
INSERT INTO remittances (tenant_id, id, file_id, ordinal, posting_key, payer_name, payer_identifier, trace, payee_npi,
    payment_date, payment_cents, method, status, claims_paid_cents, provider_adjustment_cents, claim_count, proof)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""


async def post_835(session: Session, file_id: UUID, body: bytes) -> Applied:
    """Post every ST of the file in the caller's transaction. The file's status is that of its worst ST."""
    transactions = await asyncio.to_thread(lambda: list(read_835(body)))
    outcomes = [await _post(session, file_id, transaction) for transaction in transactions]
    statuses = {outcome.status for outcome in outcomes}
    worst = next((s for s in ("quarantined", "applied", "duplicate") if s in statuses), "applied")
    return Applied(worst, sum(o.claims for o in outcomes), sum(o.signals for o in outcomes))


async def _post(session: Session, file_id: UUID, transaction: Transaction835) -> Applied:
    findings = await asyncio.to_thread(prove, transaction)
    # Ids in the order of time, which lists follow; that an ST of a file is stored once its file and ordinal see to.
    remittance_id: UUID = await session.value("SELECT uuidv7()")
    if any(finding.severity == "error" for finding in findings):
        await _header(session, file_id, remittance_id, transaction, findings, "quarantined")
        await _ask_about_quarantine(session, remittance_id, transaction, findings)
        return Applied("quarantined", len(transaction.claims))
    key = posting_key(transaction.header)
    # One posting of a payment at a time: a second file with the same payment waits here and then finds it posted.
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}{key}"
    )
    if await session.value("SELECT 1 FROM remittances WHERE posting_key = $1 AND status = 'posted'", key):
        await _header(session, file_id, remittance_id, transaction, findings, "duplicate")
        return Applied("duplicate", len(transaction.claims))
    await _header(session, file_id, remittance_id, transaction, findings, "posted")
    return await _post_claims(session, remittance_id, transaction)


async def _header(
    session: Session,
    file_id: UUID,
    remittance_id: UUID,
    transaction: Transaction835,
    findings: tuple[BalanceFinding, ...],
    status: str,
) -> None:
    header = transaction.header
    lines, claims, payment = equations(transaction)
    proof = {
        "equations": [asdict(one) for one in (lines, claims, payment)],
        "findings": [asdict(f) | {"difference_cents": f.difference_cents} for f in findings[:MOST_FINDINGS]],
        "finding_count": len(findings),
    }
    await session.execute(
        _HEADER,
        session.tenant_id,
        remittance_id,
        file_id,
        header.st_ordinal,
        posting_key(transaction.header),
        header.payer.name,
        header.payer_originator,
        header.trace,
        header.payee.identifier,
        day(header.payment_date),
        payment.paid_cents,
        header.method,
        status,
        claims.paid_cents,
        payment.adjusted_cents,
        claims.count,
        json.dumps(proof),
    )


async def _ask_about_quarantine(
    session: Session,
    remittance_id: UUID,
    transaction: Transaction835,
    findings: tuple[BalanceFinding, ...],
) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    cents = max((abs(finding.difference_cents) for finding in errors), default=0)
    reason = f"{len(errors)} equation{'s' if len(errors) != 1 else ''} off, by up to {cents / 100:.2f}"
    opening = Opening(
        f"quarantine:{remittance_id}",
        work.Kind.QUARANTINE,
        work.title(work.Kind.QUARANTINE, f"Remittance {transaction.header.trace}", reason),
        "remittance",
        remittance_id,
    )
    await open_items(session, [opening])


async def _post_claims(session: Session, remittance_id: UUID, transaction: Transaction835) -> Applied:
    matches = await match_claims(session, transaction.claims)
    matches = await to_the_payer_that_answers(
        session, transaction.header.payer_originator, transaction.claims, matches
    )
    await charge_sent(session, {(match.claim_id, match.version) for match in matches.values()})
    ids = await _new_ids(session, transaction.claims)
    await _store_claims(session, remittance_id, transaction.claims, matches, ids)
    await _store_lines(session, transaction.claims, matches, ids)
    await _store_adjustments(session, transaction.claims, ids)
    await _store_provider_adjustments(session, remittance_id, transaction)
    await _store_ledger(session, remittance_id, transaction, matches, ids)
    await _ask_about_unmatched(session, transaction, matches, ids)
    posted: dict[UUID, list[Decided]] = defaultdict(list)
    for claim in transaction.claims:
        if claim.ordinal in matches and decide(claim).outcome is not Outcome.PREDETERMINATION:
            match = matches[claim.ordinal]
            facts = Decided(claim.status, claim.paid_cents, claim.payer_claim_control_number, match.version)
            posted[match.claim_id].append(facts)
    signals = await settle_claims(session, str(remittance_id), posted)
    return Applied("applied", len(transaction.claims), signals)


async def _new_ids(session: Session, claims: tuple[ClaimPayment, ...]) -> dict[int, UUID]:
    """Row ids by CLP ordinal, in the order of the file."""
    rows = await session.fetch("SELECT uuidv7() AS id FROM generate_series(1, $1)", len(claims))
    return {claim.ordinal: row["id"] for claim, row in zip(claims, rows, strict=True)}


async def _store_claims(
    session: Session,
    remittance_id: UUID,
    claims: tuple[ClaimPayment, ...],
    matches: dict[int, Match],
    ids: dict[int, UUID],
) -> None:
    columns = ("tenant_id", "id", "remittance_id", "ordinal", "claim_id", "claim_version", "matched_by", "claim_number",
               "status_code", "charge_cents", "paid_cents", "patient_cents", "payer_claim_control_number", "outcome",
               "remarks")  # fmt: skip
    rows = []
    for claim in claims:
        match = matches.get(claim.ordinal)
        rows.append(
            (session.tenant_id, ids[claim.ordinal], remittance_id, claim.ordinal, match and match.claim_id,
             match and match.version, match.by if match else "", claim.claim_number, claim.status, claim.charge_cents,
             claim.paid_cents, claim.patient_cents, claim.payer_claim_control_number, decide(claim).outcome.value,
             claim.remarks)
        )  # fmt: skip
    await session.copy("remittance_claims", columns, rows)


async def _store_lines(
    session: Session, claims: tuple[ClaimPayment, ...], matches: dict[int, Match], ids: dict[int, UUID]
) -> None:
    known = await _our_lines(session, {(m.claim_id, m.version) for m in matches.values()})
    columns = ("tenant_id", "remittance_claim_id", "ordinal", "procedure", "modifiers", "charge_cents", "paid_cents",
               "control_number", "claim_line", "remarks")  # fmt: skip
    rows = [
        (session.tenant_id, ids[claim.ordinal], service.ordinal, service.procedure, service.modifiers,
         service.charge_cents, service.paid_cents, service.control_number,
         known.get((matches[claim.ordinal].claim_id, service.control_number)) if claim.ordinal in matches else None,
         service.remarks)
        for claim in claims
        for service in claim.services
    ]  # fmt: skip
    await session.copy("remittance_lines", columns, rows)


async def _our_lines(session: Session, versions: set[tuple[UUID, int]]) -> dict[tuple[UUID, str], int]:
    """REF*6R of the matched claims' lines, any version: a reversal refers to the lines of the version it reverses."""
    rows = await session.fetch(
        "SELECT claim_id, control_number, number FROM claim_lines"
        " WHERE tenant_id = current_tenant() AND claim_id = ANY($1::uuid[])",
        list({claim_id for claim_id, _ in versions}),
    )
    return {(row["claim_id"], row["control_number"]): row["number"] for row in rows}


async def _store_adjustments(
    session: Session, claims: tuple[ClaimPayment, ...], ids: dict[int, UUID]
) -> None:
    columns = ("tenant_id", "remittance_claim_id", "ordinal", "line_ordinal", "group_code", "reason_code",
               "amount_cents", "quantity")  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for claim in claims:
        levels = [(None, claim.adjustments), *((s.ordinal, s.adjustments) for s in claim.services)]
        ordinal = 0
        for line, adjustments in levels:
            for one in adjustments:
                ordinal += 1
                rows.append((session.tenant_id, ids[claim.ordinal], ordinal, line, one.group, one.reason, one.cents,
                             None))  # fmt: skip
    await session.copy("adjustments", columns, rows)


async def _store_provider_adjustments(
    session: Session, remittance_id: UUID, transaction: Transaction835
) -> None:
    columns = ("tenant_id", "remittance_id", "ordinal", "reason_code", "reference", "amount_cents")
    rows = [
        (session.tenant_id, remittance_id, ordinal, one.reason, one.reference, one.cents)
        for ordinal, one in enumerate(transaction.provider_adjustments, 1)
    ]
    await session.copy("provider_adjustments", columns, rows)


async def _store_ledger(
    session: Session,
    remittance_id: UUID,
    transaction: Transaction835,
    matches: dict[int, Match],
    ids: dict[int, UUID],
) -> None:
    """Cash over the whole remittance comes to BPR02: matched, unmatched and provider level together."""
    rows: list[tuple[Any, ...]] = []
    priors = await priors_of(session, matches)

    def enter(posting_id: UUID, claim_id: UUID | None, entries: tuple[Entry, ...]) -> None:
        rows.extend((session.tenant_id, posting_id, account, claim_id, cents) for account, cents in entries)

    for claim in transaction.claims:
        match = matches.get(claim.ordinal)
        # An estimate decides nothing; should money come with it all the same, it waits for a person.
        if match is None or decide(claim).outcome is Outcome.PREDETERMINATION:
            enter(ids[claim.ordinal], None, unmatched_entries(claim))
        else:
            prior = priors.get((match.claim_id, match.version), 0)
            enter(ids[claim.ordinal], match.claim_id, payment_entries(claim, prior))
    enter(remittance_id, None, provider_entries(transaction.provider_adjustments))
    await session.copy(
        "ledger_entries", ("tenant_id", "posting_id", "account", "claim_id", "amount_cents"), rows
    )


async def _ask_about_unmatched(
    session: Session, transaction: Transaction835, matches: dict[int, Match], ids: dict[int, UUID]
) -> None:
    openings = [
        Opening(
            f"unmatched:{ids[claim.ordinal]}",
            work.Kind.UNMATCHED,
            work.title(
                work.Kind.UNMATCHED,
                f"Remittance {transaction.header.trace}",
                f"{claim.paid_cents / 100:.2f} for a claim that was not sent from here",
            ),
            "remittance_claim",
            ids[claim.ordinal],
        )
        for claim in transaction.claims
        if claim.ordinal not in matches
    ]
    await open_items(session, openings)
