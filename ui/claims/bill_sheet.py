"""An institutional claim as it is being typed: the bill's fields, diagnoses, codes and revenue lines, as text."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.codes.institutional import is_accommodation
from ui.claims.typed_lines import TypedLines
from ui.parts.dates import date_of
from ui.parts.money import cents_of, plain

LINE_FIELDS = (
    "revenue_code", "procedure", "modifiers", "service_from", "service_to", "units", "unit", "rate", "charge_cents",
    "non_covered_cents",
)  # fmt: skip
HEAD_FIELDS = (
    "facility_code", "frequency", "statement_from", "statement_to", "admission_date", "admission_hour", "admission_type",
    "admission_source", "discharge_hour", "patient_status", "drg", "note",
)  # fmt: skip
ROLES = ("attending", "operating", "other_operating", "rendering", "referring")
CLAIM_FIELDS = ("prior_authorization",)
# Kinds of diagnoses with how many the claim carries of each.
DIAGNOSES = {"diagnosis": 25, "admitting": 1, "reason": 3, "external": 12}
# Kinds of the other codes; `procedure` is ICD-10-PCS, the first one the principal procedure.
CODES = {"procedure": 25, "condition": 24, "occurrence": 24, "span": 24, "value": 24}
CODE_FIELDS = ("kind", "code", "first", "last", "amount")
_DAYS = "DA"
_EMPTY_HEADS: dict[str, str] = {
    "accepts_assignment": "true",
    "facts.facility_code": "13",
    "facts.frequency": "1",
}


@dataclass(slots=True)
class BillSheet(TypedLines):
    """What has been typed so far. `heads` holds the bill's fields, each practitioner's `role.provider_id`, `role.npi` and
    `role.name`, and the claim's own; `diagnoses` are rows of kind, code and poa; `codes` rows of `CODE_FIELDS`."""

    patient_id: str = ""
    coverage_id: str = ""
    client_id: str = ""
    heads: dict[str, str] = field(default_factory=lambda: dict(_EMPTY_HEADS))
    diagnoses: list[dict[str, str]] = field(default_factory=list)
    codes: list[dict[str, str]] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=lambda: [empty_line()])
    adding: str = "diagnosis"

    most_lines = 999
    repeated = ("service_from", "service_to")

    def empty_line(self) -> dict[str, str]:
        return empty_line()

    def columns_of(self, cells: list[str]) -> dict[str, str]:
        return columns_of(cells)

    def take(self, fields: dict[str, Any]) -> None:
        """Take over the fields of the form as typed."""
        for name in head_names():
            if name in fields:
                self.heads[name] = str(fields[name])
        if fields and "accepts_assignment" not in fields and "has_assignment" in fields:
            self.heads["accepts_assignment"] = ""
        elif "accepts_assignment" in fields:
            self.heads["accepts_assignment"] = "true"
        if str(fields.get("adding")) in DIAGNOSES:
            self.adding = str(fields["adding"])
        self.coverage_id = str(fields.get("coverage_id", self.coverage_id))
        _take_rows(fields, "facts.lines", LINE_FIELDS, self.lines)
        _take_rows(fields, "codes", CODE_FIELDS, self.codes)
        _take_rows(fields, "diagnoses", ("poa",), self.diagnoses)

    def fill(self) -> None:
        """Room and board counts in days; a rate makes the charge of its units, where no charge was typed."""
        for line in self.lines:
            if is_accommodation(line["revenue_code"].strip()):
                line["unit"] = _DAYS
            rate, _ = cents_of(line["rate"], "") if line["rate"] else (0, None)
            if rate and not line["charge_cents"]:
                charge = rate * _number(line["units"])
                line["charge_cents"] = plain(int(charge)) if charge == int(charge) else ""

    def of_kind(self, kind: str) -> list[dict[str, str]]:
        """The diagnoses of a kind, in order."""
        return [one for one in self.diagnoses if one["kind"] == kind]

    def add_diagnosis(self, code: str) -> None:
        """One more diagnosis of the kind being added. External causes are recognised by their chapter; the second admitting
        one takes the place of the first."""
        tidy = code.strip().upper().replace(".", "")[:10]
        kind = "external" if self.adding == "diagnosis" and tidy[:1] in ("V", "W", "X", "Y") else self.adding
        if not tidy or any(one["code"] == tidy for one in self.of_kind(kind)):
            return
        if kind == "admitting":
            self.diagnoses = [one for one in self.diagnoses if one["kind"] != kind]
        if len(self.of_kind(kind)) < DIAGNOSES[kind]:
            self.diagnoses.append({"kind": kind, "code": tidy, "poa": ""})

    def remove_diagnosis(self, key: str) -> None:
        """Take a diagnosis out; `key` is its kind and code with a colon between."""
        self.diagnoses = [one for one in self.diagnoses if f"{one['kind']}:{one['code']}" != key]

    def first_diagnosis(self, key: str) -> None:
        """Make a diagnosis the first of its kind."""
        for one in self.diagnoses:
            if f"{one['kind']}:{one['code']}" == key:
                self.diagnoses.remove(one)
                self.diagnoses.insert(0, one)
                return

    def add_code(self) -> None:
        """One more row for a code, of the kind of the row before."""
        kind = self.codes[-1]["kind"] if self.codes else "condition"
        if len(self.codes) < sum(CODES.values()):
            self.codes.append({**dict.fromkeys(CODE_FIELDS, ""), "kind": kind})

    def remove_code(self, number: int) -> None:
        """Take a row of a code out."""
        if 1 <= number <= len(self.codes):
            del self.codes[number - 1]

    def kept(self) -> dict[str, Any]:
        """What goes into the draft store."""
        return {
            "patient_id": self.patient_id,
            "coverage_id": self.coverage_id,
            "client_id": self.client_id,
            "heads": self.heads,
            "diagnoses": self.diagnoses,
            "codes": self.codes,
            "lines": self.lines,
        }

    @property
    def touched(self) -> bool:
        """Whether anything worth keeping was typed."""
        return bool(self.patient_id or self.diagnoses or any(line.get("revenue_code") for line in self.lines))


