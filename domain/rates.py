"""Shares of a count with their uncertainty: what every rate that is shown to people is made of."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`. Without a whole there is nothing to rate: every figure is None, never 0 %."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float | None:
        """Lower end of the 95 % interval."""
        return wilson(self.part, self.whole)[0] if self.whole else None

    @property
    def high(self) -> float | None:
        """Upper end of the 95 % interval."""
        return wilson(self.part, self.whole)[1] if self.whole else None

    @property
    def words(self) -> str:
        """`12.5 % (10 of 80)`, or that there is nothing to rate."""
        if not self.whole:
            return "nothing to rate"
        return f"{100 * self.part / self.whole:.1f} % ({self.part:,} of {self.whole:,})"


def wilson(part: float, whole: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927): sound for few cases and for shares near 0 and 1. Needs whole > 0."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    # At the ends the exact bound is the end itself; floating point would miss it by a hair.
    return (middle - half if part else 0.0), (middle + half if part < whole else 1.0)
