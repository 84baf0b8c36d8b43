"""Where a claim's care was given: places of service, ambulances, inpatient stays and statement dates (rules CLM)."""

from domain.codes.institutional import INPATIENT_FACILITIES
from domain.codes.places import is_place_of_service
from domain.x12.check.findings import Report
from domain.x12.check.tally import ClaimTally

_AMBULANCE = ("41", "42")


def check_facility(report: Report, key: str, claim: ClaimTally) -> None:
    """What the place of service, or the type of bill, asks for."""
    if key == "P837":
        _places(report, claim)
    else:
        _stay(report, claim)


def _places(report: Report, claim: ClaimTally) -> None:
    place = claim.facility
    if place and not is_place_of_service(place):
        text = "The place of service is none that CMS has given out."
        report.add("P837-CLM-012", claim.segment, text, element="05-1", loop="2300")
    for line in claim.lines:
        own = line.service.get(5) if line.service is not None else ""
        if own and not is_place_of_service(own):
            text = "The place of service is none that CMS has given out."
            report.add("P837-CLM-012", line.service, text, element="05", loop="2400")
    if place in _AMBULANCE and not {"2310E", "2310F"} <= claim.loops:
        text = "An ambulance claim says where it picked up (2310E) and dropped off (2310F)."
        report.add("P837-CLM-011", claim.segment, text, element="05-1", loop="2300")


def _stay(report: Report, claim: ClaimTally) -> None:
    if claim.facility in INPATIENT_FACILITIES and "435" not in claim.dates:
        text = "An inpatient claim has its admission date (DTP*435)."
        report.add("I837-CLM-013", claim.segment, text, element="05-1", loop="2300")
    if "2310A" not in claim.loops:
        report.add("I837-CLM-014", claim.segment, "The attending provider (2310A) is missing.", loop="2300")
    first, last = claim.statement
    if first is None or last is None:
        return
    for line in claim.lines:
        if (line.first and line.first < first) or (line.last and line.last > last):
            text = "The line lies outside the statement dates (DTP*434)."
            report.add("I837-CLM-015", line.lx, text, loop="2400")
