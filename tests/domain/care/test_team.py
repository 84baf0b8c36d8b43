"""The manager's figures: seconds by person and day, who takes more than a share, who carries too much, which target holds."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.counting import Piece, Why
from domain.care.entries import Programme
from domain.care.month import Month
from domain.care.team import (
    Carried,
    Extension,
    Load,
    PatientShare,
    Target,
    disproportionate,
    extended,
    shares_of,
    spent_on,
    target_for,
)

MONTH = Month(2026, 11, "America/Chicago")
PATIENT, ANN, BEN, TEAM = (UUID(int=number) for number in range(1, 5))
HOUR = 3600


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(MONTH.zone)).timestamp())


def test_seconds_go_to_the_person_and_the_day_and_midnight_is_that_of_the_practice() -> None:
    pieces = [
        Piece(ANN, at(3, 23, 50), at(4, 0, 10), Why.COUNTED),
        Piece(BEN, at(4, 9), at(4, 10), Why.OTHER_TRACK),
        Piece(BEN, at(4, 11), at(4, 12), Why.NOT_CLINICAL),
    ]
    found = spent_on(PATIENT, pieces, {ANN: ANN, BEN: BEN}, MONTH)
    assert {(one.staff_id, one.day.day): one.seconds for one in found} == {
        (ANN, 3): 600,
        (ANN, 4): 600,
        (BEN, 4): HOUR,
    }


def test_the_day_on_which_the_clock_goes_back_has_an_hour_more() -> None:
    found = spent_on(PATIENT, [Piece(ANN, at(1, 0), at(2, 0), Why.COUNTED)], {ANN: ANN}, MONTH)
    assert [(one.day.day, one.seconds) for one in found] == [(1, 25 * HOUR)]


@given(st.lists(st.tuples(st.integers(0, 29 * 86400), st.integers(1, 90_000)), max_size=12))
@settings(max_examples=40, deadline=None)
def test_no_second_is_lost_or_counted_twice_by_the_cutting(raw: list[tuple[int, int]]) -> None:
    begins = MONTH.window[0]
    pieces = [Piece(ANN, begins + start, begins + start + length, Why.COUNTED) for start, length in raw]
    found = spent_on(PATIENT, pieces, {ANN: ANN}, MONTH)
    assert sum(one.seconds for one in found) == sum(length for _, length in raw)


def share(
    number: int, seconds: int, programme: Programme = Programme.CCM, threshold: int = 1200
) -> PatientShare:
    return PatientShare(UUID(int=number), programme, seconds, threshold)


def test_a_patient_takes_more_than_a_share_only_beyond_the_code_and_beyond_the_peers() -> None:
    peers = [share(number, 1300) for number in range(10, 20)]
    heavy, threshold_only = share(1, 6000), share(2, 3000)
    found = disproportionate([heavy, *peers])
    assert [one.share for one in found] == [heavy]
    assert (found[0].times_threshold, found[0].peers, found[0].peers_median) == (5.0, 11, 1300)
    # Everybody of this programme needs that much: nobody stands out.
    assert disproportionate([threshold_only, *(share(n, 2900) for n in range(10, 20))]) == []
    # Beyond the peers, whose time does not even reach the code, is no fault either.
    assert disproportionate([share(3, 1300), *(share(n, 300) for n in range(10, 20))]) == []


def test_with_few_peers_the_code_alone_counts_and_without_a_code_the_peers_alone() -> None:
    assert [one.peers for one in disproportionate([share(1, 6000), share(2, 1200)])] == [0]
    apcm = [share(n, 600, Programme.APCM, 0) for n in range(10, 16)]
    heavy = share(1, 1800, Programme.APCM, 0)
    assert [one.share for one in disproportionate([*apcm, heavy])] == [heavy]
    assert disproportionate([share(1, 9000, Programme.APCM, 0)]) == [], "nothing to hold it against"
    assert disproportionate([]) == []


@pytest.mark.parametrize(
    ("counted", "missing", "available", "left", "load"),
    [
        (40, 20, 100, 50, Load.FITTING),
        (60, 30, 100, 50, Load.OVER),  # more than a full load of the month
        (10, 45, 100, 50, Load.OVER),  # what is missing does not fit into what is left
        (10, 42, 100, 50, Load.FITTING),
        (20, 20, 100, 50, Load.UNDER),
        (20, 20, None, None, Load.UNKNOWN),
        (0, 20, 0, 0, Load.OVER),  # away all month, and patients wait
        (0, 0, 0, 0, Load.UNKNOWN),
        (90, 0, 100, 0, Load.OVER),
        (50, 1, 100, 0, Load.OVER),
    ],
)
def test_a_load_is_what_is_spent_and_missing_against_working_time(
    counted: int, missing: int, available: int | None, left: int | None, load: Load
) -> None:
    hours = [None if one is None else one * HOUR for one in (available, left)]
    assert extended(Carried(counted * HOUR, missing * HOUR, *hours)).load is load


def test_beside_peers_a_load_is_light_or_heavy_by_their_median() -> None:
    peers = shares_of([Carried(20 * HOUR, 0, 100 * HOUR, 50 * HOUR)] * 3 + [Carried(9, 9, None, None)])
    assert peers == [0.2, 0.2, 0.2]
    for spent, load in (
        (20, Load.FITTING),
        (11, Load.UNDER),
        (12, Load.FITTING),
        (44, Load.FITTING),
        (46, Load.OVER),
    ):
        found = extended(Carried(spent * HOUR, 0, 100 * HOUR, 50 * HOUR), peers)
        assert found == Extension(load, spent / 100), spent


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 200), st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_more_work_never_makes_anybody_less_extended(
    spent: int, missing: int, available: int, left: int
) -> None:
    order = [Load.UNDER, Load.FITTING, Load.OVER]
    less = extended(Carried(spent, missing, available, left)).load
    more = extended(Carried(spent, missing + 1, available, left)).load
    assert order.index(less) <= order.index(more)


def test_the_own_target_goes_before_the_teams_and_that_before_everybodys_each_from_its_day() -> None:
    first, second, later = date(2026, 11, 1), date(2026, 11, 10), date(2026, 12, 1)
    everybody = Target(first, 100, 50)
    team = Target(first, 200, 60, team_id=TEAM)
    own = Target(second, 300, 70, user_id=ANN)
    again = Target(second, 310, 70, user_id=ANN)
    future = Target(later, 900, 99, user_id=ANN)
    rows = [everybody, team, own, again, future]
    assert target_for(rows, ANN, TEAM, first) is team
    assert target_for(rows, ANN, TEAM, second) is again, "of two from one day the one set later"
    assert target_for(rows, BEN, TEAM, second) is team
    assert target_for(rows, BEN, None, second) is everybody
    assert target_for(rows, None, TEAM, second) is team
    assert target_for([own], BEN, None, second) is None
    assert target_for(rows, ANN, TEAM, later) is future
