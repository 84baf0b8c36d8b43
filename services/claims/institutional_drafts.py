"""The facts of an institutional claim as entered, to and from their rows."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from activities.claims.creating import tidy_code
from database.institutional_reads import ROLES, load_facts, store_facts
from database.session import Session
from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)
from domain.x12.encode_837i import LINES_PER_CLAIM, MOST_CODES
from services.claims.institutional_views import InstitutionalDraft, PractitionerDraft, RevenueLineDraft

Fault = Callable[[str, str], None]

MADE_BY_HISTORY = frozenset({"7", "8"})
LARGEST_CENTS = 10**11
_ENTERED = frozenset({"frequency", "lines", *ROLES})
_LENGTHS = {
    "facility_code": 2, "patient_status": 2, "admission_hour": 4, "discharge_hour": 4, "admission_type": 1,
    "admission_source": 1, "admitting": 10, "drg": 4, "note": 80,
}  # fmt: skip


def check_bill(draft: InstitutionalDraft, fault: Fault) -> None:
    """Report what cannot even be stored; whether the rest is right is for scrubbing to say."""
    if not 1 <= len(draft.lines) <= LINES_PER_CLAIM:
        fault("facts.lines", f"Enter 1 to {LINES_PER_CLAIM} revenue lines.")
    if draft.frequency in MADE_BY_HISTORY:
        fault("facts.frequency", "A replacement or void is made by correcting the claim that was sent.")
    elif len(draft.frequency) != 1 or not (draft.frequency.isascii() and draft.frequency.isalnum()):
        fault("facts.frequency", "The frequency of the bill is one digit or capital.")
    for name, longest in _LENGTHS.items():
        if not plain(getattr(draft, name), longest):
            fault(f"facts.{name}", f"Use at most {longest} characters, without control characters.")
    for kind in MOST_CODES:
        _check_codes(kind, getattr(draft, kind), fault)
    for role in ROLES:
        _check_practitioner(role, getattr(draft, role), fault)
    for number, line in enumerate(draft.lines, 1):
        _check_line(f"facts.lines.{number}", line, fault)


def plain(text: str, longest: int) -> bool:
    """Short printable text."""
    return len(text) <= longest and (text == "" or text.isprintable())


def _check_codes(kind: str, codes: Any, fault: Fault) -> None:
    most = MOST_CODES[kind]
    if len(codes) > most:
        fault(f"facts.{kind}", f"There is room for at most {most}.")
    for position, one in enumerate(codes, 1):
        if not plain(one if isinstance(one, str) else one.code, 10):
            fault(f"facts.{kind}.{position}", "A code has at most 10 characters.")
        if isinstance(one, ValueCode) and not (one.amount.is_finite() and abs(one.amount) < 10**12):
            fault(f"facts.{kind}.{position}", "Enter the amount as a number.")


def _check_practitioner(role: str, one: PractitionerDraft | None, fault: Fault) -> None:
    if one and not (plain(one.npi, 20) and plain(one.last_name, 60) and plain(one.first_name, 35)):
        fault(f"facts.{role}", "A name has at most 60 characters and an NPI ten digits.")


def _check_line(path: str, line: RevenueLineDraft, fault: Fault) -> None:
    if not 0 <= line.charge_cents <= LARGEST_CENTS:
        fault(f"{path}.charge_cents", "The charge is in cents, 0 or more.")
    if not 0 <= line.non_covered_cents <= LARGEST_CENTS:
        fault(f"{path}.non_covered_cents", "The non-covered charge is in cents, 0 or more.")
    if not line.units.is_finite() or not 0 <= line.units < 10**6 or -line.units.as_tuple().exponent > 3:  # type: ignore[operator]
        fault(f"{path}.units", "Units are a number from 0 to 999,999 with at most three decimals.")
    if not plain(line.revenue_code, 4):
        fault(f"{path}.revenue_code", "A revenue code has four digits.")
    if not plain(line.procedure, 10):
        fault(f"{path}.procedure", "A procedure code has at most 10 characters.")
    if not plain(line.unit, 2):
        fault(f"{path}.unit", "Units are UN, or DA for days.")
    if len(line.modifiers) > 8 or any(not plain(modifier, 4) for modifier in line.modifiers):
        fault(f"{path}.modifiers", "Modifiers have two characters each, at most four a line.")


def stored_facts(draft: InstitutionalDraft) -> InstitutionalFacts:
    """The entered facts, tidied, as the domain knows them; lines and practitioners apart."""
    same: dict[str, Any] = {
        one.name: _tidied(getattr(draft, one.name)) for one in fields(draft) if one.name not in _ENTERED
    }
    return InstitutionalFacts(**same | {"lines": (), "note": draft.note.strip()})


def _tidied(value: Any) -> Any:
    match value:
        case str():
            return tidy_code(value)
        case tuple():
            return tuple(tidied for one in value if (tidied := _tidied(one)) and tidied != "")
        case InstitutionalDiagnosis(code, present):
            return InstitutionalDiagnosis(tidy_code(code), present.strip().upper()) if code.strip() else None
        case InpatientProcedure(code, performed):
            return InpatientProcedure(tidy_code(code), performed)
        case ValueCode(code, amount):
            return ValueCode(tidy_code(code), amount)
        case OccurrenceCode(code, day):
            return OccurrenceCode(tidy_code(code), day)
        case OccurrenceSpan(code, first, last):
            return OccurrenceSpan(tidy_code(code), first, last)
    return value


async def store_bill(
    session: Session, claim_id: UUID, version: int, draft: InstitutionalDraft, number: str
) -> None:
    """Store the facts, lines and practitioners of a version; `number` is its CLM01."""
    await store_facts(session, claim_id, version, stored_facts(draft))
    columns = ("tenant_id", "claim_id", "version", "number", "revenue_code", "procedure", "modifiers", "charge_cents",
               "non_covered_cents", "units", "unit", "place_of_service", "dated", "service_from", "service_to", "pointers",
               "control_number")  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (session.tenant_id, claim_id, version, n, tidy_code(line.revenue_code), tidy_code(line.procedure),
         [tidy_code(one) for one in line.modifiers if one.strip()], line.charge_cents, line.non_covered_cents,
         line.units, tidy_code(line.unit), "", *_days(draft, line), [], f"{number}{n:03d}")
        for n, line in enumerate(draft.lines, 1)
    ]  # fmt: skip
    await session.copy("claim_lines", columns, rows)
    people = ("tenant_id", "claim_id", "version", "role", "provider_id", "npi", "last_name", "first_name")
    await session.copy(
        "claim_practitioners",
        people,
        [
            (session.tenant_id, claim_id, version, role, one.provider_id, one.npi.strip(), one.last_name.strip(), one.first_name.strip())
            for role, one in _practitioners(draft)
        ],
    )  # fmt: skip


def _days(draft: InstitutionalDraft, line: RevenueLineDraft) -> tuple[bool, date, date]:
    """Whether the line has a date of its own, and its days; without one they are the statement's."""
    if line.service_from is None:
        return False, draft.statement_from, draft.statement_to
    return True, line.service_from, line.service_to or line.service_from


