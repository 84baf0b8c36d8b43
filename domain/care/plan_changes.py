"""Two versions of a care plan side by side: every element, and whether it was changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.care.plan import AIMS, ELEMENTS, GOAL_ENDS, PROGNOSES, CarePlan, Goal, Intervention, Problem
from domain.codes import icd10cm


@dataclass(frozen=True, slots=True)
class Difference:
    """One element as lines of words in both versions; a row that was taken out or added stands on one side only."""

    element: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether they differ."""
        return self.before != self.after


def compared(before: CarePlan, after: CarePlan) -> tuple[Difference, ...]:
    """Every element of both, in the order of the form."""
    old, new = lines_of(before), lines_of(after)
    return tuple(Difference(name, label, old[name], new[name]) for name, label in ELEMENTS.items())


def lines_of(plan: CarePlan) -> Mapping[str, tuple[str, ...]]:
    """Each element as lines of words; none when nothing was said of it."""
    return {name: tuple(_lines(plan, name)) for name in ELEMENTS}


def _lines(plan: CarePlan, name: str) -> Iterator[str]:
    value = getattr(plan, name)
    if name == "problems":
        yield from (problem_words(one) for one in value)
    elif name == "goals":
        yield from (goal_words(one) for one in value)
    elif name == "interventions":
        yield from (intervention_words(one) for one in value)
    elif name == "review_on":
        yield from [value.isoformat()] if value else []
    elif name == "prognosis":
        yield from [PROGNOSES.get(value, value)] if value else []
    elif value:
        yield from value.split("\n")


def problem_words(one: Problem) -> str:
    """`I10 Hypertension (chronic)`."""
    words = one.words or icd10cm.description(one.code)
    return f"{icd10cm.dotted(one.code)} {words}{' (chronic)' if one.chronic else ''}"


def goal_words(one: Goal) -> str:
    """A goal with its figures in one line."""
    unit = f" {one.unit}" if one.unit else ""
    parts = [f"{one.words}: {one.measure} {AIMS.get(one.aim, one.aim)} {one.target}{unit}"]
    if one.by:
        parts.append(f"by {one.by.isoformat()}")
    if one.start:
        parts.append(f"from {one.start}{unit}")
    if one.latest:
        on = f" on {one.measured_on.isoformat()}" if one.measured_on else ""
        parts.append(f"now {one.latest}{unit}{on}")
    if one.end:
        parts.append(GOAL_ENDS.get(one.end, one.end).lower())
    return ", ".join(parts)


def intervention_words(one: Intervention) -> str:
    """What is done, how often, and by whom."""
    return ", ".join(part for part in (one.words, one.often, one.responsible) if part)
