"""From a typed institutional claim to the facts that are handed in, and back."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalDiagnosis,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)
from domain.refusals import FieldError, Invalid
from services.claims.institutional_views import InstitutionalDraft, PractitionerDraft, RevenueLineDraft
from services.claims.views import ClaimDraft
from ui.claims.bill_sheet import HEAD_FIELDS, ROLES, BillSheet, empty_line, rate_text
from ui.page import optional_identifier
from ui.parts.dates import date_of
from ui.parts.money import cents_of, plain

_DAYS = ("statement_from", "statement_to", "admission_date")
_IDS = {
    "patient_id": "Choose the patient.",
    "coverage_id": "Choose a coverage.",
    "client_id": "Choose a client.",
}
_NEVER = date(1900, 1, 1)


def bill_draft(sheet: BillSheet) -> ClaimDraft:
    """The facts to hand in, or `Invalid` with every field that cannot be read."""
    reader = _Reader(sheet)
    ids: dict[str, Any] = {name: reader.id(name, getattr(sheet, name)) for name in _IDS}
    facts = reader.facts()
    if reader.faults:
        words = ("Some fields cannot be read yet.", "Mend what is marked.")
        raise Invalid("claim.unreadable", *words, fields=tuple(reader.faults))
    return ClaimDraft(
        **ids,
        prior_authorization=sheet.heads.get("prior_authorization", "").strip(),
        accepts_assignment=sheet.heads.get("accepts_assignment") == "true",
        facts=facts,
    )


class _Reader:
    """Reads a sheet and remembers what could not be read."""

    def __init__(self, sheet: BillSheet) -> None:
        self.sheet = sheet
        self.faults: list[FieldError] = []

    def facts(self) -> InstitutionalDraft:
        heads: dict[str, Any] = {
            name: self.sheet.heads.get(f"facts.{name}", "").strip() for name in HEAD_FIELDS
        }
        days: dict[str, Any] = {name: self.day(f"facts.{name}", heads.pop(name)) for name in _DAYS}
        for name in ("statement_from", "statement_to"):
            if days[name] is None:
                self.fault(f"facts.{name}", "date.missing", "Enter the day.", once=True)
                days[name] = _NEVER
        lines = tuple(self.line(number, line) for number, line in enumerate(self.filled(), 1))
        if not lines:
            self.fault("facts.lines.1.revenue_code", "lines.missing", "Enter at least one revenue line.")
        people: dict[str, Any] = {role: self.practitioner(role) for role in ROLES}
        return InstitutionalDraft(**heads, **days, **people, **self.diagnoses(), **self.codes(), lines=lines)

    def diagnoses(self) -> dict[str, Any]:
        found = {kind: self.sheet.of_kind(kind) for kind in ("diagnosis", "admitting", "reason", "external")}
        coded = {
            kind: tuple(InstitutionalDiagnosis(one["code"], one.get("poa", "")) for one in found[kind])
            for kind in ("diagnosis", "external")
        }
        return {
            "principal": coded["diagnosis"][0] if coded["diagnosis"] else None,
            "other_diagnoses": coded["diagnosis"][1:],
            "external_causes": coded["external"],
            "admitting": found["admitting"][0]["code"] if found["admitting"] else "",
            "reasons_for_visit": tuple(one["code"] for one in found["reason"]),
        }

    def codes(self) -> dict[str, Any]:
        procedures = tuple(
            InpatientProcedure(row["code"], self.needed(f"codes.{number}.first", row["first"]))
            for number, row in self.rows("procedure")
        )
        return {
            "principal_procedure": procedures[0] if procedures else None,
            "other_procedures": procedures[1:],
            "conditions": tuple(row["code"].strip().upper() for _, row in self.rows("condition")),
            "occurrences": tuple(
                OccurrenceCode(row["code"], self.needed(f"codes.{number}.first", row["first"]))
                for number, row in self.rows("occurrence")
            ),
            "occurrence_spans": tuple(
                OccurrenceSpan(
                    row["code"],
                    self.needed(f"codes.{number}.first", row["first"]),
                    self.needed(f"codes.{number}.last", row["last"]),
                )
                for number, row in self.rows("span")
            ),
            "values": tuple(
                ValueCode(row["code"], self.number(f"codes.{number}.amount", row["amount"].replace(",", "")))
                for number, row in self.rows("value")
            ),
        }

    def rows(self, kind: str) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a kind in which a code was typed, with their numbers on the form."""
        for number, row in enumerate(self.sheet.codes, 1):
            if row["kind"] == kind and row["code"].strip():
                yield number, row

    def practitioner(self, role: str) -> PractitionerDraft | None:
        part = {
            name: self.sheet.heads.get(f"facts.{role}.{name}", "").strip()
            for name in ("provider_id", "npi", "name")
        }
        if not any(part.values()):
            return None
        last, _, first = part["name"].partition(",")
        return PractitionerDraft(
            optional_identifier(part["provider_id"]), part["npi"], last.strip(), first.strip()
        )

    def filled(self) -> list[dict[str, str]]:
        """The lines up to the last one in which something was typed."""
        used = [
            at for at, line in enumerate(self.sheet.lines, 1) if line["revenue_code"] or line["charge_cents"]
        ]
        return self.sheet.lines[: used[-1]] if used else []

    def line(self, number: int, line: dict[str, str]) -> RevenueLineDraft:
        path = f"facts.lines.{number}"
        first = self.day(f"{path}.service_from", line["service_from"])
        return RevenueLineDraft(
            revenue_code=line["revenue_code"].strip(),
            charge_cents=self.cents(f"{path}.charge_cents", line["charge_cents"]),
            units=self.number(f"{path}.units", line["units"] or "1"),
            procedure=line["procedure"].strip().upper(),
            modifiers=tuple(
                part.upper() for part in re.split(r"[\s,;:/]+", line["modifiers"].strip()) if part
            ),
            unit=line["unit"].strip().upper() or "UN",
            non_covered_cents=self.cents(f"{path}.non_covered_cents", line["non_covered_cents"] or "0"),
            service_from=first,
            service_to=self.day(f"{path}.service_to", line["service_to"]) or first,
        )

    def cents(self, path: str, text: str) -> int:
        cents, fault = cents_of(text, path)
        if fault:
            self.faults.append(fault)
        return cents

    def number(self, path: str, text: str) -> Decimal:
        try:
            return Decimal(text.strip())
        except InvalidOperation:
            self.fault(path, "number.invalid", "Enter a number.")
            return Decimal(1)

    def day(self, path: str, text: str) -> date | None:
        found = date_of(text) if text.strip() else None
        if text.strip() and found is None:
            self.fault(path, "date.invalid", "Enter a date.")
        return found

    def needed(self, path: str, text: str) -> date:
        found = self.day(path, text)
        if found is None:
            self.fault(path, "date.missing", "Enter the day.", once=True)
        return found or _NEVER

    def id(self, name: str, text: str) -> UUID:
        try:
            return UUID(text)
        except ValueError:
            self.fault(name, f"{name}.missing", _IDS[name])
            return UUID(int=0)

    def fault(self, path: str, code: str, words: str, *, once: bool = False) -> None:
        if not (once and any(one.field == path for one in self.faults)):
            self.faults.append(FieldError(path, code, words))


