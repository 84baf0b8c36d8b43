"""Levels of appeal and their windows: a table with effective dates, because payers and regulators change them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.calendar import later

MEDICARE, OTHER = "medicare", "other"
_SINCE = date(2013, 1, 1)


@dataclass(frozen=True, slots=True)
class Level:
    """One level: how many days there are to appeal, and how many the payer has to answer.

    `days` None: the payer's own appeal window (its record) counts. `kind` is medicare, other, or a payer's id.
    """

    id: str
    kind: str
    number: int
    label: str
    days: int | None
    answer_days: int
    effective_from: date = _SINCE
    own: bool = False
    sequence: int = 0
    active: bool = True


def _default(kind: str, number: int, label: str, days: int | None, answer_days: int) -> Level:
    return Level(f"default/{kind}/{number}", kind, number, label, days, answer_days)


# Medicare: 42 CFR 405 subpart I. Others differ by contract and state: the first window is the payer's own, the second
# and the external review are common figures. All are table values that a tenant sets where its payer says otherwise.
DEFAULTS: tuple[Level, ...] = (
    _default(MEDICARE, 1, "Redetermination", 120, 60),
    _default(MEDICARE, 2, "Reconsideration", 180, 60),
    _default(MEDICARE, 3, "Administrative law judge hearing", 60, 90),
    _default(MEDICARE, 4, "Medicare Appeals Council", 60, 90),
    _default(MEDICARE, 5, "Federal district court", 60, 365),
    _default(OTHER, 1, "First level", None, 60),
    _default(OTHER, 2, "Second level", 60, 60),
    _default(OTHER, 3, "External review", 120, 60),
)


def level_of(number: int, own: Sequence[Level], *, payer_id: str, medicare: bool, day: date) -> Level | None:
    """The level in force on `day`: the payer's own row, then the tenant's for its kind, then the default; None beyond
    the last one."""
    kind = MEDICARE if medicare else OTHER
    for rows, wanted in ((own, payer_id), (own, kind), (DEFAULTS, kind)):
        if found := _newest(rows, wanted, number, day):
            return found if found.active else None
    return None


def window_ends(decided_on: date, level: Level, appeal_days: int) -> date:
    """The last day to appeal against what was decided on a day; `appeal_days` is the payer's own window."""
    return later(decided_on, appeal_days if level.days is None else level.days)


def _newest(rows: Iterable[Level], kind: str, number: int, day: date) -> Level | None:
    begun = [one for one in rows if one.kind == kind and one.number == number and one.effective_from <= day]
    return max(begun, key=lambda one: (one.effective_from, one.sequence), default=None)
