"""Samples that can be drawn again, checklists, accuracies, agreement, and the states of an audit."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.quality import checklist, process, sampling
from domain.quality.accuracy import Counted, accuracy, needs_training, pooled, surely_below
from domain.quality.agreement import cohens_kappa
from domain.quality.checklist import DEFAULT, Category, FindingFacts, Severity
from domain.quality.process import STAGES, Clock, Event, State, Times
from domain.quality.sampling import Candidate, Method
from domain.refusals import Conflict, Invalid

POPULATION = st.lists(
    st.builds(Candidate, st.uuids(), st.sampled_from(["Aetna", "Cigna", "Medicare"])),
    max_size=60,
    unique_by=lambda one: one.id,
)


@settings(max_examples=60, deadline=None)
@given(POPULATION, st.integers(0, 70), st.integers(0, 2**31), st.sampled_from(list(Method)), st.randoms())
def test_the_same_seed_draws_the_same_sample_in_whatever_order(
    population, size, seed, method, shuffler
) -> None:  # type: ignore[no-untyped-def]
    first = sampling.draw(population, size, seed, method)
    again = list(population)
    shuffler.shuffle(again)
    assert sampling.draw(again, size, seed, method) == first
    assert len(first) == len({one.id for one in first}) == min(size, len(population))
    assert set(first) <= set(population)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 40), max_size=8),
    st.integers(0, 200),
)
def test_strata_are_shared_out_in_proportion_and_none_is_forgotten(sizes: dict[str, int], size: int) -> None:
    given_to = sampling.allocation(sizes, size)
    whole = sum(sizes.values())
    assert sum(given_to.values()) == min(size, whole)
    assert all(1 <= count <= sizes[name] for name, count in given_to.items())
    if size >= len(sizes):
        assert set(given_to) == set(sizes)


def test_a_size_or_a_rate_says_how_many() -> None:
    assert sampling.size_of(40, 10, None) == 10
    assert sampling.size_of(4, 10, None) == 4
    assert sampling.size_of(41, None, 10) == 5
    assert sampling.size_of(0, None, 10) == 0
    ids = [UUID(int=number) for number in range(10)]
    assert len(sampling.draw_second(ids, 25, 7)) == 3
    assert sampling.draw_second(ids, 25, 7) == sampling.draw_second(ids[::-1], 25, 7)


def test_kappa_is_what_the_textbook_says() -> None:
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = cohens_kappa(pairs)
    assert (found.pairs, found.same) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    assert cohens_kappa([]).words == "nothing to compare"
    assert cohens_kappa([("y", "y")] * 9).kappa is None


def test_accuracies_are_pooled_and_nothing_is_nothing_to_rate() -> None:
    nothing = accuracy(pooled([]))
    assert (nothing.codes.words, nothing.claims.words) == ("nothing to rate", "nothing to rate")
    assert (nothing.money.share, nothing.money.interval) == (None, None)
    # 1 of 1 and 50 of 100 are 51 of 101, not 75 %.
    both = accuracy(pooled([Counted(1, 0, 1, 0, 100, 0), Counted(100, 50, 100, 50, 10_000, 5_000)]))
    assert (both.claims.part, both.claims.whole) == (51, 101)
    assert both.money.share == pytest.approx(5_100 / 10_100)
    low, high = both.money.interval or (0, 0)
    assert low < 5_100 / 10_100 < high
    assert needs_training(both.claims) and surely_below(both.claims)
    assert not needs_training(nothing.claims) and not surely_below(nothing.claims)


def test_an_observation_counts_nowhere_and_two_findings_on_a_code_are_one_wrong_code() -> None:
    told = [("coding", "minor", "lines.1.procedure", 500), ("coding", "major", "lines.1.procedure", 0)]
    assert checklist.counted(4, 1_000, told) == Counted(1, 1, 4, 1, 1_000, 500)
    assert checklist.counted(4, 1_000, [("coding", "observation", "x", 900)]) == Counted(1, 0, 4, 0, 1_000, 0)
    assert checklist.counted(4, 1_000, [("financial", "major", "x", -9_000)]).cents_wrong == 1_000


def test_a_review_answers_every_question_and_says_what_is_not_met() -> None:
    answers = {one.key: "met" for one in DEFAULT}
    checklist.checked_review(DEFAULT, answers, [])
    with pytest.raises(Invalid) as refused:
        checklist.checked_review(DEFAULT, answers | {"units": "not_met", "parties": ""}, [])
    assert [one.code for one in refused.value.fields] == ["finding.missing", "answer.missing"]
    finding = FindingFacts(
        Category.CODING, Severity.MINOR, "lines.1.units", "Two units, one given", question="units"
    )
    checklist.checked_review(DEFAULT, answers | {"units": "not_met"}, [finding])
    assert checklist.score(DEFAULT, answers | {"units": "not_met", "timely": "not_applicable"}) == (14, 16)


def test_the_diagram_shows_the_ways_that_the_table_has() -> None:
    ways = {
        (state, end)
        for state, stage in STAGES.items()
        for event, end in stage.events.items()
        if end is not state and event is not Event.CANCELLED
    }
    assert process.edges() == ways
    text = process.diagram("disputed", ["planned", "sampled", "in_review", "completed", "notified"])
    assert 'disputed["Disputed"]:::failed' in text and 'notified["Notified"]:::done' in text
    assert 'disputed["' not in process.diagram("sampled", ["planned"])


def test_an_event_out_of_place_is_refused_with_what_is_possible() -> None:
    with pytest.raises(Conflict) as refused:
        process.advance(State.PLANNED, Event.DISPUTED)
    assert "drawn" in refused.value.what_to_do


def test_each_wait_has_its_clock() -> None:
    due, last = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    rings = {state: process.next_ring(Times(state, due, last)) for state in State}
    assert {state: ring[0] for state, ring in rings.items() if ring} == {
        State.SAMPLED: Clock.REVIEW_LATE,
        State.IN_REVIEW: Clock.REVIEW_LATE,
        State.NOTIFIED: Clock.ANSWER_REMINDER,
        State.DISPUTED: Clock.DECISION_LATE,
    }
    assert process.next_ring(Times(State.NOTIFIED, due, last, True)) == (Clock.ANSWER_SILENT, last)
    assert process.next_ring(Times(State.IN_REVIEW, due, last, True)) is None
