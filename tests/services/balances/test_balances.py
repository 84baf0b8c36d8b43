"""Patients' balances through the door: from the ledger alone, paid, taken back, forgiven, and asked for in time."""

import io
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from activities.balances.messages import PortionTask, RunInput
from activities.balances.printing import count_owing, finish_run, print_portion
from domain.balances.statements import StatementRules
from domain.refusals import Conflict, Invalid, NotAllowed, NotFound
from services import documents
from services.balances import accounts, payments, rules, small, statements
from services.balances.payments import PaymentFacts, RefundFacts
from services.balances.views import PatientAccount
from services.deposits import accounts as banks
from services.deposits import days, entry, matching
from services.deposits.accounts import AccountFacts
from services.deposits.entry import DepositFacts
from tests.fixtures.approving import decided
from tests.fixtures.exchange import Exchange, Sent
from tests.fixtures.x12_answers import Clp, Payment, Svc, era

# Where the tenants are; the server may be a day ahead.
TODAY = datetime.now(ZoneInfo("America/New_York")).date()


async def owing(side: Exchange, share: int = 2_500, *, denied: int = 0, trace: str = "") -> Sent:
    """A claim of which the payer left a share to the patient; `denied` stays open on a line."""
    sent = await side.sent_claim(10_000, 6_000)
    first = Svc(10_000, 10_000 - 2_000 - share, (("CO", "45", 2_000), ("PR", "2", share)), sent.controls[0])
    cas = (("CO", "16", denied),) if denied else ()
    second = Svc(6_000, 6_000 - denied, cas, sent.controls[1], "83036")
    claim = Clp(sent.number, 16_000, first.paid + second.paid, patient=share, lines=(first, second))
    await side.take(
        era(Payment((claim,), trace or f"T{sent.interchange_number}"), isa13=sent.interchange_number),
        sent.number,
    )
    return sent


async def account(side: Exchange) -> PatientAccount:
    return await accounts.patient_account(side.tenant.admin, side.patient_id)


async def pay(side: Exchange, cents: int, **more: object) -> PatientAccount:
    facts = PaymentFacts(cents, "check", TODAY, "1021", **more)  # type: ignore[arg-type]
    return await payments.take_payment(side.tenant.admin, side.patient_id, facts)


async def printed(side: Exchange, on: date | None = None) -> int:
    """A run of statements as the workflow does it; how many were made."""
    run = await statements.start_statements(side.tenant.admin, on)
    task = RunInput(side.tenant.tenant_id, run.id)
    await count_owing(task)
    made = (await print_portion(PortionTask(task.tenant_id, task.run_id))).made
    await print_portion(PortionTask(task.tenant_id, task.run_id))  # a second attempt of the same activity
    await finish_run(task)
    done = await statements.get_statement_run(side.tenant.admin, run.id)
    assert (done.status, done.made) == ("done", made)
    return made


async def ended(side: Exchange, claim_id: UUID) -> list[str]:
    """What the claim's process is told of its end."""
    rows = await side.rows(
        "SELECT payload ->> 'event' AS event FROM outbox WHERE name = 'ended' AND workflow_id = $1",
        f"{side.tenant.tenant_id}/claim/{claim_id}",
    )
    return [row["event"] for row in rows]


async def test_a_balance_is_what_the_ledger_says_and_only_answered_claims_are_asked_for(
    here: Exchange, there: Exchange
) -> None:
    await owing(here)
    await owing(here, 1_000, denied=600)
    (line,) = (await accounts.list_balances(here.tenant.admin)).items
    assert (line.balance_cents, line.billable_cents, line.waiting_cents) == (3_500, 2_500, 1_000)
    shown = await account(here)
    assert sorted(bool(share.hold) for share in shown.shares) == [False, True]
    assert (await accounts.list_balances(there.tenant.admin)).items == []
    with pytest.raises(NotFound):
        await accounts.patient_account(there.tenant.admin, here.patient_id)


async def test_a_payment_settles_the_oldest_claim_first_and_its_process_is_told(
    here: Exchange, there: Exchange
) -> None:
    newer, older = await owing(here), await owing(here)  # days count backwards in the fixture
    shown = await pay(here, 3_000)
    assert (shown.balance_cents, shown.credit_cents) == (2_000, 0)
    assert await here.ledger(older.id) == {"revenue": -16_000, "cash": 14_000, "contractual": 2_000}
    assert (await here.ledger(newer.id))["patient"] == 2_000
    facts = await here.facts(older.id)
    assert (facts["patient_cents"], facts["paid_cents"]) == (0, 14_000)
    assert (await ended(here, older.id), await ended(here, newer.id)) == (["patient_settled"], [])
    assert sum((await here.ledger()).values()) == 0


async def test_what_is_overpaid_stays_as_credit_and_goes_back_only_with_a_reason(
    here: Exchange, there: Exchange
) -> None:
    await owing(here)
    shown = await pay(here, 3_000)
    assert (shown.balance_cents, shown.credit_cents) == (-500, 500)
    for facts in (RefundFacts(501, "check", "Moved away"), RefundFacts(500, "check", " ")):
        with pytest.raises(Invalid):
            await payments.refund_credit(here.tenant.admin, here.patient_id, facts)
    given = await payments.refund_credit(
        here.tenant.admin, here.patient_id, RefundFacts(500, "check", "Moved away")
    )
    assert (given.credit_cents, given.transactions[0].reason) == (0, "Moved away")
    assert (await here.ledger())["cash"] == 14_000 - 500 + 500


