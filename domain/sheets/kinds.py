"""The kinds of spreadsheets and what their columns may hold: rosters of patients, staff, consents, minutes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.care.activities import ACTIVITIES
from domain.care.enrolment import CONSENT_POINTS, HOW
from domain.care.profiles import ENGAGEMENTS, RISKS, language_of
from domain.codes.filing import SEXES
from domain.sheets.columns import Column, Unreadable
from domain.sheets.values import (
    clock,
    day,
    email,
    listed,
    npi,
    one_of,
    person,
    postal_code,
    seconds,
    states,
    whole,
    words,
    yes,
    zone,
)
from domain.workforce.sheets import COLUMNS as EMPLOYEES

MOST_POINTS = len(CONSENT_POINTS)


class Kind(StrEnum):
    """What a sheet is about. Values are stored: never rename one."""

    EMPLOYEES = "employees"
    PATIENTS = "patients"
    STAFF = "staff"
    CONSENTS = "consents"
    MINUTES = "minutes"


def _account(text: str) -> str:
    """As accounts are stored: in capitals, without blanks."""
    return words(20)("".join(text.split()).upper())


_PROGRAMMES = {
    "ccm": "ccm",
    "chronic": "ccm",
    "pcm": "pcm",
    "principal": "pcm",
    "apcm": "apcm",
    "advanced": "apcm",
}
_BESIDE = frozenset({"care", "management", "primary", "complex", "program", "programme"})


def _programme(text: str) -> str:
    """By its letters or its name. `CCM and PCM` are two, and `declined CCM` is none: such a cell is never half read."""
    said = re.findall(r"[^\W\d_]+", text.casefold())
    found = {_PROGRAMMES[word] for word in said if word in _PROGRAMMES}
    if len(found) != 1 or not {*said} <= {*_PROGRAMMES, *_BESIDE}:
        raise Unreadable("Enter CCM, PCM or APCM, one of them; a second programme comes with another sheet.")
    return found.pop()


def _conditions(text: str) -> int:
    """How many: a number, or the conditions themselves apart by semicolons or commas."""
    if text.casefold() in ("none", "no", "0"):
        return 0
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else len(listed(text))
    if found > 40:
        raise Unreadable("Enter how many chronic conditions there are, up to 40, or list them.")
    return found


def _points(text: str) -> tuple[str, ...]:
    if text.casefold() in ("all", "yes", "y", "x", "all four", str(MOST_POINTS)):
        return tuple(CONSENT_POINTS)
    found = tuple(part.casefold().replace(" ", "_") for part in listed(text))
    if wrong := [one for one in found if one not in CONSENT_POINTS]:
        raise Unreadable(f"Enter all, or some of: {', '.join(CONSENT_POINTS)}; not {wrong[0][:30]}.")
    return found


def _language(text: str) -> str:
    found = language_of(text)
    if found is None:
        raise Unreadable("Enter a language by its English name, such as Spanish.")
    return found


def _languages(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in listed(text) if (one := _language(part))))


_SEX = one_of(
    {code: (label, label.split()[0]) for code, label in SEXES.items()}, "Enter female, male or unknown."
)
_HOW = one_of(
    {
        "verbal": (HOW["verbal"], "verbal consent", "oral", "phone", "telephone", "by phone"),
        "written": (HOW["written"], "written consent", "signed", "paper", "e-signed", "esign", "signature"),
    },
    "Enter spoken or written.",
)
_RISK = one_of({str(code): (label,) for code, label in RISKS.items()}, "Enter a risk from 1 to 5.")
_ENGAGED = one_of({str(code): (label,) for code, label in ENGAGEMENTS.items()}, "Enter 1 to 5.")
_ACTIVITY_WORDS: Mapping[str, tuple[str, ...]] = {
    "patient_call": ("call", "phone call", "patient call", "outreach", "phone", "telephone"),
    "caregiver_call": ("caregiver", "family call", "caregiver call"),
    "care_plan_review": ("care plan", "care planning", "care plan update", "plan review"),
    "provider_coordination": ("coordination", "provider call", "care coordination", "provider coordination"),
    "medication_management": ("medication", "medications", "med rec", "medication review", "refill", "meds"),
    "referral": ("referrals", "transition", "tcm"),
    "results_review": ("chart review", "lab review", "labs", "results", "record review"),
    "education": ("patient education", "coaching"),
    "community_resources": ("resources", "social services", "community"),
    "other": ("misc", "admin"),
}
_ACTIVITY = one_of(
    {code: (label, *_ACTIVITY_WORDS[code]) for code, label in ACTIVITIES.items()},
    f"Enter one of: {', '.join(ACTIVITIES)}.",
)
_ACCOUNT = Column(
    "account_number", "Account number", _account,
    ("account", "account number", "account no", "acct", "acct #", "acct no", "mrn", "chart", "chart #", "chart number",
     "patient id", "pt id", "medical record number", "emr id", "ehr id"),
    r"\bacc(oun)?t\b|\bmrn\b|chart", "1001",
)  # fmt: skip
_PROGRAMME = Column(
    "programme", "Programme", _programme, ("program", "programme", "service", "ccm pcm"), r"program", "CCM"
)
# What brings an enrolment on: the same facts that are told by hand, each with its own words.
_STEPS = (
    Column("conditions", "Chronic conditions", _conditions, ("conditions", "chronic conditions", "dx", "diagnoses", "icd 10", "problem list"), r"condition|diagnos", "E11.9; I10"),
    Column("months_expected", "Expected to last (months)", whole(0, 600), ("months expected", "expected months", "duration months"), r"expected", "12"),
    Column("significant_risk", "Significant risk", yes, ("significant risk", "at risk"), r"significant", "yes"),
    Column("complex_decisions", "Complex decisions", yes, ("complex", "complex ccm"), r"complex", "no"),
    Column("qmb", "QMB", yes, ("qmb", "qualified medicare beneficiary"), "", "no"),
    Column("visited_on", "Initiating visit", day, ("initiating visit", "awv", "awv date", "visit date", "last visit", "last seen", "ippe"), r"visit|\bawv\b", "09/14/2026"),
    Column("consented_on", "Consent given on", day, ("consent date", "consent", "date of consent", "consented", "consented on", "enrolled", "enrollment date"), r"consent.*(date|\bon\b)|date.*consent", "10/01/2026"),
    Column("consent_how", "Spoken or written", _HOW, ("consent type", "consent method", "verbal written", "spoken or written", "how", "type of consent"), r"consent.*(type|method)|verbal|written|spoken", "verbal"),
    Column("consent_by", "Consent given by", words(120), ("consent given by", "given by", "consented by", "consenter", "consent by"), r"given by|consent.*\bby\b", "The patient"),
    Column("consent_points", "Told of", _points, ("points", "told", "told of", "explained", "disclosures", "consent points"), r"told|explain|disclos", "all"),
    Column("consent_words", "What was said", words(2000), ("words", "what was said", "consent note", "consent notes", "comment"), r"said|consent note", ""),
)  # fmt: skip
PATIENTS = (
    Column("practice", "Practice (name or NPI)", words(), ("practice", "practice name", "clinic", "client", "facility", "site", "location", "practice npi", "group"), r"practice|clinic", "Lakeside Family Medicine"),
    _ACCOUNT,
    Column("last_name", "Last name", words(60), ("last name", "last", "surname", "pt last name", "patient last name", "lname", "family name"), r"last.*name|surname", "Lopez"),
    Column("first_name", "First name", words(35), ("first name", "first", "given name", "pt first name", "patient first name", "fname"), r"first.*name", "Maria"),
    Column("middle_name", "Middle name", words(25), ("middle name", "middle", "mi", "middle initial"), r"middle", ""),
    Column("birth_date", "Birth date", day, ("dob", "date of birth", "birth date", "birthdate", "birthday", "born", "d o b", "pt dob", "patient dob"), r"birth|\bdob\b", "04/12/1951"),
    Column("sex", "Sex", _SEX, ("sex", "gender", "m f", "sex assigned at birth"), r"\bsex\b|gender", "F"),
    Column("name", "Whole name", words(), ("name", "patient", "patient name", "pt name", "pt", "full name", "member name"), r"(patient|\bpt\b|full).*name", ""),
    Column("line1", "Street", words(55), ("address", "address 1", "street", "street address", "address line 1", "addr", "addr1", "home address"), r"street|address(?! *2)", "120 Main Street"),
    Column("line2", "Suite, floor", words(55), ("address 2", "address line 2", "apt", "unit", "suite", "addr2"), r"\bapt\b|suite|\bunit\b", ""),
    Column("city", "City", words(30), ("city", "town"), r"\bcity\b", "Springfield"),
    Column("state", "State", words(20), ("state", "st"), r"\bstate\b", "IL"),
    Column("postal_code", "ZIP code", postal_code, ("zip", "zip code", "zipcode", "postal code", "zip 4"), r"\bzip|postal", "62701"),
    Column("phone", "Telephone", words(30), ("phone", "telephone", "phone number", "home phone", "cell", "cell phone", "mobile", "contact number", "phone #"), r"phone|\bcell\b|mobile", "217 555 0142"),
    Column("payer", "Payer (name or id)", words(), ("payer", "payor", "insurance", "primary insurance", "plan", "carrier", "insurance name"), r"insurance(?!.*id)|payer|payor|carrier", "Medicare"),
    Column("member_id", "Member id", words(80), ("member id", "member #", "mbi", "medicare id", "medicare #", "subscriber id", "policy number", "policy #", "insurance id", "hicn", "medicare number"), r"member.*(id|#|no)|\bmbi\b|policy|subscriber", "1EG4TE5MK73"),
    _PROGRAMME,
    Column("practitioner_npi", "Practitioner's NPI", npi, ("npi", "provider npi", "pcp npi", "practitioner npi", "physician npi", "billing provider npi"), r"npi", "1987654328"),
    Column("coordinator_email", "Coordinator (e-mail or name)", person, ("coordinator", "coordinator email", "care coordinator", "care manager", "cc email", "coordinator e mail", "assigned to", "nurse"), r"coordinator|assigned", "ann@company.example"),
    *_STEPS,
    Column("language", "Language", _language, ("language", "preferred language", "primary language", "lang"), r"language", "Spanish"),
    Column("zone", "Time zone", zone, ("time zone", "timezone", "tz"), r"\bzone\b", "Central"),
    Column("risk", "Risk (1 to 5)", _RISK, ("risk", "risk level", "risk score", "risk tier", "tier"), r"\brisk\b|\btier\b", "3"),
    Column("engagement", "Engagement (1 to 5)", _ENGAGED, ("engagement", "engagement level"), r"engag", "4"),
)  # fmt: skip
CONSENTS = (
    _ACCOUNT,
    _PROGRAMME,
    *(one for one in _STEPS if one.name.startswith("consent")),
    *(one for one in _STEPS if not one.name.startswith("consent")),
)
STAFF = (
    Column("email", "E-mail", email, ("email", "e mail", "email address", "work email", "login", "username"), r"e ?mail|login", "ann@company.example"),
    Column("name", "Name", words(), ("name", "full name", "employee", "employee name", "staff name"), r"name|employee(?!.*(id|no|#))", "Ann Reyes"),
    Column("number", "Employee number", words(40), ("employee id", "employee number", "employee no", "emp id", "emp #", "badge", "id"), r"(employee|emp|staff).*(id|no|#|number)|badge", "117"),
    Column("paycode", "Paycode", words(40), ("paycode", "pay code", "paycode id", "pay type", "job code", "pay class"), r"pay ?code|job ?code", "RN-CC"),
    Column("since", "Since", day, ("since", "start date", "effective", "effective date", "hire date", "hired", "hired on", "date of hire"), r"since|effective|hire|start", "01/05/2026"),
    Column("most_patients", "Most patients", whole(0, 2000), ("capacity", "max patients", "most patients", "panel size", "caseload", "max panel"), r"capacity|panel|caseload|max", "110"),
    Column("languages", "Languages", _languages, ("languages", "language", "speaks"), r"language|speaks", "Spanish"),
    Column("licences", "Licensed in", states, ("licences", "licenses", "license states", "states", "licensed in", "licensure", "state license"), r"licen|states", "IL, WI"),
    Column("time_zone", "Time zone", zone, ("time zone", "timezone", "tz"), r"\bzone\b", "Central"),
)  # fmt: skip
MINUTES = (
    _ACCOUNT,
    _PROGRAMME,
    Column("staff_email", "Staff (e-mail or name)", person, ("staff", "staff email", "email", "e mail", "user", "logged by", "coordinator", "care coordinator", "nurse", "employee email", "by"), r"e ?mail|staff|coordinator|logged by", "ann@company.example"),
    Column("on", "Date", day, ("date", "day", "service date", "date of service", "dos", "activity date", "log date"), r"\bdate\b|\bdos\b", "10/05/2026"),
    Column("start", "Start", clock, ("start", "start time", "time in", "begin", "from", "started", "started at"), r"start|begin|time in", "2:30 PM"),
    Column("end", "End", clock, ("end", "end time", "time out", "finish", "to", "stop", "stop time", "ended at"), r"\bend\b|stop|finish|time out", "2:52 PM"),
    Column("seconds", "Minutes", seconds, ("minutes", "mins", "min", "duration", "time spent", "total minutes", "total time", "time", "length"), r"minutes|duration|\bmin|time spent", ""),
    Column("activity", "Activity", _ACTIVITY, ("activity", "activity type", "category", "type", "task", "service type"), r"activity|category|task", "Call with the patient"),
    Column("note", "Note", words(4000), ("note", "notes", "comment", "comments", "description", "details", "summary"), r"note|comment|descr", "Went through the blood pressure log"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What a sheet of a kind is called, what it may hold, without which columns no row can be read, and what can be given
    for every row, as a practice sends its own roster and a nurse her own hours."""

    label: str
    noun: str
    about: str
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    given: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """What a column may hold, by name."""
        return {one.name: one.label for one in self.columns}

    def and_own(self, columns: tuple[Column, ...]) -> "Form":
        """The same with columns for the fields that a tenant added."""
        return replace(self, columns=(*self.columns, *columns))


