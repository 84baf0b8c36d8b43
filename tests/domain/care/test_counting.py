"""Which seconds of a month count, and what is said of the others."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.care.billing import ServiceDate
from domain.care.codes import STANDARD
from domain.care.counting import Count, Enrolled, Why, count
from domain.care.entries import Credential, Entry, Programme, conflicts
from domain.care.minutes import Settings, reckon
from domain.care.month import Month
from tests.domain.care.months import (
    ANA,
    BEGIN,
    BEN,
    DR_CHO,
    END,
    NOVEMBER,
    enrolled_all_month,
    month_of,
    spent,
)

CCM, PCM = Programme.CCM, Programme.PCM


def _count(*entries: Entry) -> Count:
    return count(entries, NOVEMBER, enrolled_all_month(CCM, PCM))


def _fates(result: Count, entry: Entry) -> list[tuple[int, Why]]:
    return [(one.ends - one.starts, one.why) for one in result.pieces if one.entry_id == entry.id]


def test_two_staff_at_once_count_once_and_the_second_is_told_by_whom() -> None:
    first, second = spent(0, 1200, by=ANA), spent(600, 1200, by=BEN)
    result = _count(second, first)
    assert result.seconds == 1800
    assert _fates(result, second) == [(600, Why.SAME_SECOND), (600, Why.COUNTED)]
    assert [one.by for one in result.pieces if one.why == Why.SAME_SECOND] == [first.id]


def test_a_second_belongs_to_one_programme() -> None:
    ccm, pcm = spent(600, 600, programme=CCM), spent(0, 1800, programme=PCM)
    result = _count(ccm, pcm)
    assert sum(one.seconds for one in result.of(CCM)) == 600
    assert sum(one.seconds for one in result.of(PCM)) == 1200
    assert _fates(result, pcm) == [(600, Why.COUNTED), (600, Why.OTHER_PROGRAMME), (600, Why.COUNTED)]


def test_time_of_people_who_are_not_clinical_never_counts() -> None:
    clerk = spent(0, 3600, credential=Credential.OTHER)
    result = _count(clerk)
    assert (result.seconds, _fates(result, clerk)) == (0, [(3600, Why.NOT_CLINICAL)])


def test_time_that_waits_for_an_approval_does_not_count_yet() -> None:
    late = spent(0, 1200, approved=False)
    assert _fates(_count(late), late) == [(1200, Why.NOT_APPROVED)]


def test_an_entry_over_the_last_midnight_is_split() -> None:
    entry = spent(END - BEGIN - 600, 1800)
    result = _count(entry)
    assert _fates(result, entry) == [(600, Why.COUNTED), (1200, Why.OUTSIDE_MONTH)]
    december = count([entry], Month(2026, 12, "America/Chicago"), [Enrolled(CCM, BEGIN, END + 9**9)])
    assert december.seconds == 1200


def test_the_month_is_the_practices_and_not_the_servers() -> None:
    # 02:00 UTC on 1 December is still 30 November in Chicago.
    at = int(datetime(2026, 12, 1, 2, 0, tzinfo=UTC).timestamp())
    entry = replace(spent(0, 1), starts=at, ends=at + 1200)
    assert _count(entry).seconds == 1200


@pytest.mark.parametrize(("month", "hours"), [((2026, 3), 743), ((2026, 11), 721), ((2026, 6), 720)])
def test_a_month_with_a_clock_change_has_its_true_length(month: tuple[int, int], hours: int) -> None:
    begins, ends = Month(*month, "America/Chicago").window
    assert ends - begins == hours * 3600


def test_an_hour_that_the_clocks_repeat_counts_as_two() -> None:
    # 00:30 to 02:30 on 1 November 2026 in Chicago: the clocks go back at two, so three hours pass.
    starts = int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())
    ends = int(datetime(2026, 11, 1, 8, 30, tzinfo=UTC).timestamp())
    assert _count(replace(spent(0, 1), starts=starts, ends=ends)).seconds == 3 * 3600


def test_time_before_a_consent_after_its_end_and_between_two_does_not_count() -> None:
    entry, later = spent(0, 3600), spent(1000, 1000)
    late, ended = Enrolled(CCM, BEGIN + 1500, END), Enrolled(CCM, BEGIN, BEGIN + 1000)
    assert _fates(count([entry], NOVEMBER, [late]), entry) == [(1500, Why.NOT_ENROLLED), (2100, Why.COUNTED)]
    assert _fates(count([entry], NOVEMBER, [ended]), entry) == [(1000, Why.COUNTED), (2600, Why.NOT_ENROLLED)]
    both = [late, ended]
    assert _fates(count([entry], NOVEMBER, both), entry) == [
        (1000, Why.COUNTED),
        (500, Why.NOT_ENROLLED),
        (2100, Why.COUNTED),
    ]
    assert _fates(count([later], NOVEMBER, both), later) == [(500, Why.NOT_ENROLLED), (500, Why.COUNTED)]


def test_time_that_begins_with_its_consent_takes_its_turn_by_that() -> None:
    ccm, pcm = spent(0, 3000, programme=CCM), spent(500, 1000, programme=PCM)
    windows = [Enrolled(CCM, BEGIN + 1000, END), *enrolled_all_month(PCM)]
    result = count([ccm, pcm], NOVEMBER, windows)
    assert _fates(result, ccm) == [(1000, Why.NOT_ENROLLED), (2000, Why.COUNTED)]
    assert _fates(result, pcm) == [(500, Why.COUNTED), (500, Why.OTHER_PROGRAMME)]


def test_a_correction_stands_in_for_its_entry_and_a_void_for_both() -> None:
    wrong = spent(0, 3600)
    right = spent(0, 900, supersedes=wrong.id)
    gone = spent(0, 900, supersedes=right.id, void=True)
    assert _count(wrong, right).seconds == 900
    assert _fates(_count(right, wrong), wrong) == [(3600, Why.SUPERSEDED)]
    assert _count(gone, right, wrong).seconds == 0
    assert _count(gone, right, wrong, spent(7200, 600)).seconds == 600, "what comes after a void counts"


def test_practitioner_time_counts_in_one_track_only() -> None:
    doctor = spent(0, 1800, by=DR_CHO, credential=Credential.PRACTITIONER)
    nurse = spent(3600, 1200)
    result = reckon([doctor, nurse], month_of(CCM), STANDARD)
    assert [line.code for line in result.lines] == ["99491"]
    assert [one.why for one in result.pieces if one.entry_id == nurse.id] == [Why.OTHER_TRACK]


@pytest.mark.parametrize(
    ("fees", "codes"),
    [
        ({"99490": 6100, "99439": 4700, "99491": 8200}, [("99490", 1), ("99439", 1)]),
        ({"99490": 6100, "99439": 2100, "99491": 8200}, [("99491", 1)]),
        ({"99490": 6100, "99439": 2100, "99491": 8200, "99437": 1}, [("99491", 1)]),
        ({"99490": 6100, "99439": 4700}, [("99491", 1)]),  # not all are known: the rank decides
        ({}, [("99491", 1)]),
    ],
)
def test_with_fees_the_codes_worth_most_are_chosen(
    fees: dict[str, int], codes: list[tuple[str, int]]
) -> None:
    doctor = spent(0, 1800, by=DR_CHO, credential=Credential.PRACTITIONER)
    nurse = spent(3600, 1200)
    result = reckon([doctor, nurse], month_of(CCM), STANDARD, settings=Settings(fees=fees))
    assert [(line.code, line.units) for line in result.lines] == codes


def test_each_unit_of_an_add_on_is_worth_its_fee() -> None:
    doctor = spent(0, 1800, by=DR_CHO, credential=Credential.PRACTITIONER)
    fees = {"99490": 6100, "99439": 1500, "99491": 8200, "99437": 5800}
    result = reckon([doctor, spent(3600, 1800)], month_of(CCM), STANDARD, settings=Settings(fees=fees))
    assert [(line.code, line.units) for line in result.lines] == [("99490", 1), ("99439", 2)]


def test_time_of_the_other_track_is_told_apart_to_the_second() -> None:
    nurse = spent(0, 3600)
    doctor = spent(1200, 1800, by=DR_CHO, credential=Credential.PRACTITIONER)
    result = reckon([nurse, doctor], month_of(CCM), STANDARD)
    assert [line.code for line in result.lines] == ["99491"]
    fates = [(one.starts - BEGIN, one.ends - BEGIN, one.why) for one in result.pieces]
    assert fates == [
        (0, 1200, Why.OTHER_TRACK),
        (1200, 3000, Why.COUNTED),
        (3000, 3600, Why.OTHER_TRACK),
        (1200, 3000, Why.SAME_SECOND),
    ]
    later = spent(3000, 60)
    split = reckon([spent(0, 1200), doctor, later], month_of(CCM), STANDARD).pieces
    assert [one.why for one in split] == [Why.COUNTED, Why.OTHER_TRACK, Why.OTHER_TRACK]


def test_where_practitioners_do_not_stand_in_their_time_is_told_apart() -> None:
    doctor = spent(0, 900, by=DR_CHO, credential=Credential.PRACTITIONER)
    nurse = spent(3600, 1200)
    result = reckon([doctor, nurse], month_of(CCM), STANDARD, settings=Settings(practitioner_as_staff=False))
    assert [line.code for line in result.lines] == ["99490"]
    assert [one.why for one in result.pieces if one.entry_id == doctor.id] == [Why.OTHER_TRACK]


@pytest.mark.parametrize(
    ("setting", "day"),
    [
        (ServiceDate.THRESHOLD_MET, date(2026, 11, 4)),
        (ServiceDate.LAST_ACTIVITY, date(2026, 11, 11)),
        (ServiceDate.LAST_OF_MONTH, date(2026, 11, 30)),
    ],
)
def test_the_date_of_service_follows_the_setting(setting: ServiceDate, day: date) -> None:
    hour, day_long = 3600, 86_400
    entries = [
        spent(12 * hour, 600),
        spent(3 * day_long + 12 * hour, 600),
        spent(10 * day_long + 12 * hour, 60),
    ]
    result = reckon(entries, month_of(CCM), STANDARD, settings=Settings(service_date=setting))
    assert [line.served_on for line in result.lines] == [day]


@pytest.mark.parametrize("setting", ServiceDate)
def test_a_threshold_met_at_the_last_midnight_is_served_in_its_month(setting: ServiceDate) -> None:
    for seconds in (1200, 1800):
        result = reckon(
            [spent(END - BEGIN - 1200, seconds)],
            month_of(CCM),
            STANDARD,
            settings=Settings(service_date=setting),
        )
        assert [line.served_on for line in result.lines] == [date(2026, 11, 30)]


def test_a_second_after_midnight_is_of_the_new_day() -> None:
    midnight = 2 * 86_400 + 3600  # of 3 November: the clocks went back on the first
    for setting in (ServiceDate.THRESHOLD_MET, ServiceDate.LAST_ACTIVITY):
        for after, day in ((0, 2), (1, 3)):
            entry = spent(midnight + after - 1200, 1200)
            (line,) = reckon([entry], month_of(CCM), STANDARD, settings=Settings(service_date=setting)).lines
            assert line.served_on.day == day


def test_an_add_on_is_served_on_the_day_its_units_are_complete() -> None:
    result = reckon([spent(0, 1200), spent(5 * 86_400, 1200)], month_of(CCM), STANDARD)
    assert [(line.code, line.served_on.day) for line in result.lines] == [("99490", 1), ("99439", 5)]


def test_nobody_works_twice_at_once_whatever_the_patients() -> None:
    one, other, later = spent(0, 600), spent(300, 600), spent(900, 600)
    elsewhere = spent(0, 600, by=BEN)
    found = conflicts([later, elsewhere, other, one])
    assert [(c.first, c.second, c.ends - c.starts) for c in found] == [(one.id, other.id, 300)]


def test_only_entries_in_force_are_worked_twice() -> None:
    wrong, beside = spent(0, 600), spent(300, 600)
    right = spent(900, 600, supersedes=wrong.id)
    taken_back = spent(0, 600, supersedes=right.id, void=True)
    assert conflicts([wrong, beside, right]) == [], "what was corrected claims nothing, and ends may touch"
    assert conflicts([wrong, beside, right, taken_back, spent(400, 0)]) == []
    (kept,) = conflicts([beside, spent(300, 600, supersedes=wrong.id)])
    assert (kept.starts - BEGIN, kept.ends - BEGIN) == (300, 900)
