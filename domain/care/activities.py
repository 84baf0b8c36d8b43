"""What time is spent on, and when an entry is live, entered by hand, or back-dated."""

from collections.abc import Mapping
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
