"""Bank accounts, and how long each side of a deposit may wait for the other."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from activities.deposits.matching import watch_deposits
from activities.deposits.watching import waits_of
from database.session import Session
from domain.deposits.day import LONGEST_WAIT, SHORTEST_WAIT
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.clientele import checks, records
from services.clientele.checks import Faults
from services.deposits.views import BankAccount

NUMBER_INDEX = "bank_accounts.number"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is typed of an account. The number recognises it in BAI2 files; only its keyed hash is kept."""

    name: str
    number: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Waits:
    """Days after which a remittance without money, and a deposit without a remittance, become work."""

    days_without_money: int
    days_without_remittance: int


@door.query(Permission.DEPOSITS_VIEW)
async def list_accounts(session: Session) -> list[BankAccount]:
    """The bank accounts by name."""
    return [_view(row) for row in await session.fetch("SELECT * FROM bank_accounts ORDER BY name, id")]


@door.command(Permission.DEPOSITS_CLOSE)
async def add_account(session: Session, facts: AccountFacts) -> BankAccount:
    """Add a bank account that deposits go to."""
    values = await _checked(session, facts, None)
    row = await session.row(
        "INSERT INTO bank_accounts (tenant_id, name, last4, number_index, active) VALUES ($1, $2, $3, $4, $5)"
        " RETURNING *",
        session.tenant_id,
        *values,
    )
    return _view(row)


@door.command(Permission.DEPOSITS_CLOSE, of="bank_accounts")
async def change_account(
    session: Session, account_id: UUID, facts: AccountFacts, expected_version: int | None = None
) -> BankAccount:
    """Rename an account or take it out of use. An empty number keeps the one there is."""
    name, last4, index, active = await _checked(session, facts, account_id)
    row = await session.row(
        "UPDATE bank_accounts SET name = $2, active = $3, last4 = CASE WHEN $4 = '' THEN last4 ELSE $4 END,"
        " number_index = coalesce($5, number_index), version = version + 1"
        " WHERE id = $1 AND ($6::int IS NULL OR version = $6) RETURNING *",
        account_id,
        name,
        active,
        last4,
        index,
        expected_version,
    )
    records.must_have_changed(0 if row is None else 1)
    return _view(row)


@door.query(Permission.DEPOSITS_VIEW)
async def deposit_waits(session: Session) -> Waits:
    """How long each side waits for the other before it becomes work."""
    return Waits(**await waits_of(session))


@door.command(Permission.DEPOSITS_CLOSE)
async def wait_for_deposits(session: Session, waits: Waits) -> Waits:
    """Set how long each side waits for the other."""
    values = {
        "days_without_money": waits.days_without_money,
        "days_without_remittance": waits.days_without_remittance,
    }
    faults = tuple(
        FieldError(name, "days.out_of_range", f"Use {SHORTEST_WAIT} to {LONGEST_WAIT} days.")
        for name, days in values.items()
        if not SHORTEST_WAIT <= days <= LONGEST_WAIT
    )
    if faults:
        raise Invalid(
            "deposit_waits.invalid", "These waits cannot be kept.", faults[0].message, fields=faults
        )
    await session.execute(
        "UPDATE tenants SET settings = settings || jsonb_build_object('deposits', $1::jsonb)"
        " WHERE id = current_tenant()",
        json.dumps(values),
    )
    await watch_deposits(session)
    return waits


async def _checked(
    session: Session, facts: AccountFacts, but: UUID | None
) -> tuple[str, str, bytes | None, bool]:
    name, number = checks.clean(facts.name), re.sub(r"[\s-]", "", facts.number)
    faults = Faults("bank_account")
    faults.text("name", name, 80, missing="Enter a name for the account.")
    if number and not re.fullmatch(r"[0-9A-Za-z*]{4,34}", number):
        faults.add("number", "number.invalid", "Enter the account number: 4 to 34 digits or letters.")
    faults.refuse()
    taken = await session.value(
        "SELECT 1 FROM bank_accounts WHERE name = $1 AND id IS DISTINCT FROM $2", name, but
    )
    records.must_be_new(taken, "name", "There is an account of this name already.", "Choose another name.")
    index = (await session.key()).blind(NUMBER_INDEX, number) if number else None
    return name, number[-4:], index, facts.active


def _view(row: Any) -> BankAccount:
    return records.view_of(BankAccount, row)
