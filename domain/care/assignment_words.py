"""The reasons for a coordinator in words: what speaks for and against, as people would say it."""

from collections.abc import Callable, Mapping
from datetime import date

from domain.care.assignment import (
    AWAY_LOOK,
    COMPLEX_SKILL,
    LABELS,
    RECKON,
    WEIGHTS,
    Coordinator,
    Part,
    Patient,
    count_with,
    hours_apart,
)


def parts_of(patient: Patient, one: Coordinator, weights: Mapping[str, float]) -> tuple[Part, ...]:
    """Every reason that there is for the pair, with the loads as they are now."""
    found = [(code, RECKON[code](patient, one)) for code in WEIGHTS]
    return tuple(
        Part(code, LABELS[code], hundredths, weights[code], _TELL[code](patient, one))
        for code, hundredths in found
        if hundredths is not None
    )


def _caseload_words(patient: Patient, one: Coordinator) -> str:
    free = one.most - count_with(patient, one)
    if free < 0:
        return f"{-free} above capacity"
    return f"{free} below capacity" if free else "at capacity"


def _risk_load_words(patient: Patient, one: Coordinator) -> str:
    return f"carries {one.load / 10:g} of {one.most} by risk"


def _complexity_words(patient: Patient, one: Coordinator) -> str:
    level = one.skills.get(COMPLEX_SKILL, 0)
    return f"versed in complex care ({level} of 5)" if level else "complex patient, not versed in that"


def _specialisation_words(patient: Patient, one: Coordinator) -> str:
    level = one.skills.get(patient.specialisation.casefold(), 0)
    return f"{patient.specialisation} {level} of 5" if level else f"not versed in {patient.specialisation}"


def _language_words(patient: Patient, one: Coordinator) -> str:
    level = one.skills.get(patient.language.casefold(), 0)
    if not level:
        return f"does not speak {patient.language}"
    return f"speaks {patient.language}" if level > 2 else f"speaks some {patient.language}"


def _zone_words(patient: Patient, one: Coordinator) -> str:
    apart = hours_apart(patient, one)
    return f"{apart:g} h apart" if apart else "in the same time zone"


def _continuity_words(patient: Patient, one: Coordinator) -> str:
    contact = patient.known_by.get(one.id)
    since = min([day for day in (contact and contact.since, _since(patient, one)) if day], default=None)
    if since:
        return f"has known the patient since {since:%B %Y}"
    return "is their coordinator now" if patient.coordinator_id == one.id else "new to the patient"


def _since(patient: Patient, one: Coordinator) -> date | None:
    return patient.since if patient.coordinator_id == one.id else None


def _absence_words(patient: Patient, one: Coordinator) -> str:
    if not one.away_from or not one.away_to:
        return f"away {one.away_days} of the next {AWAY_LOOK} days"
    return f"away {one.away_from:%b} {one.away_from.day} to {one.away_to:%b} {one.away_to.day}"


_TELL: Mapping[str, Callable[[Patient, Coordinator], str]] = {
    "caseload": _caseload_words,
    "risk_load": _risk_load_words,
    "complexity": _complexity_words,
    "specialisation": _specialisation_words,
    "language": _language_words,
    "zone": _zone_words,
    "continuity": _continuity_words,
    "absence": _absence_words,
}
