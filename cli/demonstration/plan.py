"""Which claims the demo companies get: services, faults on purpose, and what the people do when an answer comes."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from cli.demonstration.records import DemoPatient
from services.claims.institutional_views import InstitutionalDraft
from services.claims.views import LineDraft


class Fault(StrEnum):
    """What is wrong with a claim when it is first captured, so that scrubbing holds it."""

    NONE = ""
    NPI = "npi"
    POINTER = "pointer"
    DIAGNOSIS = "diagnosis"
    UNITS = "units"
    TOO_LATE = "too_late"


class Ending(StrEnum):
    """What somebody does with the claim once it waits for a person."""

    LEAVE = "leave"
    TAKE = "take"
    CORRECT = "correct"
    WRITE_OFF = "write_off"
    APPEAL = "appeal"
    PATIENT = "patient"
    SNOOZE = "snooze"
    SETTLE = "settle"
    VOID = "void"
    HOLD = "hold"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class PlannedClaim:
    """One claim to capture. Its patient and its day of service make it recognisable after a restart."""

    number: int
    patient: DemoPatient
    day: date
    lines: tuple[LineDraft, ...]
    diagnoses: tuple[str, ...]
    fault: Fault
    released: bool
    ending: Ending
    note: str = ""
    facts: InstitutionalDraft | None = None


# Per client: diagnoses, then procedure, cents, and the diagnosis pointed to.
_SERVICES: tuple[tuple[tuple[tuple[str, ...], tuple[tuple[str, int, int], ...]], ...], ...] = (
    (
        (("E11.9", "I10"), (("99214", 19600, 1), ("83036", 3800, 1), ("36415", 1400, 2))),
        (("J06.9", "R53.83"), (("99213", 13800, 1), ("85025", 3200, 2))),
        (("Z00.00", "Z23"), (("99396", 18800, 1), ("90686", 2800, 2), ("90471", 3600, 2))),
        (("E78.5", "E03.9"), (("99213", 13800, 1), ("80053", 4400, 2))),
    ),
    (
        (("I25.10", "I10"), (("99214", 19600, 1), ("93000", 6400, 2))),
        (("I48.91", "I50.9"), (("99215", 26200, 1), ("93306", 61200, 2))),
        (("R07.9", "I10"), (("99203", 17200, 1), ("93015", 28400, 2))),
    ),
    (
        (("M54.50", "G89.29"), (("97110", 11600, 1), ("97140", 5400, 2))),
        (("M17.11", "M25.561"), (("97161", 14800, 1), ("97530", 6200, 2))),
        (("M75.101", "M25.561"), (("97110", 5800, 1), ("97530", 12400, 2))),
    ),
)  # fmt: skip
_LABORATORY = range(70010, 89399)  # Medicare pays these only with an ordering provider

_ENDINGS: dict[str, tuple[Ending, ...]] = {
    "01": (Ending.SETTLE, Ending.LEAVE, Ending.LEAVE, Ending.LEAVE, Ending.VOID),
    "02": (Ending.CORRECT, Ending.LEAVE, Ending.CORRECT, Ending.TAKE),
    "03": (Ending.CORRECT, Ending.WRITE_OFF, Ending.LEAVE, Ending.APPEAL),
    "04": (Ending.WRITE_OFF, Ending.LEAVE, Ending.TAKE, Ending.APPEAL),
    "05": (Ending.CORRECT, Ending.LEAVE, Ending.TAKE, Ending.SNOOZE),
    "06": (Ending.CORRECT, Ending.LEAVE, Ending.PATIENT, Ending.TAKE),
    "07": (Ending.CORRECT, Ending.LEAVE, Ending.CORRECT, Ending.TAKE),
    "08": (Ending.CORRECT, Ending.LEAVE, Ending.CORRECT, Ending.TAKE),
}
_PLAIN = frozenset({"00", "01"})
_FAULTS = (Fault.NPI, Fault.POINTER, Fault.DIAGNOSIS, Fault.UNITS)
_NOTES = (
    "Asked the practice for the visit note; they answer by Friday.",
    "Payer portal shows the claim in process.",
    "Patient confirmed the new insurance card by telephone.",
    "Second look wanted: the charge seems high for this visit.",
)


def planned(patients: list[DemoPatient], each: int, today: date) -> list[PlannedClaim]:
    """`each` claims for every patient, oldest patient first, with days of service before `today`."""
    return [
        _claim(wave * len(patients) + patient.number, patient, wave, today)
        for wave in range(each)
        for patient in patients
    ]


def _claim(number: int, patient: DemoPatient, wave: int, today: date) -> PlannedClaim:
    fault = _fault(patient, wave)
    days = 135 if fault is Fault.TOO_LATE else 3 + (patient.number * 7 + wave * 13) % 55
    day = today - timedelta(days=days)
    diagnoses, services = _services(patient, number)
    lines = tuple(
        LineDraft(code, cents, Decimal(1), day, day, (pointer,)) for code, cents, pointer in services
    )
    draft = not fault and _is_plain(patient) and (patient.number + wave * 5) % 9 == 2
    return PlannedClaim(
        number=number,
        patient=patient,
        day=day,
        lines=lines,
        diagnoses=diagnoses,
        fault=fault,
        released=not draft,
        ending=_ending(patient, wave, fault, draft),
        note=_NOTES[number // 13 % len(_NOTES)] if number % 13 == 4 else "",
    )


def _is_plain(patient: DemoPatient) -> bool:
    """Whether the clearinghouse does nothing special with the patient's claims, so that ours may be odd."""
    return patient.scenario in _PLAIN or patient.scenario > "19"


def _services(patient: DemoPatient, number: int) -> tuple[tuple[str, ...], tuple[tuple[str, int, int], ...]]:
    offered = _SERVICES[patient.client]
    diagnoses, services = offered[number % len(offered)]
    if patient.birth_date.year < 1958:  # covered by Medicare
        services = tuple(one for one in services if int(one[0]) not in _LABORATORY)
        used = sorted({pointer for _, _, pointer in services})
        diagnoses = tuple(diagnoses[pointer - 1] for pointer in used)
        services = tuple((code, cents, used.index(pointer) + 1) for code, cents, pointer in services)
    return diagnoses, services


def _fault(patient: DemoPatient, wave: int) -> Fault:
    turn = patient.number + wave * 3
    if not _is_plain(patient) or turn % 5 != 1:
        return Fault.NONE
    # Only a payer with a short filing limit makes a claim of this age too late.
    if wave == 2 and patient.payer in (3, 5):
        return Fault.TOO_LATE
    return _FAULTS[(patient.number + wave) % len(_FAULTS)]


def _ending(patient: DemoPatient, wave: int, fault: Fault, draft: bool) -> Ending:
    if fault is Fault.TOO_LATE:
        return Ending.WITHDRAW if patient.number % 2 else Ending.TAKE
    if fault:
        return (Ending.CORRECT, Ending.LEAVE, Ending.CORRECT, Ending.TAKE)[(patient.number + wave) % 4]
    if draft:
        return Ending.HOLD if (patient.number + wave) % 4 == 0 else Ending.LEAVE
    endings = _ENDINGS.get(patient.scenario, ())
    return endings[wave] if wave < len(endings) else Ending.LEAVE
