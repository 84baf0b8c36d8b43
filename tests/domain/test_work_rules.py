"""Work items: kinds, decisions, due times, and what each person may do with an item now."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain import work
from domain.refusals import Invalid
from domain.work import ASSIGN, KINDS, SUBJECTS, TAKE, Holding, Kind
from domain.work_clocks import clock, own
from policies.permissions import Permission

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ME, OTHER = uuid4(), uuid4()


def test_every_kind_has_rules_and_needs_a_permission_that_exists() -> None:
    assert set(KINDS) == set(Kind)
    assert {rules.permission for rules in KINDS.values()} <= {str(permission) for permission in Permission}


def test_every_kind_can_be_decided_under_codes_of_its_own() -> None:
    for kind, rules in KINDS.items():
        codes = [decision.code for decision in rules.decisions]
        assert len(codes) == len(set(codes)) >= 1, kind


def test_an_item_is_due_after_the_time_its_kind_allows() -> None:
    assert clock(own(Kind.QUARANTINE), NOW).due_at == NOW + timedelta(days=1)
    assert clock(own(Kind.DENIAL), NOW).due_at == NOW + timedelta(days=5)


def test_a_title_is_a_reference_what_happened_and_codes() -> None:
    assert work.title(Kind.DENIAL, "C-1001", "CO-45, CO-97") == "C-1001 denied: CO-45, CO-97"
    assert work.title(Kind.SILENCE, "C-7") == "C-7 no answer"
    assert work.title(Kind.FILE, "") == "File needs attention"


def test_a_decision_outside_the_list_is_refused_with_the_list() -> None:
    with pytest.raises(Invalid) as refused:
        work.decision_of(Kind.HOLD, "appeal", "")
    assert refused.value.fields[0].field == "decision"
    assert "recheck" in refused.value.what_to_do


def test_a_decision_that_cannot_be_undone_asks_for_the_reason() -> None:
    with pytest.raises(Invalid) as refused:
        work.decision_of(Kind.DENIAL, "write_off", "  ")
    assert refused.value.fields[0].field == "comment"
    assert work.decision_of(Kind.DENIAL, "write_off", "too small to appeal").code == "write_off"


@pytest.mark.parametrize(
    "until", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=400), datetime(2026, 12, 1)]
)
def test_an_item_rests_only_until_a_future_moment_within_a_year(until: datetime) -> None:
    with pytest.raises(Invalid):
        work.checked_follow_up(until, NOW)


def test_a_priority_is_one_to_five() -> None:
    assert work.checked_priority(1) == 1
    for wrong in (0, 6, -1):
        with pytest.raises(Invalid):
            work.checked_priority(wrong)


def test_a_comment_is_plain_text_of_bounded_length() -> None:
    assert work.checked_comment("  called the payer ") == "called the payer"
    for wrong in ("x" * 4001, "nul\0byte"):
        with pytest.raises(Invalid):
            work.checked_comment(wrong)
    with pytest.raises(Invalid):
        work.checked_comment("   ", required=True)


def test_who_may_take_a_free_item_may_not_yet_complete_it() -> None:
    free = Holding("open", "claims.correct", None)
    assert work.actions(free, ME, {TAKE, "claims.correct"}) == ("take",)
    assert work.actions(free, ME, {TAKE}) == ()
    assert work.actions(free, ME, {"claims.correct"}) == ()


def test_the_owner_completes_returns_and_snoozes_and_others_do_not() -> None:
    held = Holding("open", "claims.correct", ME, "Me")
    assert work.actions(held, ME, {TAKE, "claims.correct"}) == ("complete", "give_back", "snooze", "delegate")
    assert work.actions(held, OTHER, {TAKE, "claims.correct"}) == ()


def test_a_lead_may_assign_and_prioritise_anything_open() -> None:
    held = Holding("open", "claims.correct", OTHER, "Other")
    assert "assign" in work.actions(held, ME, {TAKE, ASSIGN})
    assert "complete" not in work.actions(held, ME, {TAKE, ASSIGN})
    assert work.actions(Holding("done", "claims.correct", OTHER), ME, {TAKE, ASSIGN, "claims.correct"}) == ()


def test_a_refusal_names_who_was_faster() -> None:
    assert "Ada Reyes took this" in work.why_not(Holding("open", "x", OTHER, "Ada Reyes"), ME).title
    assert work.why_not(Holding("done", "x", OTHER), ME).code == "work.finished"
    finished = Holding("done", "x", OTHER, "Ada Reyes", finished_by="Ben Ortiz")
    assert work.why_not(finished, ME).title == "Ben Ortiz has finished this meanwhile."
    assert work.why_not(Holding("open", "x", None), ME).code == "work.not_taken"


def test_a_subject_of_notes_is_known_by_the_table_that_holds_it() -> None:
    assert SUBJECTS["claim"] == "claims"
    assert SUBJECTS["file"] == "edi_files"
