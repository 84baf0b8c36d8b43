"""Small months to reckon with: entries at so many seconds after the month's begin."""

from uuid import UUID

from domain.care.counting import Enrolled
from domain.care.entries import Credential, Entry, Programme
from domain.care.minutes import PatientMonth
from domain.care.month import Month

NOVEMBER = Month(2026, 11, "America/Chicago")
BEGIN, END = NOVEMBER.window
ANA, BEN, DR_CHO = UUID(int=1), UUID(int=2), UUID(int=3)
_numbers = iter(range(1_000, 10**9))


def spent(
    starts: int,
    seconds: int,
    *,
    by: UUID = ANA,
    programme: Programme = Programme.CCM,
    credential: Credential = Credential.CLINICAL,
    month: Month = NOVEMBER,
    **more: object,
) -> Entry:
    """An entry that begins so many seconds into the month."""
    at = month.window[0] + starts
    return Entry(UUID(int=next(_numbers)), by, programme, credential, at, at + seconds, **more)  # type: ignore[arg-type]


def enrolled_all_month(*programmes: Programme, month: Month = NOVEMBER) -> tuple[Enrolled, ...]:
    """Consent given long ago."""
    begins, ends = month.window
    return tuple(Enrolled(programme, begins - 10**7, ends + 10**7, DR_CHO) for programme in programmes)


def month_of(*programmes: Programme, **more: object) -> PatientMonth:
    """A patient of Dr. Cho in November."""
    return PatientMonth(NOVEMBER, enrolled_all_month(*programmes), **more)  # type: ignore[arg-type]
