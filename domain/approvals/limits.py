"""Up to which amount nobody needs to be asked, and from which two people decide; rows that hold from a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.refusals import FieldError, Invalid

HIGHEST = 10**11


class LimitKind(StrEnum):
    """What a limit is for. Values are stored: never rename one."""

    DENIAL_WRITE_OFF = "denial_write_off"
    PATIENT_WRITE_OFF = "patient_write_off"
    REASSIGNMENT = "reassignment"


WORDS = {
    LimitKind.DENIAL_WRITE_OFF: "Write-off of a denial",
    LimitKind.PATIENT_WRITE_OFF: "Write-off of a patient's share",
    LimitKind.REASSIGNMENT: "Moving work",
}
# Until a tenant sets its own. A patient's share: the tenant's own limit of small balances, which its caller knows.
OWN = {LimitKind.DENIAL_WRITE_OFF: 100_000, LimitKind.PATIENT_WRITE_OFF: 1_000, LimitKind.REASSIGNMENT: 0}


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds from a day: cents, or items of a reassignment. `second_from`: from here two people decide."""

    kind: LimitKind
    effective_from: date
    free_up_to: int
    second_from: int | None = None


def levels_for(limit: Limit, amount: int) -> int:
    """How many people have to approve the amount: 0, 1 or 2."""
    if amount <= limit.free_up_to:
        return 0
    return 2 if limit.second_from is not None and amount >= limit.second_from else 1


def in_force(limits: Iterable[Limit], kind: LimitKind, day: date, own: int | None = None) -> Limit:
    """The limit of a kind on a day: of those that hold by then, the latest (of one day the last given), else `own`."""
    found = Limit(kind, date.min, OWN[kind] if own is None else own)
    for one in limits:
        if one.kind is kind and found.effective_from <= one.effective_from <= day:
            found = one
    return found


def checked(limit: Limit, today: date) -> Limit:
    """The limit when it can be one: figures within bounds, from today on."""
    faults = []
    if not 0 <= limit.free_up_to <= HIGHEST:
        faults.append(FieldError("free_up_to", "free_up_to.out_of_range", "Enter 0 or more."))
    if limit.second_from is not None and not limit.free_up_to < limit.second_from <= HIGHEST:
        faults.append(
            FieldError(
                "second_from", "second_from.out_of_range", "Enter more than the first figure, or nothing."
            )
        )
    if limit.effective_from < today:
        faults.append(FieldError("effective_from", "effective_from.past", "Choose today or a later day."))
    if faults:
        raise Invalid(
            "limit.refused", "The limit cannot be kept so.", "Mend what is marked.", fields=tuple(faults)
        )
    return limit
