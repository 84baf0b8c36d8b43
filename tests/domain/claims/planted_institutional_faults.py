"""One fault for each scrubbing rule of institutional claims: what is changed in a good stay or visit, and the field that is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalClaim,
    InstitutionalDiagnosis,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)
from domain.claims.model import (
    Payer,
    Provider,
)

Change = Callable[[InstitutionalClaim], InstitutionalClaim]
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 6)
LATER, BEFORE = date(2026, 11, 21), date(2024, 11, 1)
PERSON = Provider("ROE", "RICHARD", "1245319599", "207R00000X")
SURGEON = Provider("POE", "ANN", "1003000126")


def claim(**facts: Any) -> Change:
    return lambda good: replace(good, **facts)


def facts(**changes: Any) -> Change:
    return lambda good: replace(good, facts=replace(good.facts, **changes))


def line(position: int, **changes: Any) -> Change:
    def change(good: InstitutionalClaim) -> InstitutionalClaim:
        lines = list(good.facts.lines)
        lines[position - 1] = replace(lines[position - 1], **changes)
        return facts(lines=tuple(lines))(good)

    return change


def payer(**changes: Any) -> Change:
    return lambda good: replace(
        good, coverage=replace(good.coverage, payer=replace(good.coverage.payer, **changes))
    )


def all_of(*changes: Change) -> Change:
    def change(good: InstitutionalClaim) -> InstitutionalClaim:
        for one in changes:
            good = one(good)
        return good

    return change


def doubled(good: InstitutionalClaim) -> InstitutionalClaim:
    again = replace(good.facts.lines[1], number=3, control_number="L3")
    return facts(lines=(*good.facts.lines, again))(good)


def medicare_second(good: InstitutionalClaim) -> InstitutionalClaim:
    medicare = Payer("MEDICARE", "00120", "MA", medicare=True)
    return replace(
        good,
        coverage=replace(
            good.coverage, payer=medicare, order="S", insurance_type="12", member_id="1EG4TE5MK73"
        ),
    )


def principal(**changes: Any) -> Change:
    return lambda good: facts(principal=replace(good.facts.principal, **changes))(good)


POOR = replace(PERSON, npi="1245319598")
STAY: list[tuple[int, Change, str]] = [
    (1, facts(facility_code="99"), "facts.facility_code"),
    (2, claim(frequency="6"), "frequency"),
    (2, claim(frequency=""), "frequency"),
    (3, claim(frequency="2"), "facts.patient_status"),
    (4, facts(patient_status="30"), "facts.patient_status"),
    (5, facts(statement_from=None), "facts.statement_from"),
    (5, facts(statement_to=None), "facts.statement_to"),
    (6, facts(statement_to=date(2026, 11, 1)), "facts.statement_to"),
    (7, facts(statement_to=LATER), "facts.statement_to"),
    (8, facts(statement_from=BEFORE, statement_to=BEFORE), "facts.statement_to"),
    (9, facts(statement_to=date(2025, 11, 25)), "facts.statement_to"),
    (10, payer(institutional_version="005010X222A1"), "coverage.payer.institutional_version"),
    (
        11,
        all_of(payer(medicare=True), claim(frequency="7", payer_claim_control_number="I1")),
        "facts.conditions",
    ),
    (12, facts(admission_date=None), "facts.admission_date"),
    (13, facts(admission_date=date(2026, 11, 7)), "facts.admission_date"),
    (14, facts(admission_hour="14"), "facts.admission_hour"),
    (14, facts(discharge_hour="2400"), "facts.discharge_hour"),
    (15, facts(admission_hour=""), "facts.admission_hour"),
    (16, facts(admission_date=None), "facts.admission_hour"),
    (17, facts(discharge_hour=""), "facts.discharge_hour"),
    (18, facts(admission_type=""), "facts.admission_type"),
    (19, facts(admission_type="8"), "facts.admission_type"),
    (20, facts(admission_source=""), "facts.admission_source"),
    (21, facts(admission_source="7"), "facts.admission_source"),
    (22, facts(admission_type="4"), "facts.admission_source"),
    (23, facts(patient_status="99"), "facts.patient_status"),
    (23, facts(patient_status=""), "facts.patient_status"),
    (24, facts(principal=None), "facts.principal"),
    (25, principal(present_on_admission="1"), "facts.principal.present_on_admission"),
    (26, principal(present_on_admission=""), "facts.principal.present_on_admission"),
    (28, facts(admitting=""), "facts.admitting"),
    (29, facts(admitting="R07.9"), "facts.admitting"),
    (29, facts(admitting="R07"), "facts.admitting"),
    (31, facts(reasons_for_visit=("R079",)), "facts.reasons_for_visit"),
    (32, facts(external_causes=(InstitutionalDiagnosis("E119", "Y"),)), "facts.external_causes.1.code"),
    (33, facts(other_diagnoses=(InstitutionalDiagnosis("E119", "Y"),) * 25), "facts.other_diagnoses"),
    (34, facts(drg="DRG1"), "facts.drg"),
    (36, facts(principal_procedure=InpatientProcedure("02I00Z9", FIRST)), "facts.principal_procedure.code"),
    (
        38,
        facts(principal_procedure=InpatientProcedure("02100Z9", LATER)),
        "facts.principal_procedure.performed",
    ),
    (
        39,
        facts(principal_procedure=None, other_procedures=(InpatientProcedure("02100Z9", FIRST),)),
        "facts.principal_procedure",
    ),
    (40, facts(values=(ValueCode("8", Decimal(4)),)), "facts.values.1.code"),
    (41, facts(values=(ValueCode("80", Decimal(-4)),)), "facts.values.1.amount"),
    (42, facts(values=(ValueCode("80", Decimal(4)),) * 2), "facts.values.2.code"),
    (43, facts(occurrences=(OccurrenceCode("1", FIRST),)), "facts.occurrences.1.code"),
    (44, facts(occurrences=(OccurrenceCode("71", FIRST),)), "facts.occurrences.1.code"),
    (44, facts(occurrence_spans=(OccurrenceSpan("11", FIRST, LAST),)), "facts.occurrence_spans.1.code"),
    (45, facts(occurrences=(OccurrenceCode("11", LATER),)), "facts.occurrences.1.day"),
    (46, facts(occurrence_spans=(OccurrenceSpan("M1", LAST, FIRST),)), "facts.occurrence_spans.1.last"),
    (47, facts(conditions=("9",)), "facts.conditions.1"),
    (48, facts(conditions=("09", "09")), "facts.conditions.2"),
    (49, facts(conditions=tuple(f"{at}" for at in range(10, 35))), "facts.conditions"),
    (50, medicare_second, "facts.values"),
    (51, lambda good: facts(lines=good.facts.lines[:1] * 1000)(good), "facts.lines"),
    (52, line(2, revenue_code="250"), "facts.lines.2.revenue_code"),
    (53, line(2, revenue_code="0001"), "facts.lines.2.revenue_code"),
    (54, line(1, revenue_code="0250"), "facts.lines"),
    (56, line(1, unit="UN"), "facts.lines.1.unit"),
    (57, line(2, unit="F2"), "facts.lines.2.unit"),
    (58, line(2, units=Decimal(0)), "facts.lines.2.units"),
    (58, line(2, units=Decimal("NaN")), "facts.lines.2.units"),
    (61, line(2, revenue_code="0022"), "facts.lines.2.procedure"),
    (66, line(2, charge_cents=0), "facts.lines.2.charge_cents"),
    (67, line(2, non_covered_cents=35001), "facts.lines.2.non_covered_cents"),
    (69, facts(attending=None), "facts.attending"),
    (70, facts(attending=POOR), "facts.attending.npi"),
    (71, facts(operating=POOR), "facts.operating.npi"),
    (72, facts(operating=replace(SURGEON, last_name="")), "facts.operating.last_name"),
    (73, facts(attending=replace(PERSON, taxonomy="207R")), "facts.attending.taxonomy"),
    (74, facts(attending=replace(PERSON, npi="1234567893")), "facts.attending.npi"),
    (75, facts(operating=None), "facts.operating"),
    (76, facts(operating=None, other_operating=SURGEON), "facts.operating"),
    (77, facts(rendering=PERSON), "facts.rendering.npi"),
]
VISIT: list[tuple[int, Change, str]] = [
    (27, principal(present_on_admission="Y"), "facts.principal.present_on_admission"),
    (30, facts(reasons_for_visit=()), "facts.reasons_for_visit"),
    (35, facts(drg="234"), "facts.drg"),
    (37, facts(principal_procedure=InpatientProcedure("02100Z9", FIRST)), "facts.principal_procedure"),
    (55, line(1, revenue_code="0120"), "facts.lines.1.revenue_code"),
    (59, line(2, procedure="", modifiers=()), "facts.lines.2.procedure"),
    (60, line(2, procedure="7361"), "facts.lines.2.procedure"),
    (62, line(2, procedure=""), "facts.lines.2.modifiers"),
    (63, line(2, service_from=None, service_to=None), "facts.lines.2.service_from"),
    (64, line(2, service_from=date(2026, 11, 1)), "facts.lines.2.service_from"),
    (64, line(2, service_to=date(2026, 11, 3)), "facts.lines.2.service_to"),
    (65, line(2, service_to=date(2026, 11, 1)), "facts.lines.2.service_to"),
    (68, doubled, "facts.lines.3.procedure"),
]
SHARED: list[tuple[str, Change, str]] = [
    ("CL-IDN-010", claim(claim_number="A*B"), "claim_number"),
    ("CL-COD-004", principal(code="Q0000"), "facts.principal.code"),
    (
        "CL-COD-007",
        facts(other_diagnoses=(InstitutionalDiagnosis("I214", "Y"),)),
        "facts.other_diagnoses.1.code",
    ),
    ("CL-COD-008", principal(code="W1830XA"), "facts.principal.code"),
    ("CL-COD-016", facts(lines=()), "facts.lines"),
    ("CL-COD-018", line(2, number=5), "facts.lines.2.number"),
    ("CL-MON-001", line(2, charge_cents=-1), "facts.lines.2.charge_cents"),
    ("CL-PAY-009", claim(frequency="8"), "payer_claim_control_number"),
    ("CL-PAY-015", line(2, control_number="L1"), "facts.lines.2.control_number"),
    ("CL-PRV-002", facts(rendering=POOR), "facts.rendering.npi"),
]
