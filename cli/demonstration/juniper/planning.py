"""Care plans of the care company's patients: every element filled in, by what the patient suffers from. Pure."""

from datetime import date, timedelta
from random import Random

from cli.demonstration.juniper.patients import CarePatient
from cli.demonstration.juniper.rhythm import stream
from domain.care.plan import Aim, CarePlan, Goal, Intervention, Problem

_PROBLEMS = {
    "Diabetes": (("E1165", "Type 2 diabetes"), ("E785", "Raised blood lipids")),
    "Heart failure": (("I5022", "Chronic heart failure"), ("I4891", "Atrial fibrillation")),
    "Kidney disease": (("N1832", "Chronic kidney disease, stage 3b"), ("D631", "Anemia with it")),
    "Behavioral health": (("F331", "Recurrent depression"), ("G4700", "Insomnia")),
    "": (("J449", "Chronic lung disease"), ("M1990", "Arthritis")),
}
_ALSO = (
    ("I10", "High blood pressure"),
    ("E669", "Obesity"),
    ("K219", "Reflux"),
    ("E039", "Underactive thyroid"),
)
_MEASURES = {
    "Diabetes": ("Bring the blood sugar down", "HbA1c", "%", "8.4", Aim.AT_MOST, "7.5", "7.9"),
    "Heart failure": ("Keep the weight steady", "Weight gained in a week", "lb", "4", Aim.AT_MOST, "2", "2"),
    "Kidney disease": (
        "Protect the kidneys",
        "Blood pressure",
        "mmHg",
        "148/88",
        Aim.AT_MOST,
        "130/80",
        "136/82",
    ),
    "Behavioral health": ("Feel better most days", "PHQ-9", "points", "14", Aim.AT_MOST, "8", "10"),
    "": ("Walk further", "Walking", "minutes a day", "10", Aim.AT_LEAST, "30", "20"),
}
_OUTCOMES = (
    "Stays at home, with fewer visits to the emergency room.",
    "Keeps doing the garden and the shopping alone.",
    "Symptoms stay steady through the winter.",
)
_HOMES = (
    "Lives alone in a house with stairs; grab bars were put in.",
    "Lives with a daughter; nothing to trip over.",
    "Senior apartment with an elevator and a call button.",
)


def plan_for(patient: CarePatient, stored_on: date) -> CarePlan:
    """A complete plan of one patient, looked over again within the year."""
    chance = stream("plan", patient.number)
    review = stored_on + timedelta(days=chance.choice((170, 182, 300, 350)))
    words, measure, unit, start, aim, target, latest = _MEASURES[patient.need]
    goal = Goal(
        words, measure, unit, start, aim.value, target, stored_on + timedelta(days=240), latest,
        stored_on + timedelta(days=chance.randrange(0, 9)),
    )  # fmt: skip
    return CarePlan(
        problems=_problems(patient, chance),
        prognosis=chance.choice(("good", "fair", "fair", "guarded")),
        outcome=chance.choice(_OUTCOMES),
        goals=(goal,),
        cognitive="Oriented; remembers the medicines with a weekly box.",
        functional=chance.choice(("Independent in daily life.", "Needs help with bathing and stairs.")),
        symptoms="Knows the signs that mean a call the same day.",
        interventions=(
            Intervention("Monthly call and review of readings", "Coordinator", "monthly"),
            Intervention("Visit at the practice", "Practitioner of record", "every three months"),
        ),
        medication="List reconciled with the pharmacy; refills in step.",
        environment=chance.choice(_HOMES),
        caregiver="A relative drives to visits and has our number.",
        coordination="Pharmacy, specialist and the county's senior services.",
        review_on=review,
    )


def _problems(patient: CarePatient, chance: Random) -> tuple[Problem, ...]:
    known = [*_PROBLEMS[patient.need], *chance.sample(_ALSO, len(_ALSO))]
    return tuple(Problem(code, words) for code, words in known[: max(1, min(patient.conditions, 5))])
