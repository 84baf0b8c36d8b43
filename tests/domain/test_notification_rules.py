"""When a person is not disturbed, when the daily e-mail is due, and what it says."""

from datetime import UTC, date, datetime, time

import pytest

from domain.digests import NAMED, Unread, subject_of, text_of
from domain.notifications import Choices, Notice, Quiet, checked, next_digest, quiet_hours
from domain.refusals import Invalid

CHICAGO = "America/Chicago"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        ("2026-11-22T23:59", False),
        ("2026-11-23T00:00", True),
        ("2026-11-23T13:59", True),
        ("2026-11-23T14:00", False),
    ],
)
def test_quiet_hours_run_past_midnight_in_the_zone_of_the_person(now: str, quiet: bool) -> None:
    choices = Choices(CHICAGO, Quiet.HOURS, time(18), time(8))
    assert choices.quiet_at(at(now)) is quiet
    assert Choices(CHICAGO, Quiet.ALWAYS).quiet_at(at(now))
    assert not Choices(CHICAGO).quiet_at(at(now))


@pytest.mark.parametrize(
    ("now", "after", "day", "due"),
    [
        ("2026-11-22T12:59", None, date(2026, 11, 22), "2026-11-22T13:00"),
        ("2026-11-22T13:00", None, date(2026, 11, 23), "2026-11-23T13:00"),
        # Already sent for that day: the next one, whatever hour was chosen since.
        ("2026-11-22T12:59", date(2026, 11, 22), date(2026, 11, 23), "2026-11-23T13:00"),
        # The clocks of Chicago go forward in this night.
        ("2026-03-08T05:00", None, date(2026, 3, 8), "2026-03-08T12:00"),
    ],
)
def test_the_letter_is_due_at_the_hour_of_the_person_once_a_day(
    now: str, after: date | None, day: date, due: str
) -> None:
    assert next_digest(at(now), CHICAGO, 7, after) == (day, at(due))


def test_an_hour_that_the_clocks_leave_out_still_comes() -> None:
    _, due = next_digest(at("2026-03-08T06:00"), CHICAGO, 2)
    assert at("2026-03-08T07:00") <= due <= at("2026-03-08T09:00")


def test_choices_that_cannot_be_are_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        checked(
            Choices("Mars/Olympus", Quiet.HOURS, time(8), time(8), frozenset({"weather"}), digest_hour=24)
        )
    named = {one.field for one in refused.value.fields}
    assert named == {"zone", "quiet_to", "not_in_page", "digest_hour"}


def test_hours_are_read_as_a_clock_shows_them_and_nothing_else_is() -> None:
    assert quiet_hours("18:00", "08:30") == (time(18), time(8, 30))
    for begins in ("", "24:00", "18:00:00", "T18:00", "18:00+05:00", "18:00\n", "6 pm", "１８:00"):
        with pytest.raises(Invalid) as refused:
            quiet_hours(begins, "7")
        assert [one.field for one in refused.value.fields] == ["quiet_from", "quiet_to"]


def test_the_letter_names_some_of_each_kind_and_counts_the_rest() -> None:
    unread = [Unread(Notice.ASSIGNED, f"C-{n} held") for n in range(NAMED + 2)]
    text = text_of(
        "Maya", "Harbor", [*unread, Unread(Notice.MENTION, "Bea mentions you in a note on C-9")], ""
    )
    assert "Work assigned to you: 12" in text and "and 2 more" in text and "C-11 held" not in text
    assert "Notes that mention you: 1" in text and "Approvals" not in text
    assert subject_of("Harbor", unread[:1]) == "Caseload: 1 unread notification at Harbor"
