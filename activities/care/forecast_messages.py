"""What the daily forecast says to its activities: ids, days and times."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ForecastInput:
    """Starts `CareForecast` for one day of a tenant; with `anew` every finished month is counted again."""

    tenant_id: UUID
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ForecastTask:
    """One run; `now` is the workflow's own time."""

    tenant_id: UUID
    now: datetime
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ForecastPlan:
    """What a run has to do. `day` is the tenant's; `months` are finished ones to be counted, the oldest first."""

    day: date
    months: tuple[date, ...]
    measure: bool


@dataclass(frozen=True, slots=True)
class PortionTask:
    """The next enrolments after `cursor`: those of a finished `month`, or of the running one on `day`."""

    tenant_id: UUID
    now: datetime
    day: date
    month: date | None = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """How many were done, and where to go on; None: all are done."""

    done: int
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How many items of work were opened and closed."""

    opened: int
    closed: int