async def test_credit_is_put_on_a_later_claim_without_moving_cash(here: Exchange, there: Exchange) -> None:
    await owing(here)
    await pay(here, 4_000)
    later = await owing(here)
    before = (await here.ledger())["cash"]
    shown = await payments.apply_credit(here.tenant.admin, here.patient_id)
    assert (shown.credit_cents, shown.balance_cents) == (0, 1_000)
    assert (await here.ledger())["cash"] == before and (await here.ledger(later.id))["patient"] == 1_000
    with pytest.raises(Conflict):
        await payments.apply_credit(here.tenant.admin, here.patient_id)


async def test_a_returned_check_is_new_rows_with_a_reason_and_the_patient_owes_again(
    here: Exchange, there: Exchange
) -> None:
    sent = await owing(here)
    paid = await pay(here, 3_000)
    payment = paid.transactions[0]
    with pytest.raises(Invalid):
        await payments.reverse_payment(here.tenant.admin, here.patient_id, payment.id, "")
    back = await payments.reverse_payment(here.tenant.admin, here.patient_id, payment.id, "Check returned")
    assert (back.balance_cents, back.credit_cents) == (2_500, 0)
    assert [one.kind for one in back.transactions] == ["reversal", "payment"] and back.transactions[
        1
    ].reversed
    assert (await here.ledger(sent.id))["patient"] == 2_500
    with pytest.raises(Conflict):
        await payments.reverse_payment(here.tenant.admin, here.patient_id, payment.id, "Again")
    assert sum((await here.ledger()).values()) == 0


async def test_small_balances_go_in_bulk_with_an_outcome_each_and_larger_ones_wait_for_an_approval(
    here: Exchange, there: Exchange
) -> None:
    little, much, early = await owing(here, 900), await owing(here, 5_000), await owing(here, 300, denied=100)
    biller = await here.tenant.actor("Biller")
    offered = await small.small_balances(biller)
    assert [one.claim_id for one in offered.items] == [little.id]
    theirs = await owing(there, 100)
    outcomes = await small.write_off_many(
        biller, [little.id, much.id, early.id, theirs.id, uuid4()], "Costs more than it brings"
    )
    assert [one.code for one in outcomes] == [
        "", "approval.waits", "write_off.too_early", "not_found", "not_found",
    ]  # fmt: skip
    assert (await here.ledger(little.id))["written_off"] == 900
    assert await ended(here, little.id) == ["written_off"]
    assert (await here.ledger(much.id))["patient"] == 5_000
    assert await decided(here, await here.tenant.actor("Team Lead")) == "done"
    assert (await here.ledger(much.id))["written_off"] == 5_000
    assert (await there.ledger(theirs.id))["patient"] == 100


async def test_a_statement_is_made_once_a_cycle_for_answered_claims_only(
    here: Exchange, there: Exchange
) -> None:
    asked = await owing(here)
    held = await owing(here, 1_000, denied=600)
    assert await printed(here) == 1
    assert await printed(here) == 0
    shown = await account(here)
    (statement,) = shown.statements
    assert (statement.number, statement.balance_cents) == (1, 2_500)
    rows = await here.rows("SELECT claim_id FROM statement_claims")
    assert [row["claim_id"] for row in rows] == [asked.id] and held.id != asked.id
    opened = await documents.content(here.tenant.admin, statement.document_id)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(opened.body)).pages)
    for words in ("Jane Doe", "Hill Family Practice", "99213", "$25.00", "Your share", "Amount enclosed"):
        assert words in text
    assert await printed(there) == 0


async def test_the_cycle_begins_anew_when_nothing_was_owed_in_between(
    here: Exchange, there: Exchange
) -> None:
    await owing(here)
    await rules.change_statement_rules(here.tenant.admin, StatementRules(most_statements=1, cycle_days=1))
    assert await printed(here, TODAY - timedelta(days=5)) == 1
    assert await printed(here) == 0  # the last one that the tenant sends was sent
    await pay(here, 2_500)
    await owing(here)
    assert await printed(here) == 1


async def test_one_run_at_a_time(here: Exchange, there: Exchange) -> None:
    await statements.start_statements(here.tenant.admin)
    with pytest.raises(Conflict):
        await statements.start_statements(here.tenant.admin)
    await statements.start_statements(there.tenant.admin)


async def test_a_patients_payment_is_part_of_the_deposit_day(here: Exchange, there: Exchange) -> None:
    await owing(here)
    paid = await pay(here, 2_500)
    bank = await banks.add_account(here.tenant.admin, AccountFacts("Operating"))
    deposit = await entry.enter_deposit(
        here.tenant.admin, DepositFacts(bank.id, TODAY, 2_500, "check", "1021")
    )
    found = await matching.candidates_for(here.tenant.admin, deposit.line.id)
    assert [one.id for one in found if one.kind == "payment"] == [paid.transactions[0].id]
    await matching.match_deposit(here.tenant.admin, deposit.line.id, [], [paid.transactions[0].id])
    closed = await days.close_day(here.tenant.admin, deposit.day_id)
    assert (closed.line.cash_cents, closed.line.remitted_cents, closed.line.ledger_cents) == (2_500,) * 3
    assert (await account(here)).transactions[0].deposited


async def test_a_viewer_sees_balances_and_moves_nothing(here: Exchange, there: Exchange) -> None:
    await owing(here)
    viewer = await here.tenant.actor("View-Only")
    assert (await accounts.patient_account(viewer, here.patient_id)).balance_cents == 2_500
    with pytest.raises(NotAllowed):
        await payments.take_payment(viewer, here.patient_id, PaymentFacts(1, "cash", TODAY))
    with pytest.raises(NotAllowed):
        await statements.start_statements(viewer)
