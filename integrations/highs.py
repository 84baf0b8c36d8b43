"""Rosters by HiGHS: a linear programme of all patients at once, then whole patients where it had split somebody.

The rules that may prove impossible are elastic at a price that outweighs everything else, so that there is always an
answer, and it tells which of them could not be held. Synchronous and busy: call it through `asyncio.to_thread`, during
which HiGHS leaves the interpreter to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np

from domain.care.rostering import BANDS, Problem, Solution, total_cost

# Seconds for making whole what the linear programme split; the best found by then is taken.
MOST_SECONDS = 2.0
_GAP = 0.002
_PRICE = 50.0
"""An elastic rule costs so many times the dearest pair: a patient left over, then the cap, then the fewest."""
_SPLIT = 1e-6


@dataclass
class _Columns:
    """The matrix as it grows, column by column."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, cost: float, upper: float, entries: Mapping[int, float]) -> int:
        """One more column; its number."""
        self.starts.append(len(self.rows))
        self.cost.append(cost)
        self.upper.append(upper)
        self.rows.extend(entries)
        self.values.extend(entries.values())
        return len(self.cost) - 1


@dataclass
class _Model:
    """The columns, and which of them stand for what."""

    columns: _Columns
    pairs: list[tuple[int, int]]
    below: list[int]
    moves_above: int
    lower_rows: list[float]
    upper_rows: list[float]


def solve(problem: Problem, seconds: float = MOST_SECONDS) -> Solution:
    """The cheapest rosters, near enough: `bound` says how far the cost can be from the very best."""
    model = _model(problem)
    highs = _highs(model)
    highs.run()
    bound = float(highs.getObjectiveValue())
    values = np.array(highs.getSolution().col_value)
    split = _split_patients(model, values)
    if split:
        values = _made_whole(highs, model, values, split, seconds)
    return _solution(problem, model, values, bound)


def _model(problem: Problem) -> _Model:
    """Rows: one per patient, two per coordinator (count and load), one for the moves."""
    patients, people = len(problem.costs), len(problem.most)
    counts, loads, moves = patients, patients + people, patients + 2 * people
    dearest = max((cost for costs in problem.costs for cost in costs.values()), default=0.0)
    price = _PRICE * (dearest + problem.weight * 100 + 1)
    columns, pairs = _Columns(), []
    for patient, costs in enumerate(problem.costs):
        for to, cost in costs.items():
            entries = {patient: 1.0, counts + to: 1.0, loads + to: float(problem.loads[patient])}
            if problem.now[patient] not in (None, to):
                entries[moves] = 1.0
            columns.add(cost, 1.0, entries)
            pairs.append((patient, to))
    for patient in range(patients):
        columns.add(4 * price, 1.0, {patient: 1.0})
    for to, share in enumerate(problem.shares):
        begins = 0.0
        for ends, times in BANDS:
            width = highspy.kHighsInf if ends is None else (ends - begins) * share
            columns.add(times * problem.weight, width, {loads + to: -1.0})
            begins = ends or begins
    below = [columns.add(price, highspy.kHighsInf, {counts + to: 1.0}) for to in range(people)]
    moves_above = columns.add(2 * price, highspy.kHighsInf, {moves: -1.0})
    return _Model(columns, pairs, below, moves_above, *_bounds(problem))


def _bounds(problem: Problem) -> tuple[list[float], list[float]]:
    patients, people, none = len(problem.costs), len(problem.most), highspy.kHighsInf
    cap = none if problem.most_moves is None else float(problem.most_moves)
    lower = [1.0] * patients + [float(one) for one in problem.fewest] + [-none] * (people + 1)
    upper = [1.0] * patients + [float(one) for one in problem.most] + list(problem.shares) + [cap]
    return lower, upper


def _highs(model: _Model) -> highspy.Highs:
    """The solver with the linear programme in it, quiet, on one thread."""
    columns, lp = model.columns, highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns.cost), len(model.lower_rows)
    lp.col_cost_, lp.col_upper_ = np.array(columns.cost), np.array(columns.upper)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = np.array(model.lower_rows), np.array(model.upper_rows)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array([*columns.starts, len(columns.rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array(columns.rows, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(columns.values)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(lp)
    return highs


def _split_patients(model: _Model, values: np.ndarray) -> set[int]:
    """Patients of whom the linear programme gave a part to several."""
    return {
        patient
        for (patient, _), value in zip(model.pairs, values[: len(model.pairs)].tolist(), strict=True)
        if _SPLIT < value < 1 - _SPLIT
    }


def _made_whole(
    highs: highspy.Highs, model: _Model, values: np.ndarray, split: set[int], seconds: float
) -> np.ndarray:
    """Leave those who are whole where they are, and choose for the others as whole patients."""
    count, pairs = len(model.columns.cost), len(model.pairs)
    lower, upper = np.zeros(count), np.array(model.columns.upper)
    free = np.array([patient in split for patient, _ in model.pairs])
    kept = np.where(free, 0.0, np.round(values[:pairs]))
    lower[:pairs], upper[:pairs] = kept, np.where(free, 1.0, kept)
    numbers = np.arange(count, dtype=np.int32)
    highs.changeColsBounds(count, numbers, lower, upper)
    whole = np.full(pairs, highspy.HighsVarType.kInteger)
    highs.changeColsIntegrality(pairs, numbers[:pairs], whole)
    highs.setOptionValue("mip_rel_gap", _GAP)
    highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
    highs.run()
    return np.array(highs.getSolution().col_value)


def _solution(problem: Problem, model: _Model, values: np.ndarray, bound: float) -> Solution:
    chosen: list[int | None] = [None] * len(problem.costs)
    for number in np.flatnonzero(values[: len(model.pairs)] > 0.5).tolist():
        patient, to = model.pairs[number]
        chosen[patient] = to
    below = {to: round(values[column]) for to, column in enumerate(model.below) if round(values[column]) > 0}
    above = round(values[model.moves_above])
    return Solution(tuple(chosen), below, above, total_cost(problem, chosen), bound)
