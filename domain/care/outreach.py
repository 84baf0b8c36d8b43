"""Attempts to reach a patient: how, with what outcome, and on which day the next one is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """How somebody was tried. Values are stored: never rename one."""

    PHONE = "phone"
    TEXT = "text"
    PORTAL = "portal"
    MAIL = "mail"
    VIDEO = "video"
    IN_PERSON = "in_person"


class Outcome(StrEnum):
    """What came of an attempt. Values are stored: never rename one."""

    REACHED = "reached"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"


CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE: "Phone",
    Channel.TEXT: "Text message",
    Channel.PORTAL: "Portal message",
    Channel.MAIL: "Letter",
    Channel.VIDEO: "Video",
    Channel.IN_PERSON: "In person",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.REACHED: "Reached",
    Outcome.LEFT_MESSAGE: "Left a message",
    Outcome.NO_ANSWER: "No answer",
    Outcome.REFUSED: "Did not want to talk",
    Outcome.WRONG_NUMBER: "Wrong number",
}
TONES: Mapping[Outcome, str] = {
    Outcome.REACHED: "ok",
    Outcome.LEFT_MESSAGE: "info",
    Outcome.NO_ANSWER: "neutral",
    Outcome.REFUSED: "warn",
    Outcome.WRONG_NUMBER: "bad",
}
# Working days to leave a patient alone after an attempt; after so many in vain a week is left between two.
_PAUSE: Mapping[Outcome, int] = {Outcome.LEFT_MESSAGE: 2, Outcome.NO_ANSWER: 1, Outcome.WRONG_NUMBER: 0}
MANY_IN_VAIN = 3
_LONG_PAUSE = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """Where the attempts to reach a patient stand: the last one, its day at the practice, and how many were in vain
    since somebody was reached last."""

    outcome: Outcome
    on: date
    in_vain: int


def due_again(last: Tried | None, today: date) -> date:
    """The day on which the patient is to be tried next, given a day of the running month.

    Never tried: now. Reached, or not willing to talk: once a month, so on the first working day of the next one.
    In vain: after a pause of working days, shorter than the month so that its minutes can still be reached.
    """
    if last is None:
        return today
    if last.outcome in (Outcome.REACHED, Outcome.REFUSED):
        return _working((last.on.replace(day=1) + timedelta(days=32)).replace(day=1))
    pause = _LONG_PAUSE if last.in_vain >= MANY_IN_VAIN else _PAUSE[last.outcome]
    day = last.on
    for _ in range(pause):
        day = _working(day + timedelta(days=1))
    return day


def _working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
