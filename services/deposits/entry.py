"""Deposits entered by hand, voided, set aside, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from activities.deposits.matching import match_by_trace, watch_deposits
from activities.work import close_items
from database.deposit_reads import lock_deposits
from database.session import Session
from domain import work
from domain.deposits.rows import LARGEST_CENTS, METHODS, BankRow, base_key
from domain.refusals import Conflict
from policies.permissions import Permission
from services import door
from services.clientele import checks
from services.clientele.checks import Faults
from services.deposits.catalogue import view
from services.deposits.storing import account_in_use, refuse_closed, store_rows

REASON_COLUMN = "deposits.reason"


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """What is typed of a deposit: cents, negative for money that the bank took back. `trace` is TRN02 or a check's number."""

    account_id: UUID
    deposited_on: date
    amount_cents: int
    method: str
    trace: str = ""
    payer_name: str = ""
    description: str = ""


@door.answering(Permission.DEPOSITS_MANAGE, view)
async def enter_deposit(session: Session, facts: DepositFacts, *, even_if_same: bool = False) -> UUID:
    """Enter a deposit by hand. One with the same day, amount and trace is refused, unless it is said to be another."""
    row = _checked(facts)
    await account_in_use(session, facts.account_id)
    await lock_deposits(session)
    same = await _same(session, facts.account_id, row)
    if same and not even_if_same:
        raise Conflict(
            "deposit.similar",
            "There is a deposit with the same day, amount and trace.",
            "Look at it; if this is another one, say so and enter it again.",
        )
    # The how-manieth of its kind makes the key, exactly as in a bank file.
    made = await store_rows(session, facts.account_id, [row] * (same + 1), None)
    await match_by_trace(session)
    await watch_deposits(session)
    return made[0]


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposits")
async def void_deposit(session: Session, deposit_id: UUID, reason: str) -> UUID:
    """Strike out a deposit that never was. Only one that is matched to nothing, on an open day."""
    await _move(session, deposit_id, ("unmatched", "set_aside"), "voided", reason)
    return deposit_id


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposits")
async def set_deposit_aside(session: Session, deposit_id: UUID, reason: str) -> UUID:
    """Leave out of the day money that is neither a payer's nor a patient's, such as interest of the bank."""
    await _move(session, deposit_id, ("unmatched",), "set_aside", reason)
    return deposit_id


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposits")
async def take_deposit_back(session: Session, deposit_id: UUID) -> UUID:
    """Count a deposit that was set aside again."""
    await _move(session, deposit_id, ("set_aside",), "unmatched", "")
    await match_by_trace(session)
    await watch_deposits(session)
    return deposit_id


async def _move(session: Session, deposit_id: UUID, allowed: Sequence[str], status: str, reason: str) -> None:
    why = checks.reason_of(reason) if status != "unmatched" else ""
    await lock_deposits(session)
    row = await open_deposit(session, deposit_id)
    if row["status"] not in allowed:
        raise Conflict(
            "deposit.status",
            "The deposit is matched, or was dealt with already.",
            "Undo its matches first, or reload the page.",
        )
    sealed = (await session.key()).seal(REASON_COLUMN, why.encode()) if why else None
    await session.execute(
        # A voided one gives its key free: should the bank tell of it after all, it is taken in.
        "UPDATE deposits SET status = $2, reason = $3, version = version + 1,"
        " row_key = CASE $2 WHEN 'voided' THEN row_key || '|voided|' || id ELSE row_key END WHERE id = $1",
        deposit_id,
        status,
        sealed,
    )
    if status != "unmatched":
        await close_items(session, "deposit", deposit_id, [work.Kind.DEPOSIT])


async def open_deposit(session: Session, deposit_id: UUID) -> Any:
    """The row of a deposit whose day is open, or Conflict."""
    row = await session.row("SELECT * FROM deposits WHERE id = $1", deposit_id)
    await refuse_closed(session, row["account_id"], {row["deposited_on"]})
    return row


async def _same(session: Session, account_id: UUID, row: BankRow) -> int:
    prefix = base_key(str(account_id), row) + "|"
    count: int = await session.value(
        "SELECT count(*) FROM deposits WHERE account_id = $1 AND deposited_on = $2"
        " AND left(row_key, length($3)) = $3 AND status <> 'voided'",
        account_id,
        row.deposited_on,
        prefix,
    )
    return count


def _checked(facts: DepositFacts) -> BankRow:
    clean = replace(
        facts,
        trace=checks.clean(facts.trace),
        payer_name=checks.clean(facts.payer_name),
        description=checks.clean(facts.description),
    )
    faults = Faults("deposit")
    if not 0 < abs(clean.amount_cents) <= LARGEST_CENTS:
        faults.add("amount_cents", "amount.out_of_range", "Enter an amount that is not zero.")
    faults.one_of("method", clean.method, METHODS, f"Choose one of: {', '.join(METHODS)}.")
    faults.text("trace", clean.trace, 50)
    faults.text("payer_name", clean.payer_name, 80)
    faults.text("description", clean.description, 200)
    if not date(2000, 1, 1) <= clean.deposited_on <= date(2100, 1, 1):
        faults.add(
            "deposited_on", "date.impossible", "Enter the day of the deposit, with four digits of year."
        )
    faults.refuse()
    return BankRow(
        clean.deposited_on,
        clean.amount_cents,
        clean.method,
        clean.trace,
        clean.payer_name,
        description=clean.description,
    )
