"""The decision tables there are: the facts that each is asked with, the values that it may answer.

Keys are stored in grids and recorded facts: never rename one. Facts name codes, cents, days and references; never a
patient. Parties are named by what partners call them: a client by its NPI, a payer by its payer id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.care.code_rows import PROGRAMMES, STANDARD_ROWS, RowFault
from domain.care.code_rows import faults as code_faults
from domain.care.codes import Track
from domain.denials.classes import DenialClass, Route
from domain.rules.columns import Column, Type
from domain.work_kinds import KINDS, Kind


class Hit(StrEnum):
    """Which rows answer: the first that is met, or all of them in their order."""

    FIRST = "first"
    COLLECT = "collect"


@dataclass(frozen=True, slots=True)
class TableKind:
    """A place in the process that asks a table. Without a published one, what `otherwise` says happens: `standard` holds the
    answers of its rows, where it has any. `check` finds what is wrong with rows that are each well written.

    A table without inputs is read whole, as it is in force on a day: nothing is asked, so that nothing is simulated.
    """

    code: str
    name: str
    purpose: str
    otherwise: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    hit: Hit = Hit.FIRST
    subject: str = ""  # what a decision is about: a subject of notes and work items
    standard: Sequence[Mapping[str, Any]] = ()
    kept_by_months: bool = False  # closed months keep theirs: a version may begin in the past
    check: Callable[[Sequence[Mapping[str, Any]]], Iterable[RowFault]] | None = None

    def input(self, key: str) -> Column | None:
        """The fact under a key."""
        return next((one for one in self.inputs if one.key == key), None)

    def output(self, key: str) -> Column | None:
        """The value under a key."""
        return next((one for one in self.outputs if one.key == key), None)


_CLIENT = Column("client_npi", "Client", Type.TEXT, hint="the client's NPI")
_PAYER = Column("payer_id", "Payer", Type.TEXT, hint="the payer id in its files")
_KIND = Column("kind", "Kind of work", Type.CHOICE, tuple(sorted(Kind)))
_PRIORITY = Column("priority", "Priority", Type.NUMBER, hint="1 first to 5 last", low=1, high=5)
_FORM = Column("form", "Form", Type.CHOICE, ("professional", "institutional"))

SCRUBBING = TableKind(
    "scrubbing",
    "Scrubbing",
    "Findings of your own, after the built-in rules. Every row that is met adds one.",
    "The built-in rules alone.",
    (
        _FORM,
        _PAYER,
        Column("filing_code", "Filing code", hint="SBR09: MB, CI, BL …"),
        Column("medicare", "Medicare", Type.BOOLEAN),
        Column("rank", "Payer's rank", Type.CHOICE, ("P", "S", "T")),
        _CLIENT,
        Column("rendering_npi", "Rendering NPI"),
        Column("procedures", "Procedures", Type.LIST, hint="of all lines"),
        Column("modifiers", "Modifiers", Type.LIST, hint="of all lines"),
        Column("revenue_codes", "Revenue codes", Type.LIST, hint="of all lines; institutional"),
        Column("diagnoses", "Diagnoses", Type.LIST, hint="ICD-10-CM without the point"),
        Column("places_of_service", "Places of service", Type.LIST),
        Column("facility_code", "Facility code", hint="first two of the type of bill"),
        Column("frequency", "Frequency", Type.CHOICE, ("1", "7", "8")),
        Column("charge_cents", "Charge", Type.CENTS, hint="of the claim"),
        Column("highest_line_cents", "Highest line", Type.CENTS),
        Column("lines", "Lines", Type.NUMBER, hint="how many"),
        Column("units", "Units", Type.NUMBER, hint="of all lines"),
        Column("service_from", "Service from", Type.DATE),
        Column("service_to", "Service to", Type.DATE),
        Column("days_since_service", "Days since service", Type.NUMBER, hint="from the last day of service"),
        Column("authorization", "Authorization", Type.BOOLEAN, hint="a number is on the claim"),
        Column("referring", "Referring", Type.BOOLEAN, hint="a referring provider is on the claim"),
        Column("built_in", "Built-in findings", Type.LIST, hint="ids of the rules that fired"),
    ),
    (
        Column("id", "Rule id", required=True, hint="permanent, such as OWN-001"),
        Column("severity", "Severity", Type.CHOICE, ("hold", "warn"), required=True),
        Column("message", "Message", required=True, hint="what to do about it; nothing of a patient"),
        Column("citation", "Citation", hint="where it is written"),
        Column("field", "Field", hint="such as lines.1.modifiers"),
    ),
    Hit.COLLECT,
    "claim",
)

ROUTING = TableKind(
    "routing",
    "Routing of work",
    "Who may take an item of work, and how urgent it is.",
    "As its kind says, and as its opener knows better.",
    (
        _KIND,
        _PAYER,
        _CLIENT,
        Column("denial_class", "Denial class", Type.CHOICE, tuple(DenialClass)),
        Column("amount_cents", "Amount", Type.CENTS, hint="at stake, where known"),
        _PRIORITY,
        Column("permission", "Permission", hint="that of its kind"),
    ),
    (
        Column(
            "permission",
            "Permission",
            Type.CHOICE,
            tuple(sorted({rules.permission for rules in KINDS.values()})),
            hint="who may take it",
        ),
        Column("skill", "Skill", hint="one of your own"),
        Column("skill_level", "Level", Type.NUMBER, low=1, high=5),
        _PRIORITY,
        Column("team", "Team", hint="one of your own teams, by its name"),
    ),
    subject="work_item",
)

CONNECTIONS = TableKind(
    "connections",
    "Routing of files",
    "Which connection a claim travels through.",
    "The most specific route of its payer; else the payer's connection; else the oldest in use.",
    (
        _PAYER,
        _CLIENT,
        Column("transaction", "Transaction", Type.CHOICE, ("837P", "837I")),
        Column("chosen_by", "Chosen by", hint="the kind of route that would choose"),
        Column("connection", "Connection", hint="the one that would be chosen, by its name"),
    ),
    (Column("connection", "Connection", required=True, hint="one of your own in use, by its name"),),
    subject="claim",
)

PLAYBOOKS = TableKind(
    "denial_playbooks",
    "Denial playbooks",
    "What is recommended for a denial, how urgent it is, by when.",
    "The playbook of its class in force.",
    (
        Column("denial_class", "Denial class", Type.CHOICE, tuple(DenialClass)),
        _PAYER,
        Column("medicare", "Medicare", Type.BOOLEAN),
        Column("codes", "Codes", Type.LIST, hint="such as CO-97"),
        Column("preventable", "Preventable", Type.BOOLEAN),
        Column("amount_cents", "Amount", Type.CENTS, hint="at stake"),
        Column("days_to_appeal", "Days to appeal", Type.NUMBER, hint="until the appeal window ends"),
        Column("days_to_file", "Days to file", Type.NUMBER, hint="until the filing limit"),
    ),
    (
        Column("route", "Recommended", Type.CHOICE, tuple(Route)),
        _PRIORITY,
        Column("due_days", "Due in days", Type.NUMBER, low=0, high=365),
        Column("steps", "Checklist", Type.LIST, hint="steps with commas between them"),
    ),
    subject="denial",
)

CLOCKS = TableKind(
    "clocks",
    "Clocks",
    "By when an item of work must be started and completed, in hours of its calendar.",
    "As its kind says.",
    (
        _KIND,
        _CLIENT,
        _PRIORITY,
        Column("opened_on", "Opened on", Type.DATE),
    ),
    (
        Column("start_hours", "Start within", Type.NUMBER, hint="business hours", low=0, high=9_000),
        Column("complete_hours", "Complete within", Type.NUMBER, hint="business hours", low=0, high=9_000),
        Column("warning_hours", "Warn before", Type.NUMBER, hint="business hours", low=0, high=9_000),
    ),
    subject="work_item",
)

_WEIGHT = {"type": Type.NUMBER, "low": 0, "high": 100, "required": True}
FLOAT_WEIGHTS = TableKind(
    "float_weights",
    "Float weights",
    "How much each reason counts when people of the float pool are recommended, 0 to 100.",
    "The weights that the recommendation brings along.",
    (
        _CLIENT,
        Column("skill", "Skill", hint="one of your own, asked for"),
        Column("target", "Assigned to", Type.CHOICE, ("client", "queue", "items")),
        Column("items", "Items", Type.NUMBER, hint="how many wait"),
        Column("days", "Days", Type.NUMBER, hint="how long the assignment is"),
    ),
    (
        Column("skill_match", "Skill match", **_WEIGHT),  # type: ignore[arg-type]
        Column("quality", "QA accuracy", **_WEIGHT),  # type: ignore[arg-type]
        Column("load", "Load", **_WEIGHT),  # type: ignore[arg-type]
        Column("continuity", "Continuity", **_WEIGHT),  # type: ignore[arg-type]
        Column("overtime", "Overtime", **_WEIGHT),  # type: ignore[arg-type]
    ),
)

_PERCENT = {"type": Type.NUMBER, "low": 0, "high": 100}
CARE_RISK = TableKind(
    "care_risk",
    "Months at risk",
    "From which day and below which chance a patient's month of care becomes work, and from which chance on no longer.",
    "From day 10 below 50 %, until 65 % or the first code is reached.",
    (
        _CLIENT,
        Column("programme", "Programme", Type.CHOICE, ("ccm", "pcm")),
        Column("day", "Day of the month", Type.NUMBER),
        Column("days_left", "Working days left", Type.NUMBER),
    ),
    (
        Column("from_day", "From day", Type.NUMBER, hint="of the month", low=1, high=31),
        Column("below_percent", "Below", hint="chance in per cent", **_PERCENT),  # type: ignore[arg-type]
        Column("safe_percent", "Safe from", hint="chance in per cent", **_PERCENT),  # type: ignore[arg-type]
        _PRIORITY,
    ),
)

CARE_WEIGHTS = TableKind(
    "care_assignment_weights",
    "Care assignment weights",
    "How much each reason counts when coordinators are recommended for patients and rosters reckoned anew, 0 to 100.",
    "The weights that the recommendation brings along.",
    (
        _CLIENT,
        Column("programme", "Programme", Type.CHOICE, ("ccm", "pcm", "apcm"), hint="of one patient"),
        Column("target", "Reckoned for", Type.CHOICE, ("patient", "rosters")),
    ),
    (
        Column("caseload", "Caseload", **_WEIGHT),  # type: ignore[arg-type]
        Column("risk_load", "Load by risk", **_WEIGHT),  # type: ignore[arg-type]
        Column("complexity", "Complexity", **_WEIGHT),  # type: ignore[arg-type]
        Column("specialisation", "Specialisation", **_WEIGHT),  # type: ignore[arg-type]
        Column("language", "Language", **_WEIGHT),  # type: ignore[arg-type]
        Column("zone", "Time zone", **_WEIGHT),  # type: ignore[arg-type]
        Column("continuity", "Continuity", **_WEIGHT),  # type: ignore[arg-type]
        Column("absence", "Absence", **_WEIGHT),  # type: ignore[arg-type]
    ),
)

_SECONDS = {"type": Type.NUMBER, "low": 60, "high": 2_678_400, "hint": "20 minutes are 1200"}
CARE_CODES = TableKind(
    "care_codes",
    "Codes of care",
    "Which codes a month of care comes to: whose time, how much of it, and add-ons. A month is reckoned by the version in"
    " force on its last day; one that was closed keeps those it was closed with.",
    "The codes as Medicare publishes them.",
    (),
    (
        Column("code", "Code", required=True, hint="five characters"),
        Column("programme", "Programme", Type.CHOICE, PROGRAMMES, required=True),
        Column("since", "From", Type.DATE, required=True, hint="the first day"),
        Column("until", "Until", Type.DATE, hint="the last day"),
        Column("whose", "Whose time", Type.CHOICE, tuple(Track), hint="staff, or the practitioner's own"),
        Column("seconds", "Seconds", **_SECONDS),  # type: ignore[arg-type]
        Column("add_on", "Add-on", hint="the code of each further unit"),
        Column("add_on_seconds", "Add-on seconds", **_SECONDS),  # type: ignore[arg-type]
        Column("most_units", "Most units", Type.NUMBER, hint="of the add-on in a month", low=0, high=999),
        Column(
            "choice", "Choice", Type.NUMBER, hint="1 first, of codes that exclude each other", low=1, high=99
        ),
        Column("complex", "Complex", Type.BOOLEAN, hint="asks for decisions of higher complexity"),
        Column("level", "Level", Type.NUMBER, hint="of APCM", low=1, high=3),
    ),
    Hit.COLLECT,
    standard=STANDARD_ROWS,
    kept_by_months=True,
    check=code_faults,
)

TABLES: Mapping[str, TableKind] = {
    one.code: one
    for one in (
        SCRUBBING,
        ROUTING,
        CONNECTIONS,
        PLAYBOOKS,
        CLOCKS,
        FLOAT_WEIGHTS,
        CARE_RISK,
        CARE_WEIGHTS,
        CARE_CODES,
    )
}
