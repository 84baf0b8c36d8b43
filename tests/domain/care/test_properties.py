"""What holds of every month, however its entries lie."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.care.codes import STANDARD
from domain.care.counting import Why, count
from domain.care.entries import Credential, Entry, Programme
from domain.care.minutes import Settings, Worked, reckon, tally, tally_of
from tests.domain.care.months import BEGIN, END, NOVEMBER, enrolled_all_month, month_of

TIMED = (Programme.CCM, Programme.PCM)
ENROLLED = enrolled_all_month(*TIMED)


@st.composite
def _entries(draw: st.DrawFn, longest: int = 8) -> list[Entry]:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(-2_000, 9_000),
                st.integers(0, 4_000),
                st.integers(1, 3),
                st.sampled_from(TIMED),
                st.sampled_from(tuple(Credential)),
                st.booleans(),
            ),
            max_size=longest,
        )
    )
    near = draw(st.sampled_from((BEGIN, END - 5_000)))
    return [
        Entry(
            UUID(int=100 + n), UUID(int=who), what, credential, near + at, near + at + long, approved=approved
        )
        for n, (at, long, who, what, credential, approved) in enumerate(rows)
    ]


FEW = settings(max_examples=150, deadline=None)


@FEW
@given(_entries())
def test_what_counts_never_exceeds_the_time_on_the_wall(entries: list[Entry]) -> None:
    seconds = {
        second
        for one in entries
        for second in range(max(one.starts, BEGIN), min(one.ends, END))
        if one.credential != Credential.OTHER and one.approved
    }
    assert count(entries, NOVEMBER, ENROLLED).seconds == len(seconds)


@FEW
@given(_entries(), _entries(longest=1))
def test_another_entry_never_lowers_the_total(entries: list[Entry], more: list[Entry]) -> None:
    added = [replace(one, id=UUID(int=9_999)) for one in more]
    before, after = count(entries, NOVEMBER, ENROLLED), count([*entries, *added], NOVEMBER, ENROLLED)
    assert after.seconds >= before.seconds
    for one in added:
        mine = [row for row in entries if row.programme == one.programme]
        assert count([*mine, one], NOVEMBER, ENROLLED).seconds >= count(mine, NOVEMBER, ENROLLED).seconds


@FEW
@given(_entries(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(entries: list[Entry], chance: object) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    about = month_of(*TIMED, complex_decisions=True)
    assert reckon(shuffled, about, STANDARD) == reckon(entries, about, STANDARD)


@FEW
@given(_entries(), st.integers(0, 7), st.integers(1, 3_999))
def test_splitting_an_entry_changes_nothing(entries: list[Entry], which: int, at: int) -> None:
    about = month_of(*TIMED, complex_decisions=True)
    whole = reckon(entries, about, STANDARD)
    if which < len(entries) and 0 < at < entries[which].ends - entries[which].starts:
        one = entries[which]
        cut = one.starts + at
        parts = [replace(one, ends=cut), replace(one, id=UUID(int=5_000), starts=cut)]
        entries = [row for row in entries if row.id != one.id] + parts
    split = reckon(entries, about, STANDARD)
    assert (split.lines, split.counted, split.short) == (whole.lines, whole.counted, whole.short)


@settings(max_examples=60, deadline=None)
@given(_entries(longest=3), st.booleans())
def test_seconds_tallied_without_codes_are_those_of_the_reckoning(
    entries: list[Entry], stands_in: bool
) -> None:
    about, wanted = month_of(*TIMED, Programme.APCM), Settings(practitioner_as_staff=stands_in)
    whole, tallied = reckon(entries, about, STANDARD, wanted), tally(entries, about, STANDARD, wanted)
    assert (tallied.counted, tallied.short) == (whole.counted, whole.short)
    assert sum(one.ends - one.starts for one in tallied.pieces) == sum(
        one.ends - one.starts for one in whole.pieces
    )
    result = count(entries, NOVEMBER, ENROLLED)
    if not any(one.staff and one.practitioner for one in result.stretches):
        worked = {
            programme: Worked(
                sum(one.seconds for one in result.of(programme) if one.staff),
                sum(one.seconds for one in result.of(programme) if one.practitioner),
            )
            for programme in TIMED
            if result.of(programme)
        }
        summed = tally_of(worked, (*TIMED, Programme.APCM), STANDARD.on(NOVEMBER.last), wanted)
        assert (summed.counted, summed.short, summed.pieces) == (whole.counted, whole.short, ())


@FEW
@given(_entries())
def test_every_second_of_every_entry_has_exactly_one_fate(entries: list[Entry]) -> None:
    result = reckon(entries, month_of(*TIMED), STANDARD)
    for entry in entries:
        pieces = [one for one in result.pieces if one.entry_id == entry.id]
        assert sum(one.ends - one.starts for one in pieces) == entry.ends - entry.starts
        assert all(one.starts < one.ends for one in pieces)
        assert all(first.ends <= second.starts for first, second in pairwise(pieces))
    counted = sum(one.ends - one.starts for one in result.pieces if one.why in (Why.COUNTED, Why.OTHER_TRACK))
    assert counted == sum(result.counted.values())
