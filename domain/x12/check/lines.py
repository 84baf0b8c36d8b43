"""Rules on the service lines of an 837 claim: numbering, pointers, procedure, units, dates, control numbers (LIN, DAT)."""

import re

from domain.codes.institutional import is_revenue_code
from domain.x12.check.findings import Report, at
from domain.x12.check.tally import ClaimTally, LineTally
from domain.x12.reader import Segment

_PROCEDURE = re.compile(r"[A-Z0-9]{5}\Z", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}\Z", re.ASCII)
_NDC = re.compile(r"[0-9]{11}\Z", re.ASCII)
_DECIMAL = re.compile(r"\d*\.?\d*\Z", re.ASCII)


def check_lines(report: Report, key: str, claim: ClaimTally) -> None:
    """Every line of one claim."""
    controls: set[str] = set()
    for number, line in enumerate(claim.lines, start=1):
        if line.lx.get(1) != str(number):
            text = "LX01 must count the lines of the claim from 1."
            report.add(f"{key}-LIN-001", line.lx, text, element="01", loop="2400")
        if line.control is not None:
            if line.control.get(2) in controls:
                text = "The line item control number stands twice in the claim."
                report.add(f"{key}-LIN-005", line.control, text, element="02", loop="2400")
            controls.add(line.control.get(2))
        if line.service is not None:
            _service(report, key, claim, line, line.service)
        _dates(report, key, claim, line)


def _service(report: Report, key: str, claim: ClaimTally, line: LineTally, service: Segment) -> None:
    procedure_at, units_at = (1, 4) if service.id == "SV1" else (2, 5)
    if key == "P837" and service.id == "SV1":
        _pointers(report, key, claim, service)
    parts = service.get(procedure_at).split(service.delimiters.component)
    if parts[0] == "HC" and len(parts) > 1 and not _PROCEDURE.match(parts[1]):
        text = "A HCPCS or CPT code has five capital letters or digits."
        report.add(f"{key}-LIN-007", service, text, element=at(procedure_at, 2), loop="2400")
    modifiers = [part for part in parts[2:6] if part]
    for number, modifier in enumerate(parts[2:6], start=3):
        if modifier and not _MODIFIER.match(modifier):
            text = "A modifier has two capital letters or digits."
            report.add(f"{key}-LIN-009", service, text, element=at(procedure_at, number), loop="2400")
    if len(set(modifiers)) < len(modifiers):
        text = "A modifier stands twice on the line."
        report.warn(f"{key}-LIN-008", service, text, element=at(procedure_at, 3), loop="2400")
    if line.charge is not None and line.charge < 0:
        where = at(2 if service.id == "SV1" else 3)
        report.add(f"{key}-LIN-003", service, "The charge is negative.", element=where, loop="2400")
    if key == "I837" and service.id == "SV2" and service.get(1) and not is_revenue_code(service.get(1)):
        report.add(f"{key}-LIN-011", service, "A revenue code has four digits.", element="01", loop="2400")
    units = service.get(units_at)
    if units and (units.startswith("-") or (_DECIMAL.match(units) and not units.strip("0."))):
        text = "The units must be more than nothing."
        report.add(f"{key}-LIN-006", service, text, element=at(units_at), loop="2400")


def _pointers(report: Report, key: str, claim: ClaimTally, service: Segment) -> None:
    pointers = [part for part in service.get(7).split(service.delimiters.component) if part]
    for number, pointer in enumerate(pointers, start=1):
        if pointer not in _NUMBERS or int(pointer) > len(claim.diagnoses):
            text = f"The line points to diagnosis {pointer[:3]}, and the claim has {len(claim.diagnoses)}."
            if pointer not in _NUMBERS:
                text = "A diagnosis pointer is a number from 1 to 12."
            report.add(f"{key}-LIN-002", service, text, element=at(7, number), loop="2400")
    if len(set(pointers)) < len(pointers):
        text = "The line points to the same diagnosis twice."
        report.warn(f"{key}-LIN-004", service, text, element="07", loop="2400")


_NUMBERS = frozenset(str(number) for number in range(1, 13))


def _dates(report: Report, key: str, claim: ClaimTally, line: LineTally) -> None:
    if line.first and claim.birth and line.first < claim.birth:
        text = "The service is dated before the patient's birth."
        report.add(f"{key}-DAT-003", line.lx, text, loop="2400")
    if line.last and claim.made and line.last > claim.made:
        text = "The service is dated after the day on which the file was made (BHT04)."
        report.add(f"{key}-DAT-004", line.lx, text, loop="2400")
    for drug in line.drugs:
        if drug.get(2) == "N4" and drug.get(3) and not _NDC.match(drug.get(3)):
            text = "An NDC has eleven digits."
            report.add(f"{key}-LIN-010", drug, text, element="03", loop="2410")
