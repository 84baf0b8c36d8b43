"""The forecast of a month: what must hold of it whatever the facts, and when it may be called better."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar, office_week
from domain.care.backtest import backtest
from domain.care.backtest_figures import Backtest, Checkpoint, Verdicts
from domain.care.codes import STANDARD
from domain.care.compound import Sums
from domain.care.entries import Programme
from domain.care.forecast import forecast, straight, thresholds
from domain.care.forecast_learning import PatientMonth
from domain.care.forecast_model import Ahead, Bend, Book, Level, Past, Projection, Standing
from domain.care.forecast_process import rule_from
from domain.care.month import Month
from domain.care.working_month import working_month

ASKED = (1_200, 2_400, 3_600)
OFFICE = BusinessCalendar("America/Chicago", office_week(), frozenset({date(2026, 11, 26)}))
MANY = settings(max_examples=60, deadline=None)
LEARNED = Book(
    Level(1_350.0, 400.0, 0.7),
    bends=(Bend(7, 0.4, 0.6, 0.5, 1.4, 2.0), Bend(21, -0.3, 0.9, 0.2, 0.8, 1.2)),
    straight=((7, (0.2, 0.3, 0.3, 0.5, 0.8, 0.9, 0.95)), (21, (0.0, 0.1, 0.2, 0.6, 0.9, 0.95, 1.0))),
)
books = st.sampled_from([Book(), LEARNED, replace(LEARNED, evidence=0.1), replace(LEARNED, evidence=2.0)])
ways = st.sampled_from([forecast, straight])
pasts = st.lists(st.builds(Past, st.integers(0, 5_000), st.integers(1, 12), st.booleans()), max_size=6).map(
    tuple
)


def ahead(left: int = 10, presence: float = 1.0, day: int = 15) -> Ahead:
    return Ahead(20, (1.0,) * left, (presence,) * left, day, 30)


def standing(seconds: int, past: tuple[Past, ...] = (), *, tries: int = 0, reached: int = 0) -> Standing:
    return Standing(seconds, ASKED, past, None, tries, reached)


@MANY
@example(forecast, Book(), (Past(0, 1),), 0, 155, 1, 1)  # once told by what the recursion left over
@given(
    ways, books, pasts, st.integers(0, 5_000), st.integers(0, 3_000), st.integers(0, 20), st.integers(1, 29)
)
def test_more_minutes_never_lower_a_chance(
    way: object, book: Book, past: tuple[Past, ...], seconds: int, more: int, left: int, day: int
) -> None:
    assert callable(way)
    fewer = way(book, standing(seconds, past), ahead(left, day=day))
    greater = way(book, standing(seconds + more, past), ahead(left, day=day))
    assert all(a <= b + 1e-9 for a, b in zip(fewer.chances, greater.chances, strict=True))


@MANY
@given(ways, books, pasts, st.integers(0, 5_000), st.integers(0, 20), st.floats(0, 1), st.integers(1, 29))
def test_the_interval_holds_the_projection_and_chances_fall_with_the_threshold(
    way: object, book: Book, past: tuple[Past, ...], seconds: int, left: int, there: float, day: int
) -> None:
    assert callable(way)
    made: Projection = way(book, standing(seconds, past), ahead(left, there, day))
    assert seconds <= made.low <= made.projected <= made.high
    assert list(made.chances) == sorted(made.chances, reverse=True)
    assert all(0.0 <= one <= 1.0 for one in made.chances)


@MANY
@given(books, pasts, st.integers(0, 1_199), st.integers(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_absence_lowers_what_is_to_come(
    book: Book, past: tuple[Past, ...], seconds: int, left: int, one: float, other: float
) -> None:
    less = forecast(book, standing(seconds, past), ahead(left, min(one, other)))
    more = forecast(book, standing(seconds, past), ahead(left, max(one, other)))
    assert less.projected <= more.projected
    assert less.chances[0] <= more.chances[0] + 1e-9


@pytest.mark.parametrize("way", [forecast, straight])
@pytest.mark.parametrize(
    ("seconds", "chances"), [(0, (0, 0, 0)), (1_199, (0, 0, 0)), (1_200, (1, 0, 0)), (2_400, (1, 1, 0))]
)
def test_past_the_end_the_projection_is_the_count(
    way: object, seconds: int, chances: tuple[int, ...]
) -> None:
    assert callable(way)
    made = way(LEARNED, standing(seconds, (Past(2_000, 4, True),)), Ahead(20, (), (), 30, 30))
    assert (made.low, made.projected, made.high, made.chances) == (seconds, seconds, seconds, chances)


def test_patients_who_are_hard_to_reach_are_forecast_lower_and_untried_ones_as_they_are() -> None:
    plain = forecast(Book(), standing(300), ahead())
    hard = forecast(Book(), standing(300, tries=8, reached=0), ahead())
    easy = forecast(Book(), standing(300, tries=8, reached=8), ahead())
    assert hard.chances[0] < plain.chances[0] < easy.chances[0]
    assert plain.reach == 1.0


@pytest.mark.parametrize(
    ("programme", "complex_decisions", "expected"),
    [
        (Programme.CCM, False, (1_200, 2_400, 3_600)),
        (Programme.CCM, True, (1_200, 2_400, 3_600, 5_400)),
        (Programme.PCM, False, (1_800, 3_600, 5_400, 7_200)),
        (Programme.APCM, False, ()),
    ],
)
def test_thresholds_come_from_the_code_table(
    programme: Programme, complex_decisions: bool, expected: tuple[int, ...]
) -> None:
    month = Month(2026, 11, "America/Chicago")
    assert thresholds(programme, month, STANDARD, complex_decisions=complex_decisions) == expected


def test_a_sum_has_the_mean_of_its_parts() -> None:
    sums = Sums()
    spread = sums.spread(4.0, 0.5)
    mean = sum(1.0 - below for below in spread.below)
    # Two sessions are to come on average; a session fills its last step by half, and rates are rounded by 5 and 10 %.
    assert mean / (sums.mean_steps + 0.5) == pytest.approx(2.0, rel=0.12)


def test_working_days_leave_out_weekends_and_closed_days() -> None:
    month = working_month(OFFICE, date(2026, 11, 1))
    assert (len(month.days), month.length) == (20, 30)
    assert [one.day for one in month.after(date(2026, 11, 22))] == [23, 24, 25, 27, 30]


def measured(
    found_alike: int, line: Verdicts, *, brier: float, line_brier: float, only_one: int = 50
) -> Backtest:
    """A measurement of four equal days; so many misses are found by only one of the two."""
    days = tuple(Checkpoint(d, 1_000, Verdicts(found=0, overlooked=line.found + line.overlooked), line, brier, line_brier,
                            900, found_alike, only_one) for d in (7, 10, 14, 21))  # fmt: skip
    return Backtest("x", (date(2026, 10, 1),), 1_000, days, (), Book())


LINE = Verdicts(found=120, overlooked=30, false_alarms=300, right=550)


@pytest.mark.parametrize(
    ("found", "only_one", "brier", "better"),
    [
        (120, 0, 0.10, False),
        (121, 9, 0.10, False),
        (140, 50, 0.10, True),
        (134, 50, 0.10, False),  # two equal ways differ by 14 of 50 once in twenty times
        (134, 48, 0.10, True),
        (140, 50, 0.20, False),
        (100, 50, 0.10, False),
    ],
)
def test_better_is_more_misses_at_equal_alarms_beyond_chance_and_closer_chances(
    found: int, only_one: int, brier: float, better: bool
) -> None:
    made = measured(found, LINE, brier=brier, line_brier=0.15, only_one=only_one)
    assert made.better is better


def test_never_telling_a_miss_is_not_better_though_it_is_seldom_wrong() -> None:
    silent = measured(0, LINE, brier=0.10, line_brier=0.15)
    wrong = sum(one.forecast.wrong for one in silent.checkpoints)
    assert wrong < sum(one.straight.wrong for one in silent.checkpoints)
    assert not silent.better


def past_months(count: int, months: int = 3) -> list[PatientMonth]:
    """Patients with a steady pace each: every third one falls short."""
    rows = []
    for month in range(1, months + 1):
        for patient in range(count):
            days = [0] * working_month(OFFICE, date(2026, month, 1)).length
            for place in (4, 11, 18):
                days[place] = 250 if patient % 3 == 0 else 450
            rows.append(
                PatientMonth(
                    date(2026, month, 1), patient, patient % 2, 1_200, tuple(days), sum(days) >= 1_200
                )
            )
    return rows


def test_a_backtest_uses_earlier_months_only_and_no_order() -> None:
    rows = past_months(30)
    months = {row.month: working_month(OFFICE, row.month) for row in rows}
    made = backtest(rows, months)
    assert made.months == (date(2026, 2, 1), date(2026, 3, 1))
    assert made.patients == 60
    assert backtest(rows[::-1], months) == made
    # What a later month brings does not change what was told of an earlier one.
    first_two = [row for row in rows if row.month < date(2026, 3, 1)]
    changed = [*first_two, *(replace(row, days=(0,) * len(row.days), reached=False) for row in rows[60:])]
    alone = backtest(first_two, months)
    assert alone.patients == 30
    both = backtest(changed, months)
    assert sum(one.patients for one in both.checkpoints) == 2 * sum(one.patients for one in alone.checkpoints)


def test_without_two_months_there_is_nothing_to_measure_on() -> None:
    rows = past_months(5, 1)
    made = backtest(rows, {row.month: working_month(OFFICE, row.month) for row in rows})
    assert (made.months, made.patients, made.checkpoints, made.better) == ((), 0, (), False)


def test_a_rule_of_risk_keeps_its_defaults_and_never_lets_go_below_where_it_asks() -> None:
    rule = rule_from({"from_day": 12, "below_percent": 60, "safe_percent": 30, "priority": "x"})
    assert (rule.from_day, rule.below, rule.safe, rule.priority) == (12, 0.6, 0.6, 2)


def test_what_the_line_was_measured_for_the_first_code_says_nothing_of_later_ones() -> None:
    made = straight(LEARNED, standing(0), ahead(5, day=21))
    assert made.chances[0] == 0.0
    generous = replace(LEARNED, straight=((21, (0.42,) * 7),))
    made = straight(generous, standing(0), ahead(5, day=21))
    assert made.chances[0] == 0.42 and made.chances[1] < 0.1 and made.chances[2] < 0.1
