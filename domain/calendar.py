"""Deadlines counted in calendar dates: timely filing and the day to act before it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

# Days before the filing limit on which a claim still unsent must raise an alarm.
ALARM_DAYS = 15


class FilingRule(Protocol):
    """What of a payer decides its filing limit."""

    @property
    def medicare(self) -> bool: ...

    @property
    def timely_filing_days(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FilingTerms:
    """The filing rule of a payer, alone."""

    medicare: bool
    timely_filing_days: int


def filing_limit(service_date: date, payer: FilingRule) -> date:
    """The last day on which the payer may receive a claim for `service_date`.

    Medicare: one calendar year, 29 February ending on 28 February (42 CFR 424.44). Others: the payer's days.
    """
    if not payer.medicare:
        return later(service_date, payer.timely_filing_days)
    if service_date.year == date.max.year:
        return date.max
    if (service_date.month, service_date.day) == (2, 29):
        return date(service_date.year + 1, 2, 28)
    return service_date.replace(year=service_date.year + 1)


def filing_alarm(service_date: date, payer: FilingRule) -> date:
    """The day from which an unsent claim is at risk: ALARM_DAYS before the limit."""
    return later(filing_limit(service_date, payer), -ALARM_DAYS)


def later(day: date, days: int) -> date:
    """`day` plus `days`, stopped at the ends of the calendar: an absurd date is a finding, not a crash."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return day + timedelta(days=ordinal - day.toordinal())