def bill_sheet(draft: ClaimDraft) -> BillSheet:
    """A sheet from the facts of a claim."""
    assert draft.facts is not None, "only an institutional claim has a bill"
    facts = draft.facts
    heads = {f"facts.{name}": _text(getattr(facts, name)) for name in HEAD_FIELDS}
    for role in ROLES:
        heads.update(_practitioner_heads(role, getattr(facts, role)))
    return BillSheet(
        patient_id=str(draft.patient_id),
        coverage_id=str(draft.coverage_id),
        client_id=str(draft.client_id),
        heads={
            **heads,
            "prior_authorization": draft.prior_authorization,
            "accepts_assignment": "true" if draft.accepts_assignment else "",
        },
        diagnoses=list(_diagnosis_rows(facts)),
        codes=list(_code_rows(facts)),
        lines=[_line_text(line) for line in facts.lines] or [empty_line()],
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _practitioner_heads(role: str, one: PractitionerDraft | None) -> dict[str, str]:
    shown = one or PractitionerDraft()
    name = f"{shown.last_name}, {shown.first_name}".strip(", ")
    return {
        f"facts.{role}.provider_id": _text(shown.provider_id),
        f"facts.{role}.npi": shown.npi,
        f"facts.{role}.name": name,
    }


def _diagnosis_rows(facts: InstitutionalDraft) -> Iterator[dict[str, str]]:
    coded = [("diagnosis", one) for one in (facts.principal, *facts.other_diagnoses) if one]
    for kind, one in (*coded, *(("external", one) for one in facts.external_causes)):
        yield {"kind": kind, "code": one.code, "poa": one.present_on_admission}
    if facts.admitting:
        yield {"kind": "admitting", "code": facts.admitting, "poa": ""}
    for code in facts.reasons_for_visit:
        yield {"kind": "reason", "code": code, "poa": ""}


def _code_rows(facts: InstitutionalDraft) -> Iterator[dict[str, str]]:
    for procedure in (facts.principal_procedure, *facts.other_procedures):
        if procedure:
            yield _row("procedure", procedure.code, procedure.performed)
    for code in facts.conditions:
        yield _row("condition", code)
    for one in facts.occurrences:
        yield _row("occurrence", one.code, one.day)
    for span in facts.occurrence_spans:
        yield _row("span", span.code, span.first, span.last)
    for value in facts.values:
        yield _row("value", value.code, amount=f"{value.amount:f}")


def _row(
    kind: str, code: str, first: date | None = None, last: date | None = None, amount: str = ""
) -> dict[str, str]:
    return {"kind": kind, "code": code, "first": _text(first), "last": _text(last), "amount": amount}


def _line_text(line: RevenueLineDraft) -> dict[str, str]:
    return {
        "revenue_code": line.revenue_code,
        "procedure": line.procedure,
        "modifiers": " ".join(line.modifiers),
        "service_from": _text(line.service_from),
        "service_to": _text(line.service_to),
        "units": f"{line.units.normalize():f}",
        "unit": line.unit,
        "rate": rate_text(line.charge_cents, line.units, line.unit),
        "charge_cents": plain(line.charge_cents),
        "non_covered_cents": plain(line.non_covered_cents) if line.non_covered_cents else "",
    }