def head_names() -> tuple[str, ...]:
    """The names of the single fields, as the form has them."""
    people = (f"facts.{role}.{part}" for role in ROLES for part in ("provider_id", "npi", "name"))
    return (*(f"facts.{name}" for name in HEAD_FIELDS), *people, *CLAIM_FIELDS)


def from_kept(fields: dict[str, Any]) -> BillSheet:
    """A sheet from the draft store."""
    lines = [{**empty_line(), **line} for line in fields.get("lines", []) if isinstance(line, dict)]
    return BillSheet(
        patient_id=fields.get("patient_id", ""),
        coverage_id=fields.get("coverage_id", ""),
        client_id=fields.get("client_id", ""),
        heads={**_EMPTY_HEADS, **fields.get("heads", {})},
        diagnoses=[dict(one) for one in fields.get("diagnoses", [])],
        codes=[dict(one) for one in fields.get("codes", [])],
        lines=lines or [empty_line()],
    )


def columns_of(cells: list[str]) -> dict[str, str]:
    """A spreadsheet's row: revenue code, then HCPCS, modifiers, one or two dates as there are, units, charge."""
    rest = [cell.strip() for cell in cells]
    found: dict[str, str] = {}
    if rest and re.fullmatch(r"\d{3,4}", rest[0]):
        found["revenue_code"] = rest[0].zfill(4)
        rest = rest[1:]
    if rest and re.fullmatch(r"[A-Za-z0-9]{5}", rest[0]):
        found["procedure"], rest = rest[0].upper(), rest[1:]
    modifiers = []
    while rest and re.fullmatch(r"[A-Za-z][A-Za-z0-9]|\d{2}", rest[0]) and len(rest) > 2:
        modifiers.append(rest[0].upper())
        rest = rest[1:]
    if modifiers:
        found["modifiers"] = " ".join(modifiers)
    for name in ("service_from", "service_to"):
        if rest and (day := date_of(rest[0])):
            found[name], rest = day.isoformat(), rest[1:]
    names = ("units", "charge_cents") if len(rest) > 1 else ("charge_cents",)
    found.update({name: cell for name, cell in zip(names, rest, strict=False) if cell})
    return found


def empty_line() -> dict[str, str]:
    """A revenue line in which nothing was typed."""
    return {**dict.fromkeys(LINE_FIELDS, ""), "units": "1", "unit": "UN"}


def rate_text(charge_cents: int, units: Decimal, unit: str) -> str:
    """The rate of days that divide their charge evenly: an 837I carries none."""
    if unit != _DAYS or units <= 0:
        return ""
    rate = Decimal(charge_cents) / units
    return plain(int(rate)) if rate == int(rate) else ""


def _take_rows(
    fields: dict[str, Any], prefix: str, names: tuple[str, ...], rows: list[dict[str, str]]
) -> None:
    for number, row in enumerate(rows, 1):
        for name in names:
            key = f"{prefix}.{number}.{name}"
            if key in fields:
                row[name] = str(fields[key])


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text.strip() or "1")
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() else Decimal(0)
