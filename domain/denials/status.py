"""What became of a denial, as it follows from where its claim stands now."""

from collections.abc import Mapping
from enum import StrEnum

from domain.claims.states import Facts, FollowUp, Step


class DenialStatus(StrEnum):
    """Values are stored and appear in addresses: never rename one."""

    OPEN = "open"
    APPEALED = "appealed"
    CORRECTED = "corrected"
    NEXT_PAYER = "next_payer"
    PATIENT = "patient"
    RECOVERED = "recovered"
    WRITTEN_OFF = "written_off"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


WORDS: Mapping[DenialStatus, tuple[str, str]] = {
    DenialStatus.OPEN: ("Open", "bad"),
    DenialStatus.APPEALED: ("Under appeal", "info"),
    DenialStatus.CORRECTED: ("Corrected", "info"),
    DenialStatus.NEXT_PAYER: ("With the next payer", "info"),
    DenialStatus.PATIENT: ("Patient owes", "warn"),
    DenialStatus.RECOVERED: ("Recovered", "ok"),
    DenialStatus.WRITTEN_OFF: ("Written off", "neutral"),
    DenialStatus.SUPERSEDED: ("Denied again", "neutral"),
    DenialStatus.CLOSED: ("Closed", "neutral"),
}
# Once it is one of these, only a new remittance changes it.
FINAL = frozenset({DenialStatus.RECOVERED, DenialStatus.SUPERSEDED})
_BY_STEP: Mapping[Step, DenialStatus] = {
    Step.DENIAL: DenialStatus.OPEN,
    Step.REOPENED: DenialStatus.OPEN,
    Step.APPEALED: DenialStatus.APPEALED,
    Step.FORWARDED: DenialStatus.NEXT_PAYER,
    Step.PATIENT_BALANCE: DenialStatus.PATIENT,
}
_BY_REASON: Mapping[str, DenialStatus] = {
    "written_off": DenialStatus.WRITTEN_OFF,
    "patient_settled": DenialStatus.PATIENT,
    "settled": DenialStatus.RECOVERED,
}


def status_of(step: Step, facts: Facts, closed_reason: str) -> DenialStatus | None:
    """The status that a claim's standing gives its latest denial; None while that is still being decided."""
    if step is Step.CLOSED:
        return _BY_REASON.get(closed_reason, DenialStatus.CLOSED)
    if step in (Step.ADJUDICATED, Step.SETTLED):
        return None
    if step in _BY_STEP:
        return _BY_STEP[step]
    return DenialStatus.NEXT_PAYER if facts.follow_up is FollowUp.SECONDARY else DenialStatus.CORRECTED
