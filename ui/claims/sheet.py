"""A claim as it is being typed: the fields of the form, rows pasted from a spreadsheet, and the draft they become."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from domain.refusals import FieldError, Invalid
from services.claims.views import ClaimDraft, LineDraft
from ui.claims.typed_lines import TypedLines
from ui.page import optional_identifier
from ui.parts.dates import date_of
from ui.parts.money import cents_of, plain

LINE_FIELDS = (
    "service_from", "service_to", "place_of_service", "procedure", "modifiers", "pointers", "units", "charge_cents"
)  # fmt: skip
HEAD_FIELDS = (
    "rendering_id", "rendering_npi", "referring_npi", "referring_name", "place_of_service", "prior_authorization",
    "accident", "accident_date", "accident_state", "onset_date", "accepts_assignment",
)  # fmt: skip
_IDS = ("patient_id", "coverage_id", "client_id")
_DAYS = ("accident_date", "onset_date")
_TEXTS = (
    "rendering_npi", "referring_npi", "referring_name", "prior_authorization", "accident", "accident_state"
)  # fmt: skip
MOST_DIAGNOSES = 12


@dataclass(slots=True)
class Sheet(TypedLines):
    """What has been typed so far, as text; `heads` by field, `lines` in order, `diagnoses` as codes."""

    patient_id: str = ""
    coverage_id: str = ""
    client_id: str = ""
    diagnoses: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=lambda: {"accepts_assignment": "true"})
    lines: list[dict[str, str]] = field(default_factory=lambda: [_empty_line()])

    most_lines = 50
    repeated = ("service_from", "service_to", "place_of_service", "pointers")

    def empty_line(self) -> dict[str, str]:
        return _empty_line()

    def columns_of(self, cells: list[str]) -> dict[str, str]:
        return columns_of(cells)

    def take(self, fields: dict[str, Any]) -> None:
        """Take over the fields of the form as typed."""
        for name in HEAD_FIELDS:
            if name in fields:
                self.heads[name] = str(fields[name])
        if fields and "accepts_assignment" not in fields and "has_assignment" in fields:
            self.heads["accepts_assignment"] = ""
        self.coverage_id = str(fields.get("coverage_id", self.coverage_id))
        for number, line in enumerate(self.lines, 1):
            for name in LINE_FIELDS:
                key = f"lines.{number}.{name}"
                if key in fields:
                    line[name] = str(fields[key])

    def add_diagnosis(self, code: str) -> None:
        """One more diagnosis at the end; one that is there already is left where it is."""
        tidy = code.strip().upper().replace(".", "")[:10]
        if tidy and tidy not in self.diagnoses and len(self.diagnoses) < MOST_DIAGNOSES:
            self.diagnoses.append(tidy)

    def remove_diagnosis(self, code: str) -> None:
        """Take a diagnosis out."""
        self.diagnoses = [one for one in self.diagnoses if one != code]

    def first_diagnosis(self, code: str) -> None:
        """Make a diagnosis the principal one."""
        if code in self.diagnoses:
            self.diagnoses.remove(code)
            self.diagnoses.insert(0, code)

    def kept(self) -> dict[str, Any]:
        """What goes into the draft store."""
        return {
            "patient_id": self.patient_id,
            "coverage_id": self.coverage_id,
            "client_id": self.client_id,
            "diagnoses": self.diagnoses,
            "heads": self.heads,
            "lines": self.lines,
        }

    @property
    def touched(self) -> bool:
        """Whether anything worth keeping was typed."""
        return bool(self.patient_id or self.diagnoses or any(line.get("procedure") for line in self.lines))


def from_kept(fields: dict[str, Any]) -> Sheet:
    """A sheet from the draft store."""
    lines = [{**_empty_line(), **line} for line in fields.get("lines", []) if isinstance(line, dict)]
    return Sheet(
        patient_id=fields.get("patient_id", ""),
        coverage_id=fields.get("coverage_id", ""),
        client_id=fields.get("client_id", ""),
        diagnoses=list(fields.get("diagnoses", [])),
        heads=dict(fields.get("heads", {})),
        lines=lines or [_empty_line()],
    )


def from_draft(draft: ClaimDraft) -> Sheet:
    """A sheet from the facts of a claim."""
    heads = {name: getattr(draft, name) for name in HEAD_FIELDS if name != "accepts_assignment"}
    texts = {name: "" if value is None else str(value) for name, value in heads.items()}
    return Sheet(
        patient_id=str(draft.patient_id),
        coverage_id=str(draft.coverage_id),
        client_id=str(draft.client_id),
        diagnoses=list(draft.diagnoses),
        heads={**texts, "accepts_assignment": "true" if draft.accepts_assignment else ""},
        lines=[_line_text(line) for line in draft.lines],
    )


def columns_of(cells: list[str]) -> dict[str, str]:
    """A spreadsheet's row: date, procedure, modifiers, pointers, units, charge; with a second date or place where given."""
    found: dict[str, str] = {}
    rest = [cell.strip() for cell in cells]
    if rest and (first := date_of(rest[0])):
        found["service_from"] = found["service_to"] = first.isoformat()
        rest = rest[1:]
        if rest and (last := date_of(rest[0])):
            found["service_to"] = last.isoformat()
            rest = rest[1:]
    if rest and re.fullmatch(r"\d{2}", rest[0]):
        found["place_of_service"], rest = rest[0], rest[1:]
    names: tuple[str, ...] = ("procedure", "modifiers", "pointers", "units", "charge_cents")
    if len(rest) == 3:
        names = ("procedure", "units", "charge_cents")
    found.update({name: cell for name, cell in zip(names, rest, strict=False) if cell})
    return found


