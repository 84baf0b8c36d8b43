"""How the manager's figures were reckoned, in words."""

from collections.abc import Sequence
from statistics import median

from domain.care.team import Carried, Disproportion


def load_words(one: Carried, share: float | None, peers: Sequence[float]) -> str:
    """What a coordinator's load is made of."""
    if one.available is None:
        return "No employee's hours are entered for this person."
    words = f"{_hours(one.counted)} spent and {_hours(one.missing)} missing of {_hours(one.available)} working time"
    if share is None:
        return f"{words}."
    usual = f"; the median of {len(peers)} is {100 * median(peers):.0f} %" if peers else ""
    return f"{words} are {100 * share:.0f} %; {_hours(one.left or 0)} are left{usual}."


def share_words(one: Disproportion) -> str:
    """Against what a patient's minutes were held."""
    parts = []
    if one.share.threshold:
        parts.append(f"{one.times_threshold:.1f} times the {_clock(one.share.threshold)} of the first code")
    if one.peers:
        programme = one.share.programme.value.upper()
        parts.append(
            f"{one.times_peers:.1f} times the median {_clock(one.peers_median)} of {one.peers} {programme} patients"
        )
    return f"{' and '.join(parts)}."


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:.1f} h"


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
