"""What practices owe: payments put onto invoices, credit that is left over, and how old the open ones are.

Every fact is a list of rows: an amount on an invoice, or without one on the practice's credit. The sum of an invoice's
rows is what is open of it; the sum without an invoice is the credit, with its sign turned. Cents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

Tone = Literal["ok", "warn", "bad", "info", "neutral"]
BUCKETS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
_ENDS = (0, 30, 60, 90)
AGES = dict(zip(("not_due", "1-30", "31-60", "61-90", "over_90"), BUCKETS, strict=True))
"""The buckets by the names that addresses carry."""


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice with something open, oldest due first where there are several."""

    invoice_id: UUID
    due_on: date
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid of an invoice, by payments and by credit, less what credit notes moved to credit; and how much credit
    was used on it."""

    invoice_id: UUID
    paid_cents: int
    used_cents: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `cents` more (or less) open on an invoice; without an invoice less (or more) credit."""

    invoice_id: UUID | None
    cents: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an invoice when its state is asked for."""

    total_cents: int
    credited_cents: int
    balance_cents: int
    due_on: date
    today: date


class State(StrEnum):
    """How an invoice stands; told from its rows and the day, never stored."""

    CREDITED = "credited"
    PAID = "paid"
    OVERDUE = "overdue"
    PARTLY_PAID = "partly_paid"
    OPEN = "open"


# The first row that fits tells the state.
STATES: Mapping[State, tuple[str, Tone, Callable[[Standing], bool]]] = {
    State.CREDITED: ("Credited", "neutral", lambda one: 0 < one.total_cents <= one.credited_cents),
    State.PAID: ("Paid", "ok", lambda one: one.balance_cents == 0),
    State.OVERDUE: ("Overdue", "bad", lambda one: one.today > one.due_on),
    State.PARTLY_PAID: (
        "Partly paid",
        "warn",
        lambda one: one.balance_cents < one.total_cents - one.credited_cents,
    ),
    State.OPEN: ("Open", "info", lambda one: True),
}


def state_of(standing: Standing) -> State:
    """The state of an invoice."""
    return next(state for state, (_, _, fits) in STATES.items() if fits(standing))


def put_onto(cents: int, invoices: Sequence[Open]) -> list[Move]:
    """Money or credit onto open invoices in the order given; what is left over becomes credit."""
    moves, left = [], cents
    for one in invoices:
        if (part := min(left, one.balance_cents)) > 0:
            moves.append(Move(one.invoice_id, -part))
            left -= part
    return [*moves, Move(None, -left)] if left else moves


def credited(cents: int, invoice: Open) -> tuple[list[Move], list[Move]]:
    """A credit note: all of it off its invoice; and what was paid of that already, moved to the practice's credit."""
    surplus = max(0, cents - invoice.balance_cents)
    return [Move(invoice.invoice_id, -cents)], _to_credit(invoice.invoice_id, surplus)


def credit_used(credit_cents: int, invoices: Sequence[Open]) -> list[Move]:
    """Credit put onto open invoices, as far as it goes."""
    moves = [one for one in put_onto(credit_cents, invoices) if one.invoice_id]
    used = -sum(one.cents for one in moves)
    return [*moves, Move(None, used)] if used else []


@dataclass(frozen=True, slots=True)
class Reversal:
    """The rows of a payment taken back: its own with the sign turned; money that credit notes had moved to credit and
    that goes back to its invoices; and uses of credit that are taken back where the credit is no longer there."""

    back: list[Move]
    from_credit: list[Move]
    unused: list[Move]


def taken_back(payment: Sequence[Move], credit_cents: int, invoices: Sequence[Paid]) -> Reversal:
    """A payment reversed. `invoices` are those of its practice, those first on which credit was used last. No invoice
    gets more open than was not credited, and no credit is left that nobody paid."""
    back = [Move(one.invoice_id, -one.cents) for one in payment]
    paid = {one.invoice_id: one.paid_cents for one in invoices}
    from_credit: list[Move] = []
    for one in back:
        if one.invoice_id is not None:
            rest = paid[one.invoice_id] - one.cents
            from_credit += _to_credit(one.invoice_id, min(0, rest))
            paid[one.invoice_id] = max(0, rest)
    lacking = sum(one.cents for one in (*back, *from_credit) if one.invoice_id is None) - credit_cents
    unused: list[Move] = []
    for use in invoices:
        if (part := min(lacking, use.used_cents, paid[use.invoice_id])) > 0:
            unused += [Move(use.invoice_id, part), Move(None, -part)]
            lacking -= part
    if lacking > 0:
        raise ValueError("more credit was used than the uses tell")
    return Reversal(back, from_credit, together(unused))


def _to_credit(invoice_id: UUID, cents: int) -> list[Move]:
    return [Move(invoice_id, cents), Move(None, -cents)] if cents else []


def together(moves: Sequence[Move]) -> list[Move]:
    """One row an invoice, and none that says nothing."""
    sums: dict[UUID | None, int] = {}
    for one in moves:
        sums[one.invoice_id] = sums.get(one.invoice_id, 0) + one.cents
    return [Move(invoice, cents) for invoice, cents in sums.items() if cents]


def bucket_of(due_on: date, today: date) -> int:
    """The place in `BUCKETS`: days past the day by which it was to be paid."""
    late = (today - due_on).days
    return next((place for place, end in enumerate(_ENDS) if late <= end), len(_ENDS))


def due_between(age: str, today: date) -> tuple[date, date]:
    """The first and the last day on which an invoice was due that is now in a bucket of `AGES`."""
    place = list(AGES).index(age)
    first = today - timedelta(days=_ENDS[place]) if place < len(_ENDS) else date.min
    return first, today - timedelta(days=_ENDS[place - 1] + 1) if place else date.max


def aged(invoices: Sequence[Open], today: date) -> list[int]:
    """What is open, by `BUCKETS`."""
    sums = [0] * len(BUCKETS)
    for one in invoices:
        sums[bucket_of(one.due_on, today)] += one.balance_cents
    return sums
