"""What would have changed: the same facts asked of another version, counted by outcome before and after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.process_model import Process, Step
from domain.rules.catalogue import TableKind
from domain.rules.columns import Column, Type

MOST_DAYS = 90
AT_ONCE = 300
"""Decisions asked again while the person waits; more become a process."""
EXAMPLES = 50
MOST_OUTCOMES = 60
"""Pairs of outcomes that are counted one by one; what is rarer is counted together."""
LONGEST_OUTCOME = 160
DEFAULT = "as without a table"
OTHERS = "other outcomes"

PROCESS = Process(
    "simulation",
    "Simulation of a decision table",
    "simulation",
    (
        Step("running", "Asking again", "machine", ("simulate_portion",)),
        Step("done", "Done", "machine"),
        Step("stopped", "Stopped by a person", "person"),
    ),
    (("running", "done"), ("running", "stopped")),
    ends=frozenset({"done", "stopped"}),
    side=frozenset({"stopped"}),
    states="rule_simulations.status",
)


@dataclass(slots=True)
class Tally:
    """Outcomes counted so far, by before and after."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, before: str, after: str) -> None:
        """Count one; a pair that is new when there are many already is counted with the others."""
        pair = (before, after)
        if pair not in self.counts and len(self.counts) >= MOST_OUTCOMES:
            pair = (OTHERS, OTHERS) if before == after else (OTHERS, f"{OTHERS}, changed")
        self.counts[pair] += 1

    def stored(self) -> list[dict[str, Any]]:
        """The counts as they are kept, the most frequent first."""
        return [{"before": one, "after": other, "count": n} for (one, other), n in self.counts.most_common()]


def tally_of(stored: Sequence[Mapping[str, Any]]) -> Tally:
    """The counts that were kept."""
    return Tally(Counter({(one["before"], one["after"]): one["count"] for one in stored}))


def outcome(kind: TableKind, answers: Sequence[Mapping[str, Any]]) -> str:
    """What rows answered, in the words of the table's own columns; no row: what happens without a table."""
    if not answers:
        return DEFAULT
    words = "; ".join(_said(kind, one) for one in answers)
    return words if len(words) <= LONGEST_OUTCOME else f"{words[: LONGEST_OUTCOME - 1]}…"


def _said(kind: TableKind, answer: Mapping[str, Any]) -> str:
    told = [(one, answer[one.key]) for one in kind.outputs if answer.get(one.key) not in (None, "", [])]
    return ", ".join(f"{one.label} {_value(one, value)}" for one, value in told)


def _value(column: Column, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if column.type is Type.CENTS and isinstance(value, int):
        return f"${value / 100:,.2f}"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
