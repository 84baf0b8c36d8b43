"""A deposit day of one bank account: three sums that must be one, and what is missing when they are not."""

from dataclasses import dataclass
from datetime import date

from domain.refusals import Conflict, FieldError

DAYS_WITHOUT_MONEY = 10  # after BPR16, until a remittance without a deposit is somebody's work
DAYS_WITHOUT_REMITTANCE = 5  # after the deposit, until a deposit without a remittance is
SHORTEST_WAIT, LONGEST_WAIT = 0, 120


@dataclass(frozen=True, slots=True)
class DaySums:
    """Cents. `cash` are the day's deposits, `remitted` is ΣBPR02 of the remittances they are matched to and the
    patients' payments among them, `ledger` what stands on the cash account for those. The counts say what is missing."""

    cash_cents: int
    remitted_cents: int
    ledger_cents: int
    deposits: int
    unmatched: int = 0
    unmatched_cents: int = 0
    partial: int = 0
    quarantined: int = 0
    quarantined_cents: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the three sums are one, to the cent, and every deposit is matched."""
        return (
            self.cash_cents == self.remitted_cents == self.ledger_cents
            and not self.unmatched
            and not self.partial
        )


def missing(sums: DaySums) -> tuple[str, ...]:
    """What keeps the day from closing, each with its cents."""
    told = []
    if sums.unmatched:
        told.append(
            f"{_count(sums.unmatched, 'deposit')} of {_dollars(sums.unmatched_cents)} without a remittance"
        )
    if sums.partial:
        told.append(f"{_count(sums.partial, 'deposit')} matched in part")
    if sums.quarantined:
        told.append(
            f"{_count(sums.quarantined, 'remittance')} of {_dollars(sums.quarantined_cents)} in quarantine, posted nowhere"
        )
    if sums.cash_cents != sums.remitted_cents:
        told.append(f"deposits and remittances differ by {_dollars(sums.cash_cents - sums.remitted_cents)}")
    if sums.remitted_cents != sums.ledger_cents:
        told.append(f"remittances and ledger differ by {_dollars(sums.remitted_cents - sums.ledger_cents)}")
    return tuple(told)


def refuse_to_close(sums: DaySums, day: date, today: date) -> None:
    """Raise Conflict with the three sums and what is missing, unless the day may close."""
    if day > today:
        raise Conflict("deposit_day.ahead", "This day is still ahead.", "Close it when it is over.")
    if not sums.deposits:
        raise Conflict("deposit_day.empty", "There is no deposit on this day.", "There is nothing to close.")
    if sums.agrees:
        return
    three = (
        f"Deposits {_dollars(sums.cash_cents)}, remittances (BPR02) and patients' payments"
        f" {_dollars(sums.remitted_cents)}, ledger {_dollars(sums.ledger_cents)}."
    )
    told = missing(sums)
    faults = tuple(
        FieldError("day", "deposit_day.missing", words[0].upper() + words[1:] + ".") for words in told
    )
    raise Conflict(
        "deposit_day.differs",
        f"The three sums are not one. {three}",
        f"Missing: {'; '.join(told)}.",
        fields=faults,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _dollars(cents: int) -> str:
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