FORMS: Mapping[Kind, Form] = {
    Kind.PATIENTS: Form(
        "Patient roster", "patients",
        "Patients with address, payer and programme. What the sheet says of eligibility, visit and consent brings each"
        " enrolment as far as it goes.",
        PATIENTS, ("birth_date",), ("practice", "programme", "coordinator_email"),
    ),
    Kind.STAFF: Form(
        "Staff with paycodes", "people",
        "Who works here, with the credential and job title that their paycode stands for, from a day on.",
        STAFF, ("email",),
    ),
    Kind.CONSENTS: Form(
        "Consents", "consents",
        "Consents that were given: when, how, by whom, and of what the patient was told.",
        CONSENTS, ("account_number", "consented_on"), ("programme",),
    ),
    Kind.MINUTES: Form(
        "Last month's minutes", "entries",
        "Time spent before you came here, with start and end or with minutes alone.",
        MINUTES, ("account_number", "staff_email"), ("staff_email", "programme"),
    ),
    Kind.EMPLOYEES: Form(
        "Employees", "employees", "Everybody who works here, with team, calendar and skills.",
        EMPLOYEES, ("number", "name"),
    ),
}  # fmt: skip
CARE_KINDS = (Kind.PATIENTS, Kind.STAFF, Kind.CONSENTS, Kind.MINUTES)
