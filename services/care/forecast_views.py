"""What the forecast shows: a patient's month, a coordinator's, and how right the forecast was."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChanceOf:
    """A threshold in seconds and the chance (0 to 1) of reaching it."""

    seconds: int
    chance: float


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """Where one patient's month is heading (PHI). Seconds; four months in five end from `low` to `high`.

    `gap_seconds` is what the first code lacks now, 0 once it is reached; `suggested` one of call, hand_over, nothing.
    """

    id: UUID
    patient_id: UUID
    patient_name: str
    account_number: str
    client_id: UUID
    client_name: str
    programme: str
    coordinator_id: UUID | None
    coordinator_name: str
    day: date
    month: date
    seconds: int
    projected_seconds: int
    low_seconds: int
    high_seconds: int
    gap_seconds: int
    chance: float
    chances: list[ChanceOf]
    suggested: str
    suggested_label: str
    reasons: list[str]
    reason_words: str
    days_left: int
    formula: str


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A finished month: patients, and how many of them reached their first code."""

    month: date
    patients: int
    reached: int


@dataclass(frozen=True, slots=True)
class CoordinatorForecast:
    """A coordinator's month: patients by minutes, how many have reached their first code, how many are expected to.

    `gap_seconds` is what those not likely to get there lack; `left_seconds` the working time left, None for whoever is
    no employee. `rolling` is the share of patient-months of the last three finished months that reached; None without any.
    """

    coordinator_id: UUID | None
    name: str
    patients: int
    reached: int
    expected: float
    at_risk: int
    seconds: int
    projected_seconds: int
    gap_seconds: int
    left_seconds: int | None
    rolling: float | None
    months: list[MonthShare] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """What was forecast of a patient on a day of this month."""

    day: date
    seconds: int
    projected_seconds: int
    chance: float


@dataclass(frozen=True, slots=True)
class PatientForecast:
    """One patient's forecast with how it came to be: this month day by day, and the finished months (PHI)."""

    line: ForecastLine | None
    days: list[ForecastDay]
    months: list[MonthShare]


@dataclass(frozen=True, slots=True)
class ToldBy:
    """How the forecast, or the straight line, told past months apart. Rates are None where there was nothing to rate."""

    misses: int
    found: int
    recall: float | None
    reached: int
    false_alarms: int
    false_alarm_rate: float | None
    wrong: int


@dataclass(frozen=True, slots=True)
class AccuracyDay:
    """Measured after a day of the month. `found_alike` misses are found by the forecast when it may raise as many false
    alarms as the straight line; `within` of `patients` ended inside the interval; `brier` 0 is the best."""

    day: int
    patients: int
    forecast: ToldBy
    straight: ToldBy
    found_alike: int
    within: int
    brier: float
    straight_brier: float


@dataclass(frozen=True, slots=True)
class ReliabilityLine:
    """Forecasts with a chance from `low` up to `high`: the mean chance told, and the share that reached."""

    low: float
    high: float
    forecasts: int
    told: float
    reached: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How right the forecast was on past months. `in_use` is forecast or straight; `months` is empty before there was
    a month to measure on. `more_found` is the share of true misses that the forecast finds beyond the straight line with
    as many false alarms (negative: fewer), `noise` what two equal ways of telling may differ by."""

    made_at: datetime | None
    formula: str
    months: list[date]
    patients: int
    in_use: str
    days: list[AccuracyDay]
    reliability: list[ReliabilityLine]
    more_found: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class ForecastState:
    """The newest whole forecast: its day, how many patients it holds, and when it was made; None before the first. `late`:
    a morning has gone by without one."""

    day: date | None
    patients: int
    made_at: datetime | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class HandOverChoice:
    """Somebody who could take patients over; `left_seconds` of working time this month, None for no employee."""

    user_id: UUID
    name: str
    patients: int
    left_seconds: int | None
