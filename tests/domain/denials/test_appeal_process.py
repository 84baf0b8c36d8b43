"""An appeal's stages, its clocks, and the diagram that is drawn from the same table."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.denials import appeal
from domain.denials.appeal import TRANSITIONS, Clock, Event, Stage, Times, advance, diagram, next_ring
from domain.refusals import Conflict

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
WINDOW = NOW + timedelta(days=60)


def test_an_appeal_goes_from_level_to_level_until_it_is_won() -> None:
    stage = Stage.DRAFTED
    for event in (
        Event.SENT,
        Event.ACKNOWLEDGED,
        Event.UPHELD,
        Event.NEXT_LEVEL,
        Event.SENT,
        Event.OVERTURNED,
    ):
        stage = advance(stage, event)
    assert stage is Stage.CLOSED


def test_what_waits_for_approval_is_not_sent() -> None:
    with pytest.raises(Conflict) as refused:
        advance(Stage.AWAITING_APPROVAL, Event.SENT)
    assert "approved" in refused.value.what_to_do


def test_the_payers_money_ends_an_appeal_wherever_it_stands() -> None:
    assert all(
        advance(stage, Event.OVERTURNED) is Stage.CLOSED for stage in Stage if stage is not Stage.CLOSED
    )


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {following for events in TRANSITIONS.values() for following in events.values()}
    assert set(TRANSITIONS) == set(Stage)
    assert reached | {Stage.DRAFTED} == set(Stage)
    assert all(events for stage, events in TRANSITIONS.items() if stage is not Stage.CLOSED)


def test_before_sending_the_window_warns_and_then_closes() -> None:
    drafted = Times(Stage.DRAFTED, WINDOW, None)
    assert next_ring(drafted) == (Clock.WARNING, WINDOW - timedelta(days=15))
    assert next_ring(Times(Stage.DRAFTED, WINDOW, None, warned=True)) == (Clock.EXPIRY, WINDOW)


def test_after_sending_only_the_payers_silence_counts() -> None:
    answer_by = NOW + timedelta(days=30)
    assert next_ring(Times(Stage.SENT, WINDOW, answer_by, warned=True)) == (Clock.SILENCE, answer_by)
    assert next_ring(Times(Stage.ACKNOWLEDGED, WINDOW, answer_by, silent=True)) is None
    assert next_ring(Times(Stage.CLOSED, WINDOW, answer_by)) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(Event)), max_size=12))
def test_the_diagram_shows_every_stage_that_an_appeal_has_been_at(events: list[Event]) -> None:
    stage, seen = Stage.DRAFTED, []
    for event in events:
        if event in TRANSITIONS[stage]:
            seen.append(stage)
            stage = advance(stage, event)
    drawn = diagram(stage, seen)
    assert all(f"{one.value}[" in drawn for one in {*seen, stage})
    assert drawn.count(":::current") + drawn.count(":::failed") == 1


def test_every_arrow_of_the_diagram_is_a_way_of_the_table() -> None:
    assert all(to in TRANSITIONS[start].values() for start, _, to in appeal._EDGES if to is not Stage.CLOSED)
