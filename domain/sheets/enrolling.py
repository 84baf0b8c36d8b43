"""How far a row of a sheet brings an enrolment: the same facts in the same order as they are told by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.care.enrolment import CONSENTED, Event, Said, Step, faults_of
from domain.care.enrolment import following as step_after
from domain.care.entries import Programme

# The fields of a sheet beside the names that an event knows them by.
_CONSENT = {
    "consented_on": "on",
    "consent_how": "how",
    "consent_by": "given_by",
    "consent_points": "points",
    "consent_words": "words",
}
_FOUND = ("conditions", "months_expected", "significant_risk", "complex_decisions", "qmb")


@dataclass(slots=True)
class Way:
    """Where the row leads from where the enrolment stands: what is told, the last step, and faults by field."""

    step: Step
    told: list[tuple[Event, Step, Said]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def way_of(step: Step, programme: Programme, facts: Mapping[str, Any], today: date) -> Way:
    """Eligibility where conditions are said, the visit where its day is, the consent where its day is; what an earlier
    step lacks keeps the later ones from being told, and what is said of them is then a fault and not lost."""
    way = Way(step)
    if step is Step.REFERRED and facts.get("conditions") is not None:
        said = Said(**{name: facts[name] for name in _FOUND if facts.get(name) is not None})
        _tell(way, Event.ELIGIBLE, said, programme, today, {name: name for name in _FOUND})
    if way.step is Step.VISIT and facts.get("visited_on"):
        said = Said(on=facts["visited_on"])
        _tell(way, Event.VISITED, said, programme, today, {"on": "visited_on"})
    if way.step is Step.CONSENT and facts.get("consented_on"):
        said = Said(**{name: facts[one] for one, name in _CONSENT.items() if facts.get(one)})
        names = {name: one for one, name in _CONSENT.items()}
        _tell(way, Event.CONSENTED, said, programme, today, names)
    _refuse_what_is_left(way, facts)
    return way


def _tell(
    way: Way, event: Event, said: Said, programme: Programme, today: date, names: Mapping[str, str]
) -> None:
    found = faults_of(event, said, programme, today)
    way.faults |= {names.get(one.field, one.field): one.message for one in found}
    if not found:
        way.told.append((event, way.step, said))
        way.step = step_after(way.step, event)


def _refuse_what_is_left(way: Way, facts: Mapping[str, Any]) -> None:
    if not facts.get("consented_on") or way.step in CONSENTED or way.faults:
        return
    lacking = {
        Step.REFERRED: (
            "conditions",
            "Say how many chronic conditions there are, and what is expected of them.",
        ),
        Step.VISIT: ("visited_on", "Enter the day of the initiating visit; consent comes after it."),
    }
    name, message = lacking.get(way.step, ("consented_on", "This enrolment cannot take a consent now."))
    way.faults[name] = message
