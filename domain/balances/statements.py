"""The cycle of statements: who gets one today, the how-manieth it is, and what a tenant may set."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from domain.refusals import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class StatementRules:
    """A tenant's settings. Cents and days; `small_balance_cents` is the most that may be written off without a manager."""

    minimum_cents: int = 500
    cycle_days: int = 30
    most_statements: int = 3
    small_balance_cents: int = 999
    due_days: int = 21


_BOUNDS = {
    "minimum_cents": (1, 1_000_000),
    "cycle_days": (1, 365),
    "most_statements": (1, 12),
    "small_balance_cents": (0, 100_000),
    "due_days": (1, 120),
}


def checked_rules(rules: StatementRules) -> StatementRules:
    """The settings within their bounds, or a refusal that names each that is not."""
    faults = tuple(
        FieldError(name, "setting.out_of_range", f"Use {low} to {high}.")
        for name, (low, high) in _BOUNDS.items()
        if not low <= getattr(rules, name) <= high
    )
    if faults:
        raise Invalid(
            "statement_rules.invalid", "These settings cannot be kept.", faults[0].message, fields=faults
        )
    return rules


def rules_from(stored: dict[str, int]) -> StatementRules:
    """The settings as stored; what is missing is as usual."""
    known = {one.name for one in fields(StatementRules)}
    return StatementRules(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, slots=True)
class Sent:
    """The statements since the patient last owed nothing: how many, and when the last one was made."""

    count: int = 0
    last_on: date | None = None


def number_of_next(balance_cents: int, sent: Sent, today: date, rules: StatementRules) -> int | None:
    """The number of the statement to make today; None when none is due.

    None below the minimum, within the cycle of the last one, or after the last that the tenant sends.
    """
    if balance_cents < rules.minimum_cents or sent.count >= rules.most_statements:
        return None
    if sent.last_on is not None and today < sent.last_on + timedelta(days=rules.cycle_days):
        return None
    return sent.count + 1
