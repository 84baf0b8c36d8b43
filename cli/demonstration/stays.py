"""Which institutional claims the demo company's hospital gets: stays, and visits to its emergency room."""

from datetime import date, timedelta
from decimal import Decimal

from cli.demonstration.plan import Ending, Fault, PlannedClaim
from cli.demonstration.records import DemoPatient
from domain.claims.institutional import InpatientProcedure, InstitutionalDiagnosis, OccurrenceCode, ValueCode
from services.claims.institutional_views import InstitutionalDraft, RevenueLineDraft

_ENDINGS = {"01": Ending.SETTLE, "03": Ending.APPEAL, "06": Ending.CORRECT, "07": Ending.CORRECT}
# Principal diagnosis, another one, reason for the visit, HCPCS and cents of the visit and of its picture.
_VISITS = (
    ("S93401A", "Y9301", "M25571", (("0450", "99283", 90_000), ("0320", "73610", 42_050))),
    ("R079", "I10", "R079", (("0450", "99284", 148_000), ("0730", "93005", 31_200))),
    ("N390", "E119", "R300", (("0450", "99283", 90_000), ("0300", "81001", 4_800))),
)
# Principal and admitting diagnosis, DRG, procedure, and the rate of a day.
_STAYS = (
    ("J189", "R0602", "195", "", 148_500),
    ("K3580", "R1031", "343", "0DTJ4ZZ", 162_000),
    ("I214", "R079", "281", "4A023N7", 210_000),
)


def planned_stays(patients: list[DemoPatient], first: int, today: date) -> list[PlannedClaim]:
    """A stay and a visit for every patient of the hospital, numbered from `first`."""
    return [
        _claim(first + 2 * place + wave, patient, wave, today)
        for place, patient in enumerate(patients)
        for wave in (0, 1)
    ]


def _claim(number: int, patient: DemoPatient, wave: int, today: date) -> PlannedClaim:
    day = today - timedelta(days=12 + (patient.number * 7 + wave * 17) % 40)
    fault = Fault.UNITS if wave and patient.scenario == "57" else Fault.NONE
    facts = _visit(number, day) if wave else _stay(number, day)
    return PlannedClaim(
        number=number,
        patient=patient,
        day=day,
        lines=(),
        diagnoses=(),
        fault=fault,
        released=True,
        ending=Ending.LEAVE if fault else _ENDINGS.get(patient.scenario, Ending.LEAVE),
        facts=facts,
    )


def _visit(number: int, day: date) -> InstitutionalDraft:
    principal, other, reason, services = _VISITS[number % len(_VISITS)]
    causes, others = ((other,), ()) if other.startswith("Y") else ((), (other,))
    return InstitutionalDraft(
        facility_code="13",
        statement_from=day,
        statement_to=day,
        patient_status="01",
        admission_type="1",
        admission_source="1",
        principal=InstitutionalDiagnosis(principal),
        other_diagnoses=tuple(InstitutionalDiagnosis(code) for code in others),
        external_causes=tuple(InstitutionalDiagnosis(code) for code in causes),
        reasons_for_visit=(reason,),
        lines=tuple(
            RevenueLineDraft(revenue, cents, Decimal(1), code, service_from=day, service_to=day)
            for revenue, code, cents in services
        ),
    )


def _stay(number: int, day: date) -> InstitutionalDraft:
    principal, admitting, drg, procedure, rate = _STAYS[number % len(_STAYS)]
    nights = 2 + number % 3
    lines = [
        RevenueLineDraft("0120", nights * rate, Decimal(nights), unit="DA"),
        RevenueLineDraft("0250", 38_250 + number * 115, Decimal(9)),
        RevenueLineDraft("0300", 64_400, Decimal(14)),
    ]
    if procedure:
        lines.append(RevenueLineDraft("0360", 845_000))
    return InstitutionalDraft(
        facility_code="11",
        statement_from=day,
        statement_to=day + timedelta(days=nights),
        patient_status="01",
        admission_date=day,
        admission_hour=f"{8 + number % 12:02d}30",
        discharge_hour="1100",
        admission_type="1",
        admission_source="1",
        admitting=admitting,
        drg=drg,
        principal=InstitutionalDiagnosis(principal, "Y"),
        other_diagnoses=(InstitutionalDiagnosis("E119", "Y"), InstitutionalDiagnosis("I10", "Y")),
        principal_procedure=InpatientProcedure(procedure, day) if procedure else None,
        occurrences=(OccurrenceCode("11", day),),
        values=(ValueCode("80", Decimal(nights)),),
        lines=tuple(lines),
    )
