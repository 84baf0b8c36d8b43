"""How likely a payer denies a claim that was not sent yet, from the tenant's own decided claims.

Counts only: how often this payer denied, and how often it did so with this procedure, diagnosis and client. Each rate is
drawn towards the payer's own by `WEIGHT` imagined claims, so that two cases never speak as loudly as two hundred. How
much the particulars count beside the payer is chosen on past months and measured on later ones.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

WEIGHT = 20
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
HELD_OUT_MONTHS = 2
FEWEST_DENIED = 10
PAYER = "payer"

Factor = tuple[str, str]
"""(kind, key): `payer`, `procedure`, `diagnosis`, `client` or `delay`, and whose. Keys begin with the payer's id."""
Counts = dict[Factor, tuple[int, int]]
"""(denied, decided) by factor."""


@dataclass(frozen=True, slots=True)
class Example:
    """One first submission that was decided. `month` is YYYY-MM of the decision; factors hold exactly one payer."""

    month: str
    factors: tuple[Factor, ...]
    denied: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One particular of the claim and how often it was denied, beside how often the payer denies anyhow."""

    kind: str
    key: str
    denied: int
    decided: int
    usual: float
    effect: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The chance of a denial, between 0 and 1, and what moved it, strongest first."""

    chance: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """How well the months that were held out were foretold. Brier scores are mean squared errors: lower is better;
    `brier_plain` is that of giving every claim the rate of the months before. `top_denied` of `top_claims` are the
    denials among the tenth of claims that seemed riskiest."""

    claims: int
    denied: int
    brier: float
    brier_plain: float
    top_claims: int
    top_denied: int

    @property
    def useful(self) -> bool:
        """Enough denials to judge by, and better than the plain rate."""
        return self.denied >= FEWEST_DENIED and self.brier < self.brier_plain


@dataclass(frozen=True, slots=True)
class Model:
    """What was counted, and how much the particulars weigh (0: the payer's rate alone)."""

    denied: int
    decided: int
    counts: Counts
    strength: float

    def of(self, factors: Sequence[Factor]) -> Likelihood:
        """The chance of a claim with these factors. Of several of a kind, such as procedures, the worst counts."""
        payer = self._near(PAYER, factors, self._base)
        usual = _logit(payer[0].usual + payer[0].effect if payer else self._base)
        score = usual
        worst: list[Reason] = []
        for kind in sorted({kind for kind, _ in factors} - {PAYER}):
            found = self._near(kind, factors, _chance(usual))
            if found:
                reason = max(found, key=lambda one: one.effect)
                score += self.strength * (_logit(reason.usual + reason.effect) - usual)
                worst.append(reason)
        reasons = sorted((one for one in worst if self.strength), key=lambda one: -abs(one.effect))
        return Likelihood(_chance(score), tuple(payer[:1]) + tuple(reasons))

    @property
    def _base(self) -> float:
        return (self.denied + 1) / (self.decided + 2)

    def _near(self, kind: str, factors: Sequence[Factor], usual: float) -> list[Reason]:
        """Every known factor of a kind with its rate, drawn towards `usual`."""
        found = []
        for factor in factors:
            if factor[0] == kind and factor in self.counts:
                denied, decided = self.counts[factor]
                rate = (denied + WEIGHT * usual) / (decided + WEIGHT)
                found.append(Reason(kind, factor[1], denied, decided, usual, rate - usual))
        return found


def learn(examples: Sequence[Example]) -> Model:
    """Count everything, with the strength that would have done best on the latest month, learned from those before."""
    earlier, latest = _split(examples, 1)
    trial = _counted(earlier, 1.0)
    strength = (
        min(STRENGTHS, key=lambda one: _brier(_with(trial, one), latest)) if earlier and latest else 0.0
    )
    return _with(_counted(examples, strength), strength)


def measure(examples: Sequence[Example]) -> Measure | None:
    """Learn from the months before and foretell the last ones; None when there are no months to hold out."""
    earlier, later = _split(examples, HELD_OUT_MONTHS)
    if not earlier or not later:
        return None
    model = learn(earlier)
    rated = sorted(((model.of(one.factors).chance, one.denied) for one in later), key=lambda one: -one[0])
    top = rated[: max(1, len(rated) // 10)]
    plain = sum(one.denied for one in earlier) / len(earlier)
    return Measure(
        claims=len(later),
        denied=sum(one.denied for one in later),
        brier=_brier(model, later),
        brier_plain=sum((plain - one.denied) ** 2 for one in later) / len(later),
        top_claims=len(top),
        top_denied=sum(denied for _, denied in top),
    )


def _split(examples: Sequence[Example], months: int) -> tuple[list[Example], list[Example]]:
    """The examples before the last `months` months, and those of these months."""
    known = sorted({one.month for one in examples})
    held = set(known[-months:])
    return [one for one in examples if one.month not in held], [one for one in examples if one.month in held]


def _counted(examples: Iterable[Example], strength: float) -> Model:
    denied: Counter[Factor] = Counter()
    decided: Counter[Factor] = Counter()
    all_denied = all_decided = 0
    for one in examples:
        all_decided += 1
        all_denied += one.denied
        for factor in set(one.factors):
            decided[factor] += 1
            denied[factor] += one.denied
    counts = {factor: (denied[factor], total) for factor, total in decided.items()}
    return Model(all_denied, all_decided, counts, strength)


def _with(model: Model, strength: float) -> Model:
    return Model(model.denied, model.decided, model.counts, strength)


def _brier(model: Model, examples: Sequence[Example]) -> float:
    return sum((model.of(one.factors).chance - one.denied) ** 2 for one in examples) / len(examples)


def _logit(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))


def _chance(score: float) -> float:
    return 1 / (1 + exp(-score))
