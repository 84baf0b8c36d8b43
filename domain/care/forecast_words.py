"""What a forecast is explained with: codes that are stored, and the words in which pages and items of work say them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.care.forecast_model import STRAIGHT, Projection


class Suggested(StrEnum):
    """What to do about a patient. Values are stored: never rename one."""

    CALL = "call"
    HAND_OVER = "hand_over"
    NOTHING = "nothing"


SUGGESTED: Mapping[str, str] = {
    Suggested.CALL: "Call",
    Suggested.HAND_OVER: "Hand over",
    Suggested.NOTHING: "Nothing",
}
REASONS: Mapping[str, str] = {
    "reached": "The first code is reached.",
    "on_course": "The usual pace leads there.",
    "nothing_yet": "No minutes yet this month.",
    "slow": "This month runs slower than the patient's usual one.",
    "usually_short": "The patient's usual month falls short.",
    "away": "The coordinator is away for part of the time left.",
    "nobody": "Nobody coordinates this patient.",
    "hard_to_reach": "Attempts to reach the patient fail more often than usual.",
    "overloaded": "The coordinator lacks more minutes than there are hours left.",
    "no_days": "No working day is left this month.",
    "straight_line": "Reckoned by the straight line: the forecast was not measured to be better.",
}
SURE = 0.5
"""From this chance on nothing is suggested."""
_SLOW = 0.75
_AWAY = 0.8
_MOSTLY_AWAY = 0.4
_HARD = 0.9


def reasons_of(made: Projection, first: int, share_gone: float, *, coordinated: bool) -> tuple[str, ...]:
    """Why a month is heading where it is, as codes, what matters most first. `share_gone` is what of a month's seconds
    is usually done by now."""
    if made.seconds >= first:
        return ("reached",)
    straight = made.formula == STRAIGHT
    found = [
        ("nobody", not coordinated),
        ("away", made.presence < _AWAY),
        ("nothing_yet", made.seconds == 0),
        ("usually_short", not straight and made.level < first),
        ("slow", 0 < made.seconds < _SLOW * share_gone * made.level and not straight),
        ("hard_to_reach", made.reach < _HARD),
        ("straight_line", straight),
    ]
    codes = tuple(code for code, holds in found if holds)
    return codes or ("on_course",)


def suggestion(made: Projection, first: int, *, coordinated: bool, days_left: float) -> Suggested:
    """What to do about a patient: nothing while the chance is even or better, or when it is too late."""
    if made.seconds >= first or (made.chances and made.chances[0] >= SURE) or days_left <= 0:
        return Suggested.NOTHING
    if not coordinated or made.presence < _MOSTLY_AWAY:
        return Suggested.HAND_OVER
    return Suggested.CALL


def words_of(codes: Sequence[str]) -> str:
    """The reasons in words; a code from a later version is passed over."""
    return " ".join(REASONS[one] for one in codes if one in REASONS)
