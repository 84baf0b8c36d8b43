"""A circuit breaker for a trading partner: after failures in a row nobody calls until a growing delay has passed.

A refusal opens it at once and for good: trying again changes nothing and may lock the account, so a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
FAILURES_TO_OPEN = 5
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
# Longer than any single conversation: a prober that died must not keep the partner closed off.
PROBE_LASTS = timedelta(minutes=10)
REFUSED = frozenset(
    {
        "credentials_refused",
        "host_key_changed",
        "host_key_unreadable",
        "key_unreadable",
        "host_forbidden",
        "certificate_refused",
    }
)
# What concerns one file says nothing about the partner.
ABOUT_ONE_FILE = frozenset({"name_taken", "name_unusable", "too_large", "not_there", "not_permitted"})

LABELS: Mapping[str, tuple[str, str]] = {
    CLOSED: ("Works", "ok"),
    OPEN: ("Paused", "bad"),
    HALF_OPEN: ("Trying again", "warn"),
}


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a partner. `retry_at` None while open: only a person lets it be tried again."""

    state: str = CLOSED
    failures: int = 0
    openings: int = 0
    code: str = ""
    retry_at: datetime | None = None


def may_call(circuit: Circuit, now: datetime) -> bool:
    """Whether the partner may be called now. When the delay has passed, one caller may: see `probing`."""
    return circuit.state == CLOSED or (circuit.retry_at is not None and now >= circuit.retry_at)


def probing(circuit: Circuit, now: datetime) -> Circuit:
    """The circuit while one caller tries; others wait, in case it never comes back, for `PROBE_LASTS`."""
    return replace(circuit, state=HALF_OPEN, retry_at=now + PROBE_LASTS)


def failed(circuit: Circuit, code: str, now: datetime) -> Circuit:
    """The circuit after a failure of this code."""
    if code in ABOUT_ONE_FILE:
        return circuit
    failures = circuit.failures + 1
    if code in REFUSED:
        return Circuit(OPEN, failures, circuit.openings + 1, code, None)
    if circuit.state == CLOSED and failures < FAILURES_TO_OPEN:
        return replace(circuit, failures=failures, code=code)
    return Circuit(OPEN, failures, circuit.openings + 1, code, now + delay(circuit.openings))


def delay(openings: int) -> timedelta:
    """How long it stays open when it has opened that often before in this row: doubled each time, at most an hour."""
    return min(FIRST_DELAY * 2 ** min(openings, 10), LONGEST_DELAY)


def worked() -> Circuit:
    """The circuit after a success."""
    return Circuit()
