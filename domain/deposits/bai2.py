"""Reads a BAI2 cash management file: every credit of every account, with the control totals of all three levels proven.

Records end with `/`; amounts are in cents without a point; 88 continues the record before it. Record and type codes
are those of the BAI Cash Management Balance Reporting Specifications, version 2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NoReturn

from domain.deposits.rows import LONGEST_TEXT, BankRow, with_trace
from domain.refusals import Invalid

CREDITS, DEBITS = range(100, 400), range(400, 700)
_EFT = frozenset({142, 143, 145, 147, 164, 165, 166, 168, 169, 191, 195, 206, 208})
_CHECK = frozenset({115, 116, 135, 171, 172, 173, 174, 175, 176, 177, 178, 301})


@dataclass(slots=True)
class BankStatement:
    """One account on one day: its number as in the file, its deposits, and how many withdrawals were left out."""

    account: str
    day: date
    rows: list[BankRow] = field(default_factory=list)
    withdrawals: int = 0


@dataclass(slots=True)
class _Level:
    """A running control total in cents and counts, of an account, a group or the file."""

    total: int = 0
    members: int = 0
    records: int = 0

    def close(self, inner: "_Level") -> None:
        self.total += inner.total
        self.members += 1
        self.records += inner.records


def read_bai2(text: str) -> list[BankStatement]:
    """Every account and day of the file, or `Invalid` that names the record which does not hold."""
    records = list(_records(text))
    if not records or records[0].code != "01":
        _refuse(1, "A BAI2 file begins with record 01.")
    return _Reading(records).statements


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with its continuations: the line it began at, its code and cells, how many lines it took."""

    line: int
    code: str
    cells: tuple[str, ...]
    lines: int
    text: str = ""


class _Reading:
    """Walks the records once. A trailer that is missing or does not agree refuses the whole file."""

    def __init__(self, records: list[_Record]) -> None:
        self.statements: list[BankStatement] = []
        self._file, self._group, self._account = _Level(), _Level(), _Level()
        self._day: date | None = None
        self._open: BankStatement | None = None
        self._ended = False
        steps = {
            "01": self._begin, "02": self._group_begins, "03": self._account_begins, "16": self._detail,
            "49": self._account_ends, "98": self._group_ends, "99": self._file_ends,
        }  # fmt: skip
        for record in records:
            if self._ended or record.code not in steps:
                _refuse(record.line, f"Record {record.code} has no place here.")
            steps[record.code](record)
        if not self._ended:
            _refuse(records[-1].line, "The file ends without its trailer (record 99): it was cut short.")

    def _begin(self, record: _Record) -> None:
        self._file.records += record.lines

    def _group_begins(self, record: _Record) -> None:
        if self._day is not None:
            _refuse(record.line, "A group begins before the last one has ended.")
        if record.cells[5:6] not in ((), ("",), ("USD",)):
            _refuse(record.line, "Only accounts in US dollars are read.")
        self._day = _day(record)
        self._group = _Level(records=record.lines)

    def _account_begins(self, record: _Record) -> None:
        if self._day is None or self._open is not None:
            _refuse(record.line, "An account begins outside a group, or before the last one has ended.")
        if record.cells[1:2] not in ((), ("",), ("USD",)):
            _refuse(record.line, "Only accounts in US dollars are read.")
        self._open = BankStatement(_cell(record, 0), self._day)
        self._account = _Level(total=sum(_summaries(record)), records=record.lines)

    def _detail(self, record: _Record) -> None:
        if self._open is None:
            _refuse(record.line, "A transaction stands outside an account.")
        cents = _cents(record, 1)
        self._account.total += cents
        self._account.records += record.lines
        kind = _number(record, 0)
        if kind in CREDITS and cents > 0:
            self._open.rows.append(_row(record, kind, cents, self._open.day))
        else:
            self._open.withdrawals += kind in DEBITS

    def _account_ends(self, record: _Record) -> None:
        if self._open is None:
            _refuse(record.line, "An account ends that never began.")
        self._account.records += record.lines
        _agree(record, self._account.total, (self._account.records, 1))
        self.statements.append(self._open)
        self._open = None
        self._group.close(self._account)

    def _group_ends(self, record: _Record) -> None:
        if self._day is None or self._open is not None:
            _refuse(record.line, "A group ends that never began, or before its account has ended.")
        self._group.records += record.lines
        _agree(record, self._group.total, (self._group.members, 1), (self._group.records, 2))
        self._day = None
        self._file.close(self._group)

    def _file_ends(self, record: _Record) -> None:
        if self._day is not None:
            _refuse(record.line, "The file ends before its group has ended.")
        self._file.records += record.lines
        _agree(record, self._file.total, (self._file.members, 1), (self._file.records, 2))
        self._ended = True


