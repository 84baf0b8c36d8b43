"""Posting an 835: each transaction set is proven, posted whole or quarantined whole, and never posted twice."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from activities.edi.charging import charge_sent
from activities.edi.messages import Applied
from activities.remittances import doubts, headers, rows
from activities.remittances.collecting import collector_at_rest
from activities.remittances.lines import match_services_of
from activities.remittances.matching import Match, identified, match_claims
from activities.remittances.payers import priors_of, to_the_payer_that_answers
from activities.remittances.provider_level import store_provider_level
from activities.remittances.rows import Posting
from activities.remittances.settling import Decided, settle_claims
from activities.remittances.waiting import net_reversals
from database.session import Session
from domain.claims.line_matching import LineMatch
from domain.remittances.balance import prove
from domain.remittances.ledger import difference_entries
from domain.remittances.outcome import Decision, decide, posting_key
from domain.x12.decode_835 import read_835
from domain.x12.facts_835 import ClaimPayment, Transaction835

PERSON = "remittance_claims.person"
T = TypeVar("T")
S = TypeVar("S")
LineMatches = dict[int, dict[int, LineMatch]]


async def post_835(session: Session, file_id: UUID, body: bytes) -> Applied:
    """Post every ST of the file in the caller's transaction. The file's status is that of its worst ST."""
    with collector_at_rest(len(body)):
        transactions = await asyncio.to_thread(lambda: list(read_835(body)))
        outcomes = [await _post(session, file_id, transaction) for transaction in transactions]
    statuses = {outcome.status for outcome in outcomes}
    worst = next((s for s in ("quarantined", "applied", "duplicate") if s in statuses), "applied")
    return Applied(worst, sum(o.claims for o in outcomes), sum(o.signals for o in outcomes))


async def _post(session: Session, file_id: UUID, transaction: Transaction835) -> Applied:
    findings = await asyncio.to_thread(prove, transaction)
    # Ids in the order of time, which lists follow; that an ST of a file is stored once its file and ordinal see to.
    remittance_id: UUID = await session.value("SELECT uuidv7()")
    count = len(transaction.claims)
    if any(finding.severity == "error" for finding in findings):
        await headers.store(session, file_id, remittance_id, transaction, findings, "quarantined")
        await doubts.ask_about_quarantine(session, remittance_id, transaction.header, findings)
        return Applied("quarantined", count)
    earlier = await posted_before(session, posting_key(transaction.header))
    if earlier is not None:
        await headers.store(session, file_id, remittance_id, transaction, findings, "duplicate")
        if await headers.was_released(session, earlier):
            await doubts.ask_about_correction(session, remittance_id, transaction.header)
        return Applied("duplicate", count)
    await headers.store(session, file_id, remittance_id, transaction, findings, "posted")
    await headers.supersede(session, remittance_id, transaction.header)
    return Applied("applied", count, await post_transaction(session, remittance_id, transaction))


async def posted_before(session: Session, key: str) -> UUID | None:
    """The remittance that posted this payment. One posting of a payment at a time: a second file with the same payment
    waits here and then finds it posted."""
    await session.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{session.tenant_id}{key}"
    )
    found: UUID | None = await session.value(
        "SELECT id FROM remittances WHERE posting_key = $1 AND status = 'posted'", key
    )
    return found


async def post_transaction(session: Session, remittance_id: UUID, transaction: Transaction835) -> int:
    """Store what the transaction says, move its money and settle its claims: exactly what it says, balanced or not.

    The number of claims told.
    """
    posting, lines = await _prepared(session, remittance_id, transaction)
    await _store(session, posting, lines)
    payer = transaction.header.payer_originator
    numbers = [c.claim_number for c in posting.claims if c.ordinal not in posting.matches]
    netted = await net_reversals(session, remittance_id, numbers, payer)
    await doubts.ask_about_unmatched(session, posting, transaction.header, netted)
    await doubts.ask_about_lines(session, posting, transaction.header, lines)
    told = await settle_claims(session, str(remittance_id), _decided(posting))
    # Balances after claims: everybody locks in this order.
    await store_provider_level(session, remittance_id, transaction)
    await _store_difference(session, remittance_id, transaction)
    return told


async def _prepared(
    session: Session, remittance_id: UUID, transaction: Transaction835
) -> tuple[Posting, LineMatches]:
    claims = transaction.claims
    decisions, matches = await meanwhile(lambda: _decisions(claims), match_claims(session, claims))
    matches = await to_the_payer_that_answers(session, transaction.header.payer_originator, claims, matches)
    await charge_sent(session, {(m.claim_id, m.version) for m in matches.values() if not m.charged})
    posting = Posting(
        session.tenant_id,
        remittance_id,
        claims,
        await _new_ids(session, claims),
        matches,
        decisions,
        await priors_of(session, matches),
        await _persons(session, claims, matches),
    )
    return posting, await match_services_of(session, claims, matches)


async def _store(session: Session, posting: Posting, lines: LineMatches) -> None:
    """Table by table; while PostgreSQL takes the rows of one, a thread makes those of the next."""
    by_claim = {posting.ids[ordinal]: found for ordinal, found in lines.items()}
    columns = await asyncio.to_thread(rows.claim_columns, posting)
    makers: tuple[tuple[str, Callable[[], rows.Columns]], ...] = (
        ("remittance_claims", lambda: rows.line_columns(posting, by_claim)),
        ("remittance_lines", lambda: rows.adjustment_columns(posting)),
        ("adjustments", lambda: rows.ledger_columns(posting)),
    )
    for table, make_next in makers:
        columns, _ = await meanwhile(make_next, _insert(session, table, columns))
    await _insert(session, "ledger_entries", columns)


async def _insert(session: Session, table: str, columns: rows.Columns) -> None:
    if next(iter(columns.values())):
        await session.copy_columns(table, columns)


async def meanwhile(make: Callable[[], T], stored: Awaitable[S]) -> tuple[T, S]:
    """What a thread makes while the database is at work, and what that answers."""
    making = asyncio.ensure_future(asyncio.to_thread(make))
    try:
        answer = await stored
    finally:
        await asyncio.wait([making])  # the thread reads what the caller holds
    return making.result(), answer


def _decisions(claims: tuple[ClaimPayment, ...]) -> dict[int, Decision]:
    return {claim.ordinal: decide(claim) for claim in claims}


async def _new_ids(session: Session, claims: tuple[ClaimPayment, ...]) -> dict[int, UUID]:
    """Row ids by CLP ordinal, in the order of the file."""
    found = await session.fetch("SELECT uuidv7() AS id FROM generate_series(1, $1)", len(claims))
    return {claim.ordinal: row["id"] for claim, row in zip(claims, found, strict=True)}


async def _persons(
    session: Session, claims: tuple[ClaimPayment, ...], matches: dict[int, Match]
) -> dict[int, bytes]:
    """Who the unmatched claims are about, sealed: that is how a person, and the ranking of candidates, knows them."""
    key = await session.key()
    found: dict[int, bytes] = {}
    for claim in claims:
        name = claim.name("QC") or claim.name("IL")
        if claim.ordinal not in matches and name is not None:
            member = identified(claim)
            facts = {"last": name.last, "first": name.first, "member": member.identifier if member else ""}
            found[claim.ordinal] = key.seal_json(PERSON, facts)
    return found


def _decided(posting: Posting) -> dict[UUID, list[Decided]]:
    posted: dict[UUID, list[Decided]] = defaultdict(list)
    for claim in posting.claims:
        if posting.moves_its_claim(claim):
            match = posting.matches[claim.ordinal]
            facts = Decided(claim.status, claim.paid_cents, claim.payer_claim_control_number, match.version)
            posted[match.claim_id].append(facts)
    return posted


async def _store_difference(session: Session, remittance_id: UUID, transaction: Transaction835) -> None:
    """What a payment released out of balance is more than its parts. Nothing for one that balances."""
    cents = headers.difference(transaction)
    entries = [
        (session.tenant_id, remittance_id, account, amount) for account, amount in difference_entries(cents)
    ]
    await session.copy("ledger_entries", ("tenant_id", "posting_id", "account", "amount_cents"), entries)