def draft_of(sheet: Sheet) -> ClaimDraft:
    """The facts to hand in, or `Invalid` with every field that cannot be read."""
    faults: list[FieldError] = []
    ids = {name: _id(getattr(sheet, name), name, faults) for name in _IDS}
    lines = tuple(_line(number, line, faults) for number, line in enumerate(_filled(sheet), 1))
    if not lines:
        faults.append(FieldError("lines.1.procedure", "lines.missing", "Enter at least one service line."))
    head = sheet.heads
    days: dict[str, Any] = {name: _optional_date(head.get(name, ""), name, faults) for name in _DAYS}
    texts: dict[str, Any] = {name: head.get(name, "").strip() for name in _TEXTS}
    if faults:
        words = ("Some fields cannot be read yet.", "Mend what is marked.")
        raise Invalid("claim.unreadable", *words, fields=tuple(faults))
    return ClaimDraft(
        client_id=ids["client_id"],
        patient_id=ids["patient_id"],
        coverage_id=ids["coverage_id"],
        lines=lines,
        diagnoses=tuple(sheet.diagnoses),
        rendering_id=optional_identifier(head.get("rendering_id", "")),
        place_of_service=head.get("place_of_service") or "11",
        accepts_assignment=head.get("accepts_assignment") == "true",
        **texts,
        **days,
    )


def _filled(sheet: Sheet) -> list[dict[str, str]]:
    """The lines up to the last one in which something was typed."""
    used = [
        place for place, line in enumerate(sheet.lines) if line.get("procedure") or line.get("charge_cents")
    ]
    return sheet.lines[: used[-1] + 1] if used else []


def _line(number: int, line: dict[str, str], faults: list[FieldError]) -> LineDraft:
    path = f"lines.{number}"
    first = _required_date(line.get("service_from", ""), f"{path}.service_from", faults)
    last = _optional_date(line.get("service_to", ""), f"{path}.service_to", faults) or first
    charge, fault = cents_of(line.get("charge_cents", ""), f"{path}.charge_cents")
    if fault:
        faults.append(fault)
    return LineDraft(
        procedure=line.get("procedure", "").strip().upper(),
        charge_cents=charge,
        units=_units(line.get("units", "1"), f"{path}.units", faults),
        service_from=first,
        service_to=last,
        pointers=_pointers(line.get("pointers", ""), f"{path}.pointers", faults),
        modifiers=tuple(
            part.upper() for part in re.split(r"[\s,;:/]+", line.get("modifiers", "").strip()) if part
        ),
        place_of_service=line.get("place_of_service", "").strip() or "11",
    )


def _pointers(text: str, path: str, faults: list[FieldError]) -> tuple[int, ...]:
    """`1,2` or `AB`: numbers of diagnoses, also as the letters of the paper form."""
    parts = [part for part in re.split(r"[\s,;:]+", text.strip()) if part]
    if len(parts) == 1 and parts[0].isalpha():
        return tuple(ord(letter.upper()) - ord("A") + 1 for letter in parts[0] if letter.isascii())
    if all(re.fullmatch(r"\d{1,2}", part) for part in parts):
        return tuple(int(part) for part in parts)
    faults.append(FieldError(path, "pointers.invalid", "Enter the numbers of the diagnoses, such as 1,2."))
    return ()


def _units(text: str, path: str, faults: list[FieldError]) -> Decimal:
    try:
        return Decimal(text.strip() or "1")
    except InvalidOperation:
        faults.append(FieldError(path, "units.invalid", "Enter a number."))
        return Decimal(1)


def _id(text: str, name: str, faults: list[FieldError]) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        words = {
            "patient_id": "Choose the patient.",
            "coverage_id": "Choose a coverage.",
            "client_id": "Choose a client.",
        }
        faults.append(FieldError(name, f"{name}.missing", words[name]))
        return UUID(int=0)


def _required_date(text: str, path: str, faults: list[FieldError]) -> date:
    found = date_of(text)
    if found is None:
        faults.append(FieldError(path, "date.invalid", "Enter the date of service."))
    return found or date(1900, 1, 1)


def _optional_date(text: str, path: str, faults: list[FieldError]) -> date | None:
    found = date_of(text) if text.strip() else None
    if text.strip() and found is None:
        faults.append(FieldError(path, "date.invalid", "Enter a date."))
    return found


def _empty_line() -> dict[str, str]:
    return {**dict.fromkeys(LINE_FIELDS, ""), "units": "1", "pointers": "1", "place_of_service": "11"}


def _line_text(line: LineDraft) -> dict[str, str]:
    return {
        "service_from": line.service_from.isoformat(),
        "service_to": line.service_to.isoformat(),
        "place_of_service": line.place_of_service,
        "procedure": line.procedure,
        "modifiers": " ".join(line.modifiers),
        "pointers": ",".join(str(pointer) for pointer in line.pointers),
        "units": f"{line.units.normalize():f}",
        "charge_cents": plain(line.charge_cents),
    }