def _practitioners(draft: InstitutionalDraft) -> Iterator[tuple[str, PractitionerDraft]]:
    for role in ROLES:
        one: PractitionerDraft | None = getattr(draft, role)
        if one is not None and (one.provider_id or one.npi.strip() or one.last_name.strip()):
            yield role, one


async def bill_of(session: Session, claim_id: UUID, version: int, frequency: str) -> InstitutionalDraft:
    """The facts of a version as they were entered."""
    facts = (await load_facts(session, [(claim_id, version)]))[claim_id, version]
    entered = await session.fetch(
        "SELECT role, provider_id, npi, last_name, first_name FROM claim_practitioners"
        " WHERE claim_id = $1 AND version = $2",
        claim_id,
        version,
    )
    people: dict[str, Any] = {row["role"]: PractitionerDraft(*tuple(row)[1:]) for row in entered}
    same: dict[str, Any] = {
        one.name: getattr(facts, one.name) for one in fields(facts) if one.name not in _ENTERED
    }
    return InstitutionalDraft(
        **same,
        **people,
        frequency="1" if frequency in MADE_BY_HISTORY else frequency,
        lines=tuple(
            RevenueLineDraft(
                line.revenue_code, line.charge_cents, line.units, line.procedure, line.modifiers, line.unit,
                line.non_covered_cents, line.service_from, line.service_to,
            )
            for line in facts.lines
        ),
    )  # fmt: skip


async def practitioner_names(session: Session, claim_id: UUID, version: int) -> dict[str, str]:
    """The practitioners of an institutional claim by their role, named as their records name them."""
    rows = await session.fetch(
        "SELECT a.role, coalesce(p.last_name || ', ' || p.first_name, a.last_name || ', ' || a.first_name) AS name"
        " FROM claim_practitioners a LEFT JOIN providers p ON p.tenant_id = a.tenant_id AND p.id = a.provider_id"
        " WHERE a.claim_id = $1 AND a.version = $2",
        claim_id,
        version,
    )
    return {row["role"]: row["name"].strip(", ") for row in rows}
