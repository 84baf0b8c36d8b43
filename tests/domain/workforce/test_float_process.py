"""The process of a float assignment: one table moves it, rings its clocks and draws its diagram."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.processes import PROCESSES
from domain.refusals import Conflict
from domain.workforce.float_drafts import LONGEST, draft_note
from domain.workforce.float_process import (
    LIVE,
    OVER,
    PROCESS,
    RUNNING,
    STAGES,
    Clock,
    Event,
    State,
    Times,
    advance,
    answer_by,
    diagram,
    edges,
    next_ring,
)

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


def test_the_diagram_draws_exactly_the_ways_that_the_table_allows() -> None:
    ways = {(state, end) for state, stage in STAGES.items() for end in stage.events.values()}
    assert edges() == {(start, end) for start, end in ways if start is not end}
    assert PROCESSES["float_assignment"] is PROCESS
    assert {step.code for step in PROCESS.steps} == {state.value for state in State}
    assert PROCESS.ends == {state.value for state in OVER}


def test_every_assignment_can_end_and_what_has_ended_stays_so() -> None:
    for state in State:
        reached, frontier = {state}, [state]
        while frontier:
            for following in STAGES[frontier.pop()].events.values():
                if following not in reached:
                    reached.add(following)
                    frontier.append(following)
        assert reached & set(OVER)
    assert set(LIVE) | set(OVER) == set(State)
    with pytest.raises(Conflict) as refused:
        advance(State.ENDED, Event.EXTENDED)
    assert refused.value.code == "float.event_out_of_place"


def test_each_wait_has_the_clock_that_ends_it() -> None:
    assert next_ring(Times(State.OFFERED, NOON, LATER, NOON)) == (Clock.ANSWER_LATE, NOON)
    assert next_ring(Times(State.OFFERED, NOON, LATER, NOON, reminded=True)) == (Clock.UNANSWERED, LATER)
    assert next_ring(Times(State.ACCEPTED, NOON, LATER)) == (Clock.BEGIN, NOON)
    for state in RUNNING:
        assert next_ring(Times(state, NOON, LATER)) == (Clock.END, LATER)
    for state in (State.PROPOSED, *OVER):
        assert next_ring(Times(state, NOON, LATER)) is None


def test_an_answer_is_due_within_a_day_and_an_offer_that_begins_at_once_leaves_an_hour() -> None:
    assert answer_by(NOON, LATER) == NOON + timedelta(days=1)
    assert answer_by(NOON, NOON + timedelta(hours=5)) == NOON + timedelta(hours=5)
    assert answer_by(NOON, NOON) == NOON + timedelta(hours=1)


def test_a_diagram_shows_where_it_stands_and_what_went_wrong() -> None:
    assert 'active["Active"]:::current' in diagram("active", ["proposed", "offered", "accepted"])
    assert 'declined["Declined"]:::failed' in diagram("declined", ["proposed", "offered"])
    assert "extended" not in diagram("active", ["proposed", "offered", "accepted"])


def test_a_draft_becomes_a_note_with_a_line_for_each_field_that_is_filled() -> None:
    fields = {
        "comment": "Asked the payer.",
        "until": "",
        "lines": [{"code": "99213", "units": None}],
        "ok": False,
    }
    note = draft_note("FA-101", "work/0193", fields)
    assert note == "Unfinished when FA-101 ended (work form):\ncomment: Asked the payer.\nlines.1.code: 99213"
    assert len(draft_note("FA-101", "work/0193", {"comment": "x" * 5_000})) == LONGEST
