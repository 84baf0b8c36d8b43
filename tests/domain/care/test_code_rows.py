"""The table of care codes as rows: what it is read into, and what makes it unfit to reckon with."""

from datetime import date
from typing import Any

import pytest

from domain.care.code_rows import STANDARD_ROWS, Need, faults, rows_of, table_of, unmet
from domain.care.codes import STANDARD
from domain.care.entries import Credential, Programme
from domain.care.forecast import thresholds
from domain.care.minutes import reckon
from tests.domain.care.months import NOVEMBER, month_of, spent

OWN = {
    "code": "99490",
    "programme": "ccm",
    "whose": "staff",
    "seconds": 1200,
    "choice": 3,
    "since": "2026-11-01",
}
SHORT = OWN | {"add_on": "99439", "add_on_seconds": 600, "most_units": 1}
MONTHLY = {"code": "G0556", "programme": "apcm", "level": 1, "since": "2026-11-01"}
TRANSITIONAL = {"code": "99495", "programme": "tcm", "since": "2026-11-01"}


def test_the_standards_rows_make_the_standard_and_nothing_is_wrong_with_them() -> None:
    assert table_of(STANDARD_ROWS) == STANDARD and list(faults(STANDARD_ROWS)) == []
    own = table_of([SHORT, MONTHLY, TRANSITIONAL], "3")
    assert table_of(rows_of(own), "3") == own
    assert table_of([OWN]).billable == ("99490",)
    assert own.codes == {"99490", "99439", "G0556", "99495"} and own.billable == ("99490", "99439", "G0556")


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([SHORT, MONTHLY, TRANSITIONAL], []),
        ([OWN], []),
        ([SHORT | {"most_units": 0}], []),
        ([SHORT | {"seconds": 1199.5}], [(0, "seconds")]),
        ([SHORT | {"add_on_seconds": 600.25}], [(0, "add_on_seconds")]),
        ([SHORT | {"most_units": 1.5, "choice": 2.5}], [(0, "most_units"), (0, "choice")]),
        ([OWN | {"code": "9949"}], [(0, "code")]),
        ([SHORT | {"add_on": "99439x"}], [(0, "add_on")]),
        ([OWN | {"until": "2026-10-31"}], [(0, "until")]),
        ([{key: OWN[key] for key in ("code", "programme", "since")}], [(0, "whose"), (0, "seconds"), (0, "choice")]),
        ([OWN | {"add_on": "99439"}], [(0, "add_on_seconds")]),
        ([OWN | {"add_on_seconds": 600}], [(0, "add_on")]),
        ([OWN | {"most_units": 0}], [(0, "add_on"), (0, "add_on_seconds")]),
        ([OWN | {"level": 1}], [(0, "level")]),
        ([MONTHLY | {"add_on": "99439"}], [(0, "add_on")]),
        ([{key: MONTHLY[key] for key in ("code", "programme", "since")}], [(0, "level")]),
        ([TRANSITIONAL | {"seconds": 1200}], [(0, "seconds")]),
        ([OWN | {"until": "2026-12-31"}, OWN | {"since": "2027-01-01", "seconds": 1500}], []),
        ([OWN | {"until": "2026-12-31"}, OWN | {"since": "2026-12-31", "choice": 4}], [(1, "code")]),
        ([SHORT, OWN | {"code": "99439", "choice": 4}], [(0, "add_on")]),
        ([OWN, OWN | {"code": "99491"}], [(1, "choice")]),
        ([OWN, OWN | {"code": "99426", "programme": "pcm"}], []),
        ([SHORT, SHORT | {"code": "99426", "programme": "pcm"}], [(1, "add_on")]),
        ([MONTHLY, MONTHLY | {"code": "G0557"}], [(1, "level")]),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_with_is_named_by_row_and_column(
    rows: list[dict[str, Any]], at: list[tuple[int, str]]
) -> None:
    assert [(one.row, one.column) for one in faults(rows)] == at


