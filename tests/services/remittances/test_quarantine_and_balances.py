"""Out of balance: seen with its bytes, replaced by a corrected file, or released by a manager who says why. And what is not ours."""

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services.approvals.reading import get_approval
from services.remittances import posted
from services.work import actions
from tests.fixtures.approving import decided, laid_before
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


def wrong(sent: Sent) -> Payment:
    """A claim whose adjustments are 10 short, in a payment that is 1 more than its parts."""
    return Payment((Clp(sent.number, 16_000, 10_000, cas=(("CO", "45", 5_000),)),), "T-BAD", amount=10_100)


def right(sent: Sent) -> Payment:
    """The same payment as it should have been."""
    return Payment((Clp(sent.number, 16_000, 10_000, cas=(("CO", "45", 6_000),)),), "T-BAD")


async def quarantined(here: Exchange, sent: Sent) -> Exchange:
    assert (await here.take(era(wrong(sent)), "wrong")).status == "quarantined"
    return here


async def test_each_broken_equation_is_shown_over_its_segment(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await quarantined(here, sent)
    row = await here.one("SELECT id FROM remittances")
    found = await posted.broken_equations(here.tenant.admin, row["id"])
    assert [(one.finding.level, one.finding.difference_cents) for one in found] == [
        ("claim", -1_000), ("transaction", 100),
    ]  # fmt: skip
    assert found[0].segment.startswith(f"CLP*{sent.number}*1*160.00*100.00")
    assert found[1].segment.startswith("BPR*I*101.00") and found[1].segment in found[1].around
    body = era(wrong(sent))
    assert body[found[0].offset :].startswith(found[0].segment.encode())
    with pytest.raises(NotFound):
        await posted.broken_equations(there.tenant.admin, row["id"])
    with pytest.raises(NotAllowed):
        await posted.broken_equations(await here.tenant.actor("View-Only"), row["id"])


async def test_a_corrected_file_replaces_the_quarantined_one_and_closes_its_work(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await quarantined(here, sent)
    assert (await here.take(era(right(sent)), "right")).status == "applied"
    rows = await here.rows("SELECT id, status, superseded_by FROM remittances ORDER BY id")
    assert [row["status"] for row in rows] == ["superseded", "posted"]
    assert rows[0]["superseded_by"] == rows[1]["id"]
    assert await here.items("quarantine") == []
    with pytest.raises(Conflict):
        await posted.release(here.tenant.admin, rows[0]["id"], "too late")
    assert (await here.ledger())["cash"] == 10_000


async def test_a_release_posts_exactly_what_the_file_says_once_with_its_reason(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await quarantined(here, sent)
    row = await here.one("SELECT id FROM remittances")
    with pytest.raises(Invalid):
        await posted.release(here.tenant.admin, row["id"], "  ")
    asker, lead = await here.tenant.actor("Team Lead"), await here.tenant.actor("Team Lead")
    await posted.release(asker, row["id"], "The payer confirmed the amounts by phone.")
    assert (await here.ledger())["receivable"] == 16_000 and "cash" not in await here.ledger()
    with pytest.raises(Conflict) as waits:
        await posted.release(lead, row["id"], "Me too.")
    assert waits.value.code == "approval.waits_already"
    with pytest.raises(NotAllowed) as own:
        await decided(here, asker)
    assert own.value.code == "approval.not_another"
    assert await decided(here, lead) == "done"
    assert await here.ledger(sent.id) == {
        "receivable": 1_000, "revenue": -16_000, "cash": 10_000, "contractual": 5_000,
    }  # fmt: skip
    ledger = await here.ledger()
    assert (ledger["cash"], ledger["unmatched"]) == (10_100, -100) and sum(ledger.values()) == 0
    view = await posted.get_remittance(here.tenant.admin, row["id"])
    assert (
        view.line.status == "posted" and view.released is not None and view.released.difference_cents == 100
    )
    assert view.released.by == asker.name
    item = await here.one("SELECT status, decision FROM work_items WHERE kind = 'quarantine'")
    assert tuple(item) == ("done", "released")
    assert len(await here.signals(sent.id)) == 1
    with pytest.raises(Conflict):
        await posted.release(here.tenant.admin, row["id"], "again")
    stored = await here.one("SELECT release_reason FROM remittances")
    assert b"phone" not in stored["release_reason"]


async def test_a_corrected_file_after_a_release_is_not_posted_again_but_somebody_compares(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    bad = Payment((Clp(sent.number, 16_000, 10_000, cas=(("CO", "45", 5_000),)),), "T-BAD")
    await here.take(era(bad), "wrong")
    row = await here.one("SELECT id FROM remittances")
    await posted.release(here.tenant.admin, row["id"], "Agreed with the payer.")
    assert await decided(here, await here.tenant.actor("Team Lead")) == "done"
    assert (await here.take(era(right(sent)), "right")).status == "duplicate"
    assert (await here.ledger())["cash"] == 10_000
    (item,) = await here.items("quarantine")
    assert "corrected file came" in item["title"]


async def test_a_release_that_a_corrected_file_overtook_posts_nothing(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await quarantined(here, sent)
    row = await here.one("SELECT id FROM remittances")
    await posted.release(here.tenant.admin, row["id"], "Agreed with the payer.")
    approval = await laid_before(here.tenant)
    assert (await here.take(era(right(sent)), "right")).status == "applied"
    told = await here.one("SELECT name, payload ->> 'event' AS event FROM outbox WHERE kind = 'update'")
    assert tuple(told) == ("needless", "overtaken")
    assert await decided(here, await here.tenant.actor("Team Lead")) == "overtaken"
    assert (await here.ledger())["cash"] == 10_000
    shown = await get_approval(here.tenant.admin, approval)
    assert (shown.line.state, shown.end_reason) == ("overtaken", "What it was about was finished meanwhile.")


async def test_a_file_that_is_cut_off_cannot_be_released(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    whole = era(right(sent))
    await here.take(whole[: whole.rindex(b"SE*")], "cut")
    row = await here.one("SELECT id FROM remittances")
    with pytest.raises(Conflict, match="cut off"):
        await posted.release(here.tenant.admin, row["id"], "We trust it.")
    assert await here.ledger(sent.id) == {"receivable": 16_000, "revenue": -16_000}


async def test_what_is_not_ours_is_owed_to_the_payer_until_it_takes_it_back(
    here: Exchange, there: Exchange
) -> None:
    stranger = Clp("NOT-FROM-HERE", 5_000, 4_000, cas=(("CO", "45", 1_000),), icn="FCN-77-000")
    await here.take(era(Payment((stranger,), "T1")))
    (waiting,) = (await posted.unmatched(here.tenant.admin)).items
    balance_id = await posted.not_ours(here.tenant.admin, waiting.id, "Not a patient of any client.")
    assert await here.ledger() == {"cash": 4_000, "provider_level": -4_000}
    assert (await posted.unmatched(here.tenant.admin)).items == [] and await here.items("unmatched") == []
    (owed,) = (await posted.list_provider_balances(here.tenant.admin)).items
    assert (owed.id, owed.cents, owed.tied_by, owed.standing[0]) == (balance_id, -4_000, "no_claim", "We owe")
    with pytest.raises(Conflict):
        await posted.not_ours(here.tenant.admin, waiting.id, "again")
    await here.take(era(Payment((), "T2", amount=-4_000, plb=(("WO:FCN-77-000", 4_000),))))
    assert (await posted.list_provider_balances(here.tenant.admin)).items == []
    view = await posted.get_provider_balance(here.tenant.admin, balance_id)
    assert [one.cents for one in view.movements] == [-4_000, 4_000] and view.line.standing[0] == "Settled"
    assert (await posted.list_provider_balances(there.tenant.admin, standing="all")).items == []


async def test_a_person_ties_a_balance_to_its_claim(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    claim = Clp(sent.number, 16_000, 10_000, cas=(("CO", "45", 6_000),), icn="ABC-1")
    await here.take(era(Payment((claim,), "T1", plb=(("WO:UNCLEAR-9", 10_000),))))
    (balance,) = (await posted.list_provider_balances(here.tenant.admin, standing="unexplained")).items
    view = await posted.get_provider_balance(here.tenant.admin, balance.id)
    assert [one.claim_id for one in view.candidates] == [sent.id]
    await posted.tie_provider_balance(here.tenant.admin, balance.id, sent.id)
    tied = (await posted.list_provider_balances(here.tenant.admin, claim_id=sent.id)).items[0]
    assert (tied.claim_reference, tied.tied_by, tied.cents) == (
        (await here.facts(sent.id))["reference"], "person", 10_000,
    )  # fmt: skip
    assert await here.items("provider_level") == []
    with pytest.raises(NotFound):
        await posted.get_provider_balance(there.tenant.admin, balance.id)


async def test_lines_that_are_not_certain_go_to_a_person_who_picks_them(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), procedure="99214"),
        Svc(6_000, 5_000, (("CO", "45", 1_000),), sent.controls[1]),
    )
    await here.take(era(Payment((Clp(sent.number, 16_000, 13_000, lines=lines),), "T1")))
    (item,) = await here.items("match")
    assert item["subject_type"] == "remittance_lines" and "1 line not certain" in item["title"]
    view = await posted.line_matches(here.tenant.admin, item["subject_id"])
    assert [(one.claim_line, one.match_confidence) for one in view.services][1] == (2, 100)
    assert view.services[0].claim_line is None and view.services[0].candidates[0].number == 1
    with pytest.raises(Invalid):
        await posted.pick_lines(here.tenant.admin, item["subject_id"], {1: 9})
    picked = await posted.pick_lines(here.tenant.admin, item["subject_id"], {1: 1})
    assert picked.services[0].claim_line == 1 and picked.services[0].matched_by_label == "By a person"
    assert await here.items("match") == []
    with pytest.raises(NotFound):
        await posted.line_matches(there.tenant.admin, item["subject_id"])


async def test_not_ours_decided_in_the_queue_owes_the_money_back_too(here: Exchange, there: Exchange) -> None:
    stranger = Clp("NOT-FROM-HERE", 5_000, 4_000, cas=(("CO", "45", 1_000),), icn="")
    await here.take(era(Payment((stranger,), "T1")))
    (item,) = await here.items("unmatched")
    await actions.take(here.tenant.admin, item["id"])
    await actions.complete(here.tenant.admin, item["id"], "not_ours", "Another practice's patient.")
    assert await here.ledger() == {"cash": 4_000, "provider_level": -4_000}
    (owed,) = (await posted.list_provider_balances(here.tenant.admin)).items
    assert (owed.reference, owed.cents) == ("NOT-FROM-HERE", -4_000)
    assert await there.ledger() == {}
