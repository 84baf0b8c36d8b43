"""The daily forecast as a process, and when a month at risk becomes work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.process_model import Process, Step

RISK_TABLE = "care_risk"
RISK_DEFAULT: Mapping[str, Any] = {"from_day": 10, "below_percent": 50, "safe_percent": 65, "priority": 2}
"""From which day of the month a patient becomes work, below which chance (an even one: what pages call not likely), and
from which chance on no longer."""

PROCESS = Process(
    "forecast",
    "Forecast of care",
    "tenant",
    (
        Step("looking", "Looking at what is known", "machine", ("begin_forecast",)),
        Step("gathering", "Counting finished months", "machine", ("gather_paces",)),
        Step("measuring", "Measuring the forecast on them", "machine", ("measure_forecast",)),
        Step("scoring", "Forecasting each patient", "machine", ("score_portion",)),
        Step("asking", "Asking about months at risk", "machine", ("ask_about_risks",)),
        Step("done", "Forecast", "machine"),
    ),
    (
        ("looking", "gathering"),
        ("gathering", "measuring"),
        ("looking", "scoring"),
        ("measuring", "scoring"),
        ("scoring", "asking"),
        ("asking", "done"),
    ),
    ends=frozenset({"done"}),
    words={("looking", "scoring"): "nothing new to learn"},
)


@dataclass(frozen=True, slots=True)
class RiskRule:
    """When a patient's month becomes work: from a day of the month on and below a chance (0 to 1), while it lacks anything.
    It is none any more from `safe` on; between the two chances what is open stays open."""

    from_day: int
    below: float
    safe: float
    priority: int


def rule_from(value: Mapping[str, Any]) -> RiskRule:
    """A table's answer as a rule; what is missing or no number keeps its default, and safe is never below the other."""
    found = {name: _number(value.get(name), default) for name, default in RISK_DEFAULT.items()}
    below = min(max(found["below_percent"], 0.0), 100.0) / 100
    safe = min(max(found["safe_percent"] / 100, below), 1.0)
    return RiskRule(int(found["from_day"]), below, safe, min(max(int(found["priority"]), 1), 5))


def _number(value: Any, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float(default)
    try:
        return float(value)
    except ValueError:
        return float(default)
