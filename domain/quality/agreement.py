"""How far two reviewers agree beyond what chance would bring (Cohen 1960)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same` of `pairs` answers were the same. `kappa` is None without pairs, and where both always gave one answer."""

    pairs: int
    same: int
    kappa: float | None

    @property
    def words(self) -> str:
        """The figure in words (Landis and Koch 1977)."""
        if not self.pairs:
            return "nothing to compare"
        if self.kappa is None:
            return "no variety to judge by"
        bounds = ((0.0, "poor"), (0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))
        word = next((word for bound, word in bounds if self.kappa <= bound), "almost perfect")
        return f"{word} agreement"


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Kappa of two reviewers' answers to the same questions about the same claims."""
    whole = len(pairs)
    same = sum(first == second for first, second in pairs)
    if not whole:
        return Agreement(0, 0, None)
    first, second = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    # In integers, so that one answer throughout is exactly certain.
    by_chance = sum(first[answer] * second[answer] for answer in first)
    if by_chance == whole * whole:
        return Agreement(whole, same, None)
    expected = by_chance / (whole * whole)
    return Agreement(whole, same, (same / whole - expected) / (1 - expected))
