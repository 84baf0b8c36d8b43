"""Care management's seconds and reasons in words, for pages and for paper."""

from collections.abc import Mapping

from domain.care.counting import Why

WHY: Mapping[Why, str] = {
    Why.COUNTED: "counts",
    Why.SAME_SECOND: "at the same time as another entry, which counts",
    Why.OTHER_PROGRAMME: "counted for another programme",
    Why.OTHER_TRACK: "not of the kind of time that is billed this month",
    Why.NOT_CLINICAL: "the person was no clinical staff then",
    Why.OUTSIDE_MONTH: "lies outside this month",
    Why.NOT_ENROLLED: "before consent or after its end",
    Why.SUPERSEDED: "corrected or void",
    Why.NOT_APPROVED: "waits for an approval",
}


def clock(seconds: int) -> str:
    """`1:05:09` or `19:59`: seconds always shown, since 19:59 is not twenty minutes."""
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
