"""What practices owe: payments put onto invoices, credit that is left over, and how old the open ones are.

Every fact is a list of rows: an amount on an invoice, or without one on the practice's credit. The sum of an invoice's
rows is what is open of it; the sum without an invoice is the credit, with its sign turned. Cents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

Tone = Literal["ok", "warn", "bad", "info", "neutral"]
BUCKETS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
_ENDS = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice with something open, oldest due first where there are several."""

    invoice_id: UUID
    due_on: date
    balance_cents: int


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
    paid_cents: int
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
    State.PARTLY_PAID: ("Partly paid", "warn", lambda one: one.balance_cents < one.total_cents),
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


def credited(cents: int, invoice: Open) -> list[Move]:
    """A credit note: off what is open of its invoice first; what was paid already becomes credit."""
    return put_onto(cents, [invoice])


def credit_used(credit_cents: int, invoices: Sequence[Open]) -> list[Move]:
    """Credit put onto open invoices, as far as it goes."""
    moves = [one for one in put_onto(credit_cents, invoices) if one.invoice_id]
    used = -sum(one.cents for one in moves)
    return [*moves, Move(None, used)] if used else []


def taken_back(
    payment: Sequence[Move], credit_cents: int, uses: Sequence[Move]
) -> tuple[list[Move], list[Move]]:
    """A payment reversed: its rows with the sign turned; and, where its credit was used meanwhile, as much of the latest
    uses taken back as the credit lacks. `uses` are rows on invoices, the latest first, each what is left of a use."""
    back = [Move(one.invoice_id, -one.cents) for one in payment]
    lacking = sum(one.cents for one in back if one.invoice_id is None) - credit_cents
    unused: list[Move] = []
    for use in uses:
        if (part := min(lacking, -use.cents)) > 0:
            unused += [Move(use.invoice_id, part), Move(None, -part)]
            lacking -= part
    if lacking > 0:
        raise ValueError("more credit was used than the uses tell")
    return back, together(unused)


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


def aged(invoices: Sequence[Open], today: date) -> list[int]:
    """What is open, by `BUCKETS`."""
    sums = [0] * len(BUCKETS)
    for one in invoices:
        sums[bucket_of(one.due_on, today)] += one.balance_cents
    return sums
