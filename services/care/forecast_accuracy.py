"""How right the forecast was on past months, beside the straight line."""

import json
from collections.abc import Mapping
from typing import Any

from database.session import Session
from domain.care.backtest_figures import Verdicts
from domain.care.forecast_model import FORMULA, STRAIGHT
from policies.permissions import Permission
from services import door
from services.care.forecast_views import Accuracy, AccuracyDay, ReliabilityLine, ToldBy

_NEWEST = """
SELECT made_at, formula, months, patients, better, figures FROM care_backtests
WHERE tenant_id = current_tenant() AND formula = $1 ORDER BY id DESC LIMIT 1
"""


@door.query(Permission.CARE_VIEW)
async def forecast_accuracy(session: Session) -> Accuracy:
    """What was measured last; without any finished months to measure on, that nothing was."""
    row = await session.row(_NEWEST, FORMULA)
    if row is None:
        return Accuracy(None, FORMULA, [], 0, "forecast", [], [])
    figures = json.loads(row["figures"])
    return Accuracy(
        row["made_at"],
        row["formula"],
        list(row["months"]),
        row["patients"],
        "forecast" if row["better"] else STRAIGHT,
        [_day(one) for one in figures["checkpoints"]],
        [_reliability(one) for one in figures["reliability"]],
        figures["more_found"],
        figures["noise"],
    )


def _day(one: Mapping[str, Any]) -> AccuracyDay:
    return AccuracyDay(
        one["day"],
        one["patients"],
        _told(Verdicts(**one["forecast"])),
        _told(Verdicts(**one["straight"])),
        one["found_alike"],
        one["within"],
        one["brier"],
        one["straight_brier"],
    )


def _told(one: Verdicts) -> ToldBy:
    return ToldBy(
        one.found + one.overlooked,
        one.found,
        one.recall,
        one.false_alarms + one.right,
        one.false_alarms,
        one.false_alarm_rate,
        one.wrong,
    )


def _reliability(one: Mapping[str, Any]) -> ReliabilityLine:
    count = one["patients"]
    return ReliabilityLine(one["low"], one["high"], count, one["expected"], one["reached"] / count)
