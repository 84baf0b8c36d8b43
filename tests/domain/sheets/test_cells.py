"""Cells in the forms that spreadsheets hold, headings in use, and minutes laid out over a day."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.enrolment import Event, Step
from domain.care.entries import Programme
from domain.sheets import values
from domain.sheets.columns import LONGEST_CELL, Unreadable, guessed, read_row
from domain.sheets.enrolling import way_of
from domain.sheets.kinds import CARE_KINDS, CONSENTS, FORMS, MINUTES, PATIENTS, STAFF
from domain.sheets.laying_out import day_of, laid_out, overlapping, second_at

ZONE = "America/Chicago"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("11/03/2026", date(2026, 11, 3)),
        ("11/3/26", date(2026, 11, 3)),
        ("Nov 3, 2026", date(2026, 11, 3)),
        ("3-Nov-2026", date(2026, 11, 3)),
        ("2026-11-03 14:30:00", date(2026, 11, 3)),
        ("46329", date(2026, 11, 3)),  # as Excel counts
        ("18730", date(1951, 4, 12)),
        ("20261103", date(2026, 11, 3)),
        ("11.03.2026", date(2026, 11, 3)),
        ("3 November 2026", date(2026, 11, 3)),
    ],
)
def test_days_are_read_as_they_are_typed_and_as_excel_counts_them(text: str, day: date) -> None:
    assert values.day(text) == day


@pytest.mark.parametrize(
    "text", ["13/45/2026", "yesterday", "1951", "2026-02-30", "0", "2026113", "11/03-2026"]
)
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(Unreadable, match="such as"):
        values.day(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14:30", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("14:30:15", time(14, 30, 15)),
        ("0.6041666667", time(14, 30)),
        ("2026-10-05 14:30:00", datetime(2026, 10, 5, 14, 30)),
        ("10/5/2026 2:30 PM", datetime(2026, 10, 5, 14, 30)),
    ],
)
def test_clock_times_are_read_with_and_without_their_day(text: str, found: Any) -> None:
    assert values.clock(text) == found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20", 1200),
        ("12.5", 750),
        ("20 min", 1200),
        ("1:05", 3900),
        ("0:20:30", 1230),
        ("00:20:00", 1200),
        (":25", 1500),
        ("1 h 5 min", 3900),
        ("1.5 hours", 5400),
        ("12.33", 739),  # never rounded up
        ("25.99999", 1559),
    ],
)
def test_lengths_are_whole_seconds(text: str, seconds: int) -> None:
    assert values.seconds(text) == seconds


@pytest.mark.parametrize("text", ["0", "-5", "a while", "0.001", "0.42", "25:00", "2000", "NaN", "1e9"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        values.seconds(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [("4/12/51", 1951), ("4/12/1926", 1926), ("12-Apr-51", 1951), ("2/29/48", 1948), ("18730", 1951)],
)
def test_a_year_of_birth_with_two_digits_is_that_of_somebody_alive(text: str, year: int) -> None:
    assert values.born(text, date(2026, 11, 22)).year == year


@pytest.mark.parametrize("text", ["4/12/26", "4/12/15"])
def test_a_year_of_birth_that_could_be_two_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable, match="four digits"):
        values.born(text, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("LOPEZ, MARIA A", ("LOPEZ", "MARIA", "A")),
        ("Maria A Lopez", ("Lopez", "Maria", "A")),
        ("De la Cruz, Ana", ("De la Cruz", "Ana", "")),
        ("Ben Ortiz Jr.", ("Ortiz Jr.", "Ben", "")),
        ("Ben Ortiz, III", ("Ortiz III", "Ben", "")),
        ("Lopez", ("Lopez", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_whole_name_has_its_parts(text: str, parts: tuple[str, ...]) -> None:
    assert values.name_parts(text) == parts


def test_a_name_that_could_be_parted_in_several_ways_is_not_guessed() -> None:
    with pytest.raises(Unreadable, match="Last, First"):
        values.name_parts("Maria de la Cruz")


def test_a_programme_is_never_half_read() -> None:
    for text in ("CCM", "Complex CCM", "chronic care management (CCM)", "CCM 99490"):
        assert read_row(PATIENTS, 2, {"programme": text}).facts["programme"] == "ccm"
    for text in ("CCM and PCM", "declined CCM", "not CCM", "RPM"):
        assert list(read_row(PATIENTS, 2, {"programme": text}).faults) == ["programme"]
    assert read_row(PATIENTS, 2, {"conditions": "none"}).facts["conditions"] == 0


def test_a_zip_code_gets_back_the_zeros_that_a_spreadsheet_took() -> None:
    assert [values.postal_code(text) for text in ("2116", "45402", "2116-1234", "454021234")] == [
        "02116", "45402", "021161234", "454021234",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "#REF!", "Day\ufffdton", "x" * (LONGEST_CELL + 1), "a\x00b"]
)
def test_hostile_cells_are_faults_at_their_field(cell: str) -> None:
    assert list(read_row(PATIENTS, 2, {"city": cell}).faults) == ["city"]


def test_headings_in_use_are_recognised() -> None:
    roster = ["Clinic", "MRN", "Pt Name", "DOB", "Gender", "Street Address", "ST", "Zip", "MBI", "PCP NPI", "Care Coordinator", "Consent Date"]  # fmt: skip
    names = ["practice", "account_number", "name", "birth_date", "sex", "line1", "state", "postal_code", "member_id", "practitioner_npi", "coordinator_email", "consented_on"]  # fmt: skip
    assert guessed(PATIENTS, roster) == {name: number for number, name in enumerate(names)}
    time_log = ["Acct #", "Nurse", "DOS", "Start Time", "End Time", "Mins", "Category", "Comments"]
    assert list(guessed(MINUTES, time_log)) == ["account_number", "staff_email", "on", "start", "end", "seconds", "activity", "note"]  # fmt: skip
    staff = ["Employee Name", "E-mail", "Pay Code", "Effective Date", "Capacity", "License States"]
    assert {"email", "paycode", "since", "licences"} <= set(guessed(STAFF, staff))
    assert guessed(CONSENTS, ["MRN", "Verbal/Written"])["consent_how"] == 1


@pytest.mark.parametrize("kind", CARE_KINDS)
def test_a_template_is_recognised_whole_and_its_example_can_be_read(kind: Any) -> None:
    columns = FORMS[kind].columns
    assert guessed(columns, [one.label for one in columns]) == {one.name: n for n, one in enumerate(columns)}
    assert read_row(columns, 2, {one.name: one.example for one in columns if one.example}).faults == {}


def test_what_was_said_of_a_heading_counts_more_than_its_words_and_a_column_left_aside_stays_so() -> None:
    said = {"dob": "visited_on", "mrn": "", "gone": "no_such_field"}
    assert guessed(PATIENTS, ["DOB", "MRN", "Gone"], said) == {"visited_on": 0}


def test_minutes_are_laid_out_from_nine_in_the_first_gaps_and_before_nine_once_the_day_is_full() -> None:
    on = date(2026, 10, 5)
    nine = second_at(on, time(9), ZONE) or 0
    first, after = day_of(on, ZONE)
    assert laid_out([600, 600], [(nine + 300, nine + 900)], on, ZONE) == [nine + 900, nine + 1500]
    assert laid_out([300, 600], [(nine + 300, nine + 900)], on, ZONE) == [nine, nine + 900]
    assert laid_out([600], [(nine, after)], on, ZONE) == [first]
    assert laid_out([600], [(first, after)], on, ZONE) == [None]


def test_a_time_that_the_clocks_left_out_is_none_and_one_told_twice_is_the_first() -> None:
    assert second_at(date(2026, 3, 8), time(2, 30), ZONE) is None
    first = second_at(date(2026, 11, 1), time(1, 30), ZONE)
    assert first == int(datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("Etc/GMT+5")).timestamp())


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(60, 7200), max_size=12),
    taken=st.lists(st.tuples(st.integers(0, 86_000), st.integers(60, 9000)), max_size=8),
)
def test_nothing_that_is_laid_out_lies_upon_other_time_or_outside_its_day(
    lengths: list[int], taken: list[tuple[int, int]]
) -> None:
    on = date(2026, 11, 1)  # of 25 hours
    first, after = day_of(on, ZONE)
    held = [(first + start, first + start + length) for start, length in taken]
    starts = laid_out(lengths, held, on, ZONE)
    assert starts == laid_out(lengths, held, on, ZONE)
    for start, length in zip(starts, lengths, strict=True):
        if start is not None:
            assert first <= start and start + length <= after
            assert not overlapping((start, start + length), held)
            held.append((start, start + length))


def test_a_row_brings_an_enrolment_as_far_as_it_goes_and_no_word_of_it_is_lost() -> None:
    today = date(2026, 11, 22)
    found = {"conditions": 2, "months_expected": 12, "significant_risk": True}
    consent = {"consented_on": today, "consent_how": "verbal", "consent_by": "The patient", "consent_points": ("service", "cost_sharing", "one_practitioner", "right_to_stop")}  # fmt: skip
    visit = {"visited_on": date(2026, 9, 1)}
    whole = way_of(Step.REFERRED, Programme.CCM, found | visit | consent, today)
    assert [event for event, _, _ in whole.told] == [Event.ELIGIBLE, Event.VISITED, Event.CONSENTED]
    assert (whole.step, whole.faults) == (Step.PLANNING, {})
    assert way_of(Step.REFERRED, Programme.CCM, found, today).step is Step.VISIT
    assert list(way_of(Step.REFERRED, Programme.CCM, found | consent, today).faults) == ["visited_on"]
    assert list(way_of(Step.REFERRED, Programme.CCM, consent, today).faults) == ["conditions"]
    few = way_of(Step.REFERRED, Programme.CCM, found | visit | consent | {"conditions": 1}, today)
    assert (list(few.faults), few.told) == (["conditions"], [])
    assert list(way_of(Step.ENDING, Programme.CCM, {}, today).faults) == []
