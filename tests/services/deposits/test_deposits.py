"""Deposits through the door: taken in once, matched to the cent, asked about in time, and days that close and stay."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from activities.deposits.messages import LookTask
from activities.deposits.watching import look_at_deposits
from database.session import tenant_session
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from domain.tenancy import workflow_actor
from services.deposits import accounts, catalogue, days, entry, files, matching
from services.deposits.accounts import AccountFacts
from services.deposits.entry import DepositFacts
from services.deposits.views import BankFileView, DepositView
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Clp, Payment, era

DAY = date(2026, 11, 3)
CSV = (
    "Date,Amount,Check No,Description\n"
    "11/03/2026,80.00,,HCCLAIMPMT TRN*1*TRACE1*1999999999\\\n"
    "11/03/2026,25.00,,COUNTER DEPOSIT\n"
    "11/03/2026,25.00,,COUNTER DEPOSIT\n"
)


async def account(side: Exchange, number: str = "") -> UUID:
    return (await accounts.add_account(side.tenant.admin, AccountFacts("Operating", number))).id


async def paid(side: Exchange, trace: str = "TRACE1", cents: int = 8_000, *, name: str = "a.835") -> UUID:
    """A posted remittance for a claim of ours; its id."""
    sent = await side.sent_claim()
    claim = Clp(sent.number, sent.charge, cents, cas=(("CO", "45", sent.charge - cents),))
    await side.take(era(Payment((claim,), trace), isa13=int(sent.interchange_number)), name)
    return UUID(str((await side.one("SELECT id FROM remittances WHERE trace = $1", trace))["id"]))


async def entered(
    side: Exchange, account_id: UUID, cents: int = 8_000, trace: str = "", *, day: date = DAY
) -> DepositView:
    facts = DepositFacts(account_id, day, cents, "eft", trace, "PRACTICE MUTUAL")
    return await entry.enter_deposit(side.tenant.admin, facts)


async def staged(side: Exchange, account_id: UUID, text: str = CSV) -> BankFileView:
    return await files.stage_bank_file(side.tenant.admin, account_id, "november.csv", text)


async def look(side: Exchange, days_later: int) -> int:
    """One look of the watch, so many days after the deposit; the work items opened."""
    now = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=UTC) + timedelta(days=days_later)
    return (await look_at_deposits(LookTask(side.tenant.tenant_id, now))).opened


async def test_a_file_is_previewed_taken_in_once_and_matched_by_trace(
    here: Exchange, there: Exchange
) -> None:
    remittance_id = await paid(here)
    account_id = await account(here)
    draft = await staged(here, account_id)
    assert (draft.line.status, draft.row_count, draft.known_count, draft.total_cents, draft.faults) == (
        "draft", 3, 0, 13_000, [],
    )  # fmt: skip
    assert (await here.count("deposits")) == 0
    taken = await files.take_in_bank_file(here.tenant.admin, draft.line.id)
    assert (taken.line.status, taken.line.added) == ("taken", 3)
    lines = {one.amount_cents: one for one in (await catalogue.list_deposits(here.tenant.admin)).items}
    assert (lines[8_000].status, lines[8_000].trace, lines[2_500].status) == (
        "matched",
        "TRACE1",
        "unmatched",
    )
    view = await catalogue.get_deposit(here.tenant.admin, lines[8_000].id)
    assert [(m.remittance_id, m.matched_by) for m in view.matches] == [(remittance_id, "trace")]


async def test_the_same_file_and_the_same_rows_in_another_file_are_taken_once(
    here: Exchange, there: Exchange
) -> None:
    account_id = await account(here)
    draft = await staged(here, account_id)
    await files.take_in_bank_file(here.tenant.admin, draft.line.id)
    assert (await staged(here, account_id)).line == replace(
        draft.line, status="taken", added=3
    )  # the same file leads to what was taken in
    more = await staged(here, account_id, CSV + "11/04/2026,7.00,,NEW\n")
    assert more.known_count == 3
    taken = await files.take_in_bank_file(here.tenant.admin, more.line.id)
    assert (taken.line.added, taken.line.known) == (1, 3)
    with pytest.raises(Conflict):
        await files.take_in_bank_file(here.tenant.admin, more.line.id)
    assert await here.count("deposits") == 4


async def test_one_wrong_row_keeps_the_whole_file_out(here: Exchange, there: Exchange) -> None:
    draft = await staged(here, await account(here), CSV + "11/04/2026,seven,,NEW\n")
    assert [fault.where for fault in draft.faults] == ["rows.5.amount"]
    with pytest.raises(Invalid):
        await files.take_in_bank_file(here.tenant.admin, draft.line.id)
    assert await here.count("deposits") == 0


async def test_columns_are_assigned_by_a_person_where_the_headings_say_nothing(
    here: Exchange, there: Exchange
) -> None:
    draft = await staged(here, await account(here), "A,B\n2026-11-03,12.00\n")
    assert draft.faults and draft.rows == []
    mapped = await files.map_columns(here.tenant.admin, draft.line.id, {"date": 0, "amount": 1})
    assert mapped.faults == [] and mapped.rows[0].amount_cents == 1_200


async def test_of_a_bai2_file_only_the_accounts_own_deposits_are_taken(
    here: Exchange, there: Exchange
) -> None:
    def account_of(number: str, cents: int) -> list[str]:
        return [
            f"03,{number},USD/",
            f"16,165,{cents},Z,B{number},,TRN*1*T{number}*1999999999/",
            f"49,{cents},3/",
        ]

    inner = [*account_of("111100", 500), *account_of("222200", 700)]
    text = "\n".join(
        [
            "01,BANK,US,261103,0600,1,,,2/",
            "02,US,BANK,1,261103,,USD,2/",
            *inner,
            "98,1200,2,8/",
            "99,1200,1,10/",
        ]
    )
    nameless = await staged(here, await account(here), text)
    assert nameless.line.format == "bai2" and "several accounts" in nameless.faults[0].message
    known = await accounts.add_account(here.tenant.admin, AccountFacts("Second", "2222-00"))
    draft = await files.stage_bank_file(here.tenant.admin, known.id, "x.bai", text)
    assert (draft.row_count, draft.total_cents, draft.other_accounts, draft.faults) == (1, 700, 1, [])


async def test_a_deposit_entered_by_hand_is_the_same_one_when_the_bank_tells_of_it(
    here: Exchange, there: Exchange
) -> None:
    account_id = await account(here)
    await entered(here, account_id, 8_000, "trace1")
    with pytest.raises(Conflict, match="same day"):
        await entered(here, account_id, 8_000, "TRACE1")
    draft = await staged(here, account_id)
    assert draft.known_count == 1
    await files.take_in_bank_file(here.tenant.admin, draft.line.id)
    assert [one.by_hand for one in (await catalogue.list_deposits(here.tenant.admin)).items] == [False] * 3


async def test_a_person_matches_by_suggestion_and_takes_it_back_with_a_reason(
    here: Exchange, there: Exchange
) -> None:
    remittance_id = await paid(here, "E-55")
    deposit = await entered(here, await account(here))
    (candidate,) = await matching.candidates_for(here.tenant.admin, deposit.line.id)
    assert (candidate.id, candidate.reasons[0]) == (remittance_id, "The amount is the same")
    matched = await matching.match_deposit(here.tenant.admin, deposit.line.id, [remittance_id])
    assert matched.line.status == "matched" and matched.matches[0].matched_by == "person"
    with pytest.raises(Invalid):
        await matching.undo_match(here.tenant.admin, deposit.line.id, matched.matches[0].id, " ")
    undone = await matching.undo_match(
        here.tenant.admin, deposit.line.id, matched.matches[0].id, "Another payer's"
    )
    assert (undone.line.status, undone.matches[0].undone_reason) == ("unmatched", "Another payer's")
    waiting = await catalogue.waiting_remittances(here.tenant.admin)
    assert [one.id for one in waiting.items] == [remittance_id]


async def test_several_remittances_make_up_one_deposit_but_never_more_than_it(
    here: Exchange, there: Exchange
) -> None:
    first, second = await paid(here, "A1", 8_000), await paid(here, "A2", 500, name="b.835")
    deposit = await entered(here, await account(here), 8_400)
    part = await matching.match_deposit(here.tenant.admin, deposit.line.id, [first])
    assert part.line.status == "partial"
    with pytest.raises(Conflict, match="was deposited"):
        await matching.match_deposit(here.tenant.admin, deposit.line.id, [second])
    with pytest.raises(Conflict, match="not wait"):
        await matching.match_deposit(here.tenant.admin, deposit.line.id, [first])


async def test_what_waits_too_long_on_either_side_becomes_work_and_closes_by_itself(
    here: Exchange, there: Exchange
) -> None:
    account_id = await account(here)
    remittance_id = await paid(here, "LATE")
    await entered(here, account_id, 100, "OLD", day=date(2026, 10, 20))
    deposit = await entered(here, account_id, 8_000, "SOMETHING", day=DAY)
    assert await look(here, 3) == 1  # the deposit of October
    assert await look(here, 12) == 2
    assert await look(here, 12) == 0
    items = [*await here.items("deposit"), *await here.items("missing_money")]
    assert len(items) == 3 and all("PRACTICE" not in item["title"] for item in items)
    await matching.match_deposit(here.tenant.admin, deposit.line.id, [remittance_id])
    assert await here.items("missing_money") == []
    assert [item["subject_id"] for item in await here.items("deposit")] != [deposit.line.id]


async def test_the_watch_matches_what_is_posted_after_the_deposit(here: Exchange, there: Exchange) -> None:
    deposit = await entered(here, await account(here), 8_000, "000TRACE1")
    await paid(here)
    told = await here.one("SELECT count(*) AS n FROM outbox WHERE workflow = 'DepositWatch'")
    assert told["n"] >= 2
    await look(here, 0)
    assert (await catalogue.get_deposit(here.tenant.admin, deposit.line.id)).line.status == "matched"


async def test_a_day_closes_when_the_three_sums_are_one_and_then_nothing_changes(
    here: Exchange, there: Exchange
) -> None:
    await paid(here)
    account_id = await account(here)
    deposit = await entered(here, account_id, 8_000, "TRACE1")
    extra = await entered(here, account_id, 500, "X")
    with pytest.raises(Conflict, match="three sums") as refused:
        await days.close_day(here.tenant.admin, deposit.day_id)
    assert "1 deposit of $5.00" in refused.value.what_to_do and "$85.00" in refused.value.title
    await entry.set_deposit_aside(here.tenant.admin, extra.line.id, "Interest of the bank")
    closed = await days.close_day(here.tenant.admin, deposit.day_id)
    line = closed.line
    assert (line.status, line.cash_cents, line.remitted_cents, line.ledger_cents) == ("closed", *[8_000] * 3)
    await _nothing_changes(here, account_id, deposit)
    with pytest.raises(Invalid):
        await days.reopen_day(here.tenant.admin, deposit.day_id, "")
    opened = await days.reopen_day(here.tenant.admin, deposit.day_id, "The bank corrected it")
    assert [(one.kind, one.reason) for one in opened.events] == [
        ("closed", ""),
        ("reopened", "The bank corrected it"),
    ]


async def _nothing_changes(side: Exchange, account_id: UUID, deposit: DepositView) -> None:
    """Neither through the door nor past it."""
    with pytest.raises(Conflict, match="closed"):
        await entered(side, account_id, 77, "Y")
    with pytest.raises(Conflict, match="closed"):
        await matching.undo_match(side.tenant.admin, deposit.line.id, deposit.matches[0].id, "why")
    actor = workflow_actor(side.tenant.tenant_id, "tests")
    for sql in (
        "UPDATE deposits SET amount_cents = 1 WHERE trace = 'TRACE1'",
        "UPDATE deposit_matches SET undone_at = now()",
        "DELETE FROM deposit_matches",
        "INSERT INTO deposits SELECT (jsonb_populate_record(d, jsonb_build_object('id', uuidv7(), 'row_key', 'z'))).*"
        " FROM deposits d LIMIT 1",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            async with tenant_session(actor) as session:
                await session.execute(sql)


async def test_money_of_a_quarantined_remittance_keeps_the_day_open(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    wrong = Clp(sent.number, sent.charge, 8_000, cas=(("CO", "45", 1),))
    await here.take(era(Payment((wrong,), "Q1")))
    deposit = await entered(here, await account(here), 8_000, "Q1")
    assert deposit.line.status == "matched"
    with pytest.raises(Conflict) as refused:
        await days.close_day(here.tenant.admin, deposit.day_id)
    assert "in quarantine" in refused.value.what_to_do
    (line,) = (await days.list_days(here.tenant.admin)).items
    assert (line.cash_cents, line.remitted_cents, line.ledger_cents, line.agrees) == (8_000, 8_000, 0, False)


async def test_another_tenant_sees_and_reaches_nothing(here: Exchange, there: Exchange) -> None:
    deposit = await entered(here, await account(here), 8_000, "TRACE1")
    theirs = await paid(there)
    await account(there)
    assert (await catalogue.list_deposits(there.tenant.admin)).items == []
    with pytest.raises(NotFound):
        await catalogue.get_deposit(there.tenant.admin, deposit.line.id)
    with pytest.raises(Conflict):
        await matching.match_deposit(here.tenant.admin, deposit.line.id, [theirs])


async def test_a_biller_matches_but_does_not_close(here: Exchange, there: Exchange) -> None:
    await paid(here)
    deposit = await entered(here, await account(here), 8_000, "TRACE1")
    biller, viewer = await here.tenant.actor("Biller"), await here.tenant.actor("View-Only")
    with pytest.raises(NotAllowed):
        await days.close_day(biller, deposit.day_id)
    with pytest.raises(NotAllowed):
        await entry.void_deposit(viewer, deposit.line.id, "no")
    assert (await days.get_day(viewer, deposit.day_id)).line.agrees
