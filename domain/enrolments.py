"""Enrolment of a client with a payer for one transaction: the steps, what each waits for, and what it allows on a day.

The workflow advances by this table and the page draws its diagram from it, so the two cannot disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.process_model import Process, Stage, WaitsFor, draw, tellable, told
from domain.process_model import Step as Shown
from domain.refusals import FieldError

TRANSACTIONS: Mapping[str, str] = {
    "837P": "Professional claims (837P)",
    "837I": "Institutional claims (837I)",
    "835": "Remittances (835)",
    "277CA": "Acknowledgements and claim status (277CA, 276)",
    "270": "Eligibility (270)",
}
SIGNERS: Mapping[str, str] = {
    "client": "The client's authorized official",
    "provider": "The provider",
    "us": "We, as the billing company",
    "nobody": "Nobody",
}
CHANNELS: Mapping[str, str] = {
    "portal": "Payer's portal",
    "clearinghouse": "Clearinghouse",
    "e_mail": "E-mail",
    "fax": "Fax",
    "mail": "Mail",
}
# Who asks for nothing else still wants these two.
USUAL_PAPERWORK = (("EDI enrolment form", "client"), ("Clearinghouse agreement", "us"))


class Step(StrEnum):
    """Where an enrolment stands. Values are stored and appear in histories: never rename one."""

    REQUESTED = "requested"
    PREPARING = "preparing"
    SIGNING = "signing"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    APPROVED = "approved"
    TESTING = "testing"
    LIVE = "live"
    REVALIDATING = "revalidating"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ENDED = "ended"


class Event(StrEnum):
    """What happened to an enrolment, as a past fact. Values are stored: never rename one."""

    BEGUN = "begun"
    PREPARED = "prepared"
    SIGNED = "signed"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    APPROVED = "approved"
    REJECTED = "rejected"
    TEST_BEGUN = "test_begun"
    WENT_LIVE = "went_live"
    EXPIRY_NEAR = "expiry_near"
    REVALIDATED = "revalidated"
    EXPIRED = "expired"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


# Only the clock tells these; nobody can say them.
OF_THE_CLOCK = frozenset({Event.EXPIRY_NEAR, Event.EXPIRED})


_END = {Event.WITHDRAWN: Step.ENDED}
_ANSWERS = {Event.APPROVED: Step.APPROVED, Event.REJECTED: Step.REJECTED, **_END}
TRANSITIONS: Mapping[Step, Stage[Step, Event]] = {
    Step.REQUESTED: Stage(
        "Requested", "info", "somebody to begin with the forms",
        {Event.BEGUN: Step.PREPARING, **_END}, person=True,
    ),
    Step.PREPARING: Stage(
        "Preparing forms", "warn", "every form to be filled in",
        {Event.PREPARED: Step.SIGNING, **_END}, person=True,
    ),
    Step.SIGNING: Stage(
        "Waiting for signature", "warn", "the forms to come back signed",
        {Event.SIGNED: Step.SUBMITTING, **_END}, person=True,
    ),
    Step.SUBMITTING: Stage(
        "Ready to submit", "warn", "somebody to hand the forms in",
        {Event.SUBMITTED: Step.SUBMITTED, **_END}, person=True,
    ),
    Step.SUBMITTED: Stage(
        "Submitted", "info", "the payer's receipt",
        {Event.ACKNOWLEDGED: Step.ACKNOWLEDGED, **_ANSWERS},
    ),
    Step.ACKNOWLEDGED: Stage("Acknowledged", "info", "the payer's decision", _ANSWERS),
    Step.APPROVED: Stage(
        "Approved", "ok", "a test or the first live file",
        {Event.TEST_BEGUN: Step.TESTING, Event.WENT_LIVE: Step.LIVE, Event.EXPIRED: Step.EXPIRED, **_END}, person=True,
    ),
    Step.TESTING: Stage(
        "Testing", "info", "an accepted test file",
        {Event.WENT_LIVE: Step.LIVE, Event.REJECTED: Step.REJECTED, Event.EXPIRED: Step.EXPIRED, **_END}, person=True,
    ),
    Step.LIVE: Stage(
        "Live", "ok", "its expiry, if it has one",
        {Event.EXPIRY_NEAR: Step.REVALIDATING, Event.EXPIRED: Step.EXPIRED, Event.REOPENED: Step.PREPARING, **_END},
    ),
    Step.REVALIDATING: Stage(
        "Revalidation due", "warn", "a new term from the payer",
        {Event.REVALIDATED: Step.LIVE, Event.REOPENED: Step.PREPARING, Event.EXPIRED: Step.EXPIRED, **_END}, person=True,
    ),
    Step.REJECTED: Stage(
        "Rejected", "bad", "the forms to be corrected",
        {Event.REOPENED: Step.PREPARING, **_END}, person=True,
    ),
    Step.EXPIRED: Stage(
        "Expired", "bad", "a new enrolment",
        {Event.REVALIDATED: Step.LIVE, Event.REOPENED: Step.PREPARING, **_END}, person=True,
    ),
    Step.ENDED: Stage("Ended", "neutral", "nothing", {}),
}  # fmt: skip

WORDS: Mapping[Event, str] = {
    Event.BEGUN: "Begin with the forms",
    Event.PREPARED: "Forms are ready",
    Event.SIGNED: "Forms are signed",
    Event.SUBMITTED: "Submitted to the payer",
    Event.ACKNOWLEDGED: "Payer has it",
    Event.APPROVED: "Approved",
    Event.REJECTED: "Rejected",
    Event.TEST_BEGUN: "Begin testing",
    Event.WENT_LIVE: "Go live",
    Event.EXPIRY_NEAR: "Expiry comes near",
    Event.REVALIDATED: "Payer gave a new term",
    Event.EXPIRED: "Expired",
    Event.REOPENED: "Fill in the forms again",
    Event.WITHDRAWN: "End this enrolment",
}
# What each fact must say besides that it happened; those after the bar may be left out.
NEEDS: Mapping[Event, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Event.SIGNED: (("on", "signed_by"), ()),
    Event.SUBMITTED: (("on", "channel"), ("reference",)),
    Event.ACKNOWLEDGED: (("on",), ("reference",)),
    Event.APPROVED: (("effective_from",), ("expires_on", "reference")),
    Event.REJECTED: (("reason",), ()),
    Event.REVALIDATED: (("expires_on",), ()),
    Event.WITHDRAWN: (("reason",), ()),
}
_MESSAGES = {
    "on": "Enter the day on which it happened.",
    "signed_by": "Enter who signed.",
    "channel": "Choose how it was handed in.",
    "effective_from": "Enter the day from which the payer takes it.",
    "expires_on": "Enter the last day of the new term.",
    "reason": "Say why, in a few words.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of an event; which of it is needed stands in `NEEDS`."""

    on: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    signed_by: str = ""
    channel: str = ""
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a payer asks for one transaction. `measured_by` is the day that must lie in the approved term."""

    required: bool
    measured_by: str = "submission"
    answer_days: int = 30
    reminder_days: int = 60


@dataclass(frozen=True, slots=True)
class Term:
    """The approved days of an enrolment, both included; open-ended without an end."""

    effective_from: date
    expires_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.effective_from <= day and (self.expires_on is None or day <= self.expires_on)


def following(step: Step, event: Event) -> Step:
    """The step after an event, or the refusal that says what is possible now."""
    return told(TRANSITIONS, step, event, WORDS, OF_THE_CLOCK, noun="enrolment", code="enrolment.not_now")


def possible_events(step: Step) -> tuple[Event, ...]:
    """What a person may say now, the usual next step first."""
    return tellable(TRANSITIONS, step, OF_THE_CLOCK)


def faults_of(event: Event, said: Said, today: date) -> tuple[FieldError, ...]:
    """What is missing or impossible in what was said of an event."""
    needed, _ = NEEDS.get(event, ((), ()))
    faults = [
        FieldError(name, f"{name}.missing", _MESSAGES[name]) for name in needed if not getattr(said, name)
    ]
    if said.on and said.on > today:
        faults.append(FieldError("on", "date.impossible", "Enter a day that has come."))
    if said.channel and said.channel not in CHANNELS:
        faults.append(FieldError("channel", "channel.unknown", _MESSAGES["channel"]))
    if said.expires_on and said.expires_on <= (said.effective_from or today):
        faults.append(FieldError("expires_on", "date.impossible", "Enter a day after the term begins."))
    return tuple(faults)


def is_enrolled(
    requirement: Requirement | None, term: Term | None, submitted: date, served: date | None
) -> bool | None:
    """Whether the payer takes the transaction now; None when it asks for no enrolment or nobody has told."""
    if requirement is None or not requirement.required:
        return None
    day = served if requirement.measured_by == "service" and served else submitted
    return term is not None and term.covers(day)


def days_until_alarm(
    step: Step, requirement: Requirement, today: date, expires_on: date | None
) -> int | None:
    """Days until somebody is to be reminded that nothing happened; None when there is nothing to wait for."""
    if step in (Step.LIVE, Step.REVALIDATING, Step.APPROVED, Step.TESTING) and expires_on:
        remind = expires_on - timedelta(days=requirement.reminder_days)
        day = remind if step is Step.LIVE and remind > today else expires_on + timedelta(days=1)
        return 0 if step is Step.LIVE and remind <= today else max((day - today).days, 0)
    return requirement.answer_days if step in (Step.SUBMITTED, Step.ACKNOWLEDGED) else None


def clock_event(step: Step, today: date, expires_on: date | None) -> Event | None:
    """What the calendar says of an enrolment that has an end; None when it says nothing."""
    if expires_on is None or step not in (Step.LIVE, Step.REVALIDATING, Step.APPROVED, Step.TESTING):
        return None
    if today > expires_on:
        return Event.EXPIRED
    return Event.EXPIRY_NEAR if step is Step.LIVE else None


def _waits_for(step: Step) -> WaitsFor:
    if step in (Step.SUBMITTED, Step.ACKNOWLEDGED):
        return "partner"
    if step is Step.LIVE:
        return "clock"
    return "person" if TRANSITIONS[step].person else "machine"


PROCESS = Process(
    "enrolment",
    "Payer enrolment",
    "enrolment",
    tuple(Shown(one.value, TRANSITIONS[one].label, _waits_for(one)) for one in Step),
    # Every step leads out; that way is drawn only from where it was taken.
    tuple(
        (start.value, end.value)
        for start in Step
        for end in dict.fromkeys(TRANSITIONS[start].events.values())
        if end is not Step.ENDED
    ),
    failures=frozenset({Step.REJECTED.value, Step.EXPIRED.value}),
    ends=frozenset({Step.ENDED.value}),
    side=frozenset({Step.REJECTED.value, Step.EXPIRED.value, Step.ENDED.value, Step.REVALIDATING.value}),
    states="enrolments.step",
)


def diagram(step: Step | str, history: Iterable[Step | str] = ()) -> str:
    """Mermaid text of the process: every step is done, current, failed or ahead."""
    return draw(PROCESS, Step(step).value, [Step(past).value for past in history if past])
