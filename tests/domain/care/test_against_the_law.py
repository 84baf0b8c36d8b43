"""The engine against the law done slowly: the same seconds, codes, units, days of service and edits, however entries lie."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.codes import STANDARD, TIMED, CodeTable
from domain.care.counting import Enrolled
from domain.care.edits import Billed, hard_edits
from domain.care.entries import Credential, Entry, Programme
from domain.care.minutes import PatientMonth, Settings, reckon
from domain.care.month import Month
from tests.domain.care.oracle import LAW, MONTHLY, TRANSITIONAL, Days, edits_by_hand, month_by_hand

# Months whose midnights and clocks are odd: Havana begins November twice, Asunción's October has no first midnight,
# Apia's December lacks a day, Lord Howe moves its clocks by half an hour.
MONTHS = (
    (2026, 11, "America/Chicago"),
    (2026, 3, "America/New_York"),
    (2026, 11, "America/Havana"),
    (2017, 10, "America/Asuncion"),
    (2011, 12, "Pacific/Apia"),
    (2026, 4, "Australia/Lord_Howe"),
    (2024, 2, "Asia/Kathmandu"),
)
# The codes as if they had been there in all these months.
OLDER = CodeTable(tuple(replace(row, since=date(2000, 1, 1)) for row in TIMED))
LENGTHS = st.sampled_from((600, 1199, 1200, 1799, 1800, 2400, 3600, 5400, 7200)) | st.integers(0, 4_000)
PROGRAMMES = st.sampled_from((Programme.CCM, Programme.CCM, Programme.PCM, Programme.PCM, Programme.APCM))
CREDENTIALS = st.sampled_from(
    (Credential.CLINICAL, Credential.CLINICAL, Credential.PRACTITIONER, *Credential)
)
RARELY = st.sampled_from((False,) * 5 + (True,))


@st.composite
def _entries(draw: st.DrawFn, calendar: tuple[int, int, str]) -> list[Entry]:
    """Up to seven rows near the month's odd hours, some of which correct or void rows before them, in any order."""
    year, number, zone = calendar
    first = datetime(year, number, 1, tzinfo=ZoneInfo(zone))
    hours = st.sampled_from((-1, 0, 1, 24 * 7 + 1, 24 * 28 - 2, 24 * 29 - 1, 24 * 30 - 1, 24 * 31 - 2))
    rows: list[Entry] = []
    for place in range(draw(st.integers(1, 7))):
        at = int((first.astimezone(UTC) + timedelta(hours=draw(hours))).timestamp()) + draw(
            st.integers(-900, 4_000)
        )
        old = draw(st.sampled_from(rows)) if rows and draw(RARELY) else None
        taken = {one.supersedes for one in rows}
        supersedes = old.id if old and old.id not in taken else None
        rows.append(
            Entry(
                UUID(int=100 + place),
                UUID(int=draw(st.integers(1, 3))),
                draw(PROGRAMMES),
                draw(CREDENTIALS),
                at,
                at + draw(LENGTHS),
                supersedes,
                bool(supersedes) and draw(st.booleans()),
                not draw(RARELY),
            )
        )
    return draw(st.permutations(rows))


@st.composite
def _days(draw: st.DrawFn, calendar: tuple[int, int, str]) -> list[Days]:
    """The stretches of consent: mostly the whole month, else from or to a day within it, perhaps twice."""
    first = date(*calendar[:2], 1)
    found = []
    for programme in Programme:
        for _ in range(draw(st.sampled_from((1, 1, 1, 1, 0, 2)))):
            begins, lasts = -40, 90
            if draw(RARELY):
                begins, lasts = draw(st.sampled_from((-9, 0, 1, 7, 28))), draw(st.integers(0, 30))
            since = first + timedelta(days=begins)
            found.append(Days(programme, since, since + timedelta(days=lasts)))
    return found


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(MONTHS), st.booleans(), st.booleans(), st.sampled_from((None, 1, 2, 3)))
def test_a_month_comes_to_what_the_law_says_second_by_second(
    data: st.DataObject, calendar: tuple[int, int, str], hard: bool, stands_in: bool, level: int | None
) -> None:
    entries, enrolled = data.draw(_entries(calendar)), data.draw(_days(calendar))
    month = Month(*calendar)
    spans = tuple(
        Enrolled(
            Programme(one.programme), month.midnight(one.first), month.midnight(one.last + timedelta(days=1))
        )
        for one in enrolled
    )
    about = PatientMonth(month, spans, complex_decisions=hard, apcm_level=level)
    law = month_by_hand(entries, calendar, enrolled, complex_decisions=hard, stands_in=stands_in, level=level)
    result = reckon(entries, about, OLDER, Settings(practitioner_as_staff=stands_in))
    assert {one.value: seconds for one, seconds in result.counted.items()} == law.counted
    assert {one.code: (one.units, one.served_on) for one in result.lines} == law.lines


BOUNDARIES = (1199, 1200, 1799, 1800, 2399, 2400, 3599, 3600, 5399, 5400, 6000, 7200)


@pytest.mark.parametrize(
    ("programme", "credential", "hard"),
    [
        (Programme.CCM, Credential.CLINICAL, True),
        (Programme.CCM, Credential.CLINICAL, False),
        (Programme.CCM, Credential.PRACTITIONER, False),
        (Programme.PCM, Credential.CLINICAL, False),
        (Programme.PCM, Credential.PRACTITIONER, False),
    ],
)
def test_each_boundary_is_where_the_law_has_it(
    programme: Programme, credential: Credential, hard: bool
) -> None:
    calendar = MONTHS[0]
    month, days = Month(*calendar), [Days(programme, date(2026, 1, 1), date(2027, 1, 1))]
    begins, ends = month.window
    about = PatientMonth(month, (Enrolled(programme, begins, ends),), complex_decisions=hard)
    for seconds in BOUNDARIES:
        entry = Entry(UUID(int=1), UUID(int=2), programme, credential, begins, begins + seconds)
        law = month_by_hand([entry], calendar, days, complex_decisions=hard, stands_in=True, level=None)
        lines = reckon([entry], about, STANDARD).lines
        assert {one.code: (one.units, one.served_on) for one in lines} == law.lines


CODES = [*LAW, *(row[3] for row in LAW.values()), *MONTHLY.values(), *TRANSITIONAL, "99213"]
BILLED = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from("AB")), max_size=4, unique_by=lambda one: one[0]
)


@settings(max_examples=60, deadline=None)
@given(BILLED, BILLED)
def test_the_hard_edits_say_what_the_law_says(
    lines: list[tuple[str, str]], earlier: list[tuple[str, str]]
) -> None:
    doctors = {"A": UUID(int=1), "B": UUID(int=2)}
    found = hard_edits(
        [Billed(code, doctors[by]) for code, by in lines],
        [Billed(code, doctors[by], "C-1") for code, by in earlier],
        STANDARD,
    )
    blocks, warns = edits_by_hand(lines, earlier)
    assert {one.edit.value for one in found if one.blocks} == blocks
    assert {one.edit.value for one in found if not one.blocks} == warns