def test_a_month_is_reckoned_by_the_rows_in_force_on_its_last_day() -> None:
    table = table_of([OWN | {"until": "2026-11-29"}, SHORT | {"since": "2026-11-30", "seconds": 1500}], "3")
    entries = [spent(0, 2400)]
    result = reckon(entries, month_of(Programme.CCM), table)
    assert [(one.code, one.units, one.seconds) for one in result.lines] == [
        ("99490", 1, 1500),
        ("99439", 1, 2100),
    ]
    assert result.table_version.startswith("3 (") and result.table_version != table.version
    plain = reckon(entries, month_of(Programme.CCM), table_of([OWN]))
    assert [one.code for one in plain.lines] == ["99490"]
    own = [spent(0, 2400, credential=Credential.PRACTITIONER)]
    nothing = reckon(own, month_of(Programme.CCM), table_of([MONTHLY]))
    assert (nothing.lines, nothing.short, nothing.counted[Programme.CCM]) == ((), {}, 2400)


def test_a_row_holds_from_its_first_day_to_its_last() -> None:
    table = table_of([OWN | {"until": "2026-11-29"}, OWN | {"since": "2026-11-30", "seconds": 1500}])
    seconds = [[row.base_seconds for row in table.on(date(2026, month, day)).timed] for month, day in (
        (10, 31), (11, 1), (11, 29), (11, 30),
    )]  # fmt: skip
    assert seconds == [[], [1200], [1200], [1500]]


@pytest.mark.parametrize(
    ("day", "rows"),
    [
        (date(2012, 12, 31), (0, 0, 0)),
        (date(2013, 1, 1), (0, 0, 2)),
        (date(2021, 12, 31), (0, 0, 2)),
        (date(2022, 1, 1), (5, 0, 2)),
        (date(2024, 12, 31), (5, 0, 2)),
        (date(2025, 1, 1), (5, 3, 2)),
    ],
)
def test_the_standards_rows_hold_from_the_day_of_their_codes(day: date, rows: tuple[int, int, int]) -> None:
    table = STANDARD.on(day)
    assert (len(table.timed), len(table.monthly), len(table.transitional)) == rows


def test_the_most_units_of_an_add_on_are_those_of_its_rows() -> None:
    assert [STANDARD.most_units(code) for code in ("99439", "99489", "99490", "99213")] == [
        2,
        None,
        None,
        None,
    ]
    twice = [SHORT, SHORT | {"since": "2027-01-01", "most_units": 3}]
    assert table_of(twice).most_units("99439") == 3
    uncapped = {key: value for key, value in SHORT.items() if key != "most_units"}
    assert table_of([*twice, uncapped | {"since": "2028-01-01"}]).most_units("99439") is None


def test_the_standards_rows_keep_the_name_that_packets_tell() -> None:
    assert (STANDARD.version, table_of([SHORT], "3").version[:3]) == ("6b4ab09dbefc", "3 (")


def test_thresholds_stop_at_the_base_without_an_add_on_and_are_none_without_time_of_staff() -> None:
    assert thresholds(Programme.CCM, NOVEMBER, table_of([OWN])) == (1200,)
    assert thresholds(Programme.CCM, NOVEMBER, table_of([SHORT])) == (1200, 1800)
    assert thresholds(Programme.CCM, NOVEMBER, table_of([OWN | {"whose": "practitioner"}])) == ()


def test_a_programme_that_patients_are_in_is_missed_from_the_day_that_no_base_code_bills_it() -> None:
    today = date(2026, 11, 22)
    plain, hard, level = Need(Programme.CCM), Need(Programme.CCM, complex=True), Need(Programme.APCM, level=2)
    needs = (plain, hard, level)
    assert list(unmet(STANDARD, needs, today)) == []
    table = table_of([OWN | {"until": "2026-12-31"}, MONTHLY])
    assert list(unmet(table, needs, today)) == [(plain, date(2027, 1, 1)), (hard, today), (level, today)]
    assert list(unmet(table_of([OWN | {"since": "2026-12-01"}]), (plain,), today)) == [(plain, today)]
