"""The charts of the manager's view: each title states what is to be seen."""

from services.care.team_views import CoordinatorLine, DayMinutes, TeamMonth
from ui.care.words import clock
from ui.parts import table
from ui.parts.charts import bars, chart, point
from ui.parts.markup import Markup, a
from ui.parts.table import Column
from ui.parts.times import day, day_words

MOST_BARS = 40
_TONES = {"over": "--bad-bar", "under": "--warn-bar", "fitting": "--ok-bar"}


def coordinators_chart(found: TeamMonth, behind: Markup) -> Markup:
    """Who carries how much of their working time; by hours counted where no working time is known."""
    shown = [one for one in found.coordinators if one.patients or one.counted_seconds][:MOST_BARS]
    href = f"/care/team/entries?month={found.month:%Y-%m}"
    known = any(one.share is not None for one in shown)
    values = [
        point(_height(one, known=known), f"{href}&staff={one.user_id}", _TONES.get(one.load, "--line-strong"))
        for one in shown
    ]
    unit = "per cent of working time, spent and missing" if known else "counted hours"
    options = bars([one.name for one in shown], values)
    return chart(_extended(found), options, behind, height=40 + 21 * len(shown), unit=unit, shown=True)


def _height(one: CoordinatorLine, *, known: bool) -> float:
    return round((one.share or 0) * 100) if known else round(one.counted_seconds / 3600, 1)


def _extended(found: TeamMonth) -> str:
    over = sum(one.load == "over" for one in found.coordinators)
    under = sum(one.load == "under" for one in found.coordinators)
    carrying = sum(one.patients > 0 for one in found.coordinators)
    if not over and not under:
        return f"None of {carrying} coordinators carries too much or too little"
    parts = [
        f"{count} {words}" for count, words in ((over, "over-extended"), (under, "under-extended")) if count
    ]
    return f"Of {carrying} coordinators {' and '.join(parts)}"


def days_chart(found: TeamMonth, month: str) -> Markup:
    """Counted hours day by day."""
    href = f"/care/team/entries?month={month}&day="
    values = [point(round(one.seconds / 3600, 1), f"{href}{one.day.isoformat()}") for one in found.days]
    options = bars([str(one.day.day) for one in found.days], values, upright=True)
    columns = [
        Column[DayMinutes]("Day", lambda one: a(day(one.day), href=f"{href}{one.day.isoformat()}"), "wide"),
        Column[DayMinutes]("Counted", lambda one: clock(one.seconds), "right tight"),
    ]
    behind = table.rows(
        columns, [one for one in found.days if one.seconds], key=lambda one: one.day, label="Days"
    )
    return chart(_busiest(found), options, behind, unit="counted hours")


def _busiest(found: TeamMonth) -> str:
    if not found.counted_seconds:
        return "Nothing was counted in this month yet"
    top = max(found.days, key=lambda one: one.seconds)
    return f"{found.counted_seconds / 3600:,.0f} hours, the most on {day_words(top.day)}: {top.seconds / 3600:,.1f}"


def teams_chart(found: TeamMonth, behind: Markup, month: str) -> Markup:
    """Counted hours by team."""
    href = f"/care/team/entries?month={month}"
    values = [
        point(round(one.counted_seconds / 3600, 1), f"{href}&team={one.team_id}" if one.team_id else "")
        for one in found.teams
    ]
    options = bars([one.name for one in found.teams], values)
    return chart(_most(found), options, behind, height=40 + 28 * len(found.teams), unit="counted hours")


def _most(found: TeamMonth) -> str:
    if not found.teams or not found.counted_seconds:
        return "No team has counted time yet"
    top = max(found.teams, key=lambda one: one.counted_seconds)
    return f"{top.name}: {100 * top.counted_seconds / found.counted_seconds:.0f} % of all counted time"