def _records(text: str) -> Iterator[_Record]:
    """Records with their continuations joined. In a transaction's text a comma or slash is text, not a mark."""
    held: list[tuple[int, str]] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("88,") and held:
            held.append((number, line[3:]))
            continue
        if held:
            yield _joined(held)
        held = [(number, line)]
    if held:
        yield _joined(held)


def _joined(held: list[tuple[int, str]]) -> _Record:
    """What is continued after the fixed cells of a transaction is its text; elsewhere it is more cells."""
    number, first = held[0]
    code = first[:2]
    cells: list[str] = []
    words: list[str] = []
    for position, (_, line) in enumerate(held):
        body = line[3:] if position == 0 else line
        if code == "16" and position > 0:
            words.append(body.rstrip("/"))
        else:
            cells += body.rstrip("/").split(",")
    if code == "16":
        fixed = 2 + _funds(cells)
        words.insert(0, ",".join(cells[fixed + 2 :]))
        cells = cells[: fixed + 2]
    return _Record(number, code, tuple(cell.strip() for cell in cells), len(held), " ".join(words).strip())


def _funds(cells: list[str]) -> int:
    """How many cells the funds type takes: S has three amounts after it, V a date and a time, D pairs of days and amounts."""
    kind = cells[2].strip() if len(cells) > 2 else ""
    if kind == "D" and len(cells) > 3 and cells[3].strip().isdigit():
        return 2 + 2 * int(cells[3])
    return {"S": 4, "V": 3}.get(kind, 1)


def _summaries(record: _Record) -> Iterator[int]:
    """Amounts of the summary and status quadruples of an account record: type, amount, item count, funds type."""
    position = 2
    while position < len(record.cells):
        if _cell(record, position + 1):
            yield _cents(record, position + 1)
        position += 3 + _funds(list(record.cells[position + 1 :]))


def _row(record: _Record, kind: int, cents: int, day: date) -> BankRow:
    at = 2 + _funds(list(record.cells))
    method = "eft" if kind in _EFT else "check" if kind in _CHECK else "other"
    customer = _cell(record, at + 1)
    row = BankRow(
        day,
        cents,
        method,
        trace=customer if method == "check" else "",
        bank_reference=_cell(record, at)[:LONGEST_TEXT],
        description=record.text[:LONGEST_TEXT],
    )
    found = with_trace(row)
    if found.trace or not customer:
        return found
    return BankRow(day, cents, method, customer[:LONGEST_TEXT], "", "", row.bank_reference, row.description)


def _agree(record: _Record, total: int, *counts: tuple[int, int]) -> None:
    """The control total and the counts of a trailer, each at its cell."""
    stated = _cents(record, 0)
    if stated != total:
        _refuse(
            record.line,
            f"Its control total is {stated / 100:.2f}, but the records come to {total / 100:.2f}.",
        )
    for counted, position in counts:
        if _number(record, position) != counted:
            _refuse(record.line, f"It counts {_cell(record, position)} where {counted} are there.")


def _day(record: _Record) -> date:
    try:
        return datetime.strptime(_cell(record, 3), "%y%m%d").date()  # noqa: DTZ007 - a calendar date has no zone
    except ValueError:
        _refuse(record.line, "The date of the group is none.")


def _cents(record: _Record, position: int) -> int:
    text = _cell(record, position) or "0"
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        _refuse(record.line, "An amount is not a number of cents.")
    return sign * int(digits)


def _number(record: _Record, position: int) -> int:
    text = _cell(record, position)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        _refuse(record.line, "A code or count is not a number.")
    return int(text)


def _cell(record: _Record, position: int) -> str:
    return record.cells[position] if position < len(record.cells) else ""


def _refuse(line: int, what: str) -> NoReturn:
    raise Invalid(
        "bank_file.unreadable",
        f"Line {line} of the bank file does not hold. {what}",
        "Nothing was taken in. Ask the bank for the file again.",
    )


def of_account(
    statements: Iterable[BankStatement], number: str | None
) -> tuple[list[BankRow], int, set[str]]:
    """Deposits and withdrawals of one account, and the other accounts' numbers. None: whichever it is, if it is one."""
    found = list(statements)
    others = {one.account for one in found if number is not None and one.account != number}
    mine = [one for one in found if one.account not in others]
    return [row for one in mine for row in one.rows], sum(one.withdrawals for one in mine), others
