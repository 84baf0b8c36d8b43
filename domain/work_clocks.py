"""The two clocks of a work item, not started and not completed: which rule holds, and which stages are reached when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.business_time import ALWAYS, BusinessCalendar
from domain.work_kinds import KINDS, Kind

WARN_SHARE = 0.75
# Without a rule: begun by half of the kind's time, and the manager told a day after the end of it.
STARTED_BY = 0.5
ESCALATE_AFTER = timedelta(days=1)


class Stage(StrEnum):
    """What becomes of an item whose clocks run out, in this order. Values are stored: never rename one."""

    START_WARNING = "start_warning"
    START_BREACH = "start_breach"
    DUE_WARNING = "due_warning"
    DUE_BREACH = "due_breach"
    ESCALATION = "escalation"


WORDS: dict[Stage, str] = {
    Stage.START_WARNING: "is to be started soon",
    Stage.START_BREACH: "was not started in time",
    Stage.DUE_WARNING: "is due soon",
    Stage.DUE_BREACH: "is past due",
    Stage.ESCALATION: "is past due for long",
}
BREACHES = frozenset((Stage.START_BREACH, Stage.DUE_BREACH))


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A row of the rules: `kind` empty, `client_id` None and `priority` 0 mean any. Seconds of open time.

    With `ends` the row takes its scope back: from its day on, less specific rows count.
    """

    id: UUID
    kind: str
    client_id: UUID | None
    priority: int
    start_seconds: int | None
    due_seconds: int
    warn_percent: int
    escalate_seconds: int
    calendar_id: UUID | None
    ends: bool
    effective_from: date

    @property
    def scope(self) -> tuple[str, UUID | None, int]:
        """What it is for."""
        return self.kind, self.client_id, self.priority

    def fits(self, kind: str, client_id: UUID | None, priority: int) -> bool:
        """Whether an item of that kind, client and priority is in its scope."""
        return (
            self.kind in ("", kind) and self.client_id in (None, client_id) and self.priority in (0, priority)
        )


@dataclass(frozen=True, slots=True)
class Durations:
    """What holds for an item: open seconds in a calendar, and the share of them after which it is at risk. `source` names the rule or table row; empty: the kind's own."""

    start_seconds: int | None
    due_seconds: int
    warn_share: float = WARN_SHARE
    escalate_seconds: int = int(ESCALATE_AFTER.total_seconds())
    calendar: BusinessCalendar = ALWAYS
    source: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The moments (aware) of one item."""

    start_by: datetime | None
    due_at: datetime
    start_warn_at: datetime | None
    due_warn_at: datetime
    escalate_at: datetime
    source: str = ""

    def stages(self) -> list[tuple[Stage, datetime, datetime]]:
        """Each stage with the moment at which it is reached and the moment that its clock runs towards, by time."""
        found = [
            (Stage.DUE_WARNING, self.due_warn_at, self.due_at),
            (Stage.DUE_BREACH, self.due_at, self.due_at),
            (Stage.ESCALATION, self.escalate_at, self.due_at),
        ]
        if self.start_by and self.start_warn_at:
            found.append((Stage.START_WARNING, self.start_warn_at, self.start_by))
            found.append((Stage.START_BREACH, self.start_by, self.start_by))
        return sorted(found, key=lambda one: (one[1], list(Stage).index(one[0])))

    def reached(self, now: datetime, *, started: bool) -> list[tuple[Stage, datetime]]:
        """The stages reached by `now` with the moments of their clocks. What is begun has no clock for its beginning."""
        return [
            (stage, clock_at)
            for stage, at, clock_at in self.stages()
            if at <= now and not (started and stage in (Stage.START_WARNING, Stage.START_BREACH))
        ]

    def next_alarm(self, after: datetime) -> datetime | None:
        """The first moment of a stage later than `after`; None when all are past."""
        return next((at for _, at, _ in self.stages() if at > after), None)


def in_force(rules: Iterable[ClockRule], on: date) -> list[ClockRule]:
    """The rules that hold on a day: of each scope the latest that has begun, where it does not end it.

    Of two from the same day the later one in `rules` counts.
    """
    latest: dict[tuple[str, UUID | None, int], ClockRule] = {}
    for rule in rules:
        known = latest.get(rule.scope)
        if rule.effective_from <= on and (known is None or known.effective_from <= rule.effective_from):
            latest[rule.scope] = rule
    return [rule for rule in latest.values() if not rule.ends]


def most_specific(
    rules: Iterable[ClockRule], kind: str, client_id: UUID | None, priority: int
) -> ClockRule | None:
    """The rule with the most conditions that fits; of as many, a client's stands before a kind's before a priority's."""
    fitting = [rule for rule in rules if rule.fits(kind, client_id, priority)]
    return max(fitting, key=_weight, default=None)


def _weight(rule: ClockRule) -> tuple[int, bool, bool]:
    client, kind = rule.client_id is not None, rule.kind != ""
    return client + kind + (rule.priority != 0), client, kind


def own(kind: Kind) -> Durations:
    """What a kind itself says, by day and night."""
    seconds = int(KINDS[kind].due_within.total_seconds())
    return Durations(int(seconds * STARTED_BY), seconds)


GIVEN = "given"
"""Where a due date comes from that its opener or a person set: changed rules leave it alone."""


def clock(durations: Durations, opened_at: datetime, due_at: datetime | None = None) -> Clock:
    """The moments of an item opened then (aware). A due date that its opener or a person set stays as it is."""
    open_time = durations.calendar.add
    if due_at is None:
        due = open_time(opened_at, durations.due_seconds)
        warn = open_time(opened_at, round(durations.due_seconds * durations.warn_share))
    else:
        due = due_at
        warn = opened_at + (due - opened_at) * (durations.warn_share) if due > opened_at else due
    start_by = start_warn = None
    if durations.start_seconds:
        start_by = min(open_time(opened_at, durations.start_seconds), due)
        warned_after = round(durations.start_seconds * durations.warn_share)
        start_warn = min(open_time(opened_at, warned_after), start_by)
    source = f"{GIVEN} {durations.source}".strip() if due_at else durations.source
    return Clock(start_by, due, start_warn, warn, open_time(due, durations.escalate_seconds), source)
