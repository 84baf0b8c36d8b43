"""The patient's copy of a care plan as a printed sheet: plain words, large enough to read, and whom to call at any hour."""

from dataclasses import dataclass
from datetime import date

from domain.care.plan import AIMS, PROGNOSES, TEXTS, CarePlan, Goal
from domain.codes import icd10cm
from domain.documents import Letterhead, Markup, grid, heading, pairs, paragraph, points, sheet

_HEADS = {
    "outcome": "What we expect",
    "cognitive": "Memory and thinking",
    "functional": "Daily activities",
    "symptoms": "How symptoms are managed",
    "medication": "Your medicines",
    "environment": "Your home and surroundings",
    "caregiver": "Those who help you",
    "coordination": "Other providers and services",
}


@dataclass(frozen=True, slots=True)
class About:
    """Whose plan it is and who answers for it (PHI)."""

    tenant: str
    practice: str
    patient: str
    birth_date: date | None
    programme: str
    practitioner: str
    coordinator: str
    contact_line: str
    version: int
    stored_on: date


def patient_copy(plan: CarePlan, about: About) -> str:
    """The whole sheet as HTML for `integrations.pdf.render`."""
    head = Letterhead(about.tenant, about.patient, f"version {about.version}, {_day(about.stored_on)}")
    reach = f"Day and night, every day of the week: {about.contact_line}"
    return sheet(
        "Your care plan",
        head,
        pairs(
            (
                ("For", about.patient),
                ("Born", _day(about.birth_date)),
                ("Programme", about.programme),
                ("Practice", about.practice),
                ("Practitioner", about.practitioner),
                ("Care coordinator", about.coordinator),
                ("Looked over again on", _day(plan.review_on)),
            )
        ),
        heading("If you need us"),
        paragraph(reach),
        *_body(plan),
    )


def _body(plan: CarePlan) -> list[Markup]:
    parts = [heading("Your conditions"), points(_problem(one.code, one.words) for one in plan.problems)]
    parts += [
        heading("Your goals"),
        grid(("Goal", "Measured by", "From", "Now", "To reach", "By"), map(_goal, plan.goals)),
        heading("What will be done"),
        grid(
            ("What", "How often", "Who"),
            ((one.words, one.often, one.responsible) for one in plan.interventions),
        ),
    ]
    for name in TEXTS:
        if text := getattr(plan, name):
            parts += [heading(_HEADS[name]), paragraph(text)]
    if plan.prognosis:
        parts.append(paragraph(f"Prognosis: {PROGNOSES.get(plan.prognosis, plan.prognosis).lower()}."))
    return parts


def _problem(code: str, words: str) -> str:
    return f"{words or icd10cm.description(code)} ({icd10cm.dotted(code)})"


def _goal(one: Goal) -> tuple[str, ...]:
    unit = f" {one.unit}" if one.unit else ""
    target = f"{AIMS.get(one.aim, '')} {one.target}{unit}".strip()
    return one.words, one.measure, one.start, one.latest, target, _day(one.by)


def _day(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""
