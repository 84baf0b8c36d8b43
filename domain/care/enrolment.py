"""Enrolment of a patient in a programme: the steps, what each waits for, and what must be said of each fact.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.care.entries import Programme
from domain.process_model import Process, Stage, WaitsFor, tellable, told
from domain.process_model import Step as Shown
from domain.refusals import FieldError


class Step(StrEnum):
    """Where an enrolment stands. Values are stored and appear in histories: never rename one."""

    REFERRED = "referred"
    VISIT = "visit"
    CONSENT = "consent"
    PLANNING = "planning"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"


class Event(StrEnum):
    """What happened to an enrolment, as a past fact. Values are stored: never rename one."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    VISITED = "visited"
    CONSENTED = "consented"
    DECLINED = "declined"
    PLANNED = "planned"
    REVISED = "revised"
    COPY_GIVEN = "copy_given"
    REVOKED = "revoked"
    MONTH_OVER = "month_over"
    WITHDRAWN = "withdrawn"


# Only the clock or another page tells these; nobody can say them here.
NOT_SAID = frozenset({Event.MONTH_OVER, Event.PLANNED, Event.REVISED, Event.COPY_GIVEN})
# In these steps consent is given, so that time counts.
CONSENTED = frozenset({Step.PLANNING, Step.ACTIVE, Step.ENDING})
HOW = {"verbal": "Spoken", "written": "In writing"}
# What a patient must have been told; each is a tick of its own.
CONSENT_POINTS: Mapping[str, str] = {
    "service": "What the service is and what it covers",
    "cost_sharing": "That the patient may have to share its cost",
    "one_practitioner": "That only one practitioner can bill it in a month",
    "right_to_stop": "That it can be stopped at the end of any month",
}
VISIT_WITHIN = timedelta(days=365)


