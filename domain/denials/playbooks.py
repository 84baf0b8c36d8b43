"""Playbooks: for each class what to do, by when, with which evidence, and the letter to begin with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.denials.classes import CLASSES, DenialClass, Route
from domain.denials.letter_texts import LETTERS

LONGEST_STEP = 200
MOST_STEPS = 20
# How near an appeal window's end makes a denial urgent, whatever its amount.
URGENT_DAYS = 7
NEAR_DAYS = 30


@dataclass(frozen=True, slots=True)
class Playbook:
    """What is done about one class. `id` names the row in force; money is cents, days are calendar days.

    `approval_cents` None: no appeal of this class needs a second person. An appeal over it does.
    """

    id: str
    klass: DenialClass
    route: Route
    steps: tuple[str, ...]
    letter: str
    due_days: int = 5
    high_cents: int = 50_000
    first_cents: int = 250_000
    approval_cents: int | None = None
    effective_from: date = date(2013, 1, 1)
    own: bool = False
    sequence: int = 0


_STEPS: Mapping[DenialClass, tuple[str, ...]] = {
    DenialClass.REGISTRATION: (
        "Check eligibility on the day of service (270/271 or the payer's portal)",
        "Compare name, birth date and member id with the card",
        "Ask the patient or the practice for the current coverage",
        "Correct the coverage and replace the claim",
    ),
    DenialClass.AUTHORIZATION: (
        "Look for an authorization or referral on file for these services and dates",
        "Ask the payer whether a retroactive authorization is possible",
        "Collect the clinical note that shows why the service could not wait",
        "Put the authorization number on the claim, or appeal",
    ),
    DenialClass.TIMELY_FILING: (
        "Print the proof of timely filing (the payer's 277CA acceptance)",
        "Compare the first acceptance with the payer's filing limit",
        "Appeal with the proof; without one, write off",
    ),
    DenialClass.DUPLICATE: (
        "Find the claim or line that the payer means",
        "If both services were rendered, add the modifier that tells them apart",
        "If it was sent twice, write this one off",
    ),
    DenialClass.CODING: (
        "Compare procedure, modifiers and diagnoses with the note",
        "Check bundling and edits for these procedures on this day",
        "Correct the coding and replace the claim, or appeal with the note",
    ),
    DenialClass.MEDICAL_NECESSITY: (
        "Read the payer's policy for this procedure",
        "Collect the note, results and earlier treatment",
        "Ask the provider for a letter of medical necessity",
        "Appeal with the evidence",
    ),
    DenialClass.MISSING_INFORMATION: (
        "Read the remark codes: they say what is missing",
        "Collect what is asked for",
        "Correct the claim or send the attachment",
    ),
    DenialClass.COORDINATION: (
        "Ask the patient which coverage is primary",
        "Set the order of the coverages",
        "Bill the right payer with the other payer's remittance",
    ),
    DenialClass.ENROLMENT: (
        "Check the provider's enrolment with this payer on the day of service",
        "Compare NPI and taxonomy with the payer's record",
        "Ask the payer to correct its record, then have the claim processed again",
    ),
    DenialClass.NON_COVERED: (
        "Check the benefit on the day of service",
        "Look for a signed notice to the patient (ABN or the like)",
        "Appeal, bill the patient where a notice was signed, or write off",
    ),
    DenialClass.CONTRACTUAL: (
        "Compare the payment with the contracted fee schedule",
        "Collect the contract page and the schedule in force",
        "Appeal for the difference",
    ),
    DenialClass.PATIENT: (
        "Check that the share agrees with the benefit",
        "Look for a signed notice where one is needed",
        "Send the patient a statement",
    ),
    DenialClass.OTHER: (
        "Look up the code in the payer's guide",
        "Call the payer and note who said what",
        "Decide, and give the code a class so that the next one is known",
    ),
}


def default(klass: DenialClass) -> Playbook:
    """The playbook of a class that a tenant has not changed."""
    return Playbook(f"default/{klass.value}", klass, CLASSES[klass].route, _STEPS[klass], LETTERS[klass])


def in_force(klass: DenialClass, own: Iterable[Playbook], day: date) -> Playbook:
    """The playbook of a class on `day`: the tenant's newest that has begun, else the default. A plan for a later
    day changes nothing before it."""
    begun = [one for one in own if one.klass is klass and one.effective_from <= day]
    return max(begun, key=lambda one: (one.effective_from, one.sequence), default=default(klass))


def priority(cents: int, days_left: int, playbook: Playbook) -> int:
    """1 to 5 by what is at stake and how near the deadline is; a small amount far from it can wait."""
    if days_left <= URGENT_DAYS or cents >= playbook.first_cents:
        return 1
    if days_left <= NEAR_DAYS or cents >= playbook.high_cents:
        return 2
    return 3 if cents >= playbook.high_cents // 5 else 4


def due(opened_at: datetime, deadline_at: datetime, playbook: Playbook) -> datetime:
    """When the work is due: as the playbook says, and never after the deadline itself."""
    return min(opened_at + timedelta(days=playbook.due_days), max(deadline_at, opened_at))


def needs_approval(cents: int, playbook: Playbook) -> bool:
    """Whether an appeal for this amount needs a second person before it is sent."""
    return playbook.approval_cents is not None and cents > playbook.approval_cents
