"""Spreading work: every item once, only to who can work it, and as evenly as any spread could be."""

from collections import Counter
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.workforce.spreading import BACK, Colleague, Task, can, spread

PERMISSIONS = ("denials.work", "claims.correct")
people_lists = st.lists(
    st.tuples(st.sets(st.sampled_from(PERMISSIONS)), st.integers(0, 3), st.integers(0, 5)),
    max_size=4,
).map(
    lambda rows: [
        Colleague(UUID(int=number), f"P{number}", frozenset(held), {"German": level} if level else {}, load)
        for number, (held, level, load) in enumerate(rows, 1)
    ]
)
task_lists = st.lists(
    st.tuples(
        st.sampled_from(PERMISSIONS), st.booleans(), st.integers(1, 3), st.sets(st.integers(1, 4), max_size=2)
    ),
    max_size=5,
).map(
    lambda rows: [
        Task(
            UUID(int=100 + number),
            held,
            "German" if skilled else "",
            level,
            frozenset(UUID(int=one) for one in out),
        )
        for number, (held, skilled, level, out) in enumerate(rows)
    ]
)


def unevenness(loads: Counter[UUID]) -> int:
    """What grows with every step away from even loads."""
    return sum(load * load for load in loads.values())


@settings(max_examples=60, deadline=None)
@given(task_lists, people_lists)
def test_every_item_goes_once_to_somebody_who_can_and_no_spread_is_more_even(
    tasks: list[Task], people: list[Colleague]
) -> None:
    shares = spread(tasks, people)
    by_id = {one.id: one for one in people}
    assert [one.item_id for one in shares] == [task.id for task in tasks]
    able = [[one.id for one in people if can(task, one)] for task in tasks]
    for share, choices in zip(shares, able, strict=True):
        assert (share.to in choices) if choices else (share.to is None and share.why == BACK)
    before = Counter({one.id: one.load for one in people})
    found = unevenness(before + Counter(one.to for one in shares if one.to in by_id))
    others = (
        before + Counter(choice for choice in way if choice)
        for way in product(*(one or [None] for one in able))
    )
    assert found == min(unevenness(one) for one in others)
    assert spread(tasks, people[::-1]) == shares


def test_an_item_makes_room_for_one_that_only_the_same_person_can_work() -> None:
    both = Colleague(UUID(int=1), "Both", frozenset(PERMISSIONS))
    one = Colleague(UUID(int=2), "One", frozenset({"denials.work"}))
    tasks = [Task(UUID(int=9), "denials.work"), Task(UUID(int=8), "claims.correct")]
    assert [share.to for share in spread(tasks, [both, one])] == [one.id, both.id]


def test_a_large_roster_is_spread_at_once() -> None:
    people = [Colleague(UUID(int=n), f"P{n}", frozenset(PERMISSIONS), {}, n) for n in range(1, 21)]
    tasks = [Task(UUID(int=1_000 + n), PERMISSIONS[n % 2]) for n in range(2_000)]
    given_to = Counter(share.to for share in spread(tasks, people))
    after = [one.load + given_to[one.id] for one in people]
    assert max(after) - min(after) <= 1
