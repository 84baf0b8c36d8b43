"""What time is spent on, and when an entry is live, entered by hand, or back-dated."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.care.entries import Credential, Programme

ACTIVITIES: Mapping[str, str] = {
    "patient_call": "Call with the patient",
    "caregiver_call": "Call with family or caregiver",
    "care_plan_review": "Care plan review",
    "provider_coordination": "Coordination with providers",
    "medication_management": "Medication management",
    "referral": "Referrals and transitions",
    "results_review": "Review of records and results",
    "education": "Education and self-management",
    "community_resources": "Community resources",
    "other": "Other care management",
}
PROGRAMMES: Mapping[Programme, str] = {
    Programme.CCM: "Chronic care management",
    Programme.PCM: "Principal care management",
    Programme.APCM: "Advanced primary care management",
}
CREDENTIALS: Mapping[Credential, str] = {
    Credential.PRACTITIONER: "Practitioner",
    Credential.CLINICAL: "Clinical staff",
    Credential.OTHER: "Other staff: time does not count",
}


class Source(StrEnum):
    """How an entry came to be. Values are stored: never rename one."""

    LIVE = "live"
    MANUAL = "manual"
    BACK_DATED = "back_dated"


SOURCES: Mapping[Source, str] = {
    Source.LIVE: "Live",
    Source.MANUAL: "By hand",
    Source.BACK_DATED: "Back-dated",
}
# A clock that ran on over night is a mistake, whoever forgot it.
LONGEST_SECONDS = 8 * 3600


def source_of(ended: int, now: int, back_dated_after: int) -> Source:
    """Of time entered by hand: back-dated when it ended more than so many seconds ago. Epoch seconds."""
    return Source.BACK_DATED if now - ended > back_dated_after else Source.MANUAL


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that is about to be corrected; `approved` is None where nobody needs to decide, or nobody has."""

    source: Source
    starts: int
    ends: int
    approved: bool | None = None


def source_of_correction(old: Standing, starts: int, ends: int, by_hand: Source) -> tuple[Source, bool]:
    """How a correction came to be, and whether it asks for an approval. Epoch seconds.

    One that only shortens an entry, or says otherwise what it was spent on, adds no second that was not there: it needs
    no approval, and time that was back-dated stays so. Any other is time entered now, back-dated when it is late.
    """
    if not (old.starts <= starts and ends <= old.ends):
        return by_hand, by_hand is Source.BACK_DATED
    if old.source is Source.BACK_DATED:
        return Source.BACK_DATED, old.approved is not True
    return Source.MANUAL, False
