"""The clocks of an item: which rule holds, moments in open time, and the stages in their order."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_time import BusinessCalendar, office_week
from domain.work_clocks import ClockRule, Durations, Stage, clock, in_force, most_specific, own
from domain.work_kinds import KINDS, Kind

CLIENT, OTHER = uuid4(), uuid4()
DAY = date(2026, 3, 2)
OFFICE = BusinessCalendar("America/New_York", office_week(), frozenset({date(2026, 3, 9)}))
FRIDAY = datetime(2026, 3, 6, 20, tzinfo=UTC)  # 15:00 in New York
HOUR = 3600


def rule(
    kind: str = "",
    client_id: UUID | None = None,
    priority: int = 0,
    *,
    begins: date = DAY,
    due: int = HOUR,
    ends: bool = False,
) -> ClockRule:
    return ClockRule(uuid4(), kind, client_id, priority, None, due, 75, HOUR, None, ends, begins)


def test_the_rule_with_the_most_conditions_wins_and_a_contract_stands_before_a_kind() -> None:
    anything, kind, contract, urgent = rule(), rule("hold"), rule(client_id=CLIENT), rule(priority=1)
    both = rule("hold", CLIENT)
    rules = [anything, kind, contract, urgent]
    assert most_specific(rules, "hold", CLIENT, 1) is contract
    assert most_specific(rules, "hold", OTHER, 1) is kind
    assert most_specific(rules, "denial", None, 1) is urgent
    assert most_specific(rules, "denial", None, 3) is anything
    assert most_specific([*rules, both], "hold", CLIENT, 3) is both
    assert most_specific([both], "denial", CLIENT, 3) is None


def test_a_rule_counts_from_its_day_until_the_next_of_its_scope_or_its_end() -> None:
    first, second = rule("hold"), rule("hold", begins=date(2026, 3, 5), due=2 * HOUR)
    ended = rule("hold", begins=date(2026, 3, 8), ends=True)
    rules = [second, ended, first]
    assert in_force(rules, date(2026, 3, 1)) == []
    assert in_force(rules, date(2026, 3, 4)) == [first]
    assert in_force(rules, date(2026, 3, 5)) == [second]
    assert in_force(rules, date(2026, 3, 8)) == []
    other = rule("denial")
    assert in_force([first, other, second], date(2026, 3, 5)) == [second, other], "each scope has its own"
    corrected = rule("hold", due=5 * HOUR)
    assert in_force([first, corrected], DAY) == [corrected]


def test_moments_count_open_hours_over_a_weekend_a_holiday_and_a_clock_change() -> None:
    found = clock(Durations(HOUR, 4 * HOUR, 0.5, 8 * HOUR, OFFICE), FRIDAY)
    assert (found.start_by, found.start_warn_at) == (
        FRIDAY + timedelta(hours=1),
        FRIDAY + timedelta(hours=0.5),
    )
    # Two hours are left of Friday; Monday is closed; on Tuesday New York has summer time.
    assert found.due_at == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert found.due_warn_at == FRIDAY + timedelta(hours=2)
    assert found.escalate_at == datetime(2026, 3, 11, 15, tzinfo=UTC)
    assert found.reached(FRIDAY, started=False) == []
    begun_late = [Stage.START_WARNING, Stage.START_BREACH]
    assert [stage for stage, _ in found.reached(found.start_by, started=False)] == begun_late


def test_a_due_date_that_was_set_stays_and_is_warned_of_by_its_share() -> None:
    due = FRIDAY + timedelta(days=4)
    found = clock(Durations(40 * HOUR, HOUR, 0.75, HOUR, OFFICE), FRIDAY, due)
    assert (found.due_at, found.start_by, found.source) == (due, due, "given")
    assert clock(Durations(None, HOUR, source="row 3"), FRIDAY, due).source == "given row 3"
    assert found.due_warn_at == FRIDAY + timedelta(days=3)
    past = clock(Durations(HOUR, HOUR, 0.75, HOUR, OFFICE), FRIDAY, FRIDAY - timedelta(days=1))
    assert past.due_warn_at == past.due_at
    assert past.reached(FRIDAY, started=True)[1][0] is Stage.DUE_BREACH


def test_an_item_that_need_not_be_begun_has_the_clock_of_its_end_alone() -> None:
    found = clock(Durations(None, HOUR), FRIDAY)
    assert (found.start_by, found.start_warn_at) == (None, None)
    assert [stage for stage, _, _ in found.stages()] == [
        Stage.DUE_WARNING,
        Stage.DUE_BREACH,
        Stage.ESCALATION,
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_rule_a_kind_is_due_within_its_own_time_by_day_and_night(kind: Kind) -> None:
    found = clock(own(kind), FRIDAY)
    assert found.due_at == FRIDAY + KINDS[kind].due_within
    assert found.escalate_at == found.due_at + timedelta(days=1)
    assert found.start_by is not None
    assert FRIDAY < found.start_by < found.due_at
    assert found.source == ""


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(1, 90 * HOUR),
    due=st.integers(1, 90 * HOUR),
    warn=st.integers(1, 99),
    later=st.integers(0, 40 * HOUR),
    minutes=st.integers(0, 60 * 24 * 14),
)
def test_stages_come_in_order_and_each_alarm_is_the_next_of_them(
    start: int, due: int, warn: int, later: int, minutes: int
) -> None:
    found = clock(Durations(start, due, warn / 100, later, OFFICE), FRIDAY + timedelta(minutes=minutes))
    moments = [at for _, at, _ in found.stages()]
    assert moments == sorted(moments)
    assert found.due_warn_at <= found.due_at <= found.escalate_at
    assert found.start_warn_at is not None
    assert found.start_by is not None
    assert found.start_warn_at <= found.start_by <= found.due_at
    at: datetime | None = FRIDAY - timedelta(days=1)
    rung: list[datetime] = []
    while at is not None and (at := found.next_alarm(at)) is not None:
        rung.append(at)
    assert rung == sorted(set(moments))
    assert len(found.reached(rung[-1], started=False)) == 5
    assert len(found.reached(rung[-1], started=True)) == 3
