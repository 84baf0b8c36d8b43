"""What the people of a demo company do with the bank and with patients: deposits, days, payments, statements."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cli.demonstration.masters import House, every
from domain.refusals import Conflict
from domain.tenancy import Actor
from services.balances.accounts import list_balances
from services.balances.payments import PaymentFacts, take_payment
from services.balances.statements import start_statements
from services.deposits.accounts import AccountFacts, add_account, list_accounts
from services.deposits.catalogue import waiting_remittances
from services.deposits.days import close_day, list_days
from services.deposits.files import stage_bank_file, take_in_bank_file
from services.deposits.views import WaitingRemittance

LEFT_OUT = 6  # every sixth payment has not reached the bank yet


async def bank(house: House) -> bool:
    """Take in the bank's file of what payers paid but for a few, close a day, take a payment, print statements.

    Done once: where there is an account already, people have begun. Whether anything was done.
    """
    lead = await house.actor(house.company.holding("Team Lead")[0])
    biller = await house.actor(house.company.holding("Biller")[0])
    if await list_accounts(lead):
        return False
    waiting: list[WaitingRemittance] = await every(waiting_remittances, biller)
    if not waiting:
        return False
    account = await add_account(lead, AccountFacts("Operating account", "4400112277"))
    name = f"{house.company.subdomain}-deposits.csv"
    draft = await stage_bank_file(biller, account.id, name, bank_file(waiting))
    await take_in_bank_file(biller, draft.line.id)
    await _close_one_day(lead)
    await _money_of_patients(biller)
    return True


def bank_file(waiting: Sequence[WaitingRemittance]) -> str:
    """A bank's CSV export: an EFT for each payment but every sixth, and a check that nobody can explain."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("Posting Date", "Description", "Amount", "Check No"))
    today = datetime.now(UTC).date()
    for number, one in enumerate(waiting):
        if number % LEFT_OUT != LEFT_OUT - 1:
            words = f"ACH CREDIT {one.payer_name.upper()} HCCLAIMPMT TRN*1*{one.trace}*"
            rows.writerow((_day(one.payment_date or today), words, _dollars(one.payment_cents), ""))
    first = waiting[0].payment_date or today
    rows.writerow((_day(first), "LOCKBOX CHECK", "137.45", "20418"))
    return text.getvalue()


async def _close_one_day(lead: Actor) -> None:
    for one in await every(list_days, lead):
        if one.agrees:
            with suppress(Conflict):  # a day still ahead in the company's own zone
                await close_day(lead, one.id)
                return


async def _money_of_patients(biller: Actor) -> None:
    """Statements for everybody who is due; the one who owes most pays half."""
    with suppress(Conflict):  # somebody who tries the product has started a run
        await start_statements(biller)
    owing = [one for one in await every(list_balances, biller, show="owing") if one.billable_cents > 1]
    for one in owing[:1]:
        today = datetime.now(ZoneInfo(biller.time_zone)).date()
        await take_payment(
            biller, one.patient_id, PaymentFacts(one.billable_cents // 2, "check", today, "1187")
        )


def _day(value: date) -> str:
    return f"{value:%m/%d/%Y}"


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