_OUT = {Event.WITHDRAWN: Step.ENDED}
TRANSITIONS: Mapping[Step, Stage[Step, Event]] = {
    Step.REFERRED: Stage(
        "Referred",
        "info",
        "somebody to look at the conditions",
        {Event.ELIGIBLE: Step.VISIT, Event.NOT_ELIGIBLE: Step.ENDED, **_OUT},
        person=True,
    ),
    Step.VISIT: Stage(
        "Initiating visit",
        "warn",
        "a visit within the last year",
        {Event.VISITED: Step.CONSENT, **_OUT},
        person=True,
    ),
    Step.CONSENT: Stage(
        "Consent",
        "warn",
        "the patient's consent",
        {Event.CONSENTED: Step.PLANNING, Event.DECLINED: Step.ENDED, **_OUT},
        person=True,
    ),
    Step.PLANNING: Stage(
        "Care plan due",
        "warn",
        "a care plan and its copy to the patient",
        {Event.PLANNED: Step.ACTIVE, Event.REVOKED: Step.ENDING, **_OUT},
        person=True,
    ),
    Step.ACTIVE: Stage(
        "Active",
        "ok",
        "the day on which the plan is looked over",
        {Event.REVOKED: Step.ENDING, Event.REVISED: Step.ACTIVE, **_OUT},
    ),
    Step.ENDING: Stage(
        "Ends with the month",
        "neutral",
        "the end of the month",
        {Event.MONTH_OVER: Step.ENDED, Event.PLANNED: Step.ENDING, Event.REVISED: Step.ENDING},
    ),
    Step.ENDED: Stage("Ended", "neutral", "nothing", {}),
}
WORDS: Mapping[Event, str] = {
    Event.ELIGIBLE: "Eligible",
    Event.NOT_ELIGIBLE: "Not eligible",
    Event.VISITED: "Initiating visit took place",
    Event.CONSENTED: "Consent given",
    Event.DECLINED: "Consent declined",
    Event.PLANNED: "Care plan stored",
    Event.REVISED: "Care plan revised",
    Event.COPY_GIVEN: "Copy of the plan handed over",
    Event.REVOKED: "Consent revoked",
    Event.MONTH_OVER: "Month is over",
    Event.WITHDRAWN: "End this enrolment",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of an event: which of it is needed depends on the event and the programme."""

    on: date | None = None
    conditions: int = 0
    months_expected: int = 0
    significant_risk: bool = False
    complex_decisions: bool = False
    qmb: bool = False
    how: str = ""
    given_by: str = ""
    words: str = ""
    points: tuple[str, ...] = ()
    reason: str = ""


def following(step: Step, event: Event) -> Step:
    """The step after an event, or the refusal that says what is possible now."""
    return told(TRANSITIONS, step, event, WORDS, NOT_SAID, noun="enrolment", code="care_enrolment.not_now")


def possible_events(step: Step) -> tuple[Event, ...]:
    """What a person may say now, the usual next step first."""
    return tellable(TRANSITIONS, step, NOT_SAID)


def plan_overdue(step: Step, due: date | None, review: date | None, today: date) -> str:
    """What is overdue of a care plan, in words: that there is none yet, or that nobody has looked it over; or nothing."""
    if step is Step.PLANNING and due is not None and due < today:
        return "plan overdue"
    if step is Step.ACTIVE and review is not None and review < today:
        return "review overdue"
    return ""


def faults_of(
    event: Event, said: Said, programme: Programme, today: date, consented_on: date | None = None
) -> tuple[FieldError, ...]:
    """What is missing or impossible in what was said of an event."""
    faults = list(_asked(event, said))
    if event is Event.ELIGIBLE:
        faults += _conditions(said, programme)
    if event is Event.CONSENTED and (missing := [one for one in CONSENT_POINTS if one not in said.points]):
        told = "; ".join(CONSENT_POINTS[one].lower() for one in missing)
        faults.append(FieldError("points", "points.missing", f"The patient must have been told: {told}."))
    if said.on and said.on > today:
        faults.append(FieldError("on", "date.impossible", "Enter a day that has come."))
    elif event is Event.VISITED and said.on and said.on < today - VISIT_WITHIN:
        faults.append(FieldError("on", "visit.too_old", "The visit must lie within the last year."))
    elif event is Event.REVOKED and said.on and consented_on and said.on < consented_on:
        faults.append(FieldError("on", "date.before_consent", f"Consent was given on {consented_on}."))
    if said.how and said.how not in HOW:
        faults.append(FieldError("how", "how.unknown", f"Choose one of: {', '.join(HOW)}."))
    return tuple(faults)


_NEEDS: Mapping[Event, tuple[str, ...]] = {
    Event.VISITED: ("on",),
    Event.CONSENTED: ("on", "how", "given_by"),
    Event.REVOKED: ("on", "how", "given_by"),
    Event.DECLINED: ("on", "reason"),
    Event.NOT_ELIGIBLE: ("reason",),
    Event.WITHDRAWN: ("reason",),
}
_MESSAGES = {
    "on": "Enter the day on which it happened.",
    "how": "Choose whether it was spoken or written.",
    "given_by": "Enter who said it: the patient, or who speaks for them.",
    "reason": "Say why, in a few words.",
}


def _asked(event: Event, said: Said) -> list[FieldError]:
    return [
        FieldError(name, f"{name}.missing", _MESSAGES[name])
        for name in _NEEDS.get(event, ())
        if not getattr(said, name)
    ]


def _conditions(said: Said, programme: Programme) -> list[FieldError]:
    """CCM: two chronic conditions for twelve months or more, with significant risk. PCM: one for three months."""
    least, months = {Programme.CCM: (2, 12), Programme.PCM: (1, 3)}.get(programme, (0, 0))
    faults = []
    if said.conditions < least:
        message = f"{programme.value.upper()} asks for at least {least} chronic conditions."
        faults.append(FieldError("conditions", "conditions.too_few", message))
    if said.months_expected < months:
        message = f"They must be expected to last {months} months or more."
        faults.append(FieldError("months_expected", "months.too_few", message))
    if programme is not Programme.APCM and not said.significant_risk:
        message = "They must put the patient at significant risk."
        faults.append(FieldError("significant_risk", "risk.missing", message))
    return faults


def _waits_for(step: Step) -> WaitsFor:
    if step in (Step.ENDING, Step.ACTIVE):
        return "clock"
    return "person" if TRANSITIONS[step].person else "machine"


PROCESS = Process(
    "care_enrolment",
    "Programme enrolment",
    "care_enrolment",
    tuple(Shown(one.value, TRANSITIONS[one].label, _waits_for(one)) for one in Step),
    # Every step leads out; that way is drawn only from where it was taken.
    tuple(
        (start.value, end.value)
        for start in Step
        for end in dict.fromkeys(TRANSITIONS[start].events.values())
        if end is not start and (end is not Step.ENDED or start is Step.ENDING)
    ),
    ends=frozenset({Step.ENDED.value}),
    side=frozenset({Step.ENDING.value, Step.ENDED.value}),
    states="care_enrolments.step",
)
