"""Whom to ask: better is never ranked lower, what cannot be rated is neutral, and every figure has its reason."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rates import Rate
from domain.workforce.float_recommendation import (
    WEIGHTS,
    Candidate,
    Ranked,
    Wanted,
    checked_weights,
    rank,
)

WANTED = Wanted(8 * 3600, "Denials", 3)
HOUR = 3600


def rates() -> st.SearchStrategy[Rate]:
    return st.integers(0, 40).flatmap(lambda whole: st.integers(0, whole).map(lambda part: Rate(part, whole)))


def candidates() -> st.SearchStrategy[list[Candidate]]:
    one = st.builds(
        Candidate,
        user_id=st.just(UUID(int=0)),
        name=st.sampled_from(("Ada", "Bea", "Cal")),
        level=st.integers(0, 5),
        quality=rates(),
        open_items=st.integers(0, 40),
        touches=st.integers(0, 40),
        free_seconds=st.integers(0, 12 * HOUR),
        blocked=st.sampled_from(("", "", "", "Lends a hand elsewhere.")),
    )
    listed = st.lists(one, min_size=2, max_size=5)
    return listed.map(
        lambda found: [replace(c, user_id=UUID(int=number)) for number, c in enumerate(found, 1)]
    )


def weights() -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries({code: st.integers(0, 100).map(float) for code in WEIGHTS})


def place(found: list[Ranked], user_id: UUID) -> int:
    return [one.user_id for one in found].index(user_id)


@settings(max_examples=60, deadline=None)
@given(
    candidates(), weights(), st.sampled_from(("level", "open_items", "touches", "free_seconds", "quality"))
)
def test_who_becomes_better_in_one_thing_never_falls_behind_anybody(
    people: list[Candidate], weighed: dict[str, float], what: str
) -> None:
    first = people[0]
    better = {
        "level": replace(first, level=5),
        "open_items": replace(first, open_items=0),
        "touches": replace(first, touches=first.touches + 5),
        "free_seconds": replace(first, free_seconds=first.free_seconds + HOUR),
        "quality": replace(first, quality=Rate(first.quality.part + 1, first.quality.whole + 1))
        if first.quality.whole
        else first,
    }[what]
    before, after = rank(people, WANTED, weighed), rank([better, *people[1:]], WANTED, weighed)
    ahead = {one.user_id for one in before[place(before, first.user_id) + 1 :]}
    now_ahead = {one.user_id for one in after[place(after, first.user_id) + 1 :]}
    assert ahead <= now_ahead


@settings(max_examples=60, deadline=None)
@given(candidates(), weights())
def test_scores_lie_between_0_and_1_and_those_who_cannot_be_asked_stand_last(
    people: list[Candidate], weighed: dict[str, float]
) -> None:
    found = rank(people, WANTED, weighed)
    assert {one.user_id for one in found} == {one.user_id for one in people}
    assert all(0 <= one.score <= 1 and all(0 <= part.score <= 1 for part in one.parts) for one in found)
    assert [bool(one.blocked) for one in found] == sorted(bool(one.blocked) for one in found)
    scores = [one.score for one in found if not one.blocked]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=40, deadline=None)
@given(candidates())
def test_the_order_in_which_people_are_known_changes_nothing(people: list[Candidate]) -> None:
    assert rank(people, WANTED) == rank(list(reversed(people)), WANTED)


ADA = Candidate(UUID(int=1), "Ada", 4, Rate(57, 60), 3, 12, 8 * HOUR)
NEW = Candidate(UUID(int=2), "New", 4, Rate(0, 0), 3, 12, 8 * HOUR)


def words(one: Ranked) -> dict[str, str]:
    return {part.code: part.words for part in one.parts}


def test_nothing_to_rate_counts_as_the_average_of_the_others_and_says_so() -> None:
    found = rank([ADA, NEW], WANTED)
    assert found[0].score == found[1].score
    assert words(found[1])["quality"] == "nothing to rate yet: counted as the average of the others (86.3 %)"
    assert [part.rated for part in found[1].parts if part.code == "quality"] == [False]
    alone = rank([NEW], WANTED)[0]
    assert "quality" not in words(alone)


def test_a_few_right_claims_are_worth_less_than_many() -> None:
    few = replace(ADA, user_id=UUID(int=3), name="Few", quality=Rate(3, 3))
    assert [one.name for one in rank([few, ADA], WANTED)] == ["Ada", "Few"]


def test_each_reason_says_its_figure_in_words() -> None:
    busy = replace(ADA, open_items=1, free_seconds=6 * HOUR, touches=0, level=1)
    assert words(rank([busy], WANTED)[0]) == {
        "skill_match": "Denials 3 asked, has 1",
        "quality": "95.0 % (57 of 60) of audited claims right, at least 86.3 %",
        "load": "1 open item in hand",
        "continuity": "has not worked for this client in the last 180 days",
        "overtime": "8 h asked, 6 h free: 2 h over capacity",
    }


def test_a_weight_that_makes_no_sense_keeps_its_default() -> None:
    asked = {"skill_match": "55", "quality": -1, "load": None, "continuity": True, "overtime": 1_000_000}
    assert checked_weights(asked) == {**WEIGHTS, "skill_match": 55.0}
    assert checked_weights(dict.fromkeys(WEIGHTS, 0)) == WEIGHTS
