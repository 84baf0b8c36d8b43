"""A payment that belonged to nobody is matched by a person: its money moves once, and the claim goes on."""

import asyncio
from uuid import UUID, uuid4

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.remittances import posted
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


async def lost(here: Exchange, sent: Sent) -> UUID:
    """A payment for the claim under a number that is not ours; the id of its unmatched row."""
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    claim = Clp("SOMETHING-ELSE", 16_000, 8_000, lines=lines, icn="ICN-9")
    await here.take(era(Payment((claim,), "T-LOST", plb=(("L6:LATE", -100),))))
    return UUID(str((await here.one("SELECT id FROM remittance_claims"))["id"]))


async def test_the_match_moves_the_money_settles_the_claim_and_closes_the_work(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    row_id = await lost(here, sent)
    before = await here.ledger()
    matched = await posted.match_claim(here.tenant.admin, row_id, sent.id)
    assert (matched.claim_id, matched.matched_by_label) == (sent.id, "By a person")
    assert [line.claim_line for line in matched.lines] == [1, 2]
    after = await here.ledger()
    assert before["cash"] == after["cash"] == 8_100 and before["unmatched"] == -8_000
    assert "unmatched" not in after and sum(after.values()) == 0
    assert await here.ledger(sent.id) == {
        "receivable": 6_000, "revenue": -16_000, "cash": 8_000, "contractual": 2_000,
    }  # fmt: skip
    claim = await here.facts(sent.id)
    assert (claim["status"], claim["paid_cents"], claim["payer_claim_control_number"]) == (
        "partially_denied",
        8_000,
        "ICN-9",
    )
    assert await here.signals(sent.id) == [f"match:{row_id}"]
    assert await here.items("unmatched") == []
    item = await here.one("SELECT status, decision, finished_by FROM work_items WHERE kind = 'unmatched'")
    assert tuple(item) == ("done", "matched", here.tenant.admin.user_id)
    audited = await here.one("SELECT actor_id, subject_id FROM audit_log WHERE action LIKE '%match_claim'")
    assert tuple(audited) == (here.tenant.admin.user_id, str(row_id))
    touch = await here.one("SELECT actor_id FROM claim_activities WHERE kind = 'matched'")
    assert touch["actor_id"] == here.tenant.admin.user_id


async def test_a_second_match_is_refused_and_moves_nothing(here: Exchange, there: Exchange) -> None:
    sent, other = await here.sent_claim(), await here.sent_claim()
    row_id = await lost(here, sent)
    await posted.match_claim(here.tenant.admin, row_id, sent.id)
    before = await here.ledger()
    for claim_id in (sent.id, other.id):
        with pytest.raises(Conflict):
            await posted.match_claim(here.tenant.admin, row_id, claim_id)
    assert await here.ledger() == before


async def test_of_two_people_who_match_at_once_one_succeeds(here: Exchange, there: Exchange) -> None:
    sent, other = await here.sent_claim(), await here.sent_claim()
    row_id = await lost(here, sent)
    lead = await here.tenant.actor("Team Lead")
    results = await asyncio.gather(
        posted.match_claim(here.tenant.admin, row_id, sent.id),
        posted.match_claim(lead, row_id, other.id),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    ledger = await here.ledger()
    assert ledger["cash"] == 8_100 and "unmatched" not in ledger


async def test_the_same_payment_again_is_still_a_duplicate_after_the_match(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    row_id = await lost(here, sent)
    await posted.match_claim(here.tenant.admin, row_id, sent.id)
    claim = Clp("SOMETHING-ELSE", 16_000, 8_000, cas=(("CO", "45", 8_000),))
    again = Payment((claim,), "T-LOST", plb=(("L6:LATE", -100),))
    assert (await here.take(era(again, isa13=7), "again")).status == "duplicate"
    assert (await here.ledger())["cash"] == 8_100


async def test_claims_that_it_may_be_about_are_proposed_with_the_reason(
    here: Exchange, there: Exchange
) -> None:
    other = await here.sent_claim()
    sent = await here.sent_claim()
    await here.sent_claim(1_234)
    await there.sent_claim()
    row_id = await lost(here, sent)
    proposed = await posted.candidates_for(here.tenant.admin, row_id)
    assert [(one.claim_id, one.reasons) for one in proposed] == [
        (sent.id, ["One of its lines is named", "The patient's name is the same", "The charge is the same"]),
        (other.id, ["The patient's name is the same", "The charge is the same"]),
    ]
    assert [one.confidence for one in proposed] == [99, 40]


async def test_payments_without_a_claim_are_listed_newest_first(here: Exchange, there: Exchange) -> None:
    await here.take(era(Payment(tuple(Clp(f"LOST-{n}", 100, 100) for n in range(3)))))
    first = await posted.unmatched(here.tenant.admin, limit=2)
    second = await posted.unmatched(here.tenant.admin, limit=2, cursor=first.next)
    assert [one.claim_number for one in [*first.items, *second.items]] == ["LOST-2", "LOST-1", "LOST-0"]
    assert second.next is None and first.items[0].trace == "TRACE1"
    assert (await posted.unmatched(there.tenant.admin)).items == []


async def test_a_claim_that_was_never_sent_or_is_anothers_cannot_be_chosen(
    here: Exchange, there: Exchange
) -> None:
    row_id = await lost(here, await here.sent_claim())
    theirs = await there.sent_claim()
    for claim_id in (await here.claim(), theirs.id, uuid4()):
        with pytest.raises(Invalid):
            await posted.match_claim(here.tenant.admin, row_id, claim_id)
    with pytest.raises(NotFound):
        await posted.match_claim(there.tenant.admin, row_id, theirs.id)
    assert (await here.ledger())["unmatched"] == -8_000 and len(await here.items("unmatched")) == 1


async def test_a_biller_may_not_match(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    row_id = await lost(here, sent)
    with pytest.raises(NotAllowed):
        await posted.match_claim(await here.tenant.actor("Biller"), row_id, sent.id)
