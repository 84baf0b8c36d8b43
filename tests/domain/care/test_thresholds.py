"""The boundaries of the codes, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.care.codes import STANDARD, TIMED, CodeTable, TimedCode, apcm_level
from domain.care.counting import Enrolled
from domain.care.entries import Credential, Entry, Programme, whole_seconds
from domain.care.minutes import PatientMonth, Settings, Worked, reckon, tally_of
from tests.domain.care.months import ANA, BEGIN, END, NOVEMBER, month_of, spent

STAFF_CCM = [
    (0, {}),
    (1199, {}),
    (1200, {"99490": 1}),
    (2399, {"99490": 1}),
    (2400, {"99490": 1, "99439": 1}),
    (3599, {"99490": 1, "99439": 1}),
    (3600, {"99490": 1, "99439": 2}),
    (6000, {"99490": 1, "99439": 2}),
]
COMPLEX = [
    (3599, {"99490": 1, "99439": 1}),
    (3600, {"99487": 1}),
    (5399, {"99487": 1}),
    (5400, {"99487": 1, "99489": 1}),
    (7200, {"99487": 1, "99489": 2}),
]
STAFF_PCM = [(1799, {}), (1800, {"99426": 1}), (3599, {"99426": 1}), (3600, {"99426": 1, "99427": 1})]
OWN_CCM = [(1799, {}), (1800, {"99491": 1}), (3600, {"99491": 1, "99437": 1})]
OWN_PCM = [(1799, {}), (1800, {"99424": 1}), (3600, {"99424": 1, "99425": 1})]


def _codes(seconds: int, programme: Programme, credential: Credential, **about: object) -> dict[str, int]:
    entries = [spent(3600, seconds, programme=programme, credential=credential)]
    return {line.code: line.units for line in reckon(entries, month_of(programme, **about), STANDARD).lines}


@pytest.mark.parametrize(("seconds", "codes"), STAFF_CCM)
def test_twenty_minutes_of_staff_make_ccm_and_at_most_two_add_ons(
    seconds: int, codes: dict[str, int]
) -> None:
    assert _codes(seconds, Programme.CCM, Credential.CLINICAL) == codes


@pytest.mark.parametrize(("seconds", "codes"), COMPLEX)
def test_an_hour_with_complex_decisions_makes_complex_ccm(seconds: int, codes: dict[str, int]) -> None:
    assert _codes(seconds, Programme.CCM, Credential.CLINICAL, complex_decisions=True) == codes


@pytest.mark.parametrize(("seconds", "codes"), STAFF_PCM)
def test_pcm_needs_thirty_minutes(seconds: int, codes: dict[str, int]) -> None:
    assert _codes(seconds, Programme.PCM, Credential.CLINICAL) == codes


@pytest.mark.parametrize(("seconds", "codes"), OWN_PCM)
def test_a_practitioners_own_time_makes_pcm(seconds: int, codes: dict[str, int]) -> None:
    assert _codes(seconds, Programme.PCM, Credential.PRACTITIONER) == codes


def test_a_practitioners_own_half_hour_makes_its_own_ccm_code() -> None:
    for seconds, codes in OWN_CCM[1:]:
        assert _codes(seconds, Programme.CCM, Credential.PRACTITIONER) == codes


def test_a_practitioners_shorter_time_stands_in_for_staff() -> None:
    assert _codes(1799, Programme.CCM, Credential.PRACTITIONER) == {"99490": 1}


@pytest.mark.parametrize("seconds", [1170, 1199])
def test_nothing_is_rounded_up_to_twenty_minutes(seconds: int) -> None:
    assert _codes(seconds, Programme.CCM, Credential.CLINICAL) == {}


def test_a_begun_second_never_counts() -> None:
    began = datetime(2026, 11, 3, 15, 0, 0, 250_000, UTC)
    starts, ends = whole_seconds(began, began + timedelta(seconds=1199.5))
    entry = Entry(spent(0, 1).id, ANA, Programme.CCM, Credential.CLINICAL, starts, ends)
    result = reckon([entry], month_of(Programme.CCM), STANDARD)
    assert (ends - starts, result.lines, result.short) == (1198, (), {Programme.CCM: 2})


def test_an_entry_longer_than_a_day_keeps_its_days() -> None:
    entry = spent(0, 2 * 86_400 + 60)
    assert reckon([entry], month_of(Programme.CCM), STANDARD).counted[Programme.CCM] == 172_860


def test_a_cap_that_no_source_confirms_is_a_value_of_the_table() -> None:
    capped = tuple(
        TimedCode(
            r.code, r.programme, r.track, r.base_seconds, r.add_on, r.add_on_seconds, r.rank, 1, r.complex
        )
        for r in TIMED
    )
    entries = [spent(0, 4 * 3600)]
    about = month_of(Programme.CCM, complex_decisions=True)
    with_cap = {line.code: line.units for line in reckon(entries, about, CodeTable(capped)).lines}
    without = {line.code: line.units for line in reckon(entries, about, STANDARD).lines}
    assert (with_cap["99489"], without["99489"]) == (1, 6)
    assert CodeTable(capped).version != CodeTable().version


@pytest.mark.parametrize(
    ("conditions", "qmb", "level"), [(0, False, 1), (1, True, 1), (2, False, 2), (2, True, 3), (5, True, 3)]
)
def test_the_level_of_apcm_follows_conditions_and_benefit(conditions: int, qmb: bool, level: int) -> None:
    assert apcm_level(conditions, qmb=qmb) == level


def test_apcm_needs_no_minutes_and_comes_once() -> None:
    for programmes in ((Programme.APCM,), (Programme.CCM, Programme.APCM)):
        lines = reckon([], month_of(*programmes, apcm_level=2), STANDARD).lines
        assert [(line.code, line.units, line.seconds) for line in lines] == [("G0557", 1, 0)]
    assert reckon([], month_of(Programme.CCM, apcm_level=2), STANDARD).lines == ()


@pytest.mark.parametrize(
    ("starts", "ends", "here"),
    [
        (BEGIN - 9, BEGIN, False),
        (BEGIN - 9, BEGIN + 1, True),
        (END - 1, END + 9, True),
        (END, END + 9, False),
    ],
)
def test_a_programme_belongs_to_a_month_from_a_single_second_of_it(
    starts: int, ends: int, here: bool
) -> None:
    timed = PatientMonth(NOVEMBER, (Enrolled(Programme.CCM, starts, ends),))
    assert reckon([], timed, STANDARD).short == ({Programme.CCM: 1200} if here else {})
    advanced = PatientMonth(NOVEMBER, (Enrolled(Programme.APCM, starts, ends),), apcm_level=2)
    assert [(line.code, line.served_on) for line in reckon([], advanced, STANDARD).lines] == (
        [("G0557", NOVEMBER.last)] if here else []
    )


@pytest.mark.parametrize(
    ("worked", "counted", "short"),
    [
        (Worked(1199), 1199, {Programme.CCM: 1}),
        (Worked(1200), 1200, {}),
        (Worked(600, 600), 1200, {}),
        (Worked(practitioner=900), 900, {Programme.CCM: 300}),
    ],
)
def test_seconds_that_are_summed_already_lack_as_much(
    worked: Worked, counted: int, short: dict[Programme, int]
) -> None:
    told = tally_of({Programme.CCM: worked}, (Programme.CCM, Programme.APCM), STANDARD)
    assert (told.counted[Programme.CCM], told.short, told.pieces) == (counted, short, ())
    apart = tally_of(
        {Programme.CCM: worked}, (Programme.CCM,), STANDARD, Settings(practitioner_as_staff=False)
    )
    assert apart.short.get(Programme.CCM, 0) == max(0, min(1200 - worked.staff, 1800 - worked.practitioner))


def test_a_month_below_the_first_threshold_is_not_billable() -> None:
    assert not reckon([spent(0, 1199)], month_of(Programme.CCM), STANDARD).billable


def test_half_a_programme_is_told_what_it_lacks() -> None:
    result = reckon([spent(0, 700), spent(900, 200)], month_of(Programme.CCM), STANDARD)
    assert (result.counted[Programme.CCM], result.short) == (900, {Programme.CCM: 300})
    assert result.pieces[0].starts == BEGIN
    assert reckon([], month_of(Programme.PCM, Programme.APCM), STANDARD).short == {Programme.PCM: 1800}
    complex_alone = CodeTable(tuple(row for row in TIMED if row.complex))
    assert reckon([], month_of(Programme.CCM), complex_alone).short == {}, "minutes alone do not reach it"
    assert reckon([spent(0, 1199)], month_of(Programme.CCM), STANDARD).short == {Programme.CCM: 1}
    assert reckon([spent(0, 1200)], month_of(Programme.CCM), STANDARD).short == {}, (
        "nothing is lacking once it is reached"
    )
