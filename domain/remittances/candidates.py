"""How likely a sent claim is the one that an unmatched payment is about, and why."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What agrees between a payment and a claim."""

    same_line: bool = False
    same_number: bool = False
    same_control: bool = False
    same_member: bool = False
    same_name: bool = False
    same_day: bool = False
    same_charge: bool = False


# Points of a hundred: what identifies a claim weighs more than what many claims share.
_WEIGHTS: Mapping[str, tuple[int, str]] = {
    "same_line": (60, "One of its lines is named"),
    "same_number": (40, "The claim number begins alike"),
    "same_control": (50, "The payer's claim control number is the same"),
    "same_member": (30, "The member id is the same"),
    "same_name": (20, "The patient's name is the same"),
    "same_day": (20, "The day of service is the same"),
    "same_charge": (20, "The charge is the same"),
}
MOST = 99


def confidence(signs: Signs) -> int:
    """Percent, never certain: what is certain was matched without asking."""
    return min(sum(points for name, (points, _) in _WEIGHTS.items() if getattr(signs, name)), MOST)


def reasons(signs: Signs) -> list[str]:
    """What agrees, in words, the weightiest first."""
    told = sorted(_WEIGHTS.items(), key=lambda one: -one[1][0])
    return [words for name, (_, words) in told if getattr(signs, name)]
