"""Who should care for whom: what each reason costs for a patient with a coordinator, in hundredths, weighed and in words.

Two rules are never weighed: a coordinator holds a licence of the patient's state, and may and can take patients at all.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

WEIGHTS: Mapping[str, int] = {
    "caseload": 15,
    "risk_load": 15,
    "complexity": 10,
    "specialisation": 15,
    "language": 25,
    "zone": 5,
    "continuity": 20,
    "absence": 15,
}
"""What counts how much unless a tenant's own table says otherwise."""
FIT = ("complexity", "specialisation", "language", "zone", "continuity", "absence")
"""Reasons that lie in the two alone; the others depend on whom else the coordinator has."""
LABELS: Mapping[str, str] = {
    "caseload": "Caseload",
    "risk_load": "Load by risk",
    "complexity": "Complexity",
    "specialisation": "Specialisation",
    "language": "Language",
    "zone": "Time zone",
    "continuity": "Continuity",
    "absence": "Absence",
}
LOADS: Mapping[int, int] = {1: 6, 2: 8, 3: 10, 4: 14, 5: 20}
"""What a patient of a risk weighs, in tenths of one of middle risk."""
COMPLEX_SKILL = "complex care"
"""The skill that complex patients ask for, by its name."""
LONG_KNOWN = 7200
"""So many seconds together and more make somebody as familiar as their coordinator of now, nearly."""
AWAY_LOOK = 30
"""Absence is looked at for so many days ahead."""
FAVOURS = 34
"""A reason that costs less speaks for somebody; one that costs `AGAINST` or more against them."""
AGAINST = 80


@dataclass(frozen=True, slots=True)
class Contact:
    """That somebody spent time on a patient: since when, and how many seconds."""

    since: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Patient:
    """An enrolment with what is known of the patient. `offset` is the zone's, in hours; `state` empty: not known."""

    id: UUID
    risk: int = 3
    engagement: int = 3
    conditions: int = 0
    complex_decisions: bool = False
    specialisation: str = ""
    language: str = ""
    state: str = ""
    offset: float = 0.0
    coordinator_id: UUID | None = None
    since: date | None = None  # the coordinator of now
    known_by: Mapping[UUID, Contact] = field(default_factory=dict)

    @property
    def load(self) -> int:
        """What they weigh on a roster, in tenths of a patient of middle risk."""
        return LOADS[self.risk]

    @property
    def complexity(self) -> int:
        """How much skill in complex care they ask for: 0 for none, to 5."""
        points = (self.conditions >= 4) + (self.conditions >= 6) + 2 * self.complex_decisions
        return min(points + (self.engagement <= 2) + (self.risk >= 5), 5)


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Somebody with a roster. `skills` by casefolded name; `states` None: no licence was entered; `count` and `load` of
    now; `away_days` of the next 30; `blocked` says why they cannot be given anybody."""

    id: UUID
    name: str
    fewest: int = 0
    most: int = 100
    count: int = 0
    load: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    states: frozenset[str] | None = None
    offset: float = 0.0
    away_days: int = 0
    away_from: date | None = None
    away_to: date | None = None
    blocked: str = ""

    @property
    def capacity(self) -> int:
        """What they can carry: their most patients, of middle risk."""
        return self.most * LOADS[3]


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: `hundredths` of its weight it costs, and `words` for people."""

    code: str
    label: str
    hundredths: int
    weight: float
    words: str

    @property
    def cost(self) -> float:
        """What it adds to the cost."""
        return self.hundredths * self.weight

    @property
    def favours(self) -> bool:
        """Whether it speaks for them; being away or hours apart never does, however little."""
        return self.hundredths < (1 if self.code in ("absence", "zone") else FAVOURS)

    @property
    def opposes(self) -> bool:
        """Whether it speaks against them."""
        return self.hundredths >= AGAINST


def checked_weights(value: Mapping[str, object]) -> dict[str, float]:
    """The weights of a table; what is missing, negative or no number keeps its default, and so do all when all are 0."""
    found = {code: _weight(value.get(code), default) for code, default in WEIGHTS.items()}
    return found if any(found.values()) else {code: float(one) for code, one in WEIGHTS.items()}


