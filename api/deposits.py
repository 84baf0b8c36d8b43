"""Bank accounts, bank files, deposits with their matches, and deposit days."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.deposits import accounts, catalogue, days, entry, files, matching
from services.deposits.accounts import AccountFacts, Waits
from services.deposits.entry import DepositFacts
from services.deposits.views import (
    BankAccount,
    BankFileLine,
    BankFileView,
    Candidate,
    DayLine,
    DayView,
    DepositLine,
    DepositView,
    WaitingRemittance,
)


@dataclass(frozen=True, slots=True)
class Payees:
    """What a deposit pays: remittances, patients' payments, or both."""

    remittance_ids: list[UUID] = field(default_factory=list)
    transaction_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A CSV or BAI2 file as text, and the account that it is about."""

    account_id: UUID
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The column (from 0) of each field: date, amount or credit and debit, trace, payer, reference, description, method."""

    mapping: dict[str, int]


class Deposits(Controller):
    """Money at the bank, and what it pays."""

    path = "/deposits"
    tags = ("Deposits",)

    @get("/")
    async def list_deposits(
        self,
        actor: Actor,
        status: str = "",
        account_id: UUID | None = None,
        trace: str = "",
        since: date | None = None,
        until: date | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DepositLine]:
        """Deposits, newest day first; `trace` finds part of a trace or check number. Reading them is audited."""
        return await catalogue.list_deposits(
            actor,
            status=status,
            account_id=account_id,
            trace=trace,
            since=since,
            until=until,
            cursor=cursor,
            limit=limit,
        )

    @post("/")
    async def enter_deposit(
        self, actor: Actor, data: DepositFacts, even_if_same: bool = False
    ) -> DepositView:
        """Enter a deposit by hand; it is matched at once when a remittance has its trace and amount."""
        return await entry.enter_deposit(actor, data, even_if_same=even_if_same)

    @get("/{deposit_id:uuid}")
    async def get_deposit(self, actor: Actor, deposit_id: UUID) -> DepositView:
        """A deposit with everything that it was matched to."""
        return await catalogue.get_deposit(actor, deposit_id)

    @get("/{deposit_id:uuid}/candidates")
    async def deposit_candidates(self, actor: Actor, deposit_id: UUID) -> list[Candidate]:
        """Remittances and patients' payments that a deposit may pay, likeliest first."""
        return await matching.candidates_for(actor, deposit_id)

    @post("/{deposit_id:uuid}/match", status_code=200)
    async def match_deposit(self, actor: Actor, deposit_id: UUID, data: Payees) -> DepositView:
        """Say what a deposit pays; together they must not come to more than it."""
        return await matching.match_deposit(actor, deposit_id, data.remittance_ids, data.transaction_ids)

    @post("/{deposit_id:uuid}/matches/{match_id:uuid}/undo", status_code=200)
    async def undo_match(self, actor: Actor, deposit_id: UUID, match_id: UUID, data: Reason) -> DepositView:
        """Take a match back with a reason."""
        return await matching.undo_match(actor, deposit_id, match_id, data.reason)

    @post("/{deposit_id:uuid}/void", status_code=200)
    async def void_deposit(self, actor: Actor, deposit_id: UUID, data: Reason) -> DepositView:
        """Strike out a deposit that never was."""
        return await entry.void_deposit(actor, deposit_id, data.reason)

    @post("/{deposit_id:uuid}/set-aside", status_code=200)
    async def set_deposit_aside(self, actor: Actor, deposit_id: UUID, data: Reason) -> DepositView:
        """Leave money out of the day that is neither a payer's nor a patient's."""
        return await entry.set_deposit_aside(actor, deposit_id, data.reason)

    @post("/{deposit_id:uuid}/take-back", status_code=200)
    async def take_deposit_back(self, actor: Actor, deposit_id: UUID) -> DepositView:
        """Count a deposit again that was set aside."""
        return await entry.take_deposit_back(actor, deposit_id)

    @get("/waiting-remittances")
    async def waiting_remittances(
        self, actor: Actor, text: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[WaitingRemittance]:
        """Remittances whose money nobody has seen yet."""
        return await catalogue.waiting_remittances(actor, text=text, cursor=cursor, limit=limit)

    @get("/waits")
    async def deposit_waits(self, actor: Actor) -> Waits:
        """After how many days each side is missed."""
        return await accounts.deposit_waits(actor)

    @put("/waits")
    async def wait_for_deposits(self, actor: Actor, data: Waits) -> Waits:
        """Set after how many days each side is missed."""
        return await accounts.wait_for_deposits(actor, data)


class DepositDays(Controller):
    """Days with their three sums: deposits, remittances and ledger."""

    path = "/deposit-days"
    tags = ("Deposits",)

    @get("/")
    async def list_deposit_days(
        self,
        actor: Actor,
        status: str = "",
        account_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[DayLine]:
        """Deposit days, newest first."""
        return await days.list_days(actor, status=status, account_id=account_id, cursor=cursor, limit=limit)

    @get("/{day_id:uuid}")
    async def get_deposit_day(self, actor: Actor, day_id: UUID) -> DayView:
        """A day with its deposits, their matches, and what keeps it from closing."""
        return await days.get_day(actor, day_id)

    @post("/{day_id:uuid}/close", status_code=200)
    async def close_deposit_day(self, actor: Actor, day_id: UUID) -> DayView:
        """Close a day whose three sums are one; the refusal names the three and what is missing."""
        return await days.close_day(actor, day_id)

    @post("/{day_id:uuid}/reopen", status_code=200)
    async def reopen_deposit_day(self, actor: Actor, day_id: UUID, data: Reason) -> DayView:
        """Open a closed day again, with a reason."""
        return await days.reopen_day(actor, day_id, data.reason)


class BankAccounts(Controller):
    """Accounts that deposits go to."""

    path = "/bank-accounts"
    tags = ("Deposits",)

    @get("/")
    async def list_bank_accounts(self, actor: Actor) -> list[BankAccount]:
        """The accounts by name."""
        return await accounts.list_accounts(actor)

    @post("/")
    async def add_bank_account(self, actor: Actor, data: AccountFacts) -> BankAccount:
        """Add an account. Of its number the last four digits and a keyed hash are kept."""
        return await accounts.add_account(actor, data)

    @put("/{account_id:uuid}")
    async def change_bank_account(
        self, actor: Actor, account_id: UUID, data: AccountFacts, expected_version: int | None
    ) -> BankAccount:
        """Rename an account or take it out of use; an empty number keeps the one there is."""
        return await accounts.change_account(actor, account_id, data, expected_version)


class BankFiles(Controller):
    """Files of a bank: previewed, then taken in whole."""

    path = "/bank-files"
    tags = ("Deposits",)

    @get("/")
    async def list_bank_files(
        self, actor: Actor, cursor: str | None = None, limit: int = 50
    ) -> Page[BankFileLine]:
        """Bank files, newest first."""
        return await files.list_bank_files(actor, cursor=cursor, limit=limit)

    @post("/")
    async def stage_bank_file(self, actor: Actor, data: BankFile) -> BankFileView:
        """Keep a file as a draft, with its columns guessed, its first rows and its faults."""
        return await files.stage_bank_file(actor, data.account_id, data.name, data.text)

    @get("/{import_id:uuid}")
    async def get_bank_file(self, actor: Actor, import_id: UUID) -> BankFileView:
        """A file with its preview."""
        return await files.get_bank_file(actor, import_id)

    @put("/{import_id:uuid}/columns")
    async def map_columns(self, actor: Actor, import_id: UUID, data: Columns) -> BankFileView:
        """Say which column of a CSV file holds what."""
        return await files.map_columns(actor, import_id, data.mapping)

    @post("/{import_id:uuid}/take-in", status_code=200)
    async def take_in_bank_file(self, actor: Actor, import_id: UUID) -> BankFileView:
        """Take in every deposit that is not there yet, or none and the faults of each row."""
        return await files.take_in_bank_file(actor, import_id)

    @post("/{import_id:uuid}/discard", status_code=200)
    async def discard_bank_file(self, actor: Actor, import_id: UUID) -> BankFileView:
        """Put a draft away."""
        return await files.discard_bank_file(actor, import_id)
