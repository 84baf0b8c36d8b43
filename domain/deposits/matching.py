"""Which remittance a deposit pays: by trace and amount without a doubt, else as a suggestion for a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from domain.deposits.rows import trace_key

K = TypeVar("K")
# An EFT settles a few days around the effective date (BPR16); a check is deposited later.
WINDOW_DAYS = {"eft": 7, "check": 30}
USUAL_WINDOW = 14
_NOISE = frozenset(
    {"THE", "OF", "AND", "INC", "LLC", "CO", "CORP", "HEALTH", "PLAN", "INSURANCE", "HCCLAIMPMT"}
)


@dataclass(frozen=True)
class Money(Generic[K]):
    """One side as matching sees it: a deposit or a remittance. `on` is the deposit's day or BPR16; cents."""

    key: K
    trace: str
    cents: int
    on: date | None
    payer_name: str = ""
    payer_identifier: str = ""
    method: str = ""


@dataclass(frozen=True)
class Suggestion(Generic[K]):
    """A remittance that a deposit may pay, why, and how sure that is from 0 to 100."""

    key: K
    score: int
    reasons: tuple[str, ...]


def exact(deposits: Iterable[Money[K]], remittances: Iterable[Money[K]]) -> list[tuple[K, K]]:
    """Pairs with the same trace and the same amount to the cent. What is not unique on both sides is left to a person."""
    left, right = _by_mark(deposits), _by_mark(remittances)
    return [
        (mine[0].key, right[mark][0].key)
        for mark, mine in left.items()
        if len(mine) == 1 and len(right.get(mark, ())) == 1
    ]


def suggestions(deposit: Money[K], remittances: Iterable[Money[K]], *, most: int = 10) -> list[Suggestion[K]]:
    """Remittances for the open amount of a deposit, likeliest first.

    Amount, payer and a date within the window together; the same trace with another amount is told as well.
    """
    found = [one for remittance in remittances if (one := _judged(deposit, remittance))]
    return sorted(found, key=lambda one: -one.score)[:most]


def _by_mark(side: Iterable[Money[K]]) -> dict[tuple[str, int], list[Money[K]]]:
    marked: dict[tuple[str, int], list[Money[K]]] = {}
    for one in side:
        if mark := trace_key(one.trace):
            marked.setdefault((mark, one.cents), []).append(one)
    return marked


def _judged(deposit: Money[K], remittance: Money[K]) -> Suggestion[K] | None:
    """None when neither the trace nor the amount speaks for it, or when time or payer speak against it."""
    same_trace = bool(trace_key(deposit.trace)) and trace_key(deposit.trace) == trace_key(remittance.trace)
    same_amount = deposit.cents == remittance.cents
    days = None if not (deposit.on and remittance.on) else abs((deposit.on - remittance.on).days)
    near = days is not None and days <= WINDOW_DAYS.get(deposit.method, USUAL_WINDOW)
    payer = _same_payer(deposit, remittance)
    if not same_trace and not (same_amount and (near or payer)):
        return None
    told = {
        "The trace number is the same": (same_trace, 50),
        "The amount is the same": (same_amount, 30),
        "The payer is the same": (payer, 15),
        f"{days} days apart" if days else "On the same day": (near, 5),
    }
    score = sum(points for true, points in told.values() if true)
    return Suggestion(remittance.key, score, tuple(reason for reason, (true, _) in told.items() if true))


def _same_payer(deposit: Money[K], remittance: Money[K]) -> bool:
    ours, theirs = deposit.payer_identifier.strip(), remittance.payer_identifier.strip()
    if ours and ours == theirs:
        return True
    mine, named = _words(deposit.payer_name), _words(remittance.payer_name)
    return bool(mine & named)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[A-Z0-9]{3,}", name.upper()) if word not in _NOISE}


def state_of(cents: int, matched_cents: int, matches: int) -> str:
    """Whether a deposit is matched: to the cent, in part, or not at all."""
    if not matches:
        return "unmatched"
    return "matched" if matched_cents == cents else "partial"
