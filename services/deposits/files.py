"""Bank files: kept as a draft with its preview and faults, then taken in whole, once."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from activities.deposits.matching import match_by_trace, watch_deposits
from database.deposit_reads import lock_deposits
from database.session import Session
from domain.deposits.bai2 import BankStatement, of_account, read_bai2
from domain.deposits.bank_csv import CsvRead, checked_mapping, guessed, headings_of, read_csv
from domain.deposits.rows import METHODS, BankRow, row_keys
from domain.paging import PAGE, Page, encode_cursor, page_size, uuid_in
from domain.refusals import Conflict, FieldError, Invalid
from policies.permissions import Permission
from services import door
from services.deposits.accounts import NUMBER_INDEX
from services.deposits.storing import account_in_use, store_rows, without_known
from services.deposits.views import BankFileFault, BankFileLine, BankFileRow, BankFileView

LARGEST_BYTES = 3 * 1024 * 1024
PREVIEWED = 50
_BODY = "deposit_imports.body"
_LINES = """
SELECT i.*, a.name AS account_name, a.number_index FROM deposit_imports i
JOIN bank_accounts a ON a.tenant_id = i.tenant_id AND a.id = i.account_id WHERE i.tenant_id = current_tenant()
"""


class Content:
    """What a file holds for its account; `faults` keep it from being taken in."""

    def __init__(self) -> None:
        self.headings: tuple[str, ...] = ()
        self.mapping: dict[str, int] = {}
        self.rows: list[BankRow] = []
        self.withdrawals = 0
        self.other_accounts = 0
        self.faults: list[FieldError] = []


async def view(session: Session, import_id: UUID) -> BankFileView:
    """The file with its preview."""
    row = await session.row(f"{_LINES} AND i.id = $1", import_id)
    content = await _content(session, row)
    keyed = list(zip(row_keys(str(row["account_id"]), content.rows), content.rows, strict=True))
    fresh = {key for key, _ in await without_known(session, keyed)}
    return BankFileView(
        line=_line(row),
        headings=list(content.headings),
        mapping=content.mapping,
        rows=[_row(one, key not in fresh) for key, one in keyed[:PREVIEWED]],
        row_count=len(keyed),
        known_count=len(keyed) - len(fresh),
        total_cents=sum(one.amount_cents for one in content.rows),
        withdrawals=content.withdrawals,
        other_accounts=content.other_accounts,
        faults=[BankFileFault(one.field, one.message) for one in content.faults],
    )


@door.answering(Permission.DEPOSITS_MANAGE, view, of="bank_accounts")
async def stage_bank_file(session: Session, account_id: UUID, name: str, text: str) -> UUID:
    """Keep a CSV or BAI2 file of an account as a draft. The same file again is answered with what was kept of it."""
    await account_in_use(session, account_id)
    body = text.encode("utf-8", "replace")
    if not text.strip() or len(body) > LARGEST_BYTES or "\0" in text:
        fault = FieldError("text", "bank_file.size", f"Send a text file of at most {LARGEST_BYTES >> 20} MB.")
        raise Invalid("bank_file.size", "This file cannot be read.", fault.message, fields=(fault,))
    digest = hashlib.sha256(body).digest()
    known: UUID | None = await session.value(
        "SELECT id FROM deposit_imports WHERE account_id = $1 AND sha256 = $2 AND status <> 'discarded' ORDER BY id DESC LIMIT 1",
        account_id,
        digest,
    )
    if known:
        return known
    bai2 = text.lstrip("\ufeff \r\n").startswith("01,")
    mapping = {} if bai2 else guessed(headings_of(text))
    made: UUID = await session.value(
        "INSERT INTO deposit_imports (tenant_id, account_id, name, format, sha256, body, mapping, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        session.tenant_id,
        account_id,
        "".join(c for c in name if c.isprintable())[:120] or "bank file",
        "bai2" if bai2 else "csv",
        digest,
        (await session.key()).seal(_BODY, body),
        json.dumps(mapping),
        session.actor.user_id,
    )
    return made


@door.query(Permission.DEPOSITS_VIEW)
async def list_bank_files(
    session: Session, *, cursor: str | None = None, limit: int = PAGE
) -> Page[BankFileLine]:
    """Bank files, newest first."""
    size = page_size(limit)
    rows = await session.fetch(
        f"{_LINES} AND ($1::uuid IS NULL OR i.id < $1) ORDER BY i.id DESC LIMIT {size + 1}",
        uuid_in(cursor) if cursor else None,
    )
    items = [_line(row) for row in rows[:size]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > size else None)


@door.query(Permission.DEPOSITS_VIEW, of="deposit_imports", phi=True)
async def get_bank_file(session: Session, import_id: UUID) -> BankFileView:
    """A file with its columns, its first rows, what is known of them already, and every fault."""
    return await view(session, import_id)


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposit_imports")
async def map_columns(session: Session, import_id: UUID, mapping: Mapping[str, int]) -> UUID:
    """Say which column (from 0) of a CSV file holds what."""
    row = await _draft(session, import_id)
    if row["format"] != "csv":
        raise Conflict("bank_file.format", "A BAI2 file has no columns to assign.", "Take it in as it is.")
    text = (await session.key()).open(_BODY, row["body"]).decode()
    columns = checked_mapping(mapping, len(headings_of(text)))
    await session.execute(
        "UPDATE deposit_imports SET mapping = $2 WHERE id = $1", import_id, json.dumps(columns)
    )
    return import_id


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposit_imports")
async def take_in_bank_file(session: Session, import_id: UUID) -> UUID:
    """Take in every deposit of the file that is not there yet, or none and the faults; then match by trace and amount."""
    await lock_deposits(session)
    row = await _draft(session, import_id)
    content = await _content(session, row)
    if content.faults:
        raise Invalid(
            "bank_file.invalid",
            f"{len(content.faults)} things in the file are not right; nothing was taken in.",
            content.faults[0].message,
            fields=tuple(content.faults),
        )
    added = await store_rows(session, row["account_id"], content.rows, import_id)
    await session.execute(
        "UPDATE deposit_imports SET status = 'taken', taken_at = now(), added = $2, known = $3 WHERE id = $1",
        import_id,
        len(added),
        len(content.rows) - len(added),
    )
    await match_by_trace(session)
    await watch_deposits(session)
    return import_id


@door.answering(Permission.DEPOSITS_MANAGE, view, of="deposit_imports")
async def discard_bank_file(session: Session, import_id: UUID) -> UUID:
    """Put a draft away; nothing of it was taken in."""
    await _draft(session, import_id)
    await session.execute("UPDATE deposit_imports SET status = 'discarded' WHERE id = $1", import_id)
    return import_id


async def _draft(session: Session, import_id: UUID) -> Any:
    row = await session.row(f"{_LINES} AND i.id = $1 FOR UPDATE OF i", import_id)
    if row["status"] != "draft":
        words = "taken in already" if row["status"] == "taken" else "put away"
        raise Conflict("bank_file.done", f"This file was {words}.", "Nothing more is needed.")
    return row


async def _content(session: Session, row: Any) -> Content:
    key = await session.key()
    text = key.open(_BODY, row["body"]).decode()
    content = Content()
    try:
        if row["format"] == "csv":
            content.headings = headings_of(text)
            content.mapping = json.loads(row["mapping"])
            _take_csv(content, read_csv(text, content.mapping))
        else:
            number = row["number_index"]
            hashed = {one.account: key.blind(NUMBER_INDEX, one.account) for one in read_bai2(text)}
            mine = next((account for account, index in hashed.items() if index == number), None)
            _take_bai2(content, read_bai2(text), mine if number else None, bool(number))
    except Invalid as refusal:
        content.faults += refusal.fields or (FieldError("file", refusal.code, refusal.title),)
    if not content.rows and not content.faults:
        content.faults.append(
            FieldError("file", "bank_file.none", "The file holds no deposit of this account.")
        )
    return content


def _take_csv(content: Content, read: CsvRead) -> None:
    content.rows, content.withdrawals = list(read.rows), read.withdrawals
    content.faults += read.faults


def _take_bai2(content: Content, statements: list[BankStatement], mine: str | None, known: bool) -> None:
    """Deposits of the account itself. An account without a number takes a file that tells of one account only."""
    if not known and len({one.account for one in statements}) > 1:
        words = "The file tells of several accounts. Enter this account's number under Accounts first."
        content.faults.append(FieldError("file", "bank_file.accounts", words))
        return
    rows, withdrawals, others = of_account(statements, (mine or "") if known else None)
    content.rows, content.withdrawals, content.other_accounts = rows, withdrawals, len(others)


def _row(row: BankRow, known: bool) -> BankFileRow:
    return BankFileRow(
        row.deposited_on,
        row.amount_cents,
        METHODS[row.method],
        row.trace,
        row.payer_name,
        row.description,
        known,
    )


def _line(row: Any) -> BankFileLine:
    return BankFileLine(
        row["id"],
        row["account_id"],
        row["account_name"],
        row["name"],
        row["format"],
        row["status"],
        row["added"],
        row["known"],
        row["created_at"],
    )
