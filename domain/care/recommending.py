"""Recommending coordinators: the best for one patient with what speaks for and against, and many patients one by one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.care.assignment import Coordinator, Part, Patient, cost_of, hindrance
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
        if not hindrance(patient, one) and (one.count < one.most or patient.coordinator_id == one.id)
    ]
    able.sort(key=lambda found: found[:3])
    found = []
    for cost, name, _, one in able[:most]:
        parts = parts_of(patient, one, weights)
        if patient.state:
            parts = (*parts, Part("licence", "Licence", 0, 1, f"licensed in {patient.state}"))
        found.append(Recommended(one.id, name, cost, parts))
    return found


def one_by_one(
    patients: Sequence[Patient], coordinators: Sequence[Coordinator], weights: Mapping[str, float]
) -> dict[UUID, UUID]:
    """Whoever is cheapest for each patient in turn, those of most risk first, with the rosters as they grow. Patients
    whom nobody can have are left out."""
    now = {one.id: one for one in coordinators}
    chosen: dict[UUID, UUID] = {}
    for patient in sorted(patients, key=lambda one: (-one.risk, str(one.id))):
        best = min(
            (one for one in now.values() if not hindrance(patient, one) and _room(patient, one)),
            key=lambda one: (cost_of(patient, one, weights), one.name, str(one.id)),
            default=None,
        )
        if best is None:
            continue
        chosen[patient.id] = best.id
        if patient.coordinator_id != best.id:
            _moved(now, patient, best)
    return chosen


def _room(patient: Patient, one: Coordinator) -> bool:
    return one.count < one.most or patient.coordinator_id == one.id


def _moved(now: dict[UUID, Coordinator], patient: Patient, to: Coordinator) -> None:
    now[to.id] = replace(to, count=to.count + 1, load=to.load + patient.load)
    old = now.get(patient.coordinator_id) if patient.coordinator_id else None
    if old:
        now[old.id] = replace(old, count=old.count - 1, load=old.load - patient.load)
