"""What stands against billing a patient's month: each finding by name, what to do about it, and whether it may stand."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.care.closing import Outcome
from domain.care.edits import Edit
from domain.care.minutes import Reckoning


class Blocker(StrEnum):
    """What a close finds besides the hard edits. Values are stored: never rename one."""

    NO_CONSENT = "care.no_consent"
    NO_PLAN = "care.no_plan"
    PLAN_INCOMPLETE = "care.plan_incomplete"
    REVIEW_OVERDUE = "care.plan_review_overdue"
    TWO_PATIENTS_AT_ONCE = "care.two_patients_at_once"
    APPROVAL_WAITS = "care.approval_waits"
    CLOCK_CUT = "care.clock_ran_on"
    NO_FEE = "care.no_fee"
    NO_COVERAGE = "care.no_coverage"
    NO_DIAGNOSES = "care.no_diagnoses"
    CLAIM_ON_ITS_WAY = "care.claim_on_its_way"
    CLAIM_REFUSED = "care.claim_refused"
    NOT_COMPUTED = "care.not_computed"


class Warned(StrEnum):
    """What a close bills all the same, and says. Values are stored: never rename one."""

    CCM_WITH_PCM = "care.ccm_with_pcm"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding for people: what it is and what to do. With `may_stand` a person may let it be."""

    label: str
    what_to_do: str
    may_stand: bool = False


# A plan holds from the day on which it was stored, unless it is said, with a reason, that it was agreed before.
_LATER = (
    "No complete plan was in force on the month's last day. Was it agreed by then, store it with the day from which it holds"
    " and compute again; else exclude the patient."
)
# An enrolment that ends now was there in the month all the same.
_ONE_OF_TWO = (
    "Exclude the patient, or have the month reopened and take back the time of one of the two programmes; end one of the"
    " enrolments for later months."
)
_REOPEN = "Have the month reopened to mend the entries, or exclude the patient."
FINDINGS: Mapping[str, Told] = {
    Blocker.NO_CONSENT: Told(
        "Time without consent",
        "The time never counts. Let it stand, or record the consent that was given and compute again.",
        may_stand=True,
    ),
    Blocker.NO_PLAN: Told("No care plan", _LATER),
    Blocker.PLAN_INCOMPLETE: Told("Care plan incomplete", _LATER),
    Blocker.REVIEW_OVERDUE: Told(
        "Care plan review overdue",
        "Let it stand, or exclude the patient. A review now holds for the months that follow.",
        may_stand=True,
    ),
    Blocker.TWO_PATIENTS_AT_ONCE: Told("One person on two patients at once", _REOPEN),
    Blocker.APPROVAL_WAITS: Told(
        "Back-dated time waits for approval",
        "Decide on it under Approvals; the patient is computed again by itself.",
    ),
    Blocker.CLOCK_CUT: Told(
        "A clock ran past the month's end unattended",
        "Its time was kept up to when the person was last seen. Let it stand, or have the month reopened.",
        may_stand=True,
    ),
    Edit.TWICE: Told(
        "Month billed already", "Withdraw or void the other claim and compute again, or exclude."
    ),
    Edit.OVERLAP: Told("Programmes overlap", _ONE_OF_TWO),
    Edit.ADD_ON: Told(
        "Add-on without its base", "Look at the entries; have the month reopened to mend them."
    ),
    Edit.TWO_PRACTITIONERS: Told("Two practitioners", _ONE_OF_TWO),
    Blocker.NO_FEE: Told("No charge in the fee schedule", "Add the code to the charges, then compute again."),
    Blocker.NO_COVERAGE: Told("No coverage", "Enter the patient's first coverage, then compute again."),
    Blocker.NO_DIAGNOSES: Told("No diagnoses", _LATER),
    Blocker.CLAIM_ON_ITS_WAY: Told(
        "Claim on its way", "The payer must answer the claim that was sent first. Compute again when it has."
    ),
    Blocker.CLAIM_REFUSED: Told(
        "Claim cannot be corrected", "Look at the claim and what it lacks, then compute again."
    ),
    Blocker.NOT_COMPUTED: Told(
        "Could not be computed", "Compute again; if it happens once more, tell whoever runs Caseload."
    ),
}


