"""Remittances through the door: the list, the proof with its numbers, claims, lines and the ledger behind them."""

from dataclasses import replace

import pytest

from domain.refusals import NotAllowed, NotFound
from services.remittances import posted
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era


def paid(sent: Sent) -> Clp:
    lines = (
        Svc(10_000, 8_000, (("CO", "45", 2_000),), sent.controls[0]),
        Svc(6_000, 0, (("CO", "16", 6_000),), sent.controls[1]),
    )
    return Clp(sent.number, 16_000, 8_000, lines=lines)


async def test_a_posted_remittance_shows_its_proof_in_numbers(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),), plb=(("WO:OLD", 1_000),))), "remit.835")
    line = (await posted.list_remittances(here.tenant.admin)).items[0]
    assert (line.status_label, line.payment_cents, line.claim_count, line.unmatched_count) == (
        "Posted",
        7_000,
        1,
        0,
    )
    view = await posted.get_remittance(here.tenant.admin, line.id)
    assert view.file_name == "remit.835" and view.line == line
    assert view.proof.balanced and view.proof.findings == []
    told = {
        e.level: (e.left_cents, e.less_cents, e.right_cents, e.count, e.holds) for e in view.proof.equations
    }
    assert told == {
        "line": (16_000, 8_000, 8_000, 2, True),
        "claim": (16_000, 8_000, 8_000, 1, True),
        "transaction": (8_000, 1_000, 7_000, 1, True),
    }
    provider = view.provider_adjustments[0]
    assert (provider.reason_code, provider.reference, provider.amount_cents) == ("WO", "OLD", 1_000)
    assert provider.reason_label == "Overpayment recovered"


async def test_its_claims_come_with_lines_and_adjustments(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),))))
    remittance = (await posted.list_remittances(here.tenant.admin)).items[0]
    claim = (await posted.get_remittance(here.tenant.admin, remittance.id)).claims[0]
    assert (claim.claim_id, claim.reference[:2], claim.matched_by_label) == (sent.id, "C-", "Claim number")
    assert (claim.outcome_label, claim.adjusted_cents) == ("Partially denied", 8_000)
    assert claim.status_code_label == "Processed as primary"
    assert [(one.claim_line, one.paid_cents) for one in claim.lines] == [(1, 8_000), (2, 0)]
    adjustment = claim.lines[1].adjustments[0]
    assert (adjustment.group_code, adjustment.group_label, adjustment.reason_code) == ("CO", "Contract", "16")


async def test_a_quarantined_remittance_shows_the_equation_that_fails(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    wrong = Clp(sent.number, 16_000, 8_000, cas=(("CO", "45", 7_950),))
    await here.take(era(Payment((wrong, Clp("X", 100, 100)), amount=8_200)))
    line = (await posted.list_remittances(here.tenant.admin, status="quarantined")).items[0]
    view = await posted.get_remittance(here.tenant.admin, line.id)
    assert not view.proof.balanced and view.claims == []
    told = {e.level: (e.difference_cents, e.failing, e.holds) for e in view.proof.equations}
    assert told == {"line": (0, 0, True), "claim": (50, 1, False), "transaction": (-100, 1, False)}
    found = {
        (f.level, f.claim_ordinal): f.difference_cents for f in view.proof.findings if f.severity == "error"
    }
    assert found == {("claim", 1): -50, ("transaction", 0): 100}


async def test_sums_that_agree_do_not_hide_single_claims_that_do_not(here: Exchange, there: Exchange) -> None:
    more = Clp("A", 10_000, 10_000, cas=(("CO", "45", 100),))
    less = Clp("B", 10_000, 9_900)
    await here.take(era(Payment((more, less))))
    line = (await posted.list_remittances(here.tenant.admin)).items[0]
    equation = (await posted.get_remittance(here.tenant.admin, line.id)).proof.equations[1]
    assert (equation.difference_cents, equation.failing, equation.holds) == (0, 2, False)


async def test_the_list_filters_searches_and_pages(here: Exchange, there: Exchange) -> None:
    for number in range(5):
        await here.take(era(Payment((Clp("X", 100, 100),), f"TRACE-{number}"), isa13=number + 1), f"{number}")
    await here.take(era(Payment((Clp("X", 100, 100),), "TRACE-0"), isa13=9), "again")
    admin = here.tenant.admin
    first = await posted.list_remittances(admin, status="posted", limit=3)
    second = await posted.list_remittances(admin, status="posted", limit=3, cursor=first.next)
    traces = [one.trace for one in [*first.items, *second.items]]
    assert traces == [f"TRACE-{number}" for number in (4, 3, 2, 1, 0)] and second.next is None
    assert [one.status for one in (await posted.list_remittances(admin, text="trace-0")).items] == [
        "duplicate",
        "posted",
    ]
    assert (await posted.list_remittances(there.tenant.admin)).items == []


async def test_the_claims_of_a_large_remittance_come_page_by_page(here: Exchange, there: Exchange) -> None:
    claims = tuple(Clp(f"NUMBER-{n}", 100, 100) for n in range(5))
    await here.take(era(Payment(claims)))
    line = (await posted.list_remittances(here.tenant.admin)).items[0]
    first = await posted.get_remittance(here.tenant.admin, line.id, limit=3)
    second = await posted.get_remittance(here.tenant.admin, line.id, limit=3, cursor=first.next)
    numbers = [one.claim_number for one in [*first.claims, *second.claims]]
    assert numbers == [claim.number for claim in claims] and second.next is None


async def test_the_ledger_of_a_claim_says_where_each_entry_comes_from(
    here: Exchange, there: Exchange
) -> None:
    sent = await here.sent_claim()
    await here.take(era(Payment((paid(sent),), "T-77")))
    entries = await posted.ledger_of_claim(here.tenant.admin, sent.id)
    assert sum(entry.amount_cents for entry in entries) == 0
    told = [(entry.source, entry.account_label, entry.amount_cents) for entry in entries]
    assert told[:2] == [("Charge sent", "Receivable", 16_000), ("Charge sent", "Charged", -16_000)]
    assert set(told[2:]) == {
        ("Remittance T-77", "Cash", 8_000),
        ("Remittance T-77", "Contractual", 2_000),
        ("Remittance T-77", "Receivable", -10_000),
    }


async def test_another_tenants_remittance_is_not_there(here: Exchange, there: Exchange) -> None:
    sent = await there.sent_claim()
    await there.take(era(Payment((paid(sent),))))
    theirs = (await posted.list_remittances(there.tenant.admin)).items[0]
    with pytest.raises(NotFound):
        await posted.get_remittance(here.tenant.admin, theirs.id)
    with pytest.raises(NotFound):
        await posted.ledger_of_claim(here.tenant.admin, sent.id)


async def test_who_may_not_see_remittances_is_told_what_is_missing(here: Exchange, there: Exchange) -> None:
    nobody = replace(await here.tenant.actor("View-Only"), permissions=frozenset())
    with pytest.raises(NotAllowed, match="remittances"):
        await posted.list_remittances(nobody)