def _weight(value: object, default: int) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
    return float(value) if usable else float(default)  # type: ignore[arg-type]


NO_LICENCE = "no licence entered"
"""Why somebody of whom no licence was ever entered is recommended to nobody whose state is known."""


def hindrance(patient: Patient, one: Coordinator) -> str:
    """Why the patient cannot be given to this coordinator at all; empty when they can. Capacity is not looked at."""
    if one.blocked:
        return one.blocked
    if patient.state and patient.state not in (one.states or ()):
        return f"not licensed in {patient.state}" if one.states else NO_LICENCE
    return ""


def why_not(patient: Patient, one: Coordinator) -> str:
    """Why this coordinator is not recommended for the patient; empty when they are weighed. Whoever has them has room."""
    full = one.count >= one.most and patient.coordinator_id != one.id
    return hindrance(patient, one) or ("at capacity" if full else "")


def unlicensed(state: str, states: Collection[str] | None) -> bool:
    """Whether somebody is known to lack the licence of a patient's state; of whom none was entered nothing is known."""
    return bool(state and states and state not in states)


def fit_cost(patient: Patient, one: Coordinator, weights: Mapping[str, float]) -> float:
    """What the pair costs but for the rosters' load."""
    return sum(weights[code] * (RECKON[code](patient, one) or 0) for code in FIT)


def cost_of(patient: Patient, one: Coordinator, weights: Mapping[str, float]) -> float:
    """What the pair costs altogether; the sum of its parts."""
    return sum(weights[code] * (RECKON[code](patient, one) or 0) for code in WEIGHTS)


# The reasons: 0 speaks most for somebody, 100 most against; None says nothing about this patient.


def _caseload(patient: Patient, one: Coordinator) -> int:
    return min(100, 100 * count_with(patient, one) // one.most) if one.most else 100


def _risk_load(patient: Patient, one: Coordinator) -> int:
    added = 0 if patient.coordinator_id == one.id else patient.load
    return min(100, 100 * (one.load + added) // one.capacity) if one.capacity else 100


def _complexity(patient: Patient, one: Coordinator) -> int | None:
    if not patient.complexity:
        return None
    level = one.skills.get(COMPLEX_SKILL, 0)
    return 20 * max(0 if level else 2, patient.complexity - level)


def _specialisation(patient: Patient, one: Coordinator) -> int | None:
    return _skill(patient.specialisation, one)


def _language(patient: Patient, one: Coordinator) -> int | None:
    return _skill(patient.language, one)


def _skill(wanted: str, one: Coordinator) -> int | None:
    """Nothing for mastery (5), more for less, and all where it lacks."""
    if not wanted:
        return None
    level = one.skills.get(wanted.casefold(), 0)
    return 10 * (5 - level) if level else 100


def _zone(patient: Patient, one: Coordinator) -> int:
    return min(100, int(20 * hours_apart(patient, one)))


def _continuity(patient: Patient, one: Coordinator) -> int | None:
    if patient.coordinator_id == one.id:
        return 0
    contact = patient.known_by.get(one.id)
    if contact:
        return 100 - 80 * min(contact.seconds, LONG_KNOWN) // LONG_KNOWN
    return 100 if patient.coordinator_id or patient.known_by else None


def _absence(patient: Patient, one: Coordinator) -> int | None:
    return 100 * min(one.away_days, AWAY_LOOK) // AWAY_LOOK or None


def count_with(patient: Patient, one: Coordinator) -> int:
    """How many they would have with this patient."""
    return one.count + (patient.coordinator_id != one.id)


def hours_apart(patient: Patient, one: Coordinator) -> float:
    """How many hours lie between their clocks."""
    hours = abs(patient.offset - one.offset)
    return min(hours, 24 - hours) if hours > 12 else hours


RECKON: Mapping[str, Callable[[Patient, Coordinator], int | None]] = {
    "caseload": _caseload,
    "risk_load": _risk_load,
    "complexity": _complexity,
    "specialisation": _specialisation,
    "language": _language,
    "zone": _zone,
    "continuity": _continuity,
    "absence": _absence,
}