WARNINGS: Mapping[str, Told] = {
    Warned.CCM_WITH_PCM: Told(
        "CCM and PCM by two practitioners",
        "Each practitioner has a claim of their own. Not every payer pays both: ask the payer, or have the month reopened and"
        " exclude the patient.",
        may_stand=True,
    ),
}


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """What holds of a care plan on the month's last day."""

    version: int
    complete: bool
    review_on: date | None
    diagnoses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BilledEnrolment:
    """An enrolment whose programme is billed: its practitioner of record, and the plan that was in force."""

    programme: str
    practitioner_id: UUID
    plan: PlanStanding | None = None


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What is known of a patient and month besides the reckoning; `fees` are cents per unit by code."""

    last: date
    consented: bool
    recorded: bool
    billed: tuple[BilledEnrolment, ...] = ()
    coverage_id: UUID | None = None
    fees: Mapping[str, int] | None = None
    conflicts: int = 0
    approvals: int = 0
    clocks: int = 0


def found(reckoning: Reckoning, facts: MonthFacts) -> tuple[str, ...]:
    """The codes of what stands against billing, in the order of the list above; edits that only warn are left out."""
    codes = {*_of_time(facts)}
    if reckoning.lines:
        codes |= {*_of_plans(facts), *_of_claim(reckoning, facts)}
        codes |= {one.edit.value for one in reckoning.findings if one.blocks}
    return tuple(code for code in FINDINGS if code in codes)


def warnings_of(reckoning: Reckoning) -> tuple[str, ...]:
    """The codes of what is billed and is to be known."""
    warned = any(one.edit is Edit.OVERLAP and not one.blocks for one in reckoning.findings)
    return (Warned.CCM_WITH_PCM.value,) if warned else ()


def words_of(reckoning: Reckoning) -> dict[str, str]:
    """What the hard edits say in full, by their codes."""
    return {one.edit.value: one.message for one in reckoning.findings if one.blocks}


def outcome_of(reckoning: Reckoning, findings: Iterable[str], accepted: Collection[str]) -> Outcome:
    """What the month comes to: findings that a person let stand do not count, if they may stand at all."""
    against = [one for one in findings if not (one in accepted and FINDINGS[one].may_stand)]
    if against:
        return Outcome.EXCEPTION
    return Outcome.BILLABLE if reckoning.lines else Outcome.NOTHING


def may_stand(findings: Iterable[str]) -> bool:
    """Whether a person may let all of these be."""
    return all(FINDINGS[one].may_stand for one in findings if one in FINDINGS)


def _of_time(facts: MonthFacts) -> Iterable[str]:
    if facts.recorded and not facts.consented:
        yield Blocker.NO_CONSENT
    if facts.conflicts:
        yield Blocker.TWO_PATIENTS_AT_ONCE
    if facts.approvals:
        yield Blocker.APPROVAL_WAITS
    if facts.clocks:
        yield Blocker.CLOCK_CUT


def _of_plans(facts: MonthFacts) -> Iterable[str]:
    for plan in (one.plan for one in facts.billed):
        if plan is None:
            yield Blocker.NO_PLAN
        elif not plan.complete:
            yield Blocker.PLAN_INCOMPLETE
        elif plan.review_on is not None and plan.review_on < facts.last:
            yield Blocker.REVIEW_OVERDUE
    for own in _by_programme(facts):
        plans = [one.plan for one in own if one.plan]
        if plans and not any(plan.diagnoses for plan in plans):
            yield Blocker.NO_DIAGNOSES


def _of_claim(reckoning: Reckoning, facts: MonthFacts) -> Iterable[str]:
    if any(len({one.practitioner_id for one in own}) > 1 for own in _by_programme(facts)):
        yield Edit.TWO_PRACTITIONERS
    if facts.coverage_id is None:
        yield Blocker.NO_COVERAGE
    if any(line.code not in (facts.fees or {}) for line in reckoning.lines):
        yield Blocker.NO_FEE


def _by_programme(facts: MonthFacts) -> Iterable[list[BilledEnrolment]]:
    """The enrolments of each programme: a claim has one programme, one practitioner and the diagnoses of its own plans."""
    of: dict[str, list[BilledEnrolment]] = {}
    for one in facts.billed:
        of.setdefault(one.programme, []).append(one)
    return of.values()
