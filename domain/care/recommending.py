"""Recommending coordinators: the best for one patient, with what speaks for and against each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.care.assignment import Coordinator, Part, Patient, cost_of, why_not
from domain.care.assignment_words import parts_of

BEST = 5


@dataclass(frozen=True, slots=True)
class Recommended:
    """A coordinator for a patient with the cost and its parts, of which those for and those against."""

    coordinator_id: UUID
    name: str
    cost: float
    parts: tuple[Part, ...]

    @property
    def for_words(self) -> list[str]:
        """What speaks for them, the weightiest first."""
        return [one.words for one in sorted(self.parts, key=_gain) if one.favours and one.weight]

    @property
    def against_words(self) -> list[str]:
        """What speaks against them, the weightiest first."""
        return [
            one.words for one in sorted(self.parts, key=lambda one: -one.cost) if one.opposes and one.weight
        ]


def _gain(part: Part) -> float:
    return -part.weight * (100 - part.hundredths)


def recommend(
    patient: Patient, coordinators: Iterable[Coordinator], weights: Mapping[str, float], most: int = BEST
) -> list[Recommended]:
    """The best of those who may have the patient and have room, the cheapest first; equals by name."""
    able = [
        (cost_of(patient, one, weights), one.name, str(one.id), one)
        for one in coordinators
        if not why_not(patient, one)
    ]
    able.sort(key=lambda found: found[:3])
    found = []
    for cost, name, _, one in able[:most]:
        parts = parts_of(patient, one, weights)
        if patient.state:
            parts = (*parts, Part("licence", "Licence", 0, 1, f"licensed in {patient.state}"))
        found.append(Recommended(one.id, name, cost, parts))
    return found
