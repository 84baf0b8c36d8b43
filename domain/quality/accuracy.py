"""The three accuracies of reviewed claims, pooled from counts: an average of averages is never made."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.rates import Rate, wilson

TARGET = 0.95
"""Below this share of claims without an error, somebody needs training."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted about one claim or a cohort of them; cents as charged and as billed wrongly."""

    claims: int = 0
    claims_wrong: int = 0
    codes: int = 0
    codes_wrong: int = 0
    cents: int = 0
    cents_wrong: int = 0


@dataclass(frozen=True, slots=True)
class MoneyRate:
    """The share of the money that is right. Cents of one claim stand or fall together: its interval counts claims."""

    right_cents: int
    cents: int
    claims: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return self.right_cents / self.cents if self.cents else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % score interval with the number of claims as the number of trials."""
        if self.share is None or not self.claims:
            return None
        return wilson(self.share * self.claims, self.claims)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Code level, claim level and financial."""

    codes: Rate
    claims: Rate
    money: MoneyRate


def pooled(parts: Iterable[Counted]) -> Counted:
    """The sum of counts."""
    listed = list(parts)
    names = Counted.__slots__  # type: ignore[attr-defined]
    return Counted(**{name: sum(getattr(one, name) for one in listed) for name in names})


def accuracy(counted: Counted) -> Accuracy:
    """The accuracies of what was counted; nothing counted is nothing to rate."""
    return Accuracy(
        Rate(counted.codes - counted.codes_wrong, counted.codes),
        Rate(counted.claims - counted.claims_wrong, counted.claims),
        MoneyRate(counted.cents - counted.cents_wrong, counted.cents, counted.claims),
    )


def needs_training(rate: Rate, target: float = TARGET) -> bool:
    """Whether the share is under the target; nothing to rate is no need."""
    return rate.share is not None and rate.share < target


def surely_below(rate: Rate, target: float = TARGET) -> bool:
    """Whether even the upper end of the interval is under the target: not a matter of few claims."""
    return rate.high is not None and rate.high < target
