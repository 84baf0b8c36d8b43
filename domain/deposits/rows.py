"""One deposit as a bank tells of it, and the key by which the same one is taken once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

METHODS = {"eft": "EFT", "check": "Check", "card": "Card", "cash": "Cash", "other": "Other"}
LARGEST_CENTS = 99_999_999_999
LONGEST_TEXT = 200
# Re-association trace number as it travels in the addenda of an ACH payment (CCD+): TRN*1*trace*payer.
_TRN = re.compile(r"TRN\s*\*\s*1\s*\*\s*([^*~\\/\s]{1,50})\s*(?:\*\s*([0-9A-Za-z]{10}))?")


@dataclass(frozen=True, slots=True)
class BankRow:
    """Money that came in, in cents. `trace` is TRN02 of an EFT or the number of a check; texts are as the bank wrote."""

    deposited_on: date
    amount_cents: int
    method: str = "other"
    trace: str = ""
    payer_name: str = ""
    payer_identifier: str = ""
    bank_reference: str = ""
    description: str = ""


def trace_key(trace: str) -> str:
    """A trace number for comparison: banks change case and drop leading zeros and punctuation."""
    return re.sub(r"[^A-Z0-9]", "", trace.upper()).lstrip("0")


def with_trace(row: BankRow) -> BankRow:
    """The row with the trace number and the payer that its description carries, where the bank has no field for them."""
    found = _TRN.search(row.description)
    if found is None or row.trace:
        return row
    return BankRow(
        row.deposited_on,
        row.amount_cents,
        "eft",
        found[1],
        row.payer_name,
        row.payer_identifier or found[2] or "",
        row.bank_reference,
        row.description,
    )


def row_keys(account: str, rows: Iterable[BankRow]) -> Iterator[str]:
    """A key for each row: what it says, and the how-manieth of those that say the same.

    So a file taken in twice adds nothing, overlapping files add what is new, and two equal deposits stay two.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        says = base_key(account, row)
        seen[says] += 1
        yield f"{says}|{seen[says]}"


def base_key(account: str, row: BankRow) -> str:
    """What identifies a deposit within an account: day, amount and trace. The bank's own reference is
    another in every format of its files, and a person who enters a deposit does not know it."""
    return f"{account}|{row.deposited_on.isoformat()}|{row.amount_cents}|{trace_key(row.trace)}"
