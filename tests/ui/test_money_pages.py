"""Deposit days and patients' accounts as people work them: matched by a key, refused with the sums, paid and taken back."""

from datetime import timedelta

from services.balances import accounts
from services.deposits import days, files
from tests.fixtures.exchange import Exchange, here, installed, there
from tests.services.balances.test_balances import TODAY, owing
from tests.services.deposits.test_deposits import account, entered, paid, staged
from tests.ui.conftest import Visit

__all__ = ["here", "installed", "there"]
DAY = TODAY - timedelta(days=3)


async def test_a_day_is_matched_closed_and_reopened_on_its_page(
    here: Exchange, there: Exchange, visit: Visit
) -> None:
    await paid(here, "E-77")
    await entered(here, await account(here), 8_000, day=DAY)
    (line,) = (await days.list_days(here.tenant.admin)).items
    browser = await visit(here.tenant, here.tenant.admin)
    tab = await browser.open(f"/deposits/days/{line.id}")
    assert "Remittance E-77" in tab.main and 'data-key="1"' in tab.main
    await tab.do("close")
    assert "three sums" in tab.told[0][1] and "$80.00" in tab.told[0][1]
    waiting = await here.one("SELECT id FROM remittances")
    deposit = await here.one("SELECT id FROM deposits")
    await tab.do("match", id=str(deposit["id"]), what=f"remittance:{waiting['id']}")
    assert "The three sums are one." in tab.main
    await tab.do("close")
    assert "This day is closed." in tab.main
    await tab.do("reopen", fields={"reason": "The bank corrected it"})
    assert "The bank corrected it" in tab.main


async def test_a_bank_file_is_looked_at_and_taken_in(here: Exchange, there: Exchange, visit: Visit) -> None:
    account_id = await account(here)
    browser = await visit(here.tenant, here.tenant.admin)
    sent = {
        "files": {"file": ("nov.csv", b"Date,Amount\n11/03/2026,12.00\n")},
        "data": {"account": str(account_id)},
    }
    kept = await browser.post("/upload/bank", **sent)
    assert kept.status == 200, kept.text
    (line,) = (await files.list_bank_files(here.tenant.admin)).items
    tab = await browser.open(f"/deposits/files/{line.id}")
    assert "1 deposits of $12.00" in tab.main
    await tab.do("map", fields={"column_date": "0", "column_amount": "0"})
    assert "not right; nothing can be taken in" in tab.main
    await tab.do("map", fields={"column_date": "0", "column_amount": "1"})
    await tab.do("take_in")
    assert "1 deposits taken in." in tab.main
    broken = await staged(here, account_id, "Date,Amount\n11/03/2026,x\n")
    await tab.go(f"/deposits/files/{broken.line.id}")
    assert "rows.2.amount" in tab.main


async def test_a_payment_is_taken_and_taken_back_on_the_account(
    here: Exchange, there: Exchange, visit: Visit
) -> None:
    sent = await owing(here)
    browser = await visit(here.tenant, here.tenant.admin)
    tab = await browser.open(f"/balances/{here.patient_id}")
    assert "$25.00" in tab.main
    form = {"amount_cents": "30.00", "method": "cash", "received_on": TODAY.isoformat()}
    await tab.do("pay", fields={**form, f"claim_{sent.id}": "26.00"})
    assert "At most 25.00 is owed here." in tab.regions["over"]
    await tab.do("pay", fields=form)
    assert "−$5.00" in tab.main and "credit $5.00" in tab.main
    payment = await here.one("SELECT id FROM patient_transactions")
    await tab.do("reverse", payment=str(payment["id"]), fields={"reason": "Wrong patient"})
    assert "Taken back" in tab.main and "credit −$5.00" in tab.main
    (owed,) = (await accounts.list_balances(here.tenant.admin)).items
    assert (owed.balance_cents, owed.credit_cents) == (2_500, 0)
