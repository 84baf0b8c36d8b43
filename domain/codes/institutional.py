"""Codes of the institutional claim (UB-04): numbers and their structure, in short words of our own.

The lists are kept by the NUBC and their texts are licensed, so a tenant's own list is loaded elsewhere; here is what the
product must know to judge a claim. Ranges of four digits are told by their first three: 045x is `045`.
"""

import re

# CLM05-1: the first two characters of the type of bill.
FACILITIES: dict[str, str] = {
    "11": "Hospital inpatient",
    "12": "Hospital inpatient, Medicare part B only",
    "13": "Hospital outpatient",
    "14": "Hospital laboratory for non-patients",
    "18": "Hospital swing bed",
    "21": "Skilled nursing, inpatient",
    "22": "Skilled nursing, part B only",
    "23": "Skilled nursing, outpatient",
    "28": "Skilled nursing, swing bed",
    "32": "Home health under a plan of care",
    "33": "Home health, outside the plan of treatment",
    "34": "Home health, other",
    "41": "Religious nonmedical, inpatient",
    "43": "Religious nonmedical, outpatient",
    "65": "Intermediate care, level I",
    "66": "Intermediate care, level II",
    "71": "Rural health clinic",
    "72": "Dialysis center",
    "73": "Free-standing clinic",
    "74": "Outpatient rehabilitation facility",
    "75": "Comprehensive outpatient rehabilitation facility",
    "76": "Community mental health center",
    "77": "Federally qualified health center",
    "78": "Licensed free-standing emergency facility",
    "79": "Other clinic",
    "81": "Hospice, not of a hospital",
    "82": "Hospice of a hospital",
    "83": "Ambulatory surgery center",
    "84": "Free-standing birthing center",
    "85": "Critical access hospital, outpatient",
    "86": "Residential facility",
    "87": "Free-standing nonresidential opioid treatment",
    "89": "Other special facility",
}
INPATIENT_FACILITIES = frozenset({"11", "18", "21", "28", "41", "65", "66", "86"})
# Bill types that ask for the day of admission although the patient may live at home: start of care, hospice election.
ADMITTING_FACILITIES = INPATIENT_FACILITIES | {"32", "33", "81", "82"}
ACUTE_INPATIENT = "11"

FREQUENCIES = frozenset("012345789ABCDEFGHIJKMNOPQXYZ")
ADMISSION_TYPES = frozenset("123459")
NEWBORN = "4"
NEWBORN_ORIGINS = frozenset("56")
POINTS_OF_ORIGIN = frozenset("1245689DEFG")
# From … to, both included.
_STATUS_RANGES = ((1, 7), (9, 9), (20, 21), (30, 30), (40, 43), (50, 51), (61, 66), (69, 70), (81, 95))
PATIENT_STATUSES = frozenset(
    f"{status:02d}" for first, last in _STATUS_RANGES for status in range(first, last + 1)
)
STILL_PATIENT = "30"
PRESENT_ON_ADMISSION = frozenset({"Y", "N", "U", "W"})
# Why a Medicare claim replaces or voids another one (condition codes).
CLAIM_CHANGE_REASONS = frozenset({"D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "E0"})

TOTAL_LINE = "0001"
HIPPS_REVENUE_CODES = frozenset({"0022", "0023", "0024"})
# Laboratory, radiology and imaging, therapies, emergency room, clinic: coded by HCPCS on every outpatient claim.
PROCEDURE_REVENUE_GROUPS = frozenset(
    {"030", "031", "032", "033", "034", "035", "040", "042", "043", "044", "045", "051", "061"}
)
CODED_DRUGS = "0636"
TRANSPORT_GROUP = "054"
_UNSCHEDULED = frozenset({"0516", "0526", "0762"})

_REVENUE_CODE = re.compile(r"[0-9]{4}")
_TWO_SIGNS = re.compile(r"[A-Z0-9]{2}")
_SPAN_CODE = re.compile(r"[7-9][0-9]|[M-Z][0-9A-Z]")
_PROCEDURE = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_HIPPS = re.compile(r"[A-Z0-9]{5}")
_DRG = re.compile(r"[0-9]{3,4}")
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")


def is_revenue_code(code: str) -> bool:
    """Whether the text has the form of a revenue code: four digits."""
    return _REVENUE_CODE.fullmatch(code) is not None


def is_accommodation(revenue_code: str) -> bool:
    """Whether the revenue code is room and board (010x to 021x)."""
    return is_revenue_code(revenue_code) and "0100" <= revenue_code <= "0219"


def asks_procedure(revenue_code: str) -> bool:
    """Whether an outpatient line of this revenue code names a HCPCS code."""
    return revenue_code[:3] in PROCEDURE_REVENUE_GROUPS or revenue_code == CODED_DRUGS


def is_unscheduled(revenue_code: str) -> bool:
    """Whether the revenue code tells of an unscheduled visit: emergency room, urgent care, observation."""
    return revenue_code.startswith("045") or revenue_code in _UNSCHEDULED


def is_ub_code(code: str) -> bool:
    """Whether the text has the form of a condition, occurrence, span or value code: two capitals or digits."""
    return _TWO_SIGNS.fullmatch(code) is not None


def is_span_code(code: str) -> bool:
    """Whether the code is in the range of occurrence spans: 70 to 99, M0 to ZZ."""
    return _SPAN_CODE.fullmatch(code) is not None


def is_inpatient_procedure(code: str) -> bool:
    """Whether the text has the form of an ICD-10-PCS code: seven signs, never I or O."""
    return _PROCEDURE.fullmatch(code) is not None


def is_hipps(code: str) -> bool:
    """Whether the text has the form of a HIPPS rate code: five capitals or digits."""
    return _HIPPS.fullmatch(code) is not None


def is_drg(code: str) -> bool:
    """Whether the text has the form of a DRG: three digits, or four with a severity."""
    return _DRG.fullmatch(code) is not None


def is_hour(text: str) -> bool:
    """Whether the text is a time of day as HHMM."""
    return _HOUR.fullmatch(text) is not None
