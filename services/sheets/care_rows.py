"""What rows about care are held against: members by e-mail, patients by account number, enrolments where they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from database.care_reads import SAID
from database.crypto import folded
from database.session import Session
from domain.care.enrolment import CONSENTED, Event, Step
from domain.care.enrolment import following as step_after
from domain.refusals import Conflict
from domain.sheets.columns import SheetRow

_ENROLMENTS = """
SELECT e.id, e.client_id, e.patient_id, e.programme, e.step, e.consented_on, e.coordinator_id, e.reference,
    coalesce(w.zone, t.time_zone) AS zone, w.back_dated_after_seconds AS late_after
FROM care_enrolments e JOIN tenants t ON t.id = e.tenant_id
LEFT JOIN care_practices w ON w.tenant_id = e.tenant_id AND w.client_id = e.client_id
WHERE e.tenant_id = current_tenant() AND e.patient_id = ANY($1) AND e.step <> 'ended' ORDER BY e.id
"""
# What was told and is not applied yet: a process takes a moment.
_TOLD = """
SELECT v.enrolment_id, v.event, v.said FROM care_enrolment_events v
WHERE v.tenant_id = current_tenant() AND v.enrolment_id = ANY($1) AND v.event = ANY($2) AND NOT EXISTS (
    SELECT 1 FROM care_enrolment_steps s WHERE s.tenant_id = v.tenant_id AND s.event_id = v.id) ORDER BY v.id
"""
_MAY_BE_ON_THE_WAY = [Event.ELIGIBLE.value, Event.VISITED.value, Event.CONSENTED.value]


@dataclass(slots=True)
class Standing:
    """An enrolment as it stands, with what was told of it and is on the way."""

    id: UUID
    client_id: UUID
    patient_id: UUID
    programme: str
    step: Step
    consented_on: date | None
    coordinator_id: UUID | None
    reference: str
    zone: str
    late_after: int | None

    def today(self, now: datetime) -> date:
        """The day that it is at the practice."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def counts(self) -> bool:
        """Whether there is a consent, so that time counts."""
        return self.step in CONSENTED


@dataclass(frozen=True, slots=True)
class Known:
    """Patients by account number, with their enrolments."""

    patients: Mapping[str, UUID]
    enrolments: Mapping[UUID, list[Standing]] = field(default_factory=dict)

    def enrolment(self, row: SheetRow) -> Standing | None:
        """The one that a row is about; otherwise the row has its fault."""
        patient_id = self.patients.get(str(row.facts.get("account_number")))
        if patient_id is None:
            row.fault(
                "account_number", "There is no patient with this account number; take the roster in first."
            )
            return None
        wanted = row.facts.get("programme")
        there = [one for one in self.enrolments.get(patient_id, ()) if wanted in (None, one.programme)]
        if not there:
            row.fault(
                "account_number", "This patient is in no such programme; enrol them with the roster first."
            )
        elif len(there) > 1:
            row.fault(
                "account_number", "This patient is in several programmes: add a column that says which."
            )
        return there[0] if len(there) == 1 else None


@dataclass(slots=True)
class Members:
    """Whoever can sign in here: user id and name by e-mail, and by the words of their name where only one has it."""

    by_email: dict[str, tuple[UUID, str]] = field(default_factory=dict)
    by_name: dict[frozenset[str], tuple[UUID, str] | None] = field(default_factory=dict)

    def who(self, row: SheetRow, name: str) -> tuple[UUID, str] | None:
        """Whom a row names in this field; otherwise, where it names anybody, the row has its fault."""
        if name not in row.facts:
            return None
        said, words = str(row.facts[name]), _words(str(row.facts[name]))
        found = self.by_email.get(said) or self.by_name.get(words)
        if found is None and words in self.by_name:
            row.fault(name, "Several people here have this name: enter the e-mail.")
        elif found is None:
            row.fault(
                name,
                "Nobody with this e-mail or name can sign in here; invite them under Team, People.",
            )
        return found


def _words(name: str) -> frozenset[str]:
    return frozenset(folded(name.replace(",", " ")).split())


async def members(session: Session) -> Members:
    """Everybody who can sign in here."""
    rows = await session.fetch(
        "SELECT m.user_id, u.email, u.name FROM memberships m JOIN users u ON u.id = m.user_id"
        " WHERE m.tenant_id = current_tenant() AND m.status = 'active'"
    )
    found = Members()
    for row in rows:
        one, words = (row["user_id"], row["name"]), _words(row["name"])
        found.by_email[row["email"].lower()] = one
        found.by_name[words] = None if words in found.by_name else one
    return found


async def known(session: Session, rows: Sequence[SheetRow]) -> Known:
    """The patients whom these rows name by account number."""
    accounts = [str(row.facts["account_number"]) for row in rows if "account_number" in row.facts]
    found = await session.fetch(
        "SELECT id, account_number FROM patients WHERE tenant_id = current_tenant() AND account_number = ANY($1)"
        " AND active",
        accounts,
    )
    patients = {row["account_number"]: row["id"] for row in found}
    return Known(patients, await enrolments(session, patients.values()))


async def enrolments(session: Session, patient_ids: Collection[UUID]) -> dict[UUID, list[Standing]]:
    """Enrolments of patients that have not ended."""
    rows = await session.fetch(_ENROLMENTS, list(patient_ids))
    there = {row["id"]: Standing(**{**dict(row), "step": Step(row["step"])}) for row in rows}
    key = await session.key()
    for told in await session.fetch(_TOLD, list(there), _MAY_BE_ON_THE_WAY):
        _go_on(there[told["enrolment_id"]], told, key)
    found: dict[UUID, list[Standing]] = {}
    for one in there.values():
        found.setdefault(one.patient_id, []).append(one)
    return found


def _go_on(one: Standing, told: Any, key: Any) -> None:
    try:
        one.step = step_after(one.step, Event(told["event"]))
    except Conflict:
        return  # it came too late, and its process will say so
    if told["event"] == Event.CONSENTED.value:
        said = key.open_json(SAID, told["said"])
        one.consented_on = date.fromisoformat(said["on"])
